"""`kontor token`: a bearer token of somebody of the demo, for curl and code generators."""

import asyncio
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from cli.choices import settings_of_demo
from cli.errors import CommandFailed
from cli.holding import holder
from cli.issuing import issuer_of
from web.demo import WrittenPeople
from web.issuer.people import DemoPerson


def token(*, person: str, data: Path | None, port: int | None, tenant: str | None) -> str:
    """An access token for a quarter of an hour, as if the person had signed in at the running demo.

    Raises CommandFailed where no demo is, and for an address that nobody there has.
    """
    settings = settings_of_demo(port=port, data=data)
    who = holder(settings.data_dir)
    if who is not None and port is None:
        settings = settings.model_copy(update={"public_url": who.url})
    issuer = issuer_of(settings)
    if issuer is None:
        raise CommandFailed("KONTOR_OIDC_ISSUERS is set: this demo believes that issuer, so ask it for a token.")
    known = asyncio.run(WrittenPeople(settings.data_dir).all())
    if not known:
        raise CommandFailed(f"There is no demo in {settings.data_dir}: start one, or name its folder with --data.")
    return issuer.mint(_one(known, person, tenant))


def _one(known: Sequence[DemoPerson], email: str, tenant: str | None) -> DemoPerson:
    found = [one for one in known if one.email.casefold() == email.casefold()]
    if not found:
        near = get_close_matches(email, [one.email for one in known], n=3, cutoff=0.4) or [known[0].email]
        raise CommandFailed(f"Nobody in this demo has the address {email}; there is {' or '.join(near)}.")
    here = [one for one in found if tenant is None or one.tenant_name.casefold().startswith(tenant.casefold())]
    if not here:
        places = " and ".join(one.tenant_name for one in found)
        raise CommandFailed(f"{email} does not belong to {tenant}, but to {places}.")
    return here[0]
