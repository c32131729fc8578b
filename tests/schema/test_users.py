"""Users, roles and the caller itself, through GraphQL."""

from tests.people import House

ME = """{ me { account { name kind } tenant { name } organization { code } organizations { organization { code } }
  permissions } }"""


async def test_me_tells_who_calls_for_which_tenant_and_organization(house: House) -> None:
    home = await house.found("Alpha Verlag")
    hanna = await home.member("SALES_CLERK", at="HAMBURG", name="Hanna Hansen")
    me = (await house.data(hanna, ME))["me"]
    assert me["account"] == {"name": "Hanna Hansen", "kind": "STAFF"}
    assert me["tenant"] == {"name": "Alpha Verlag"}
    assert me["organization"] == {"code": "HAMBURG"}
    assert me["organizations"] == [{"organization": {"code": "HAMBURG"}}]
    assert "partners:edit" in me["permissions"]
    assert "users:edit" not in me["permissions"]


CREATE_ROLE = """mutation ($input: CreateRoleInput!) { createRole(input: $input) {
  __typename ... on CreateRolePayload { role { id code version grants { permission scope } } }
  ... on Refusal { code message path } } }"""


async def test_an_administrator_creates_a_role_by_areas(house: House) -> None:
    home = await house.found()
    given = {"code": "PRODUCTS_READER", "name": "Reads products", "areas": [{"area": "PRODUCTS", "access": "READ"}]}
    made = (await house.data(home.admin, CREATE_ROLE, input=given))["createRole"]
    assert made["role"]["grants"] == [
        {"permission": permission, "scope": "TENANT"} for permission in ("carts:see", "connections:see", "offers:see")
    ]


async def test_a_code_that_is_taken_is_refused_as_data(house: House) -> None:
    home = await house.found()
    given = {"code": "SALES_CLERK", "name": "Again"}
    refused = (await house.data(home.admin, CREATE_ROLE, input=given))["createRole"]
    assert refused == {
        "__typename": "RuleViolated",
        "code": "ALREADY_EXISTS",
        "message": "There is a role with this code already.",
        "path": ["code"],
    }


async def test_a_clerk_may_not_create_roles(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_CLERK", at="HAMBURG")
    body = await house.ask(hanna, CREATE_ROLE, input={"code": "X", "name": "X"})
    assert body["data"] == {"createRole": None}
    assert body["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert body["errors"][0]["path"] == ["createRole"]
