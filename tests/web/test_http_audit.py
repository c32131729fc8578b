"""GraphQL over HTTP as a third party reads its specification."""

from collections import Counter

from tests.web.audit.node import audit
from tests.web.served import served
from tests.web.toy_endpoint import Toy

AUDITS = 61


def test_the_door_passes_every_audit_of_graphql_http(toy: Toy) -> None:
    with served(toy.app) as address:
        results = audit(f"{address}/graphql", "anna")
    assert [one for one in results if one["status"] != "ok"] == []
    assert Counter(one["status"] for one in results) == {"ok": AUDITS}
