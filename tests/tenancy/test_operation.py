"""The operation is the transaction: all or nothing, once for each key, all of it in the audit."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from domain.refusals import NotFound
from persistence.audit import AuditEntry, AuditValues
from persistence.connections import Connection
from persistence.joint import JointColumnOutsideTheDoor
from persistence.users import Role
from resolvers import users
from tenancy.caller import Caller
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work
from tests.people import House

CREATE = """mutation ($input: CreateRoleInput!) { createRole(input: $input) {
  __typename ... on CreateRolePayload { role { id code name } } ... on Refusal { code } } }"""


async def codes(house: House, caller: Caller) -> set[str]:
    """The codes of the tenant's roles."""
    found = await house.data(caller, "{ roles(first: 100) { nodes { code } } }")
    return {role["code"] for role in found["roles"]["nodes"]}


@pytest.mark.rule("R-00-12")
async def test_a_repeated_key_gets_the_first_answer_and_does_nothing_again(house: House) -> None:
    home = await house.found()
    given = {"code": "ONCE", "name": "Once", "idempotencyKey": "k1"}
    first = await house.data(home.admin, CREATE, input=given)
    assert await house.data(home.admin, CREATE, input=given) == first
    refused = await house.data(home.admin, CREATE, input={**given, "name": "Twice"})
    assert refused["createRole"] == {"__typename": "RuleViolated", "code": "IDEMPOTENCY_KEY_REUSED"}


@pytest.mark.rule("R-00-12")
async def test_many_calls_at_once_with_one_key_do_it_once(house: House) -> None:
    home = await house.found()
    given = {"code": "ONCE", "name": "Once", "idempotencyKey": "storm"}
    await house.fresh(home.admin)
    answers = await asyncio.gather(*(house.data(home.admin, CREATE, input=given) for _ in range(20)))
    assert len({str(answer) for answer in answers}) == 1


async def test_a_key_belongs_to_its_caller(house: House) -> None:
    home, other = await house.found("Alpha"), await house.found("Beta")
    given = {"code": "SAME", "name": "Same", "idempotencyKey": "shared"}
    first = await house.data(home.admin, CREATE, input=given)
    second = await house.data(other.admin, CREATE, input=given)
    assert first["createRole"]["role"]["id"] != second["createRole"]["role"]["id"]


async def test_a_refused_call_does_not_use_its_key_up(house: House) -> None:
    home = await house.found()
    taken = {"code": "AUDITOR", "name": "x", "idempotencyKey": "again"}
    assert (await house.data(home.admin, CREATE, input=taken))["createRole"]["code"] == "ALREADY_EXISTS"
    await house.run(home.admin, users.delete_role(home.roles["AUDITOR"], 1))
    made = await house.data(home.admin, CREATE, input=taken)
    assert made["createRole"]["__typename"] == "CreateRolePayload"


async def test_a_key_that_is_empty_or_too_long_is_refused(house: House) -> None:
    home = await house.found()
    for key in ("", "x" * 256):
        refused = await house.data(home.admin, CREATE, input={"code": "X", "name": "x", "idempotencyKey": key})
        assert refused["createRole"]["code"] == "VALIDATION"


async def test_a_dry_run_answers_like_the_real_thing_and_keeps_nothing(house: House) -> None:
    home = await house.found()
    given = {"code": "DRY", "name": "Dry", "dryRun": True, "idempotencyKey": "ignored"}
    answer = await house.data(home.admin, CREATE, input=given)
    assert answer["createRole"]["role"]["code"] == "DRY"
    assert "DRY" not in await codes(house, home.admin)
    assert (await house.data(home.admin, CREATE, input={**given, "dryRun": False}))["createRole"]["role"]


@writes(Permission.USERS_EDIT)
async def make_then_fail(work: Work) -> None:
    """Write something, then refuse."""
    work.session.add(Role(code="HALF", name="Half"))
    await work.session.flush()
    raise NotFound("Nothing here.")


@pytest.mark.rule("R-00-04")
async def test_what_a_refused_operation_wrote_is_gone(house: House) -> None:
    home = await house.found()
    with pytest.raises(NotFound):
        await house.run(home.admin, make_then_fail())
    assert "HALF" not in await codes(house, home.admin)


