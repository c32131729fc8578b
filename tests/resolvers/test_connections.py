"""Connections between real tenants: who does what, what the other one sees of it, what races end in."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.connections import ConnectionExists, ConnectionStatus, EventKind, ModuleNotActive, Party
from domain.refusals import InvalidStatusTransition, NotFound, NotOwner, Refusal, ValidationFailed, VersionConflict
from domain.tenants import CompanyChanges
from persistence import connections as kept
from persistence import cost_centers, offers
from persistence.connections import Connection, ConnectionAnswer
from persistence.cost_centers import CostCenter
from persistence.joint import JointColumnOutsideTheDoor
from persistence.offers import Offer, OfferHint, OfferProduct, OfferTranslation
from persistence.tenants import ContractingCompany
from resolvers import connections, tenants
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work
from tests.people import Home, House
from tests.selling import connected, connection_version, draft, invited, rows, told

SHARED = (Offer, OfferTranslation, OfferProduct)


async def two(house: House) -> tuple[Home, Home]:
    """Two tenants of two contracting companies."""
    return await house.found("Alpha Verlag"), await house.found("Beta Medien")


async def status_in_sql(home: Home, connection_id: Any) -> str:
    async with home.house.database.transaction(home.admin.context()) as session:
        found = await session.scalar(select(kept.status(Connection, None)).where(Connection.id == connection_id))
        assert found is not None
        return found


async def statuses(home: Home, connection_id: Any) -> set[str]:
    """The status as the two halves say it in Python and in SQL; one word unless they disagree."""
    async with home.house.database.transaction(home.admin.context()) as session:
        pair = await kept.pair(session, home.id, connection_id)
        [active] = await session.scalars(
            select(kept.active(Connection.source_tenant_id, Connection.id)).where(Connection.id == connection_id)
        )
    assert active == (pair.status is ConnectionStatus.ACTIVE)
    return {pair.status, await status_in_sql(home, connection_id)}


@pytest.mark.rule("R-XC-03", "R-XC-04")
async def test_an_invited_tenant_is_told_and_the_connection_is_active_once_it_accepts(house: House) -> None:
    alpha, beta = await two(house)
    connection_id = await invited(alpha, beta)
    assert await told(beta) == [EventKind.CONNECTION_INVITED]
    assert await statuses(beta, connection_id) == {"INVITED"}
    await house.run(beta.admin, connections.accept_connection(connection_id, 1))
    assert await told(alpha) == [EventKind.CONNECTION_ACCEPTED]
    for home in (alpha, beta):
        assert await statuses(home, connection_id) == {"ACTIVE"}


async def test_the_status_is_the_same_in_python_and_in_sql_at_every_step(house: House) -> None:
    alpha, beta = await two(house)
    withdrawn, declined = await invited(alpha, beta), None
    await house.run(alpha.admin, connections.withdraw_connection(withdrawn, 1))
    declined = await invited(alpha, beta)
    await house.run(beta.admin, connections.decline_connection(declined, 1))
    partners = await connected(alpha, beta)
    for home in (alpha, beta):
        assert await statuses(home, withdrawn) == {"WITHDRAWN"}
        assert await statuses(home, declined) == {"DECLINED"}
        assert await statuses(home, partners.connection_id) == {"ACTIVE"}
    for blocker in (alpha, beta):
        await partners.block(blocker)
        assert await statuses(alpha, partners.connection_id) == {"BLOCKED"}
        await partners.unblock(blocker)
        assert await statuses(beta, partners.connection_id) == {"ACTIVE"}


@pytest.mark.rule("R-XC-04", "R-XC-06", "R-XC-10")
async def test_an_act_of_the_wrong_party_changes_nothing(house: House) -> None:
    alpha, beta = await two(house)
    connection_id = await invited(alpha, beta)
    for caller, act in (
        (alpha.admin, connections.accept_connection(connection_id, 1)),
        (alpha.admin, connections.decline_connection(connection_id, 1)),
        (beta.admin, connections.withdraw_connection(connection_id, 1)),
        (beta.admin, connections.set_access_to_offers(connection_id, True, 1)),  # noqa: FBT003
    ):
        with pytest.raises(NotOwner):
            await house.run(caller, act)
    assert await statuses(alpha, connection_id) == {"INVITED"}
    assert await connection_version(alpha, connection_id) == 1
    assert await told(alpha) == []


@pytest.mark.rule("R-XC-10")
async def test_what_the_table_does_not_know_is_an_invalid_transition(house: House) -> None:
    alpha, beta = await two(house)
    connection_id = await invited(alpha, beta)
    for act in (connections.block_connection, connections.unblock_connection):
        with pytest.raises(InvalidStatusTransition):
            await house.run(alpha.admin, act(connection_id, 1))
    await house.run(beta.admin, connections.decline_connection(connection_id, 1))
    for caller, act in (
        (beta.admin, connections.accept_connection),
        (alpha.admin, connections.withdraw_connection),
        (beta.admin, connections.block_connection),
    ):
        with pytest.raises(InvalidStatusTransition):
            await house.run(caller, act(connection_id, 2))


@pytest.mark.rule("R-XC-02")
async def test_a_tenant_cannot_invite_itself(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    with pytest.raises(ValidationFailed, match="two different tenants"):
        await house.run(alpha.admin, connections.invite_tenant(alpha.id))


async def test_inviting_a_tenant_that_does_not_exist_finds_none(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    with pytest.raises(NotFound):
        await house.run(alpha.admin, connections.invite_tenant(uuid4()))


@pytest.mark.rule("R-XC-09")
async def test_there_is_one_standing_connection_for_an_ordered_pair_and_another_for_the_way_back(house: House) -> None:
    alpha, beta = await two(house)
    first = await invited(alpha, beta)
    with pytest.raises(ConnectionExists):
        await invited(alpha, beta)
    back = await invited(beta, alpha)
    await house.run(beta.admin, connections.decline_connection(first, 1))
    again = await invited(alpha, beta)
    assert len({first, back, again}) == 3
    assert [row.round for row in await rows(alpha, Connection, Connection.id == again)] == [2]


@pytest.mark.rule("R-XC-07")
async def test_the_module_must_be_booked_by_the_own_company_of_each_side(house: House) -> None:
    alpha, beta = await two(house)
    await book(alpha, booked=False)
    with pytest.raises(ModuleNotActive):
        await invited(alpha, beta)
    await book(alpha, booked=True)
    connection_id = await invited(alpha, beta)
    await book(beta, booked=False)
    with pytest.raises(ModuleNotActive):
        await house.run(beta.admin, connections.accept_connection(connection_id, 1))
    await book(beta, booked=True)
    await house.run(beta.admin, connections.accept_connection(connection_id, 1))


async def book(home: Home, *, booked: bool) -> None:
    """Let the tenant's company book the module or give it up."""
    [company] = await rows(home, ContractingCompany)
    changes: CompanyChanges = {"cross_client_connections": booked}
    await home.house.run(home.admin, tenants.update_company_settings(changes, company.version))


