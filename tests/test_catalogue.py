"""The migrated database keeps the schema rules of a tenant database, and each rule can fail."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from migrations import declared, run
from persistence import catalogue
from persistence.base import Base
from tenancy.settings import DatabaseUrls
from tests import _migrated, _schema_rules
from tests._schema_rules import RULES, Rule


@pytest.fixture(scope="module")
def database() -> Iterator[DatabaseUrls]:
    with _migrated.database() as made:
        yield made


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[Connection]:
    with _migrated.as_owner(database) as connection:
        yield connection


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_the_database_keeps_the_rule(rule: Rule, owner: Connection) -> None:
    assert rule.offenders(owner) == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.broken_by], ids=lambda rule: rule.says)
def test_the_rule_finds_who_breaks_it(rule: Rule, owner: Connection) -> None:
    before = rule.offenders(owner)
    for statement in rule.broken_by:
        owner.exec_driver_sql(statement)
    assert rule.offender in rule.offenders(owner)
    assert rule.offender not in before


def test_a_serving_role_that_owns_a_table_is_found() -> None:
    with _migrated.database() as spoilt:
        with run.connected(spoilt.for_migrations()) as owner:
            owner.exec_driver_sql("GRANT CREATE ON SCHEMA public TO kontor_app")
            owner.commit()
        with run.connected(spoilt.app) as application:
            application.exec_driver_sql("CREATE TABLE stray (id int)")
            application.commit()
        with run.connected(spoilt.for_migrations()) as owner:
            (rule,) = [rule for rule in RULES if not rule.broken_by]
            assert rule.offenders(owner) == [rule.offender]


def test_the_exceptions_are_still_needed(owner: Connection) -> None:
    standing = catalogue.tables(owner)
    indexes = {name for table in standing.values() for name in table.indexes}
    columns = {f"{table.name}.{column}" for table in standing.values() for column in table.columns}
    assert indexes >= _schema_rules.INDEX_OF_ITS_OWN_KIND.keys()
    assert columns >= _schema_rules.OPEN_WORDS.keys()
    assert standing.keys() >= set(_schema_rules.GLOBAL)


def test_every_model_has_a_guard_of_known_roles(owner: Connection) -> None:
    run.load_models()
    guards = declared.guards()
    named = {role for guard in guards.values() for role in guard.grants}
    named |= {policy.role for guard in guards.values() for policy in guard.policies}
    known = set(owner.exec_driver_sql("select rolname from pg_roles").scalars())
    assert guards.keys() == Base.metadata.tables.keys()
    assert named <= known


def test_what_may_be_empty_in_a_model_may_be_empty_in_the_database(owner: Connection) -> None:
    run.load_models()
    standing = catalogue.tables(owner)
    assert [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if table.name in standing and column.nullable == (" not null" in standing[table.name].columns[column.name])
    ] == []