@writes(Permission.USERS_EDIT)
async def set_a_joint_column(work: Work) -> None:
    """Set a reader column without being joint."""
    work.session.add(
        Connection(
            source_tenant_id=work.caller.tenant_id,
            target_tenant_id=work.caller.company_id,
            source_name="x",
            source_company_id=work.caller.company_id,
        )
    )
    await work.session.flush()


async def test_only_joint_operations_set_what_another_tenant_reads_by(house: House) -> None:
    home = await house.found()
    with pytest.raises(JointColumnOutsideTheDoor):
        await house.run(home.admin, set_a_joint_column())


async def entries(house: House, caller: Caller, operation: str) -> list[tuple[AuditEntry, AuditValues]]:
    """The audit entries of an operation, with their values."""
    async with house.database.transaction(caller.context(), read_only=True) as session:
        rows = await session.execute(
            select(AuditEntry, AuditValues)
            .join(AuditValues, AuditValues.entry_id == AuditEntry.id)
            .where(AuditEntry.operation == operation)
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        return [(row[0], row[1]) for row in rows]


async def test_every_change_stands_in_the_audit_with_who_and_before_and_after(house: House) -> None:
    home = await house.found()
    role = home.roles["AUDITOR"]
    await house.run(home.admin, users.update_role(role, "Prüferin", {}, 1))
    found = await entries(house, home.admin, "users.update_role")
    changed = next((entry, values) for entry, values in found if entry.subject_type == "role")
    assert changed[0].actor_id == home.admin.membership_id
    assert changed[0].actor_kind == "STAFF"
    assert changed[0].subject_id == role
    assert (changed[1].before, changed[1].after) == ({"name": "Auditor"}, {"name": "Prüferin"})
    removed = [entry for entry, _ in found if entry.action == "REMOVED"]
    assert {entry.subject_type for entry in removed} == {"role_grant"}


async def test_secrets_never_reach_the_audit(house: House) -> None:
    home = await house.found()
    call = users.issue_key("ERP", [home.roles["AUDITOR"]], home.admin.now.replace(year=2099))
    issued = await house.run(home.admin, call)
    found = await entries(house, home.admin, "users.issue_key")
    assert found
    assert "secret_hash" not in str([values.after for _, values in found])
    assert issued.secret.rpartition("_")[2] not in str([values.after for _, values in found])


@writes(Permission.USERS_EDIT)
async def lock_two(work: Work, first: UUID, second: UUID, meet: asyncio.Barrier) -> int:
    """Lock two roles one after the other; two callers in crossed order deadlock."""
    for place, role in enumerate((first, second)):
        await work.session.execute(select(Role).where(Role.id == role).with_for_update())
        if place == 0 and not meet.broken and meet.n_waiting < 2:
            try:
                async with asyncio.timeout(2):
                    await meet.wait()
            except (TimeoutError, asyncio.BrokenBarrierError):
                await meet.abort()
    return 1


async def test_a_deadlock_is_run_again_inside_the_operation(house: House) -> None:
    home = await house.found()
    a, b = home.roles["AUDITOR"], home.roles["SALES_VIEWER"]
    meet = asyncio.Barrier(2)
    done = await asyncio.gather(
        house.run(home.admin, lock_two(a, b, meet)), house.run(home.admin, lock_two(b, a, meet))
    )
    assert done == [1, 1]


async def test_a_list_that_is_too_long_is_refused_before_anything_runs(house: House) -> None:
    home = await house.found()
    document = """mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename } }"""
    given: dict[str, Any] = {"issuer": "i", "subject": "s", "name": "n", "roleIds": ["rol_x"] * 251}
    body = await house.ask(home.admin, document, input=given)
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_fresh_transaction_sees_no_context_of_the_one_before(house: House) -> None:
    home = await house.found()
    await house.run(home.admin, users.create_role("A", "A", {}))
    async with house.database._engines["app"].connect() as connection:  # the pool's own connection
        found = await connection.scalar(text("select nullif(current_setting('app.tenant_id', true), '')"))
    assert found is None


async def test_a_text_that_cannot_be_stored_is_refused(house: House) -> None:
    home = await house.found()
    body = await house.ask(home.admin, CREATE, input={"code": "A\0B", "name": "x"})
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
