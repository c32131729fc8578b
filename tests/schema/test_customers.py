"""Customers as clients work with them: blocked and released, kept at levels, inherited and taken over."""

from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from domain.customers import Block, BlockReason, CustomerStatus, block_reasons
from domain.refusals import RefusalCode
from persistence import customers as stored
from persistence.audit import AuditEntry, AuditValues
from tests import trade
from tests.people import Home, House, on
from tests.trade import act, done, refused

STATUS = "effectiveStatus(organizationId: $at) { blocked status blockedUntil blockReasons setAtOrganization { code } }"
DATA = (
    "effectiveData(organizationId: $at) { source { code } inherited hops version abcClass externalNumber status "
    "blockedUntil orderEntryAllowed orderConfirmationRequired minimumOrderValueCheck "
    "minimumOrderValue { amount currency } representatives { sequence validFrom validTo representative { id } } }"
)
PLACES = ("HQ", "NORTH", "HAMBURG", "KIEL", "SOUTH")


def cus(customer_id: UUID) -> str:
    return f"cus_{customer_id}"


def org(home: Home, code: str) -> str:
    return f"org_{home.organizations[code]}"


async def at(house: House, caller: Any, customer_id: UUID, place: str | None, home: Home, selection: str) -> Any:
    """A field of a customer, as it counts at a place; None where the customer is not seen."""
    asked = {} if place is None else {"at": org(home, place)}
    found = await house.data(
        caller,
        f"query ($id: ID!{', $at: ID' if asked else ''}) {{ customer(id: $id) {{ {selection} }} }}",
        id=cus(customer_id),
        **asked,
    )
    return None if found["customer"] is None else next(iter(found["customer"].values()))


async def status_at(house: House, caller: Any, customer_id: UUID, place: str, home: Home) -> dict[str, Any]:
    found: dict[str, Any] = await at(house, caller, customer_id, place, home, STATUS)
    return found


async def data_at(house: House, caller: Any, customer_id: UUID, place: str | None, home: Home) -> Any:
    selection = DATA if place is not None else DATA.replace("(organizationId: $at)", "")
    return await at(house, caller, customer_id, place, home, selection)


async def sources(house: House, home: Home, customer_id: UUID) -> dict[str, str | None]:
    """Whose data count where."""
    found: dict[str, str | None] = {}
    for place in PLACES:
        data = await data_at(house, home.admin, customer_id, place, home)
        found[place] = None if data is None else data["source"]["code"]
    return found


async def set_status(house: House, caller: Any, customer_id: UUID, home: Home, place: str, **input_: Any) -> Any:
    version = (await trade.level(home, customer_id, place)).version
    return await done(
        house,
        caller,
        "setCustomerStatus",
        "previousStatus previousBlockedUntil organizations { code } customer { effectiveStatus { blockedUntil } }",
        customerId=cus(customer_id),
        organizationId=org(home, place),
        expectedVersion=version,
        **input_,
    )


async def update(house: House, home: Home, customer_id: UUID, place: str, **changes: Any) -> None:
    version = (await trade.level(home, customer_id, place)).version
    await done(
        house, home.admin, "updateCustomerData", "__typename",
        customerId=cus(customer_id), organizationId=org(home, place), expectedVersion=version, **changes,
    )  # fmt: skip


async def take_over(house: House, home: Home, customer_id: UUID, place: str, *, discard: bool = False) -> Any:
    return await done(
        house,
        home.admin,
        "takeOverCustomerData",
        "changed source { code } affectedOrganizations { code }",
        customerId=cus(customer_id),
        organizationId=org(home, place),
        confirmDiscard=discard,
    )


async def take_over_editing(house: House, home: Home, customer_id: UUID, place: str) -> Any:
    return await done(
        house, home.admin, "takeOverCustomerDataEditing", "changed source { code }",
        customerId=cus(customer_id), organizationId=org(home, place),
    )  # fmt: skip


async def tree(house: House) -> tuple[Home, UUID]:
    """A customer with own data at HQ and NORTH, which KIEL has taken over."""
    home = await house.found()
    customer_id = await trade.customer(home, at="HQ")
    await trade.own_data(home, customer_id, "NORTH")
    await take_over(house, home, customer_id, "KIEL")
    return home, customer_id


