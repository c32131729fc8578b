"""The partners of the demo world: taken in by the people of each place, then looked after for two years."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random
from uuid import UUID

from cli.demo_world.cast import Place
from cli.demo_world.register import Register
from cli.demo_world.world import SEED, TWO_YEARS, Tenancy
from domain.customers import AbcClass, CustomerChanges, CustomerStatus, MinimumValueCheck
from domain.money import Money
from domain.partners import NewPartner, PartnerRoleKind, PartnerType
from resolvers import imports
from resolvers.imports import ImportedPartner, OwnData

QUARTERS = 8
MOST = imports.MOST
OLD_STOCK = 0.6
"""The part of the partners that was there when the world began; the others came by the quarter."""

OTHER_ROLES: Sequence[tuple[PartnerRoleKind, ...]] = (
    (PartnerRoleKind.CONTACT,),
    (PartnerRoleKind.SUPPLIER,),
    (PartnerRoleKind.CARRIER,),
    (PartnerRoleKind.COMPETITOR,),
    (PartnerRoleKind.MARKETING,),
    (PartnerRoleKind.SUPPLIER, PartnerRoleKind.MARKETING),
)
PERSONS_ROLES = (PartnerRoleKind.CONTACT_PERSON, PartnerRoleKind.EMPLOYEE)


@dataclass(frozen=True)
class Arrival:
    """A partner that is taken in: how many days ago, by whom, and at which place its data as a customer stand."""

    ago: int
    who: str
    level: str
    row: ImportedPartner


async def take_in(tenancy: Tenancy, share: float) -> None:
    """Let the people of the tenant take in their partners, list by list; `share` is that of the whole work."""
    world = tenancy.world
    arrivals = sorted(_arrivals(tenancy, world.many(800, 30)), key=lambda each: (-each.ago, each.who))
    text = f"{tenancy.plan.name}: Partner"
    for batch in world.each(list(_batches(arrivals)), share, text):
        done = await tenancy.act(batch[0].who, batch[0].ago, imports.import_partners([each.row for each in batch]))
        for id_, arrival in zip(done.ids, batch, strict=True):
            _remember(tenancy, id_, arrival)


def _remember(tenancy: Tenancy, id_: UUID, arrival: Arrival) -> None:
    """Keep the customers by the place of their data, and apart those that are blocked."""
    if arrival.row.customer is None:
        tenancy.customers["others"].append(id_)
    elif arrival.row.customer.status is CustomerStatus.BLOCKED:
        tenancy.customers["blocked"].append(id_)
    else:
        kind = "companies" if arrival.row.partner.type is PartnerType.ORGANIZATION else "persons"
        tenancy.customers[arrival.level].append(id_)
        tenancy.customers[f"{arrival.level} {kind}"].append(id_)


def _batches(arrivals: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    """What one of the people takes in on one day, in lists that an import takes."""
    for _, group in groupby(arrivals, key=lambda each: (each.ago, each.who)):
        together = list(group)
        for start in range(0, len(together), MOST):
            yield together[start : start + MOST]


def _arrivals(tenancy: Tenancy, count: int) -> Iterator[Arrival]:
    register, dice = Register(f"{SEED}:{tenancy.plan.key}"), tenancy.dice("arrivals")
    every = tenancy.world.many(25, 12)
    for turn in range(count):
        if turn % every == every // 2:
            yield _blocked(tenancy, register, dice, turn // every)
            continue
        place = tenancy.plan.leaves[turn % len(tenancy.plan.leaves)]
        new, ago = _somebody(tenancy, register, dice, place), _when(dice)
        if dice.random() < 0.18:  # noqa: PLR2004 - about one in five is no customer
            roles = _other_roles(new.type, dice)
            new = replace(new, roles=roles, responsible_organization_id=tenancy.places[place.code])
            yield Arrival(ago, tenancy.caretaker(place.code), place.code, ImportedPartner(new))
            continue
        level = dice.choices((place.code, tenancy.plan.region_of(place.code), tenancy.plan.root), (68, 20, 12))[0]
        yield _customer(tenancy, level, new, ago, OwnData(changes=_changes(dice, new)))


def _customer(tenancy: Tenancy, level: str, new: NewPartner, ago: int, data: OwnData) -> Arrival:
    """A customer with own data at a level, and who takes it in there."""
    place = tenancy.places[level]
    row = ImportedPartner(replace(new, responsible_organization_id=place), replace(data, organization_id=place))
    return Arrival(ago, tenancy.caretaker(level), level, row)


def _blocked(tenancy: Tenancy, register: Register, dice: Random, turn: int) -> Arrival:
    """A customer that cannot be used: for good, until some day to come, or until a day that is over by now.

    They stand at the manager's place, at the first clerk's, and at the root.
    """
    clerk = tenancy.plan.named("SALES_CLERK")
    level = (tenancy.plan.region_of(clerk.at), clerk.at, tenancy.plan.root)[turn % 3]
    place = next(place for place in tenancy.plan.leaves if place.code == clerk.at)
    new, ago = _somebody(tenancy, register, dice, place), _when(dice)
    until = (None, -dice.randint(20, 200), ago - dice.randint(10, 19))[turn % 3]
    day = None if until is None else tenancy.world.day(until)
    return _customer(tenancy, level, new, ago, OwnData(None, CustomerStatus.BLOCKED, day, _changes(dice, new)))


def _changes(dice: Random, new: NewPartner) -> CustomerChanges:
    changes = CustomerChanges(abc_class=dice.choices(list(AbcClass), (12, 33, 55))[0])
    if new.type is PartnerType.ORGANIZATION:
        changes["external_number"] = f"L-{dice.randrange(10_000, 99_999)}" if dice.random() < 0.4 else None  # noqa: PLR2004
        changes["order_confirmation_required"] = dice.random() < 0.2  # noqa: PLR2004
        if dice.random() < 0.15:  # noqa: PLR2004
            changes["minimum_order_value_check"] = MinimumValueCheck.CHECK
            changes["minimum_order_value"] = Money(dice.choice((2500, 5000, 10000)), "EUR")
    return changes


def _somebody(tenancy: Tenancy, register: Register, dice: Random, place: Place) -> NewPartner:
    plan = tenancy.plan
    country = dice.choices(place.countries, [plan.countries[each] for each in place.countries])[0]
    if dice.randrange(100) < plan.persons:
        return register.person(country)
    return register.company(country, plan.trades)


def _other_roles(kind: PartnerType, dice: Random) -> tuple[PartnerRoleKind, ...]:
    if kind is PartnerType.PERSON and dice.random() < 0.6:  # noqa: PLR2004
        return (dice.choice(PERSONS_ROLES),)
    return dice.choice(OTHER_ROLES)


def _when(dice: Random) -> int:
    """How many days ago: at the beginning, or on the first day of one of the quarters since."""
    if dice.random() < OLD_STOCK:
        return TWO_YEARS
    return TWO_YEARS - 90 * dice.randint(1, QUARTERS) + 10
