"""The check names every way in which a database can differ from the models, and leaves it as it was."""

from collections.abc import Sequence

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from migrations import comparison, declared, run
from migrations.operations import Function
from persistence import functions
from persistence.base import Base, Guard, Policy
from persistence.functions import DatabaseFunction
from tenancy.settings import DatabaseUrls
from tests import _migrated

OWN = "(tenant_id = current_tenant())"

CHANGES = {
    "a policy that admits everybody": (
        "ALTER POLICY own ON role USING (true)",
        [f"role: the policy own admits `true`, the model says `{OWN}`."],
    ),
    "a policy that lets anything be written": (
        "ALTER POLICY own ON role WITH CHECK (true)",
        [f"role: the policy own checks `true`, the model says `{OWN}`."],
    ),
    "a policy for everybody": (
        "ALTER POLICY own ON role TO PUBLIC",
        ["role: the policy own is for public, the model says kontor_app."],
    ),
    "a policy for another command": (
        [
            "DROP POLICY own ON audit_entry",
            f"CREATE POLICY own ON audit_entry TO kontor_app USING {OWN}",
        ],
        ["audit_entry: the policy own is for all, the model says select."],
    ),
    "a policy that is gone": ("DROP POLICY own ON role", ["role: the policy own is missing."]),
    "one policy more": (
        "CREATE POLICY more ON role FOR SELECT TO kontor_app USING (true)",
        ["role: the policy more is in no model."],
    ),
    "a restrictive policy": (
        [
            "DROP POLICY own ON role",
            f"CREATE POLICY own ON role AS RESTRICTIVE TO kontor_app USING {OWN} WITH CHECK {OWN}",
        ],
        ["role: the policy own is restrictive; a cluster's shards would take it as permissive."],
    ),
    "row security off": (
        "ALTER TABLE role DISABLE ROW LEVEL SECURITY",
        ["role: row level security is not enabled."],
    ),
    "row security not forced": (
        "ALTER TABLE role NO FORCE ROW LEVEL SECURITY",
        ["role: row level security is not forced."],
    ),
    "a grant that is gone": (
        "REVOKE INSERT ON role FROM kontor_app",
        ["role: kontor_app lacks the grant insert."],
    ),
    "one grant more": (
        "GRANT UPDATE ON audit_entry TO kontor_app",
        ["audit_entry: kontor_app has the grant update, which is in no model."],
    ),
    "a grant to everybody": (
        "GRANT SELECT ON role TO PUBLIC",
        ["role: public has the grant select, which is in no model."],
    ),
    "a grant to another role": (
        "GRANT SELECT ON role TO kontor_portal",
        ["role: kontor_portal has the grant select, which is in no model."],
    ),
    "a column grant that is gone": (
        "REVOKE UPDATE (answer) ON idempotency_key FROM kontor_app",
        ["idempotency_key: kontor_app lacks the grant update(answer)."],
    ),
    "one column grant more": (
        "GRANT UPDATE (fingerprint) ON idempotency_key TO kontor_app",
        ["idempotency_key: kontor_app has the grant update(fingerprint), which is in no model."],
    ),
    "a grant that may be passed on": (
        "GRANT SELECT ON role TO kontor_app WITH GRANT OPTION",
        ["role: kontor_app lacks the grant select.", "role: kontor_app has the grant select*, which is in no model."],
    ),
    "a right to write the history": (
        "GRANT UPDATE ON alembic_version TO kontor_app",
        ["alembic_version: kontor_app has the grant update, which is in no model."],
    ),
    "one table more": ("CREATE TABLE extra (id int)", ["extra: the table is in no model."]),
    "a table that is gone": ("DROP TABLE audit_values", ["audit_values: the table is missing in the database."]),
    "one column more": ("ALTER TABLE role ADD extra int", ["role: the column extra is in no model."]),
    "a column of another type": (
        "ALTER TABLE role ALTER code TYPE varchar(9)",
        ["role: the column code is `character varying(9) not null`, the model says `text not null`."],
    ),
    "a column that may be empty": (
        "ALTER TABLE role ALTER code DROP NOT NULL",
        ["role: the column code is `text`, the model says `text not null`."],
    ),
    "another default": (
        "ALTER TABLE role ALTER delivered SET DEFAULT true",
        [
            (
                "role: the column delivered is `boolean not null default true`, "
                "the model says `boolean not null default false`."
            )
        ],
    ),
    "a check that is gone": (
        "ALTER TABLE membership DROP CONSTRAINT ck_membership_kind",
        ["membership: the constraint ck_membership_kind is missing in the database."],
    ),
    "a check that lets more through": (
        [
            "ALTER TABLE trusted_document DROP CONSTRAINT ck_trusted_document_hash",
            "ALTER TABLE trusted_document ADD CONSTRAINT ck_trusted_document_hash CHECK (hash <> '')",
        ],
        [
            (
                "trusted_document: the constraint ck_trusted_document_hash is `CHECK ((hash <> ''::text))`, "
                "the model says `CHECK ((hash ~ '^[0-9a-f]{64}$'::text))`."
            )
        ],
    ),
    "a foreign key that takes rows along": (
        [
            "ALTER TABLE audit_values DROP CONSTRAINT fk_audit_values_tenant_id_entry_id",
            (
                "ALTER TABLE audit_values ADD CONSTRAINT fk_audit_values_tenant_id_entry_id"
                " FOREIGN KEY (tenant_id, entry_id) REFERENCES audit_entry (tenant_id, id) ON DELETE CASCADE"
            ),
        ],
        [
            (
                "audit_values: the constraint fk_audit_values_tenant_id_entry_id is `FOREIGN KEY (tenant_id, entry_id)"
                " REFERENCES audit_entry(tenant_id, id) ON DELETE CASCADE`, the model says `FOREIGN KEY (tenant_id,"
                " entry_id) REFERENCES audit_entry(tenant_id, id) ON DELETE RESTRICT`."
            )
        ],
    ),
    "an index over less": (
        [
            "DROP INDEX uq_organization_node_root",
            (
                "CREATE UNIQUE INDEX uq_organization_node_root ON organization_node (tenant_id, structure)"
                " WHERE parent_id IS NULL AND organization_id IS NOT NULL"
            ),
        ],
        [
            (
                "organization_node: the index uq_organization_node_root is `CREATE UNIQUE INDEX"
                " uq_organization_node_root ON organization_node USING btree (tenant_id, structure) WHERE ((parent_id"
                " IS NULL) AND (organization_id IS NOT NULL))`, the model says `CREATE UNIQUE INDEX"
                " uq_organization_node_root ON organization_node USING btree (tenant_id, structure) WHERE (parent_id IS"
                " NULL)`."
            )
        ],
    ),
    "an index that is gone": (
        "DROP INDEX ix_audit_entry_tenant_id_at_id",
        ["audit_entry: the index ix_audit_entry_tenant_id_at_id is missing in the database."],
    ),
    "a function that answers something else": (
        "CREATE OR REPLACE FUNCTION current_subject() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS 'select null'",
        [
            (
                "The function current_subject() has body `select null`, declared is "
                "`select nullif(pg_catalog.current_setting('app.subject', true), '')`."
            )
        ],
    ),
    "a function that is planned otherwise": (
        ["ALTER FUNCTION current_tenant() VOLATILE", "ALTER FUNCTION current_tenant() PARALLEL UNSAFE"],
        [
            "The function current_tenant() has volatility `volatile`, declared is `stable`.",
            "The function current_tenant() has parallel `unsafe`, declared is `safe`.",
        ],
    ),
    "a function that runs as its owner": (
        "ALTER FUNCTION current_tenant() SECURITY DEFINER",
        ["The function current_tenant() has security_definer `True`, declared is `False`."],
    ),
    "a function with settings of its own": (
        "ALTER FUNCTION current_tenant() SET search_path = public",
        ["The function current_tenant() has settings `search_path=public`, declared is ``."],
    ),
    "a function that not everybody may call": (
        "REVOKE ALL ON FUNCTION current_tenant() FROM PUBLIC",
        ["The function current_tenant() has execute ``, declared is `public`."],
    ),
    "a function that is gone": (
        "DROP FUNCTION current_subject() CASCADE",
        ["The function current_subject() is missing."],
    ),
    "one function more": (
        "CREATE FUNCTION extra(a int) RETURNS int LANGUAGE sql AS 'select 1'",
        ["The function extra(a integer) is declared nowhere."],
    ),
}