@pytest.mark.rule("R-010", "R-031")
async def test_a_partner_becomes_a_customer_once_and_begins_with_the_defaults(house: House) -> None:
    home = await house.found()
    partner_id = await trade.partner(home)
    clerk = await home.member("SALES_CLERK", at="HQ")
    created = await done(
        house, clerk, "createCustomer", f"customer {{ {DATA.replace('(organizationId: $at)', '')} }}",
        partnerId=f"par_{partner_id}",
    )  # fmt: skip
    data = created["customer"]["effectiveData"]
    assert (data["source"]["code"], data["abcClass"], data["status"]) == ("HQ", "A", "RELEASED")
    assert (data["orderEntryAllowed"], data["orderConfirmationRequired"]) == (True, False)
    again = await refused(house, clerk, "createCustomer", partnerId=f"par_{partner_id}")
    assert again == ("ROLE_ALREADY_ASSIGNED", ["role"])


@pytest.mark.rule("R-019")
async def test_a_blocked_customer_is_not_usable_and_a_released_one_is(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    usable = "effectiveData { usable }"
    assert await at(house, home.admin, customer_id, None, home, usable) == {"usable": True}
    await set_status(house, home.admin, customer_id, home, "HQ", status="BLOCKED")
    assert await at(house, home.admin, customer_id, None, home, usable) == {"usable": False}
    await set_status(house, home.admin, customer_id, home, "HQ", status="RELEASED")
    assert await at(house, home.admin, customer_id, None, home, usable) == {"usable": True}


@pytest.mark.rule("R-021")
async def test_the_tenants_default_status_is_a_proposal_for_new_customers(house: House) -> None:
    home = await house.found()
    settings = await house.data(home.admin, "{ tenantSettings { version } }")
    await done(
        house, home.admin, "updateTenantSettings", "__typename",
        expectedVersion=settings["tenantSettings"]["version"], defaultCustomerStatus="BLOCKED",
    )  # fmt: skip
    silent, explicit = await trade.customer(home), await trade.customer(home, status=CustomerStatus.RELEASED)
    assert (await status_at(house, home.admin, silent, "HQ", home))["status"] == "BLOCKED"
    assert (await status_at(house, home.admin, explicit, "HQ", home))["status"] == "RELEASED"


@pytest.mark.rule("R-022", "R-088", "R-093")
async def test_an_invoice_recipient_that_stops_being_a_debtor_blocks_the_customer(house: House) -> None:
    home = await house.found()
    customer_id, payer = await trade.customer(home), await trade.customer(home, "Zentrale")
    assign = {
        "customerId": cus(customer_id),
        "expectedVersion": 1,
        "recipients": [{"partnerId": f"par_{payer}", "preferred": True}],
    }
    refusal = await refused(house, home.admin, "setInvoiceRecipients", **assign)
    assert refusal == ("INVOICE_RECIPIENT_NOT_DEBTOR", ["recipients", "0", "partnerId"])
    await trade.accounting(home, payer)
    await done(house, home.admin, "setInvoiceRecipients", "__typename", **assign)
    assert not (await status_at(house, home.admin, customer_id, "HQ", home))["blocked"]
    await trade.accounting(home, payer, payment_term=None)
    blocked = await status_at(house, home.admin, customer_id, "HQ", home)
    assert (blocked["blocked"], blocked["status"]) == (True, "RELEASED")
    assert blocked["blockReasons"] == ["MISSING_ACCOUNTING_DATA"]
    await trade.accounting(home, payer)
    assert (await status_at(house, home.admin, customer_id, "HQ", home))["blockReasons"] == []


@pytest.mark.rule("R-191")
async def test_what_is_missing_for_complete_accounting_data_is_listed(house: House) -> None:
    home = await house.found()
    partner_id = await trade.partner(home)
    changed = await done(
        house, home.admin, "setPartnerAccounting", "partner { accounting { complete gaps currency } }",
        partnerId=f"par_{partner_id}", expectedVersion=1, debtor=True, currency="EUR",
    )  # fmt: skip
    assert changed["partner"]["accounting"] == {
        "complete": False,
        "gaps": ["DEBTOR_ACCOUNT", "PAYMENT_TERM", "TAX_CLASSIFICATION"],
        "currency": "EUR",
    }
    clerk = await home.member("SALES_CLERK", at="HQ")
    body = await house.ask(
        clerk, "query ($id: ID!) { partner(id: $id) { number accounting { debtor } } }", id=f"par_{partner_id}"
    )
    assert body["data"]["partner"]["accounting"] is None
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.rule("R-023")
async def test_a_block_counts_where_the_data_count_and_names_the_level_that_set_it(house: House) -> None:
    home, customer_id = await tree(house)
    await set_status(house, home.admin, customer_id, home, "NORTH", status="BLOCKED")
    below = await status_at(house, home.admin, customer_id, "HAMBURG", home)
    assert (below["blocked"], below["setAtOrganization"]) == (True, {"code": "NORTH"})
    beside = await status_at(house, home.admin, customer_id, "SOUTH", home)
    assert (beside["blocked"], beside["setAtOrganization"]) == (False, {"code": "HQ"})


@pytest.mark.rule("R-024", "R-025")
async def test_the_last_day_of_a_block_lies_in_the_future_and_only_a_block_has_one(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    admin = on(home.admin, "2026-03-10")

    async def tried(**input_: Any) -> tuple[str, list[str]]:
        version = (await trade.level(home, customer_id, "HQ")).version
        return await refused(
            house, admin, "setCustomerStatus", customerId=cus(customer_id), expectedVersion=version, **input_
        )

    path = ["blockedUntil"]
    assert await tried(status="RELEASED", blockedUntil="2026-03-31") == ("FIELD_NOT_AVAILABLE", path)
    assert await tried(status="BLOCKED", blockedUntil="2026-03-10") == ("DATE_NOT_IN_FUTURE", path)
    assert await tried(status="BLOCKED", blockedUntil="2026-03-09") == ("DATE_NOT_IN_FUTURE", path)
    await set_status(house, admin, customer_id, home, "HQ", status="BLOCKED")
    for_good = await status_at(house, on(home.admin, "2099-12-31"), customer_id, "HQ", home)
    assert (for_good["blocked"], for_good["blockedUntil"]) == (True, None)


@pytest.mark.rule("R-025", "R-026", "R-027", "E24", "E26")
async def test_the_day_after_its_last_the_block_is_over_though_status_and_date_stay(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    await set_status(
        house, on(home.admin, "2026-03-10"), customer_id, home, "HQ", status="BLOCKED", blockedUntil="2026-03-31"
    )
    for day, blocked in (("2026-03-31", True), ("2026-04-01", False)):
        then = await status_at(house, on(home.admin, day), customer_id, "HQ", home)
        assert (then["blocked"], then["status"], then["blockedUntil"]) == (blocked, "BLOCKED", "2026-03-31")
    later = on(home.admin, "2026-04-01")
    counts = []
    for condition in ("status: BLOCKED", "blocked: true", "blocked: false"):
        found = await house.data(later, f"{{ customers(filter: {{{condition}}}) {{ totalCount }} }}")
        counts.append(found["customers"]["totalCount"])
    assert counts == [1, 0, 1]
    await set_status(house, later, customer_id, home, "HQ", status="BLOCKED", blockedUntil="2026-03-31")
    await update(house, home, customer_id, "HQ", abcClass="B")


@pytest.mark.rule("R-028", "R-029")
async def test_releasing_forgets_the_date_only_when_it_is_kept_and_the_log_remembers_it(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    admin = on(home.admin, "2026-03-10")
    await set_status(house, admin, customer_id, home, "HQ", status="BLOCKED", blockedUntil="2026-03-31")
    tried = await set_status(house, admin, customer_id, home, "HQ", status="RELEASED", dryRun=True)
    assert tried["previousBlockedUntil"] == "2026-03-31"
    assert (await status_at(house, admin, customer_id, "HQ", home))["blockedUntil"] == "2026-03-31"
    released = await set_status(house, admin, customer_id, home, "HQ", status="RELEASED")
    assert released["customer"]["effectiveStatus"]["blockedUntil"] is None
    assert (await status_at(house, admin, customer_id, "HQ", home))["blockedUntil"] is None
    async with house.database.transaction(home.admin.context(), read_only=True) as session:
        logged = await session.scalars(
            select(AuditValues.before)
            .join(AuditEntry, AuditEntry.id == AuditValues.entry_id)
            .where(AuditEntry.operation == "customers.set_customer_status")
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        assert logged.all()[-1] == {"status": "BLOCKED", "blocked_until": "2026-03-31"}


@pytest.mark.rule("R-195")
async def test_a_block_can_be_set_below_as_well_where_own_data_stand(house: House) -> None:
    home, customer_id = await tree(house)
    set_ = await set_status(house, home.admin, customer_id, home, "HQ", status="BLOCKED", includeDescendants=True)
    assert {place["code"] for place in set_["organizations"]} == {"HQ", "NORTH"}
    assert (await status_at(house, home.admin, customer_id, "KIEL", home))["blocked"]


@pytest.mark.rule("R-188", "R-189", "R-094", "E28")
async def test_every_combination_of_blocks_is_told_alike_by_the_statement_the_story_and_the_rule(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    await trade.accounting(home, customer_id)
    await done(
        house, home.admin, "setInvoiceRecipients", "__typename",
        customerId=cus(customer_id), expectedVersion=1, recipients=[{"partnerId": f"par_{customer_id}"}],
    )  # fmt: skip
    today = home.admin.today
    for partner, by_hand, accounting in product([False, True], repeat=3):
        version = await trade.version_of(home, customer_id)
        await done(
            house, home.admin, "updatePartner", "__typename",
            partnerId=f"par_{customer_id}", expectedVersion=version, blocked=partner,
        )  # fmt: skip
        await trade.accounting(home, customer_id, debtor=not accounting)
        await set_status(house, home.admin, customer_id, home, "HQ", status="BLOCKED" if by_hand else "RELEASED")
        block = Block(CustomerStatus.BLOCKED if by_hand else CustomerStatus.RELEASED)
        expected = block_reasons(block, partner_blocked=partner, missing_accounting_data=accounting, on=today)
        told = await status_at(house, home.admin, customer_id, "HQ", home)
        assert told["blockReasons"] == [str(reason) for reason in expected]
        assert told["blocked"] is bool(expected)
        async with house.database.transaction(home.admin.context(), read_only=True) as session:
            known = await stored.effective(session, customer_id, home.organizations["HQ"], today)
        assert known is not None
        assert (known.partner_blocked, known.missing_accounting_data) == (partner, accounting)


@pytest.mark.rule("R-190")
async def test_an_invoice_recipient_of_the_past_blocks_no_more_and_one_of_the_future_does(house: House) -> None:
    home = await house.found()
    customer_id, payer = await trade.customer(home), await trade.customer(home, "Zentrale")
    await trade.accounting(home, payer)
    period = {"validFrom": "2026-05-01", "validTo": "2026-05-31"}
    await done(
        house, home.admin, "setInvoiceRecipients", "__typename",
        customerId=cus(customer_id), expectedVersion=1, recipients=[{"partnerId": f"par_{payer}", **period}],
    )  # fmt: skip
    await trade.accounting(home, payer, debtor=False)
    blocked = {
        day: (await status_at(house, on(home.admin, day), customer_id, "HQ", home))["blockReasons"]
        for day in ("2026-04-01", "2026-05-31", "2026-06-01")
    }
    missing = [str(BlockReason.MISSING_ACCOUNTING_DATA)]
    assert blocked == {"2026-04-01": missing, "2026-05-31": missing, "2026-06-01": []}


@pytest.mark.rule("R-233")
async def test_each_organization_shows_the_nearest_own_data_above_it(house: House) -> None:
    home, customer_id = await tree(house)
    assert await sources(house, home, customer_id) == {
        "HQ": "HQ",
        "NORTH": "NORTH",
        "HAMBURG": "NORTH",
        "KIEL": "NORTH",
        "SOUTH": "HQ",
    }
    hamburg = await data_at(house, home.admin, customer_id, "HAMBURG", home)
    assert (hamburg["inherited"], hamburg["hops"]) == (True, 1)
    north = await data_at(house, home.admin, customer_id, "NORTH", home)
    assert (north["inherited"], north["hops"]) == (False, 0)


@pytest.mark.rule("R-234", "R-246", "R-247", "R-143")
async def test_a_level_that_gives_its_data_up_passes_those_of_the_next_one_on_at_once(house: House) -> None:
    home, customer_id = await tree(house)
    await update(house, home, customer_id, "NORTH", externalNumber="N-1")
    unconfirmed = await refused(
        house, home.admin, "takeOverCustomerData", customerId=cus(customer_id), organizationId=org(home, "NORTH")
    )
    assert unconfirmed == ("CONFIRMATION_REQUIRED", ["confirmDiscard"])
    assert (await sources(house, home, customer_id))["HAMBURG"] == "NORTH"
    taken = await take_over(house, home, customer_id, "NORTH", discard=True)
    assert (taken["changed"], taken["source"]) == (True, {"code": "HQ"})
    assert {place["code"] for place in taken["affectedOrganizations"]} == {"HAMBURG", "ALTONA", "KIEL"}
    assert set((await sources(house, home, customer_id)).values()) == {"HQ"}
    version = (await trade.level(home, customer_id, "NORTH")).version
    closed = await refused(
        house, home.admin, "updateCustomerData",
        customerId=cus(customer_id), organizationId=org(home, "NORTH"), expectedVersion=version, abcClass="C",
    )  # fmt: skip
    assert closed == ("CUSTOMER_DATA_INHERITED", ["organizationId"])
    again = await take_over(house, home, customer_id, "NORTH")
    assert again["changed"] is False
    async with house.database.transaction(home.admin.context(), read_only=True) as session:
        logged = await session.scalar(
            select(AuditValues.before)
            .join(AuditEntry, AuditEntry.id == AuditValues.entry_id)
            .where(AuditEntry.action == "SET_ASIDE")
        )
    assert logged is not None
    assert logged["external_number"] == "N-1"


@pytest.mark.rule("R-235", "R-252")
async def test_a_change_reaches_those_that_inherit_at_once_and_never_those_below_own_data(house: House) -> None:
    home, customer_id = await tree(house)
    await update(house, home, customer_id, "HQ", abcClass="C")
    classes = {place: (await data_at(house, home.admin, customer_id, place, home))["abcClass"] for place in PLACES}
    assert classes == {"HQ": "C", "NORTH": "A", "HAMBURG": "A", "KIEL": "A", "SOUTH": "C"}


@pytest.mark.rule("R-236")
async def test_where_no_level_on_the_way_up_has_data_nothing_counts(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="NORTH")
    manager = await home.member("SALES_MANAGER", at="HQ")
    found = await house.data(
        manager,
        "query ($id: ID!) { customer(id: $id) { effectiveData { usable } effectiveStatus { blocked } } }",
        id=cus(customer_id),
    )
    assert found["customer"] == {"effectiveData": None, "effectiveStatus": None}


@pytest.mark.rule("R-237")
async def test_a_new_customers_data_stand_where_the_caller_acts_or_says_and_reaches(house: House) -> None:
    home = await house.found()
    manager = await home.member("SALES_MANAGER", at="NORTH")
    level = "customer { organizationData { organization { code } mode } }"

    async def created(**input_: Any) -> Any:
        partner_id = await trade.partner(home)
        return await act(house, manager, "createCustomer", level, partnerId=f"par_{partner_id}", **input_)

    own = {"mode": "OWN"}
    here = await created()
    assert here["customer"]["organizationData"] == [{"organization": {"code": "NORTH"}, **own}]
    below = await created(maintainingOrganizationId=org(home, "KIEL"))
    assert below["customer"]["organizationData"] == [{"organization": {"code": "KIEL"}, **own}]
    above = await created(maintainingOrganizationId=org(home, "HQ"))
    assert above["code"] == "NOT_EDITABLE"


@pytest.mark.rule("R-237")
async def test_in_a_tenant_of_one_site_every_customer_is_kept_at_the_root(house: House) -> None:
    home = await house.found()
    async with house.database.transaction(home.admin.context()) as session:
        await session.execute(text("update tenant_settings set multi_site = false"))
        await session.commit()
    customer_id = await trade.customer(home, at="HAMBURG")
    levels = await at(house, home.admin, customer_id, None, home, "organizationData { organization { code } }")
    assert levels == [{"organization": {"code": "HQ"}}]


SEEN = {
    # where own data stand → what somebody at HQ, NORTH, HAMBURG and SOUTH has: source of the data or state
    ("HQ",): ("edit HQ", "use HQ", "use HQ", "use HQ"),
    ("NORTH",): ("see below", "edit NORTH", "use NORTH", "nothing"),
    ("HAMBURG",): ("see below", "see below", "edit HAMBURG", "nothing"),
    ("HQ", "HAMBURG"): ("edit HQ", "use HQ", "edit HAMBURG", "use HQ"),
}


@pytest.mark.rule("R-238")
@pytest.mark.parametrize("role", ["SALES_MANAGER", "SALES_CLERK"])
async def test_visible_usable_and_editable_hold_cell_by_cell(house: House, role: str) -> None:
    home = await house.found()
    callers = [await home.member(role, at=place) for place in ("HQ", "NORTH", "HAMBURG", "SOUTH")]
    for places, expected in SEEN.items():
        customer_id = await trade.customer(home, at=places[0])
        for place in places[1:]:
            await trade.own_data(home, customer_id, place)
        cells = []
        for caller in callers:
            customer = await house.data(
                caller,
                "query ($id: ID!) { customer(id: $id) { effectiveData { usable version source { code } } } }",
                id=cus(customer_id),
            )
            cells.append(await _cell(house, caller, customer_id, customer["customer"]))
        narrow = role == "SALES_CLERK"
        assert cells == ["nothing" if narrow and cell == "see below" else cell for cell in expected], places


async def _cell(house: House, caller: Any, customer_id: UUID, customer: Any) -> str:
    if customer is None:
        return "nothing"
    data = customer["effectiveData"]
    if data is None:
        return "see below"
    assert data["usable"]
    tried = await act(
        house, caller, "updateCustomerData", "__typename",
        customerId=cus(customer_id), expectedVersion=data["version"], abcClass="B",
    )  # fmt: skip
    editable = tried["__typename"] == "UpdateCustomerDataPayload"
    assert editable or tried["code"] == "CUSTOMER_DATA_INHERITED", tried
    return f"{'edit' if editable else 'use'} {data['source']['code']}"


@pytest.mark.rule("R-238")
async def test_a_manager_edits_below_and_a_clerk_does_not_and_nobody_edits_above(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="HQ")
    await trade.own_data(home, customer_id, "NORTH")
    await trade.own_data(home, customer_id, "HAMBURG")
    told = {}
    for role in ("SALES_MANAGER", "SALES_CLERK"):
        caller = await home.member(role, at="NORTH")
        for place in ("HQ", "NORTH", "HAMBURG"):
            version = (await trade.level(home, customer_id, place)).version
            answer = await act(
                house, caller, "updateCustomerData", "__typename",
                customerId=cus(customer_id), organizationId=org(home, place),
                expectedVersion=version, externalNumber=f"{role} {place}",
            )  # fmt: skip
            told[role, place] = answer.get("code", "edited")
    assert told == {
        ("SALES_MANAGER", "HQ"): "NOT_EDITABLE",
        ("SALES_MANAGER", "NORTH"): "edited",
        ("SALES_MANAGER", "HAMBURG"): "edited",
        ("SALES_CLERK", "HQ"): "NOT_EDITABLE",
        ("SALES_CLERK", "NORTH"): "edited",
        ("SALES_CLERK", "HAMBURG"): "NOT_EDITABLE",
    }


async def test_what_counts_for_siblings_is_not_shown_even_when_it_is_asked_for(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="HQ")
    await trade.own_data(home, customer_id, "SOUTH")
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    assert await data_at(house, clerk, customer_id, "SOUTH", home) is None
    assert (await data_at(house, clerk, customer_id, "HQ", home))["source"] == {"code": "HQ"}
    levels = await at(house, clerk, customer_id, None, home, "organizationData { organization { code } }")
    assert levels == [{"organization": {"code": "HQ"}}]


@pytest.mark.rule("R-244")
@pytest.mark.parametrize("place", ["HAMBURG", "KIEL"])
async def test_data_that_are_only_inherited_are_not_edited_and_the_refusal_says_what_to_do(
    house: House, place: str
) -> None:
    home, customer_id = await tree(house)
    body = await house.data(
        home.admin,
        "mutation ($input: UpdateCustomerDataInput!) { updateCustomerData(input: $input) { "
        "... on CustomerDataInherited { code nextAction sourceOrganization { code } } } }",
        input={
            "customerId": cus(customer_id),
            "organizationId": org(home, place),
            "expectedVersion": 1,
            "abcClass": "C",
        },
    )
    assert body["updateCustomerData"] == {
        "code": "CUSTOMER_DATA_INHERITED",
        "nextAction": "takeOverCustomerDataEditing",
        "sourceOrganization": {"code": "NORTH"},
    }
    assert (await sources(house, home, customer_id))[place] == "NORTH"


@pytest.mark.rule("R-245")
async def test_lists_and_status_of_an_inheriting_level_are_not_changed_either(house: House) -> None:
    home, customer_id = await tree(house)
    rita = await trade.representative(home)
    base = {"customerId": cus(customer_id), "organizationId": org(home, "HAMBURG"), "expectedVersion": 1}
    for field, more in {
        "setCustomerStatus": {"status": "BLOCKED"},
        "setCustomerRepresentatives": {"representatives": [{"partnerId": f"par_{rita}"}]},
        "setInvoiceRecipients": {"recipients": [{"partnerId": f"par_{customer_id}"}]},
    }.items():
        told = await refused(house, home.admin, field, **base, **more)
        assert told == ("CUSTOMER_DATA_INHERITED", ["organizationId"]), field


@pytest.mark.rule("R-248")
async def test_there_is_nothing_to_take_over_at_the_root_or_where_nothing_above_has_data(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="NORTH")
    for place in ("HQ", "NORTH", "SOUTH"):
        told = await refused(
            house, home.admin, "takeOverCustomerData",
            customerId=cus(customer_id), organizationId=org(home, place), confirmDiscard=True,
        )  # fmt: skip
        assert told == ("NO_SOURCE_DATA", ["organizationId"]), place
    editing = await refused(
        house, home.admin, "takeOverCustomerDataEditing", customerId=cus(customer_id), organizationId=org(home, "SOUTH")
    )
    assert editing == ("NO_SOURCE_DATA", ["organizationId"])


@pytest.mark.rule("R-249")
async def test_where_the_tenant_is_strict_a_customer_is_usable_only_once_it_was_taken_over(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="HQ")
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    usable = "effectiveData { usable }"
    assert await at(house, clerk, customer_id, None, home, usable) == {"usable": True}
    settings = await house.data(home.admin, "{ tenantSettings { version } }")
    await done(
        house, home.admin, "updateTenantSettings", "__typename",
        expectedVersion=settings["tenantSettings"]["version"], requireExplicitTakeOver=True,
    )  # fmt: skip
    assert await at(house, clerk, customer_id, None, home, usable) == {"usable": False}
    await done(house, clerk, "takeOverCustomerData", "__typename", customerId=cus(customer_id))
    assert await at(house, clerk, customer_id, None, home, usable) == {"usable": True}


@pytest.mark.rule("R-250", "R-251", "R-252", "R-144")
async def test_taking_over_the_editing_copies_all_that_counts_and_cuts_the_level_loose(house: House) -> None:
    home = await house.found()
    customer_id, rita, ralf = (
        await trade.customer(home),
        await trade.representative(home),
        await trade.representative(home),
    )
    await trade.represented(
        home, customer_id, "HQ",
        trade.Listed(rita, valid_from=date(2026, 1, 1)),
        trade.Listed(ralf, valid_to=date(2020, 1, 1)),
    )  # fmt: skip
    await update(
        house, home, customer_id, "HQ",
        abcClass="B", externalNumber="X-1", orderEntryAllowed=False, orderConfirmationRequired=True,
        minimumOrderValueCheck="CHECK", minimumOrderValue={"amount": "99.90", "currency": "EUR"},
    )  # fmt: skip
    await set_status(house, home.admin, customer_id, home, "HQ", status="BLOCKED", blockedUntil="2099-01-01")
    before = await data_at(house, home.admin, customer_id, "NORTH", home)
    taken = await take_over_editing(house, home, customer_id, "NORTH")
    assert taken == {
        "__typename": "TakeOverCustomerDataEditingPayload",
        "changed": True,
        "source": {"code": "HQ"},
    }
    after = await data_at(house, home.admin, customer_id, "NORTH", home)
    assert after["source"] == {"code": "NORTH"}
    assert [row["representative"]["id"] for row in after["representatives"]] == [f"par_{rita}"]
    moved = {"source", "inherited", "hops", "version", "representatives"}
    assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in before.items() if k not in moved}
    assert (await sources(house, home, customer_id))["HAMBURG"] == "NORTH"
    await update(house, home, customer_id, "NORTH", abcClass="C")
    await update(house, home, customer_id, "HQ", abcClass="A")
    assert (await data_at(house, home.admin, customer_id, "KIEL", home))["abcClass"] == "C"


@pytest.mark.rule("R-253")
async def test_taking_over_the_editing_again_changes_nothing(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    assert (await take_over_editing(house, home, customer_id, "NORTH"))["changed"] is True
    assert (await take_over_editing(house, home, customer_id, "NORTH"))["changed"] is False


@pytest.mark.rule("R-254")
async def test_a_block_for_missing_accounting_data_is_not_copied_but_computed(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    await done(
        house, home.admin, "setInvoiceRecipients", "__typename",
        customerId=cus(customer_id), expectedVersion=1, recipients=[{"partnerId": f"par_{customer_id}"}],
    )  # fmt: skip
    await take_over_editing(house, home, customer_id, "NORTH")
    reasons = (await status_at(house, home.admin, customer_id, "NORTH", home))["blockReasons"]
    assert reasons == ["MISSING_ACCOUNTING_DATA"]
    await trade.accounting(home, customer_id)
    assert (await status_at(house, home.admin, customer_id, "NORTH", home))["blockReasons"] == []


async def test_an_organization_whose_parent_keeps_the_data_gets_none_of_its_own(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    async with house.database.transaction(home.admin.context()) as session:
        await session.execute(text("update organization set maintenance = 'PARENT_ONLY' where code = 'KIEL'"))
        await session.commit()
    told = await refused(
        house, home.admin, "takeOverCustomerDataEditing", customerId=cus(customer_id), organizationId=org(home, "KIEL")
    )
    assert told == ("OWN_DATA_NOT_ALLOWED", ["organizationId"])


@pytest.mark.rule("R-255", "E13")
async def test_data_are_created_where_no_level_above_has_any_by_whoever_sees_the_customer(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home, at="NORTH")
    south = {"customerId": cus(customer_id), "organizationId": org(home, "SOUTH")}
    beside = await home.member("SALES_CLERK", at="SOUTH")
    assert await refused(house, beside, "createCustomerData", **south) == ("NOT_FOUND", ["customerId"])
    above = await home.member("SALES_MANAGER", at="HQ")
    await done(house, above, "createCustomerData", "__typename", **south, data={"abcClass": "B"})
    assert (await sources(house, home, customer_id))["SOUTH"] == "SOUTH"
    assert (await data_at(house, beside, customer_id, None, home))["abcClass"] == "B"
    again = await refused(house, above, "createCustomerData", **south)
    assert again == ("ALREADY_EXISTS", ["organizationId"])
    inherits = await refused(
        house, above, "createCustomerData", customerId=cus(customer_id), organizationId=org(home, "KIEL")
    )
    assert inherits == ("CUSTOMER_DATA_INHERITED", ["organizationId"])


@pytest.mark.rule("R-031", "E45")
async def test_bad_values_of_customer_data_are_named(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    base = {"customerId": cus(customer_id), "expectedVersion": 1}

    async def told(**changes: Any) -> tuple[str, list[str]]:
        return await refused(house, home.admin, "updateCustomerData", **base, **changes)

    unknown = await house.ask(
        home.admin,
        "mutation ($id: ID!) { updateCustomerData(input: {customerId: $id, expectedVersion: 1, abcClass: D}) "
        "{ __typename } }",
        id=cus(customer_id),
    )
    assert "data" not in unknown
    assert await told(externalNumber="x" * 41) == ("TOO_LONG", ["externalNumber"])
    minimum = ["minimumOrderValue", "amount"]
    assert await told(minimumOrderValue={"amount": "-1.00", "currency": "EUR"}) == ("VALIDATION", minimum)
    assert await told(minimumOrderValue={"amount": "1.005", "currency": "EUR"}) == ("VALIDATION", minimum)
    assert await told(organizationId=f"org_{customer_id}", abcClass="B") == ("NOT_FOUND", [])
    stale = await refused(
        house, home.admin, "updateCustomerData", customerId=cus(customer_id), expectedVersion=9, abcClass="B"
    )
    assert stale == (RefusalCode.CONFLICT_VERSION, ["expectedVersion"])


@pytest.mark.rule("R-033", "R-034", "R-035", "R-036", "E21")
async def test_representatives_are_listed_by_sequence_and_then_by_number(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    reps = [await trade.representative(home, name) for name in ("Eins", "Zwei", "Drei")]
    plain = await trade.partner(home)

    async def tried(*rows: dict[str, Any]) -> Any:
        version = (await trade.level(home, customer_id, "HQ")).version
        return await act(
            house, home.admin, "setCustomerRepresentatives",
            "customer { effectiveData { representatives { id sequence validFrom validTo representative { id } } } }",
            customerId=cus(customer_id), expectedVersion=version, representatives=list(rows),
        )  # fmt: skip

    first, second, third = ({"partnerId": f"par_{rep}"} for rep in reps)
    assert (await tried({"partnerId": f"par_{plain}"}))["code"] == "PARTNER_NOT_REPRESENTATIVE"
    assert (await tried(first, first))["code"] == "DUPLICATE_OVERLAP"
    kept = await tried({**third, "sequence": 5}, {**second, "sequence": 5}, {**first, "validFrom": "2026-01-01"})
    rows = kept["customer"]["effectiveData"]["representatives"]
    assert [(row["sequence"], row["representative"]["id"]) for row in rows] == [
        (1, f"par_{reps[0]}"),
        (5, f"par_{reps[1]}"),
        (5, f"par_{reps[2]}"),
    ]
    moved = {**first, "id": rows[0]["id"], "validFrom": "2026-02-01"}
    assert (await tried(moved))["code"] == "FIELD_IMMUTABLE"
    ended = {**first, "id": rows[0]["id"], "validFrom": "2026-01-01", "validTo": "2026-12-31"}
    after = (await tried(ended))["customer"]["effectiveData"]["representatives"]
    assert [(row["id"], row["validTo"]) for row in after] == [(rows[0]["id"], "2026-12-31")]
