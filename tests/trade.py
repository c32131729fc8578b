"""Partners and customers for tests: what most of them have, made through the product's own operations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.customers import CustomerChanges, CustomerStatus
from domain.partners import NewPartner, PartnerRoleKind, PartnerType
from domain.relationships import Listed
from persistence import customers as stored
from persistence.customers import CustomerData
from resolvers import customers, partners
from resolvers.customers import NewCustomerData
from tenancy.caller import Caller
from tests.people import Home, House

DEBTOR: dict[str, Any] = {
    "debtor": True,
    "debtor_account": "10001",
    "payment_term": "30 days net",
    "tax_classification": "DOMESTIC",
    "currency": "EUR",
}
"""Complete accounting data."""


async def partner(
    home: Home,
    name: str = "Buchhandlung Binder",
    *,
    at: str = "HQ",
    roles: Sequence[PartnerRoleKind] = (),
    number: str | None = None,
    by: Caller | None = None,
) -> UUID:
    """An organization that the tenant deals with, for which the organization `at` is responsible."""
    new = NewPartner(
        PartnerType.ORGANIZATION,
        {"name": name},
        number=number,
        responsible_organization_id=home.organizations[at],
        roles=tuple(roles),
    )
    return (await home.house.run(by or home.admin, partners.create_partner(new))).id


async def person(
    home: Home, last_name: str = "Reisig", *, at: str = "HQ", roles: Sequence[PartnerRoleKind] = ()
) -> UUID:
    """A person that the tenant deals with."""
    new = NewPartner(
        PartnerType.PERSON,
        {"first_name": "Rita", "last_name": last_name},
        responsible_organization_id=home.organizations[at],
        roles=tuple(roles),
    )
    return (await home.house.run(home.admin, partners.create_partner(new))).id


async def representative(home: Home, last_name: str = "Reisig") -> UUID:
    """A person that travels for the tenant."""
    return await person(home, last_name, roles=[PartnerRoleKind.SALES_REPRESENTATIVE])


async def customer(
    home: Home,
    name: str = "Buchhandlung Binder",
    *,
    at: str = "HQ",
    status: CustomerStatus | None = None,
    changes: CustomerChanges | None = None,
) -> UUID:
    """A customer with own data at the organization `at`, which is responsible for it too."""
    partner_id = await partner(home, name, at=at)
    new = NewCustomerData(status, None, changes)
    await home.house.run(home.admin, customers.create_customer(partner_id, new, home.organizations[at]))
    return partner_id


async def own_data(home: Home, customer_id: UUID, at: str) -> None:
    """Give the customer own data at a further organization, whether or not one above it has some."""
    organization_id = home.organizations[at]
    async with home.house.database.transaction((await home.operator()).context(), read_only=True) as session:
        inherits = await stored.effective(session, customer_id, organization_id, home.admin.today)
    if inherits is None:
        await home.house.run(
            home.admin, customers.create_customer_data(customer_id, organization_id, NewCustomerData())
        )
    else:
        await home.house.run(home.admin, customers.take_over_customer_data_editing(customer_id, organization_id))


async def level(home: Home, customer_id: UUID, at: str) -> CustomerData:
    """The row of a customer at an organization, as it stands in the database."""
    async with home.house.database.transaction((await home.operator()).context(), read_only=True) as session:
        return (await stored.levels_of(session, customer_id))[home.organizations[at]]


async def represented(home: Home, customer_id: UUID, at: str, *rows: Listed) -> None:
    """Let these be the customer's representatives at the organization."""
    data = await level(home, customer_id, at)
    await home.house.run(
        home.admin,
        customers.set_representatives(customer_id, home.organizations[at], rows, data.version),
    )


async def accounting(home: Home, partner_id: UUID, **changes: Any) -> None:
    """Give a partner complete accounting data, but for the changes."""
    data: Any = {**DEBTOR, **changes}
    version = await version_of(home, partner_id)
    await home.house.run(home.admin, customers.set_partner_accounting(partner_id, data, version))


async def version_of(home: Home, partner_id: UUID) -> int:
    """The partner's version, as an administrator reads it."""
    found = await home.house.data(
        home.admin, "query ($id: ID!) { partner(id: $id) { version } }", id=f"par_{partner_id}"
    )
    return int(found["partner"]["version"])


async def act(house: House, caller: Caller, field: str, selection: str, **input: Any) -> dict[str, Any]:
    """Run a mutation as a client does; the payload's selection, or code, message and path of the refusal."""
    name = field[0].upper() + field[1:]
    document = (
        f"mutation ($input: {name}Input!) {{ {field}(input: $input) {{ __typename "
        f"... on {name}Payload {{ {selection} }} ... on Refusal {{ code message path }} "
        f"... on ValidationFailed {{ violations {{ code path }} }} "
        f"}} }}"
    )
    body = await house.ask(caller, document, input=input)
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"][field]
    return found


async def done(house: House, caller: Caller, field: str, selection: str, **input: Any) -> dict[str, Any]:
    """Run a mutation and expect its payload."""
    found = await act(house, caller, field, selection, **input)
    assert found["__typename"].endswith("Payload"), found
    return found


async def refused(house: House, caller: Caller, field: str, **input: Any) -> tuple[str, list[str]]:
    """Run a mutation and expect a refusal: its code and path; those of the first violation where values are bad."""
    found = await act(house, caller, field, "__typename", **input)
    assert "code" in found, found
    first = found["violations"][0] if "violations" in found else found
    return first["code"], first["path"]


async def forbidden(house: House, caller: Caller, field: str, **input: Any) -> str:
    """Run a mutation and expect that the caller may not: the code of the error."""
    name = field[0].upper() + field[1:]
    document = f"mutation ($input: {name}Input!) {{ {field}(input: $input) {{ __typename }} }}"
    body = await house.ask(caller, document, input=input)
    assert body["data"] is None or body["data"][field] is None
    return str(body["errors"][0]["extensions"]["code"])
