"""What stands in the audit, and why somebody holds a right."""

import orjson
import pytest

from resolvers import users
from tests.people import House

ENTRIES = """query ($filter: AuditFilter) { auditEntries(first: 5, filter: $filter) { nodes {
  operation action subjectType subjectId actorKind actor { name } before after } } }"""


async def test_an_auditor_reads_who_changed_what_before_and_after(house: House) -> None:
    home = await house.found()
    role = home.roles["SALES_VIEWER"]
    await house.run(home.admin, users.update_role(role, "Leser", {}, 1))
    auditor = await home.member("AUDITOR")
    found = await house.data(auditor, ENTRIES, filter={"subjectId": {"eq": f"rol_{role}"}, "action": {"eq": "CHANGED"}})
    entry = found["auditEntries"]["nodes"][0]
    assert (entry["operation"], entry["subjectType"], entry["subjectId"]) == ("users.update_role", "role", str(role))
    assert (entry["actor"], entry["actorKind"]) == ({"name": "Anna Admin"}, "STAFF")
    assert orjson.loads(entry["before"]) == {"name": "Sales viewer"}
    assert orjson.loads(entry["after"]) == {"name": "Leser"}


async def test_a_new_record_has_no_values_before_and_a_removed_one_none_after(house: House) -> None:
    home = await house.found()
    role = await house.run(home.admin, users.create_role("BRIEF", "Kurz", {}))
    await house.run(home.admin, users.delete_role(role, 1))
    found = await house.data(home.admin, ENTRIES, filter={"subjectId": {"eq": f"rol_{role}"}})
    removed, created = found["auditEntries"]["nodes"]
    assert (created["action"], created["before"]) == ("CREATED", None)
    assert (removed["action"], removed["after"]) == ("REMOVED", None)


async def test_a_clerk_does_not_read_the_audit(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK")
    body = await house.ask(clerk, ENTRIES)
    assert body["data"] == {"auditEntries": None}
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.rule("R-258")
async def test_access_is_explained_by_the_roles_that_grant_it(house: House) -> None:
    home = await house.found()
    both = await home.member(["SALES_CLERK", "SALES_MANAGER"])
    document = "query ($p: Permission!) { explainAccess(permission: $p) { role { code } scope } }"
    found = (await house.data(both, document, p="PARTNERS_SEE"))["explainAccess"]
    assert sorted((reason["role"]["code"], reason["scope"]) for reason in found) == [
        ("SALES_CLERK", "ORGANIZATION"),
        ("SALES_MANAGER", "ORGANIZATION_AND_DESCENDANTS"),
    ]
    assert (await house.data(both, document, p="USERS_EDIT"))["explainAccess"] == []