def of_table(connection: Connection, table: str | None) -> list[str]:
    """What the check says, of one table or of everything."""
    only = None if table is None else frozenset({table})
    return [each.sentence for each in comparison.compare(connection, only=only).differences]


def new_sentences(connection: Connection, statements: Sequence[str], table: str | None) -> list[str]:
    """What the check says of the changes alone."""
    before = of_table(connection, table)
    for statement in statements:
        connection.exec_driver_sql(statement)
    return [said for said in of_table(connection, table) if said not in before]


def test_a_migrated_database_is_what_the_models_say(database: DatabaseUrls) -> None:
    assert run.check(database.for_migrations()) == []


@pytest.mark.parametrize("change", CHANGES)
def test_the_check_names(change: str, owner: Connection) -> None:
    statements, named = CHANGES[change]
    subject = named[0].partition(":")[0]
    table = subject if subject in Base.metadata.tables else None
    said = new_sentences(owner, [statements] if isinstance(statements, str) else statements, table)
    if change == "a function that is gone":  # its dependents go with it
        assert named[0] in said
    else:
        assert said == named


def test_the_check_leaves_the_database_as_it_was(owner: Connection) -> None:
    owner.exec_driver_sql("ALTER TABLE role DISABLE ROW LEVEL SECURITY")
    first = run.differences(owner)
    assert "role: row level security is not enabled." in first
    assert run.differences(owner) == first
    assert owner.scalar(text("select count(*) from pg_class where relnamespace = pg_my_temp_schema()")) == 0


