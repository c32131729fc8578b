"""Partners that are taken in together come out as if each had been entered by itself."""

from dataclasses import replace
from typing import Any

import pytest

from domain.customers import AbcClass, CustomerStatus, DateNotInFuture
from domain.money import Money
from domain.partners import (
    Address,
    Communication,
    CommunicationType,
    NewPartner,
    NumberTaken,
    PartnerRoleKind,
    PartnerType,
    RoleNotAllowedForType,
)
from domain.refusals import NotEditable, ValidationFailed
from resolvers import customers, imports, partners
from resolvers.customers import NewCustomerData
from resolvers.imports import ImportedPartner, OwnData
from tenancy.errors import Forbidden
from tests.people import Home, House

SHOWN = """query ($id: ID!) { partner(id: $id) {
  type displayName salutation title firstName lastName searchTerm language affiliation
  responsibleOrganization { code } roles { role status endedAt }
  addresses { position street postalCode city countryCode }
  communication { position type value preferred }
  customer { organizationData { mode organization { code }
    data { status blockedUntil abcClass externalNumber minimumOrderValue { amount currency } } } }
} }"""
CHANGES: Any = {"abc_class": AbcClass.B, "minimum_order_value": Money(5000, "EUR"), "external_number": " 4711 "}


def person(
    home: Home, last_name: str = "Österreicher", *, at: str = "HAMBURG", number: str | None = None
) -> NewPartner:
    return NewPartner(
        PartnerType.PERSON,
        {"salutation": "Frau", "first_name": "Änne", "last_name": last_name},
        number=number,
        responsible_organization_id=home.organizations[at],
        roles=(PartnerRoleKind.MARKETING,),
        addresses=(Address("Köln", "DE", "Gartenweg 3", postal_code="50667"), Address("Wien", "AT")),
        communication=(Communication(CommunicationType.EMAIL, "Aenne@post.example", preferred=True),),
    )


async def taken_in(home: Home, *rows: ImportedPartner) -> list[dict[str, Any]]:
    done = await home.house.run(home.admin, imports.import_partners(rows))
    return [await shown(home, id_) for id_ in done.ids]


async def shown(home: Home, partner_id: object) -> dict[str, Any]:
    found = await home.house.data(home.admin, SHOWN, id=f"par_{partner_id}")
    assert found["partner"] is not None
    return dict(found["partner"])


@pytest.mark.rule("R-171")
async def test_an_imported_partner_is_like_one_that_was_entered_by_itself(house: House) -> None:
    home = await house.found()
    one = (await house.run(home.admin, partners.create_partner(person(home)))).id
    data = NewCustomerData(CustomerStatus.RELEASED, None, CHANGES)
    await house.run(home.admin, customers.create_customer(one, data, home.organizations["NORTH"]))
    own = OwnData(home.organizations["NORTH"], CustomerStatus.RELEASED, None, CHANGES)
    (other,) = await taken_in(home, ImportedPartner(person(home), own))
    assert other == await shown(home, one)


@pytest.mark.rule("R-184")
async def test_imported_partners_get_the_next_numbers_and_pass_those_that_are_taken(house: House) -> None:
    home = await house.found()
    await taken_in(home, ImportedPartner(person(home, number="100002")))
    done = await house.run(
        home.admin, imports.import_partners([ImportedPartner(person(home, name)) for name in ("Eins", "Zwei", "Drei")])
    )
    numbers = [
        (await house.data(home.admin, "query ($id: ID!) { partner(id: $id) { number } }", id=f"par_{id_}"))["partner"]
        for id_ in done.ids
    ]
    assert [each["number"] for each in numbers] == ["100001", "100003", "100004"]
    after = await house.run(home.admin, partners.create_partner(person(home)))
    found = await house.data(home.admin, "query ($id: ID!) { partner(id: $id) { number } }", id=f"par_{after.id}")
    assert found["partner"]["number"] == "100005"


async def test_an_import_takes_in_all_or_nobody(house: House) -> None:
    home = await house.found()
    employee = replace(
        person(home),
        type=PartnerType.ORGANIZATION,
        names={"name": "Druckhaus"},
        roles=(PartnerRoleKind.EMPLOYEE,),
    )
    with pytest.raises(RoleNotAllowedForType):
        await house.run(home.admin, imports.import_partners([ImportedPartner(person(home)), ImportedPartner(employee)]))
    found = await house.data(home.admin, "{ partners { totalCount } }")
    assert found["partners"]["totalCount"] == 0


@pytest.mark.rule("R-171")
@pytest.mark.parametrize("numbers", [("A-1", "a-1"), ("K-7", "K-8")])
async def test_a_number_is_refused_that_is_taken_or_stands_twice_in_the_list(
    house: House, numbers: tuple[str, str]
) -> None:
    home = await house.found()
    await taken_in(home, ImportedPartner(person(home, number="k-8")))
    rows = [ImportedPartner(person(home, number=number)) for number in numbers]
    with pytest.raises(NumberTaken):
        await house.run(home.admin, imports.import_partners(rows))


async def test_an_import_reaches_no_further_than_its_caller(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    with pytest.raises(NotEditable):
        await house.run(clerk, imports.import_partners([ImportedPartner(person(home, at="KIEL"))]))
    own = OwnData(home.organizations["NORTH"])
    with pytest.raises(NotEditable):
        await house.run(clerk, imports.import_partners([ImportedPartner(person(home), own)]))
    viewer = await home.member("SALES_VIEWER", at="HAMBURG")
    with pytest.raises(Forbidden):
        await house.run(viewer, imports.import_partners([ImportedPartner(person(home))]))


@pytest.mark.rule("R-025")
async def test_an_imported_block_ends_after_today(house: House) -> None:
    home = await house.found()
    own = OwnData(home.organizations["HQ"], CustomerStatus.BLOCKED, home.admin.today)
    with pytest.raises(DateNotInFuture):
        await house.run(home.admin, imports.import_partners([ImportedPartner(person(home), own)]))


@pytest.mark.parametrize("count", [0, 251])
async def test_a_list_has_one_to_two_hundred_and_fifty_partners(house: House, count: int) -> None:
    home = await house.found()
    with pytest.raises(ValidationFailed, match="250"):
        await house.run(home.admin, imports.import_partners([ImportedPartner(person(home))] * count))
