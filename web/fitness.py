"""What a server looks at before it serves: the database answers, its roles are harmless, its tables are the newest."""

from collections.abc import Callable

from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from persistence.roles import UnfitServer, refuse_unfit
from tenancy.settings import DatabaseUrls
from web.server import Refuse

CONNECT_SECONDS = 10


def refusals(urls: DatabaseUrls, at_head: Callable[[str], bool]) -> list[Refuse]:
    """The questions to ask, in order; each raises UnfitServer with one sentence.

    `at_head` says whether a database stands at the newest revision (`migrations.run.at_head`).
    """

    def fit_roles() -> None:
        for url in (urls.app, urls.portal):
            _refuse_role(url)

    def newest_tables() -> None:
        if not at_head(urls.app):
            raise UnfitServer("The tables are not those of this version of Kontor: run `kontor migrate` first.")

    return [fit_roles, newest_tables]


def _refuse_role(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        with engine.connect() as connection:
            refuse_unfit(connection)
    except OperationalError as error:
        raise UnfitServer(_silence(url, error)) from error


def _silence(url: str, error: OperationalError) -> str:
    """Where nobody answered, without the password, and the first line of why."""
    place = make_url(url)
    where = place.host or place.query.get("host") or "the local socket"
    reason = str(error.orig).strip().splitlines()[-1] if error.orig else "no answer"
    return f"The database {place.database} at {where} does not let {place.username} in ({reason.strip()})."