@pytest.mark.rule("R-XC-08")
async def test_tenants_of_two_companies_need_a_callback_and_those_of_one_do_not(house: House) -> None:
    alpha, beta = await two(house)
    sister = await house.found("Alpha Buch", company_id=alpha.company_id)
    far, near = await invited(alpha, beta, None), await invited(alpha, sister, None)
    with pytest.raises(ValidationFailed, match="callbackUrl"):
        await house.run(beta.admin, connections.accept_connection(far, 1))
    await house.run(sister.admin, connections.accept_connection(near, 1))


@pytest.mark.rule("R-XC-05")
@pytest.mark.parametrize("by", Party)
async def test_either_party_blocks_at_any_time_and_only_it_unblocks(house: House, by: Party) -> None:
    alpha, beta = await two(house)
    partners = await connected(alpha, beta)
    blocker, other = (alpha, beta) if by is Party.SOURCE else (beta, alpha)
    await partners.block(blocker)
    with pytest.raises(NotOwner):
        await partners.unblock(other)
    assert await statuses(alpha, partners.connection_id) == {"BLOCKED"}
    await partners.unblock(blocker)
    assert await statuses(alpha, partners.connection_id) == {"ACTIVE"}
    assert (await told(other))[-2:] == [EventKind.CONNECTION_BLOCKED, EventKind.CONNECTION_UNBLOCKED]


@pytest.mark.rule("R-XC-06")
async def test_the_target_reads_shared_rows_only_while_access_is_open_and_the_source_does_not_block(
    house: House,
) -> None:
    partners = await connected(*await two(house), access=False)
    source, target = partners.source, partners.target
    await partners.offer()
    assert [await count(target, model) for model in SHARED] == [0, 0, 0]
    await partners.access(open_=True)
    assert [await count(target, model) for model in SHARED] == [1, 1, 1]
    await partners.block(source)
    assert [await count(target, model) for model in SHARED] == [0, 0, 0]
    await partners.unblock(source)
    assert [await count(target, model) for model in SHARED] == [1, 1, 1]
    await partners.access(open_=False)
    assert [await count(target, model) for model in SHARED] == [0, 0, 0]
    await partners.block(source)
    await partners.unblock(source)
    assert [await count(target, model) for model in SHARED] == [0, 0, 0]
    assert [await count(source, model) for model in SHARED] == [1, 1, 1]


async def count(home: Home, model: Any) -> int:
    return len(await rows(home, model))


async def test_switching_access_does_not_count_as_a_change_of_the_offers(house: House) -> None:
    partners = await connected(*await two(house))
    offer_id = await partners.offer()
    await partners.access(open_=False)
    [offer] = await rows(partners.source, Offer, Offer.id == offer_id)
    assert offer.version == 2