def test_the_check_names_a_table_of_another_owner() -> None:
    with _migrated.database() as spoilt:
        with run.connected(spoilt.for_migrations()) as owner:
            owner.exec_driver_sql("DROP TABLE trusted_document")
            owner.exec_driver_sql("GRANT CREATE ON SCHEMA public TO kontor_app")
            owner.commit()
        with run.connected(spoilt.app) as application:
            application.exec_driver_sql("CREATE TABLE trusted_document (tenant_id uuid)")
            application.commit()
        with run.connected(spoilt.for_migrations()) as owner:
            found = [each.sentence for each in comparison.compare(owner).differences]
    assert "trusted_document: the owner is kontor_app instead of kontor_owner." in found


def test_the_check_names_a_model_without_a_guard(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: guard for name, guard in declared.guards().items() if name != "role"}
    monkeypatch.setattr(comparison, "guards", lambda: known)
    assert "role: the model has no guard." in run.differences(owner)


def test_the_check_names_a_role_that_does_not_exist(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Guard((Policy("own", "all", "kontor_nobody", "true"),))  # type: ignore[arg-type]  # on purpose
    monkeypatch.setattr(comparison, "guards", lambda: {"role": stranger})
    assert run.differences(owner) == ["The role kontor_nobody does not exist."]


def test_the_check_names_a_policy_that_the_server_does_not_take(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Guard((Policy("own", "all", "kontor_app", "tenant_id = nobody()"),))
    monkeypatch.setattr(declared, "guards", lambda: {"role": wrong})
    assert "role: the server does not take the policy own: function nobody() does not exist." in run.differences(owner)


@pytest.mark.parametrize(
    "spelling",
    [
        "((tenant_id) = (current_tenant()))",
        "tenant_id=public.current_tenant()",
        "role.tenant_id = current_tenant()",
    ],
)
def test_another_spelling_of_the_same_policy_is_no_difference(spelling: str, owner: Connection) -> None:
    change = f"ALTER POLICY own ON role USING ({spelling}) WITH CHECK ({spelling})"
    assert new_sentences(owner, [change], "role") == []


def test_a_database_that_is_behind_is_named() -> None:
    with _migrated.database() as behind:
        run.downgrade(behind.for_migrations(), "base")
        assert run.check(behind.for_migrations()) == [f"The database stands at None, the history at {run.heads()[0]}."]


SEARCH = DatabaseFunction(
    "find_role",
    "SETOF uuid",
    "select id from role where tenant_id = current_tenant() and code = wanted",
    arguments="wanted text",
    security_definer=True,
    search_path="pg_catalog, public",
    execute=("kontor_app",),
)


def test_a_search_of_an_area_is_defined_compared_and_dropped(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions, "DEFINED", [])
    before = of_table(owner, None)
    functions.define(SEARCH)
    assert new(owner, before) == ["The function find_role(wanted text) is missing."]
    operations = Operations(MigrationContext.configure(owner))
    definition = Function(declared.definition(SEARCH))
    operations.invoke(definition)
    assert new(owner, before) == []
    owner.exec_driver_sql("GRANT EXECUTE ON FUNCTION find_role TO PUBLIC")
    assert new(owner, before) == [
        "The function find_role(wanted text) has execute `kontor_app, public`, declared is `kontor_app`."
    ]
    operations.invoke(definition.reverse())
    assert new(owner, before) == ["The function find_role(wanted text) is missing."]


def test_a_definer_must_pin_its_search_path() -> None:
    with pytest.raises(ValueError, match="must pin its search_path"):
        functions.define(DatabaseFunction("loose", "int", "select 1", security_definer=True))


def new(connection: Connection, before: list[str]) -> list[str]:
    return [said for said in of_table(connection, None) if said not in before]
