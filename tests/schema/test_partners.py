"""Partners as clients work with them: entered once, in many roles, seen and edited where the rules say."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from domain.partners import PartnerRoleKind
from persistence import open_uses, visibility
from resolvers import customers
from resolvers.customers import NewCustomerData
from tenancy.permissions import Permission
from tests import buying, trade
from tests.people import Home, House, on
from tests.trade import act, done, forbidden, refused

ROLES = "partner { version roles { role status endedAt locked } customer { id } }"
LIST = "{ partners { totalCount nodes { number } } }"


def par(partner_id: UUID) -> str:
    return f"par_{partner_id}"


def playing(partner: dict[str, list[dict[str, str | None]]]) -> set[str | None]:
    return {role["role"] for role in partner["roles"] if role["endedAt"] is None}


def test_the_permissions_that_visibility_asks_are_those_of_the_product() -> None:
    assert (visibility.PARTNERS, visibility.CUSTOMERS) == (Permission.PARTNERS_SEE, Permission.CUSTOMERS_SEE)


async def test_a_clerk_enters_a_partner_with_all_that_belongs_to_it(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    entered = await done(
        house,
        clerk,
        "createPartner",
        "partner { type displayName searchTerm language affiliation responsibleOrganization { code } "
        "addresses { city postalCode countryCode } communication { type value preferred } }",
        type="PERSON",
        title="Dr.",
        firstName="Änne",
        lastName="Özil",
        addresses=[{"city": "Zürich", "postalCode": "8001", "countryCode": "CH"}, {"city": "Kiel"}],
        communication=[{"type": "EMAIL", "value": "aenne@example.test", "preferred": True}],
    )
    assert entered["partner"] == {
        "type": "PERSON",
        "displayName": "Dr. Änne Özil",
        "searchTerm": "Dr. Änne Özil",
        "language": "de",
        "affiliation": "EXTERNAL",
        "responsibleOrganization": {"code": "HAMBURG"},
        "addresses": [
            {"city": "Zürich", "postalCode": "8001", "countryCode": "CH"},
            {"city": "Kiel", "postalCode": None, "countryCode": "DE"},
        ],
        "communication": [{"type": "EMAIL", "value": "aenne@example.test", "preferred": True}],
    }


async def test_partners_are_found_by_name_number_role_and_place_as_a_german_list_has_them(house: House) -> None:
    home = await house.found()
    for name, city, roles in (
        ("Österreichische Post", "Wien", ["SUPPLIER"]),
        ("Oberhof", "Köln", []),
        ("Zebra", "Wien", ["CUSTOMER"]),
    ):
        await done(
            house,
            home.admin,
            "createPartner",
            "partner { id }",
            type="ORGANIZATION",
            name=name,
            number=name[:2].replace("Ö", "oe"),
            roles=roles,
            addresses=[{"city": city, "postalCode": "1010"}],
        )

    async def names(filter_: str) -> list[str]:
        found = await house.data(home.admin, f"{{ partners(filter: {{{filter_}}}) {{ nodes {{ name }} }} }}")
        return [node["name"] for node in found["partners"]["nodes"]]

    assert await names("") == ["Oberhof", "Österreichische Post", "Zebra"]
    assert await names('name: {startsWith: "öster"}') == ["Österreichische Post"]
    assert await names('number: {eq: "ZE"}') == ["Zebra"]
    assert await names("role: {eq: SUPPLIER}") == ["Österreichische Post"]
    assert await names('city: {eq: "WIEN"}, not: {role: {eq: CUSTOMER}}') == ["Österreichische Post"]
    found = await house.data(home.admin, "{ partners(orderBy: [{field: NUMBER, direction: DESC}]) { nodes { name } } }")
    assert [node["name"] for node in found["partners"]["nodes"]] == ["Zebra", "Österreichische Post", "Oberhof"]


async def test_addresses_and_communication_are_replaced_as_a_whole(house: House) -> None:
    home = await house.found()
    id_ = par(await trade.partner(home))
    first = await done(
        house, home.admin, "setPartnerAddresses", "partner { version addresses { city } }",
        partnerId=id_, expectedVersion=1, addresses=[{"city": "Kiel"}, {"city": "Bonn"}],
    )  # fmt: skip
    assert [address["city"] for address in first["partner"]["addresses"]] == ["Kiel", "Bonn"]
    version = first["partner"]["version"]
    second = await done(
        house, home.admin, "setPartnerAddresses", "partner { version addresses { city } }",
        partnerId=id_, expectedVersion=version, addresses=[{"city": "Bonn"}],
    )  # fmt: skip
    assert second["partner"]["addresses"] == [{"city": "Bonn"}]
    stale = await refused(
        house, home.admin, "setPartnerCommunication", partnerId=id_, expectedVersion=version, communication=[]
    )
    assert stale == ("CONFLICT_VERSION", ["expectedVersion"])


async def test_a_changed_name_changes_how_the_partner_is_shown_sorted_and_found(house: House) -> None:
    home = await house.found()
    id_ = par(await trade.partner(home, "Nordverlag"))
    changed = await done(
        house,
        home.admin,
        "updatePartner",
        "partner { displayName searchTerm number blocked }",
        partnerId=id_,
        expectedVersion=1,
        name="Südverlag",
        number="SV-1",
        blocked=True,
    )
    expected = {"displayName": "Südverlag", "searchTerm": "Südverlag", "number": "SV-1", "blocked": True}
    assert changed["partner"] == expected
    found = await house.data(home.admin, '{ partners(filter: {name: {startsWith: "sud"}}) { totalCount } }')
    assert found["partners"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("input_", "code", "path"),
    [
        ({"type": "PERSON"}, "REQUIRED", ["lastName"]),
        ({"type": "ORGANIZATION", "name": "A", "firstName": "B"}, "FIELD_NOT_AVAILABLE", ["firstName"]),
        ({"type": "ORGANIZATION", "name": "A", "number": "1 2"}, "VALIDATION", ["number"]),
        ({"type": "ORGANIZATION", "name": "A" * 121}, "TOO_LONG", ["name"]),
        ({"type": "ORGANIZATION", "name": "A", "language": "deutsch"}, "VALIDATION", ["language"]),
        (
            {"type": "ORGANIZATION", "name": "A", "addresses": [{"city": "Wien", "countryCode": "Austria"}]},
            "VALIDATION",
            ["addresses", "0", "countryCode"],
        ),
        (
            {"type": "ORGANIZATION", "name": "A", "communication": [{"type": "EMAIL", "value": "nobody"}]},
            "VALIDATION",
            ["communication", "0", "value"],
        ),
    ],
)
async def test_bad_input_is_named_with_its_place_and_keeps_nothing(
    house: House, input_: dict[str, object], code: str, path: list[str]
) -> None:
    home = await house.found()
    assert await refused(house, home.admin, "createPartner", **input_) == (code, path)
    assert (await house.data(home.admin, LIST))["partners"]["totalCount"] == 0


@pytest.mark.rule("R-167", "R-001")
async def test_a_partner_plays_several_roles_and_each_has_a_status(house: House) -> None:
    home = await house.found()
    id_ = par(await trade.partner(home, roles=[PartnerRoleKind.CUSTOMER]))
    assigned = await done(
        house, home.admin, "assignPartnerRole", ROLES, partnerId=id_, expectedVersion=1, role="SUPPLIER"
    )
    assert playing(assigned["partner"]) == {"CUSTOMER", "SUPPLIER"}
    assert {role["status"] for role in assigned["partner"]["roles"]} == {"RELEASED"}
    assert (await house.data(home.admin, LIST))["partners"]["totalCount"] == 1
    again = await refused(
        house, home.admin, "assignPartnerRole",
        partnerId=id_, expectedVersion=assigned["partner"]["version"], role="SUPPLIER",
    )  # fmt: skip
    assert again == ("ROLE_ALREADY_ASSIGNED", ["role"])


@pytest.mark.rule("R-168")
async def test_a_mere_contact_stops_being_one_when_it_becomes_a_customer(house: House) -> None:
    home = await house.found()
    id_ = par(await trade.partner(home, roles=[PartnerRoleKind.CONTACT]))
    assigned = await done(
        house, home.admin, "assignPartnerRole", ROLES, partnerId=id_, expectedVersion=1, role="CUSTOMER"
    )
    assert playing(assigned["partner"]) == {"CUSTOMER"}
    assert {role["role"] for role in assigned["partner"]["roles"]} == {"CONTACT", "CUSTOMER"}


@pytest.mark.rule("R-169")
@pytest.mark.parametrize("role", list(PartnerRoleKind))
async def test_an_organization_is_neither_employee_nor_contact_person(house: House, role: PartnerRoleKind) -> None:
    home = await house.found()
    person, company = par(await trade.person(home)), par(await trade.partner(home))
    await done(house, home.admin, "assignPartnerRole", ROLES, partnerId=person, expectedVersion=1, role=role)
    answer = await act(house, home.admin, "assignPartnerRole", ROLES, partnerId=company, expectedVersion=1, role=role)
    only_persons = role in {PartnerRoleKind.EMPLOYEE, PartnerRoleKind.CONTACT_PERSON}
    assert answer.get("code") == ("ROLE_NOT_ALLOWED_FOR_TYPE" if only_persons else None)


@pytest.mark.rule("R-170")
async def test_the_type_of_a_partner_cannot_be_changed(house: House) -> None:
    home = await house.found()
    partner_id = await trade.partner(home)
    body = await house.ask(
        home.admin,
        "mutation ($id: ID!) { updatePartner(input: {partnerId: $id, expectedVersion: 1, type: PERSON}) "
        "{ __typename } }",
        id=par(partner_id),
    )
    assert "data" not in body
    async with house.database.transaction(home.admin.context()) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text("update partner set type = 'PERSON'"))


@pytest.mark.rule("R-171")
async def test_a_number_is_taken_whatever_its_case_even_by_a_partner_that_was_set_aside(house: House) -> None:
    home = await house.found()
    partner_id = await trade.partner(home, number="Ab-1")
    taken = ("NUMBER_TAKEN", ["number"])
    assert await refused(house, home.admin, "createPartner", type="ORGANIZATION", name="B", number="aB-1") == taken
    await done(house, home.admin, "archivePartner", "__typename", partnerId=par(partner_id), expectedVersion=1)
    gone = await house.data(home.admin, "query ($id: ID!) { partner(id: $id) { id } }", id=par(partner_id))
    assert gone["partner"] is None
    assert (await house.data(home.admin, LIST))["partners"]["totalCount"] == 0
    assert await refused(house, home.admin, "createPartner", type="ORGANIZATION", name="B", number="AB-1") == taken
    other = await trade.partner(home, number="B-1")
    renumbered = await refused(
        house, home.admin, "updatePartner", partnerId=par(other), expectedVersion=1, number="ab-1"
    )
    assert renumbered == taken


@pytest.mark.rule("R-171", "E14")
async def test_the_number_of_a_partner_that_is_not_seen_is_taken_too_and_nothing_more_is_told(house: House) -> None:
    home = await house.found()
    await trade.partner(home, "Secret", at="SOUTH", number="S-1")
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    answer = await act(house, clerk, "createPartner", "__typename", type="ORGANIZATION", name="B", number="S-1")
    assert answer["code"] == "NUMBER_TAKEN"
    assert "Secret" not in answer["message"]


@pytest.mark.rule("R-172")
async def test_a_role_that_something_open_uses_stays_and_else_its_history_is_kept(house: House) -> None:
    shop = await buying.shop(house)
    home, partner_id = shop.target, shop.customer_id
    paid = await shop.pay()
    assert paid is not None
    version = await trade.version_of(home, partner_id)
    removal = {"partnerId": par(partner_id), "expectedVersion": version, "role": "CUSTOMER"}
    answer = await act(house, home.admin, "removePartnerRole", ROLES, **removal)
    assert (answer["code"], answer["path"]) == ("ROLE_IN_USE", ["role"])
    assert "running subscriptions" in answer["message"]
    archive = {"partnerId": par(partner_id), "expectedVersion": version}
    assert await refused(house, home.admin, "archivePartner", **archive) == ("IN_USE", ["partnerId"])
    assert await trade.version_of(home, partner_id) == version


@pytest.mark.rule("R-172")
@pytest.mark.parametrize(("status", "open_"), [("ENTRY", True), ("BOOKED", True), ("INVOICED", False)])
async def test_an_order_uses_its_customer_until_it_is_invoiced(house: House, status: str, open_: bool) -> None:
    shop = await buying.shop(house)
    await shop.pay()
    today = shop.target.admin.today
    async with house.database.transaction(shop.target.admin.context()) as session:
        await session.execute(text("update subscription set status = 'INACTIVE'"))
        await session.execute(text("update sales_order set status = :status"), {"status": status})
        found = await open_uses.of(session, shop.customer_id, ["CUSTOMER", "SUPPLIER"], today)
    assert found == (["open orders"] if open_ else [])


@pytest.mark.rule("R-172")
async def test_a_role_that_nothing_open_uses_goes_and_its_data_are_kept(house: House) -> None:
    home = await house.found()
    partner_id = await trade.customer(home)
    version = await trade.version_of(home, partner_id)
    removal = {"partnerId": par(partner_id), "expectedVersion": version, "role": "CUSTOMER"}
    removed = await done(house, home.admin, "removePartnerRole", ROLES, **removal)
    assert playing(removed["partner"]) == set()
    assert removed["partner"]["customer"] is None
    assert [role["role"] for role in removed["partner"]["roles"]] == ["CUSTOMER"]
    async with house.database.transaction(home.admin.context(), read_only=True) as session:
        kept = await session.execute(text("select status, ended_at is not null from customer_data"))
        assert kept.all() == [("RELEASED", True)]


@pytest.mark.rule("R-172", "R-005")
async def test_a_customer_is_one_exactly_while_the_partner_plays_the_role(house: House) -> None:
    home = await house.found()
    partner_id = await trade.customer(home)
    query = "query ($id: ID!) { customer(id: $id) { effectiveData { abcClass } } }"
    assert (await house.data(home.admin, query, id=f"cus_{partner_id}"))["customer"] is not None
    for field in ("removePartnerRole", "assignPartnerRole"):
        version = await trade.version_of(home, partner_id)
        await done(house, home.admin, field, ROLES, partnerId=par(partner_id), expectedVersion=version, role="CUSTOMER")
        found = (await house.data(home.admin, query, id=f"cus_{partner_id}"))["customer"]
        assert (found is None) is (field == "removePartnerRole")


@pytest.mark.rule("R-229", "R-243")
async def test_base_data_are_edited_where_the_partner_is_kept_or_above_and_only_read_below(house: House) -> None:
    home = await house.found()
    regional = par(await trade.partner(home, "Regional", at="NORTH"))
    people = {
        "manager at the root": await home.member("SALES_MANAGER", at="HQ"),
        "clerk in charge": await home.member("SALES_CLERK", at="NORTH"),
        "clerk below": await home.member("SALES_CLERK", at="HAMBURG"),
        "viewer in charge": await home.member("SALES_VIEWER", at="NORTH"),
        "clerk beside": await home.member("SALES_CLERK", at="SOUTH"),
        "clerk at the root": await home.member("SALES_CLERK", at="HQ"),
    }
    told: dict[str, str] = {}
    for who, caller in people.items():
        if who == "viewer in charge":
            told[who] = await forbidden(
                house, caller, "updatePartner", partnerId=regional, expectedVersion=1, language="en"
            )
            continue
        version = await trade.version_of(home, UUID(regional[4:]))
        answer = await act(
            house, caller, "updatePartner", "__typename",
            partnerId=regional, expectedVersion=version, searchTerm=who,
        )  # fmt: skip
        told[who] = answer.get("code", "edited")
    assert told == {
        "manager at the root": "edited",
        "clerk in charge": "edited",
        "clerk below": "NOT_EDITABLE",
        "viewer in charge": "FORBIDDEN",
        "clerk beside": "NOT_FOUND",
        "clerk at the root": "NOT_FOUND",
    }


@pytest.mark.rule("R-243")
async def test_whoever_is_assigned_above_the_responsible_organization_edits_what_is_seen_there(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="HQ")
    version = await trade.version_of(home, customer_id)
    await done(
        house, home.admin, "updatePartner", "partner { version }",
        partnerId=par(customer_id), expectedVersion=version,
        responsibleOrganizationId=f"org_{home.organizations['HAMBURG']}",
    )  # fmt: skip
    at_root = await home.member("SALES_CLERK", at="HQ")
    await done(
        house, at_root, "updatePartner", "partner { version }",
        partnerId=par(customer_id), expectedVersion=version + 1, language="en",
    )  # fmt: skip


async def test_a_partner_is_entered_and_handed_over_only_where_the_right_reaches(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    path = ["responsibleOrganizationId"]
    kiel = f"org_{home.organizations['KIEL']}"
    entered = await refused(
        house, clerk, "createPartner", type="ORGANIZATION", name="A", responsibleOrganizationId=kiel
    )
    assert entered == ("NOT_EDITABLE", path)
    own = par(await trade.partner(home, at="HAMBURG"))
    handed = await refused(
        house, clerk, "updatePartner", partnerId=own, expectedVersion=1, responsibleOrganizationId=kiel
    )
    assert handed == ("NOT_EDITABLE", path)


@pytest.mark.rule("R-228")
async def test_a_foreign_id_answers_like_one_that_nothing_has(house: House) -> None:
    alpha, beta = await house.found("Alpha"), await house.found("Beta")
    foreign = await trade.customer(beta, "Canary")
    own = par(await trade.partner(alpha))
    document = (
        "query ($par: ID!, $cus: ID!) { partner(id: $par) { id } customer(id: $cus) { id } node(id: $par) { id } "
        "partners(filter: {id: {eq: $par}}) { totalCount } customers { totalCount nodes { id } } }"
    )
    answers = []
    for id_ in (foreign, uuid4()):
        read = await house.data(alpha.admin, document, par=f"par_{id_}", cus=f"cus_{id_}")
        tried = [
            await act(house, alpha.admin, "updatePartner", "__typename",
                      partnerId=f"par_{id_}", expectedVersion=1, language="en"),
            await act(house, alpha.admin, "createCustomer", "__typename", partnerId=f"par_{id_}"),
            await act(house, alpha.admin, "takeOverCustomerDataEditing", "__typename", customerId=f"cus_{id_}"),
            await act(house, alpha.admin, "addPartnerRelationship", "__typename",
                      partnerId=own, targetPartnerId=f"par_{id_}", typeCode="PAYER"),
        ]  # fmt: skip
        answers.append((read, tried))
    assert answers[0] == answers[1]
    assert {answer["code"] for answer in answers[0][1]} == {"NOT_FOUND"}
    assert answers[0][0]["customers"]["totalCount"] == 0


@pytest.mark.rule("R-228")
async def test_two_tenants_may_use_the_same_number(house: House) -> None:
    for name in ("Alpha", "Beta"):
        home = await house.found(name)
        await trade.partner(home, number="K-1")


@pytest.mark.rule("R-229")
async def test_a_partner_that_is_not_seen_answers_like_one_that_does_not_exist(house: House) -> None:
    home = await house.found()
    secret = await trade.customer(home, "Secret", at="SOUTH")
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    answers = []
    for id_ in (secret, uuid4()):
        read = await house.data(
            clerk,
            "query ($par: ID!, $cus: ID!) { partner(id: $par) { id } customer(id: $cus) { id } }",
            par=f"par_{id_}",
            cus=f"cus_{id_}",
        )
        tried = [
            await act(house, clerk, "archivePartner", "__typename", partnerId=f"par_{id_}", expectedVersion=7),
            await act(house, clerk, "updateCustomerData", "__typename",
                      customerId=f"cus_{id_}", expectedVersion=7, abcClass="C"),
        ]  # fmt: skip
        answers.append((read, tried))
    assert answers[0] == answers[1]
    assert {answer["code"] for answer in answers[0][1]} == {"NOT_FOUND"}


@pytest.mark.rule("R-229")
async def test_a_partner_is_seen_where_it_is_a_customer_and_no_longer_when_it_is_none(house: House) -> None:
    home = await house.found()
    partner_id = await trade.partner(home, at="NORTH")
    create = customers.create_customer(partner_id, NewCustomerData(), home.organizations["SOUTH"])
    await house.run(home.admin, create)
    clerk = await home.member("SALES_CLERK", at="SOUTH")
    assert (await house.data(clerk, LIST))["partners"]["totalCount"] == 1
    version = await trade.version_of(home, partner_id)
    await done(
        house, home.admin, "removePartnerRole", ROLES,
        partnerId=par(partner_id), expectedVersion=version, role="CUSTOMER",
    )  # fmt: skip
    assert (await house.data(clerk, LIST))["partners"]["totalCount"] == 0


@pytest.mark.rule("R-230")
async def test_without_a_right_from_a_role_nothing_is_read_and_nothing_written(house: House) -> None:
    home = await house.found()
    partner_id = await trade.customer(home)
    created = await done(house, home.admin, "createRole", "role { id }", code="NOBODY", name="Nobody", grants=[])
    home.roles["NOBODY"] = UUID(created["role"]["id"].partition("_")[2])
    nobody = await home.member("NOBODY", at="HQ")
    body = await house.ask(
        nobody,
        "query ($id: ID!) { partner(id: $id) { number } partners { nodes { number } } customers { totalCount } }",
        id=par(partner_id),
    )
    assert body["data"] == {"partner": None, "partners": None, "customers": None}
    assert {error["extensions"]["code"] for error in body["errors"]} == {"FORBIDDEN"}
    for field, input_ in {
        "createPartner": {"type": "ORGANIZATION", "name": "A"},
        "updatePartner": {"partnerId": par(partner_id), "expectedVersion": 1, "language": "en"},
        "createCustomer": {"partnerId": par(partner_id)},
        "takeOverCustomerData": {"customerId": f"cus_{partner_id}"},
    }.items():
        assert await forbidden(house, nobody, field, **input_) == "FORBIDDEN"


async def test_a_dry_run_answers_and_keeps_nothing(house: House) -> None:
    home = await house.found()
    answer = await done(
        house, home.admin, "createPartner", "partner { number }", type="ORGANIZATION", name="A", dryRun=True
    )
    assert answer["partner"]["number"] == "100001"
    assert (await house.data(home.admin, LIST))["partners"]["totalCount"] == 0


@pytest.mark.rule("R-020")
async def test_the_lock_stands_at_the_customer_role_while_a_block_is_effective(house: House) -> None:
    home: Home = await house.found()
    customer_id = await trade.customer(home, at="NORTH")
    clerk = on(await home.member("SALES_CLERK", at="NORTH"), "2026-03-01")
    query = "query ($id: ID!) { partner(id: $id) { roles { role locked } } }"

    async def locked(day: str) -> bool:
        found = await house.data(on(clerk, day), query, id=par(customer_id))
        return bool(found["partner"]["roles"][0]["locked"])

    assert not await locked("2026-03-01")
    await done(
        house, clerk, "setCustomerStatus", "__typename",
        customerId=f"cus_{customer_id}", expectedVersion=1, status="BLOCKED", blockedUntil="2026-03-31",
    )  # fmt: skip
    assert await locked("2026-03-31")
    assert not await locked("2026-04-01")