@pytest.mark.rule("R-CC-04")
async def test_the_source_reads_cost_centers_once_the_target_accepted_and_until_it_blocks(house: House) -> None:
    alpha, beta = await two(house)
    partners = await connected(beta, alpha)  # the way back gives alpha a cost center and beta the source's place
    assert [row.short_description for row in await rows(beta, CostCenter)] == ["Fremdtitel"]
    await partners.block(alpha)
    assert await rows(beta, CostCenter) == []
    await partners.unblock(alpha)
    assert len(await rows(beta, CostCenter)) == 1
    gamma = await house.found("Gamma Buch")
    assert await rows(gamma, CostCenter) == []


@pytest.mark.rule("R-00-03", "E-A8")
async def test_whoever_read_an_older_version_is_refused(house: House) -> None:
    partners = await connected(*await two(house), access=False)
    version = await partners.version()
    await partners.access(open_=True)
    with pytest.raises(VersionConflict) as refused:
        await house.run(partners.target.admin, connections.block_connection(partners.connection_id, version))
    assert refused.value.current_version == version + 1
    assert await statuses(partners.source, partners.connection_id) == {"ACTIVE"}


@pytest.mark.rule("R-00-01")
async def test_a_third_tenant_finds_no_connection(house: House) -> None:
    partners = await connected(*await two(house))
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    for act in (connections.block_connection, connections.accept_connection, connections.withdraw_connection):
        with pytest.raises(NotFound):
            await house.run(gamma.admin, act(partners.connection_id, 1))
    assert await rows(gamma, Connection) == []
    assert await rows(gamma, ConnectionAnswer) == []


@pytest.mark.parametrize("attempt", range(3))
async def test_accepting_and_withdrawing_at_once_ends_in_one_of_the_two(house: House, attempt: int) -> None:
    alpha, beta = await two(house)
    connection_id = await invited(alpha, beta)
    ended = await asyncio.gather(
        house.run(beta.admin, connections.accept_connection(connection_id, 1)),
        house.run(alpha.admin, connections.withdraw_connection(connection_id, 1)),
        return_exceptions=True,
    )
    refused = [one for one in ended if isinstance(one, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], Refusal)
    expected = "WITHDRAWN" if isinstance(ended[0], BaseException) else "ACTIVE"
    assert await statuses(alpha, connection_id) == {expected}


async def test_closing_access_while_an_offer_is_made_never_leaves_it_shared(house: House) -> None:
    partners = await connected(*await two(house))
    version = await partners.version()
    await asyncio.gather(
        partners.offer(draft("Eins")),
        house.run(
            partners.source.admin,
            connections.set_access_to_offers(partners.connection_id, False, version),  # noqa: FBT003
        ),
        partners.offer(draft("Zwei")),
    )
    assert [await count(partners.target, model) for model in SHARED] == [0, 0, 0]
    assert await count(partners.source, Offer) == 2


JOINT_ROWS = (
    lambda: Connection(target_tenant_id=uuid4(), source_name="x", source_company_id=uuid4()),
    lambda: ConnectionAnswer(source_tenant_id=uuid4(), connection_id=uuid4(), target_name="x"),
    lambda: Offer(connection_id=uuid4(), target_tenant_id=uuid4()),
    lambda: Offer(shared_tenant_id=uuid4()),
    lambda: OfferProduct(shared_tenant_id=uuid4()),
    lambda: OfferTranslation(shared_tenant_id=uuid4()),
    lambda: OfferHint(shared_tenant_id=uuid4()),
    lambda: CostCenter(code="1", label="1", shared_tenant_ids=[uuid4()]),
)


@pytest.mark.parametrize("row", JOINT_ROWS)
async def test_no_story_but_a_joint_one_sets_a_column_that_another_tenant_reads(house: House, row: Any) -> None:
    alpha = await house.found("Alpha Verlag")

    @writes(Permission.OFFERS_EDIT)
    async def sneak(work: Work) -> None:
        work.session.add(row())
        await work.session.flush()

    with pytest.raises(JointColumnOutsideTheDoor):
        await house.run(alpha.admin, sneak())


async def test_statements_beside_the_unit_of_work_pass_the_same_door(house: House) -> None:
    partners = await connected(*await two(house))

    @writes(Permission.OFFERS_EDIT)
    async def sneak(work: Work, how: str) -> None:
        pair = await kept.pair(work.session, work.caller.tenant_id, partners.connection_id)
        match how:
            case "show":
                await offers.show_to_target(work.session, pair)
            case "hide":
                await offers.hide_from_target(work.session, pair)
            case _:
                await cost_centers.show_to(work.session, work.caller.tenant_id, uuid4())

    for how in ("show", "hide", "cost centers"):
        with pytest.raises(JointColumnOutsideTheDoor):
            await house.run(partners.source.admin, sneak(how))
