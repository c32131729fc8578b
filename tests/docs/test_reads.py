"""The worked example is what the compiler makes today."""

import re
from uuid import UUID

from reads.catalogue import Catalogue
from reads.engine import ReadEngine
from schema import roots
from tenancy.caller import Caller, CallerKind
from tenancy.permissions import DELIVERED
from tests.docs.pages import ROOT, fences_of

READS = ROOT / "docs" / "reads.md"
SOME = UUID("01a20000-4108-74fd-b6e8-07eea8a594f3")


def product_manager() -> Caller:
    return Caller(
        tenant_id=SOME,
        company_id=SOME,
        kind=CallerKind.STAFF,
        subject="carlotta",
        membership_id=SOME,
        issuer="embedded",
        wished_organization_id=None,
        partner_id=None,
        grants=DELIVERED["PRODUCT_MANAGER"][1],
        content_based=True,
        rights_version=1,
        time_zone="Europe/Berlin",
        organization_id=SOME,
        path=(SOME,),
    )


def test_the_statement_that_is_shown_is_the_one_that_runs() -> None:
    blocks = list(fences_of(READS))
    document = next(block.text for block in blocks if block.language == "graphql")
    shown = next(block.text for block in blocks if block.language == "sql")
    engine = ReadEngine(Catalogue(roots.staff()), {}, secret=b"x" * 32)
    caller = product_manager()
    operation = engine.operation(caller, document)
    made = engine.plan(caller, operation, operation.values({"first": 2})).sql
    assert made is not None
    assert plain(made.decode()) == plain(shown)


def plain(sql: str) -> str:
    """The statement without the line breaks of whoever shows it."""
    return re.sub(r"\s+", "", sql)
