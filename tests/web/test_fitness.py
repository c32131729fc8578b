"""A server does not serve over a database that would not keep its promises."""

from dataclasses import replace

import pytest

from migrations import run
from persistence.roles import UnfitServer
from tenancy.settings import DatabaseUrls
from web.fitness import refusals


def ask(urls: DatabaseUrls, *, newest: bool = True) -> None:
    for refuse in refusals(urls, run.at_head if newest else lambda _: False):
        refuse()


def test_a_migrated_database_with_harmless_roles_is_fit(database_urls: DatabaseUrls) -> None:
    ask(database_urls)


@pytest.mark.parametrize("door", ["app", "portal"])
def test_requests_are_not_served_as_the_owner_of_the_tables(database_urls: DatabaseUrls, door: str) -> None:
    with pytest.raises(UnfitServer, match="owns tables"):
        ask(replace(database_urls, **{door: database_urls.for_migrations()}))


def test_requests_are_not_served_over_old_tables(database_urls: DatabaseUrls) -> None:
    with pytest.raises(UnfitServer, match="run `kontor migrate` first"):
        ask(database_urls, newest=False)


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    gone = "postgresql+psycopg://kontor_app:CANARY@127.0.0.1:9/kontor"
    with pytest.raises(UnfitServer, match=r"database kontor at 127\.0\.0\.1 does not let kontor_app in") as refused:
        ask(DatabaseUrls(None, gone, gone))
    assert "CANARY" not in str(refused.value)
    assert "\n" not in str(refused.value)
