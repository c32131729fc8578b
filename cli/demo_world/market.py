"""How the tenants of the demo world come to sell each other's offers: cost centers, connections, texts, offers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from cli.demo_world.goods import CENTERS, OFFERS, Good, Ware
from cli.demo_world.world import TWO_YEARS, Tenancy
from domain.cost_centers import CostCenter
from domain.offers import ArchiveMode, Archiving, Draft, Price, Product, Translation
from domain.texts import TextModule, TextType
from domain.texts import Translation as Said
from persistence.offers import Offer
from resolvers import connections, cost_centers, offers, texts

ACTIVE: Sequence[tuple[str, str, str | None]] = (
    ("tageblatt", "silberkranich", None),
    ("silberkranich", "tageblatt", None),
    ("silberkranich", "quittmann", "https://kontor.silberkranich.example/rueckruf"),
    ("quittmann", "silberkranich", "https://kontor.quittmann.example/rueckruf"),
)
"""Who sells whose offers: source, target, and the callback that tenants of two companies need."""

INVITER, INVITED = "quittmann", "tageblatt"
"""The invitation that waits for its answer; the way back was declined once and can be tried again."""

Tenancies = Mapping[str, Tenancy]


async def keep_cost_centers(tenancy: Tenancy) -> None:
    """Let accounting keep the cost centers, one of which nobody chooses any more."""
    for key, (code, number, short, long) in CENTERS[tenancy.plan.key].items():
        new = CostCenter(code, number, short, long)
        made = await tenancy.act("accounting", TWO_YEARS, cost_centers.create_cost_center(new))
        tenancy.cost_centers[key] = made
    old = CostCenter("9999", None, "Alt", "Aus dem früheren Rechnungswesen")
    made = await tenancy.act("accounting", TWO_YEARS, cost_centers.create_cost_center(old))
    await tenancy.act("accounting", 400, cost_centers.update_cost_center(made, {"active": False}, 1))


async def write_texts(tenancy: Tenancy) -> None:
    """Let the product manager write what customers of other tenants read, and what an archived offer shows."""
    plan = tenancy.plan
    page = f"https://konto.{plan.domain}/abos"
    modules = {
        "account": TextModule(
            "Kundenkonto", TextType.LINK, (Said("de", page, preferred=True), Said("en", f"{page}?lang=en"))
        ),
        "service": TextModule(
            "Kundenservice",
            TextType.HTML_TEXT,
            (
                Said("de", f'<p>Fragen zur Lieferung? <a href="{page}">{plan.name}</a> hilft.</p>', preferred=True),
                Said("en", f'<p>Questions about delivery? Ask <a href="{page}">{plan.name}</a>.</p>'),
            ),
        ),
        "gone": TextModule(
            "Nicht mehr lieferbar",
            TextType.PLAIN_TEXT,
            (Said("de", "Dieses Angebot gibt es nicht mehr.", preferred=True), Said("en", "This offer is gone.")),
        ),
    }
    for key, module in modules.items():
        tenancy.texts[key] = await tenancy.act("product", TWO_YEARS, texts.create_text_module(module))


async def connect(tenancies: Tenancies) -> None:
    """Let administrators invite, accept and open; one invitation is declined, one is left to be answered."""
    for source, target, callback in ACTIVE:
        inviting, invited = tenancies[source], tenancies[target]
        connection_id = await inviting.act("admin", TWO_YEARS - 1, connections.invite_tenant(invited.id, callback))
        await invited.act("admin", TWO_YEARS - 3, connections.accept_connection(connection_id, 1))
        open_ = connections.set_access_to_offers(connection_id, True, 2)
        await inviting.act("admin", TWO_YEARS - 4, open_)
        inviting.connections[target] = connection_id
    quittmann, tageblatt = tenancies[INVITER], tenancies[INVITED]
    early = connections.invite_tenant(quittmann.id, f"https://kontor.{tageblatt.plan.domain}/rueckruf")
    declined = await tageblatt.act("admin", 600, early)
    await quittmann.act("admin", 590, connections.decline_connection(declined, 1))
    late = connections.invite_tenant(tageblatt.id, f"https://kontor.{quittmann.plan.domain}/rueckruf")
    quittmann.connections[INVITED] = await quittmann.act("admin", 6, late)


async def make_offers(tenancies: Tenancies, tenancy: Tenancy) -> None:
    """Let the product manager make what the tenant sells itself and what others sell for it."""
    for turn, good in enumerate(OFFERS[tenancy.plan.key]):
        ago = TWO_YEARS - 5 - turn // 3
        if good.to is None:
            call = offers.create_offer(_draft(tenancy, good, tenancy.cost_centers, ours=True))
        else:
            target = tenancies[good.to]
            draft = _draft(tenancy, good, target.cost_centers, ours=False)
            call = offers.create_cross_client_offer(draft, target.id)
        tenancy.offers[good.key] = await tenancy.act("product", ago, call)


def _draft(tenancy: Tenancy, good: Good, centers: Mapping[str, UUID], *, ours: bool) -> Draft:
    legal = f"Es gelten die allgemeinen Geschäftsbedingungen von {tenancy.plan.name}."
    term, accounting, notice = good.periods
    return Draft(
        offer_type=good.type,
        internal_title=good.title,
        translations=(
            Translation("de", good.title, legal, description=good.text, preferred=True),
            Translation("en", good.english, f"The general terms of {tenancy.plan.name} apply."),
        ),
        products=tuple(_product(ware, good.currency, centers, ours=ours) for ware in good.wares),
        term_months=term,
        accounting_period_months=accounting,
        cancellation_period_days=notice,
        folder=good.folder,
        hint=None if good.hint is None else tenancy.texts[good.hint],
        delivery_address_mandatory=any(ware.kind.name in ("PRINT", "GOODS") for ware in good.wares),
    )


def _product(ware: Ware, currency: str, centers: Mapping[str, UUID], *, ours: bool) -> Product:
    center = None if ware.center is None else centers[ware.center]
    return Product(
        product_type=ware.kind,
        tax_type=ware.tax,
        price=Price(Decimal(ware.amount), currency),
        quantity=ware.quantity,
        internal_title=ware.title,
        cost_center_id=center if ours else None,
        target_cost_center_id=None if ours else center,
        access_right=ware.title if ware.kind.name == "DIGITAL" else None,
        ledger="8300" if ware.tax.name == "REDUCED" else "8400",
    )


ARCHIVED: Mapping[str, Sequence[tuple[str, ArchiveMode, str | None]]] = {
    "tageblatt": (
        ("evening", ArchiveMode.STILL_SOLD, None),
        ("mobile", ArchiveMode.SUCCESSOR, "plus"),
        ("reading", ArchiveMode.BLOCKED, "gone"),
    ),
    "silberkranich": (("stars", ArchiveMode.BLOCKED, "gone"), ("x-summer", ArchiveMode.BLOCKED, None)),
    "quittmann": (("disc", ArchiveMode.BLOCKED, "gone"),),
}
"""Which offers left the list of active ones: how, and with which successor or text."""


async def archive(tenancy: Tenancy) -> None:
    """Let offers go that were sold for a while; carts that hold one of them show why they cannot be sold."""
    for turn, (key, mode, more) in enumerate(ARCHIVED[tenancy.plan.key]):
        successor = tenancy.offers[more] if more is not None and mode is ArchiveMode.SUCCESSOR else None
        text = tenancy.texts[more] if more is not None and mode is ArchiveMode.BLOCKED else None
        how = Archiving(mode, text, successor)
        version = await tenancy.version(Offer, tenancy.offers[key])
        await tenancy.act("product", 120 - turn, offers.archive_offer(tenancy.offers[key], how, version))
