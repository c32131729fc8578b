"""The real server process over the small schema; run as a program with the settings as JSON."""

import json
import os
import sys
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tenancy import settings
from tests.web.toy_endpoint import ToyEndpoint, sign_in
from web.assembly import Audience, Parts, assemble
from web.server import CannotServe, serve


async def tell_pid(_: Request) -> Response:
    """Which worker answers."""
    return PlainTextResponse(str(os.getpid()))


def application(given: dict[str, object]) -> Starlette:
    """The application of a worker."""
    if given.get("data_dir") == "/broken":
        raise ValueError("broken on purpose")
    audience = Audience(ToyEndpoint(), str, sign_in)
    parts = Parts(staff=audience, portal=audience, pages=lambda _: [Route("/pid", tell_pid)])
    return assemble(settings.load(**given), parts)


def unfit() -> None:
    """Refuse, as an unfit database would."""
    raise ValueError("the role is a superuser.")


def main() -> int:
    """Serve until told to stop."""
    given = json.loads(sys.argv[1])
    refusals = [unfit] if "--unfit" in sys.argv else []
    try:
        serve(
            settings.load(**given),
            partial(application, given),
            refusals=refusals,
            ready=lambda address: print("ready", address, flush=True),  # noqa: T201
        )
    except CannotServe as sentence:
        print(sentence, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
