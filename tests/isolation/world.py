"""Three tenants of the same shape, made through the product's own operations: A and B sell each other's offers.

C belongs to A's contracting company and sells with B, never with A: neither opens anything of C to A.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from domain.carts import NewItem
from domain.offers import ArchiveMode, Archiving, OfferType
from domain.partners import Communication, CommunicationType, PartnerRoleKind
from domain.relationships import Listed, NewRelationship
from domain.sales import PaymentMethod, SettlementStatus
from domain.subscriptions import Cancellation
from domain.texts import TextModule, TextType
from domain.texts import Translation as Text
from persistence.audit import AuditEntry
from persistence.carts import CartItem
from persistence.checkouts import Checkout
from persistence.events import JointEvent
from persistence.number_ranges import NumberRange
from persistence.offers import Offer, OfferProduct
from persistence.partners import Partner
from persistence.payouts import PayoutEntry
from persistence.relationships import PartnerRelationship, RelationshipType
from persistence.subscriptions import ProvidedGrant, Subscription
from persistence.users import Membership
from resolvers import (
    customers,
    documents,
    events,
    offers,
    organizations,
    partners,
    payouts,
    relationships,
    subscriptions,
    texts,
    users,
)
from resolvers.organizations import NewOrganization
from tenancy.caller import Caller
from tenancy.permissions import Permission, Scope
from tenancy.rights import Known, Wish
from tests import buying, trade
from tests.people import Home, House
from tests.selling import Partners, connected, draft, invited, product, rows

PERIODS = ("term_months", "accounting_period_months", "cancellation_period_days")
FAR = datetime(2031, 1, 1, tzinfo=UTC)


@dataclass
class Twin:
    """A tenant with something of everything, its people, and what its records are called in the dictionary."""

    home: Home
    callers: dict[str, Caller] = field(default_factory=dict)
    own: dict[str, UUID] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The tenant."""
        return self.home.id


@dataclass
class World:
    """The three tenants, and which direction of selling is which connection."""

    a: Twin
    b: Twin
    c: Twin

    @property
    def house(self) -> House:
        """The house that they stand in."""
        return self.a.home.house


async def found(house: House) -> World:
    """Found the three, let them trade, and let each have the same of everything."""
    a = Twin(await house.found("Amsel Verlag"))
    b = Twin(await house.found("Bussard Medien"))
    c = Twin(await house.found("Corvus Presse", company_id=a.home.company_id))
    for twin in (a, b, c):
        await _people_and_partners(twin)
    selling = {
        (source.id, target.id): await connected(source.home, target.home)
        for source, target in ((a, b), (b, a), (b, c), (c, b))
    }
    for one, other in ((a, b), (b, a), (c, b)):
        await _own_offers(one)
        await _shared_offers(one, other, selling[one.id, other.id])
    for one, other in ((a, b), (b, a)):
        await _sales(one, selling[other.id, one.id], other.own["shared offer"])
    for_c = await selling[b.id, c.id].offer(draft("Nur für Corvus", hint=b.own["text"]))
    await _sales(c, selling[b.id, c.id], for_c)
    for one in (a, b, c):
        await _afterwards(one)
    await _invitations(a, b)
    for one, other in ((a, b), (b, a), (c, b)):
        await _names(one, other)
    return World(a, b, c)


async def _people_and_partners(twin: Twin) -> None:
    home, own = twin.home, twin.own
    run, admin = home.house.run, home.admin
    own["customer"] = await trade.customer(home, "Buchhandlung Binder", at="HQ")
    own["kiel customer"] = await trade.customer(home, "Kieler Kiosk", at="KIEL")
    own["south customer"] = await trade.customer(home, "Isar Buch", at="MUNICH")
    own["inheriting customer"] = await trade.customer(home, "Nordlicht", at="NORTH")
    own["spare partner"] = await trade.partner(home, "Lieferant Lutz", at="HQ")
    own["plain partner"] = await trade.partner(home, "Adresse Ahlers", at="HQ")
    own["representative"] = await trade.representative(home)
    await trade.own_data(home, own["customer"], "HAMBURG")
    await trade.own_data(home, own["inheriting customer"], "HAMBURG")
    for name in ("customer", "kiel customer"):
        await buying.at_home_in(home, own[name])
        [row] = await rows(home, Partner, Partner.id == own[name])
        reach = [Communication(CommunicationType.EMAIL, f"{name.split()[0]}@{home.name.split()[0].lower()}.example")]
        await run(admin, partners.set_communication(own[name], reach, row.version))
        await trade.accounting(home, own[name])
    await trade.represented(home, own["customer"], "HQ", Listed(own["representative"], sequence=1))
    await trade.represented(home, own["kiel customer"], "KIEL", Listed(own["representative"], sequence=1))
    level = await trade.level(home, own["customer"], "HQ")
    await run(
        admin,
        customers.set_invoice_recipients(
            own["customer"], home.organizations["HQ"], [Listed(own["kiel customer"], preferred=True)], level.version
        ),
    )
    await run(admin, relationships.create_relationship_type("SISTER", "Schwesterfirma", time_dependent=True))
    new = NewRelationship(own["customer"], own["spare partner"], "SISTER")
    own["relationship"] = await run(admin, relationships.add_relationship(new))
    await run(admin, partners.assign_role(own["spare partner"], PartnerRoleKind.SUPPLIER, 1))
    away = NewOrganization("AWAY", "Aussenstelle", "SALES", home.organizations["SOUTH"])
    own["inactive organization"] = await run(admin, organizations.create_organization(away))
    await run(admin, organizations.deactivate_organization(own["inactive organization"], 1, cascade=False))
    own["loose organization"] = await run(
        admin, organizations.create_organization(NewOrganization("LOOSE", "Lose Stelle", "PROCUREMENT", None))
    )
    await run(admin, documents.register("staff", [f"query Of{home.name.split()[0]} {{ me {{ __typename }} }}"]))
    await _people(twin)


async def _people(twin: Twin) -> None:
    home, own, run = twin.home, twin.own, twin.home.house.run
    grants = {Permission.PARTNERS_SEE: Scope.ORGANIZATION}
    own["role"] = await run(home.admin, users.create_role("WATCHER", "Beobachter", grants))
    own["unused role"] = await run(home.admin, users.create_role("UNUSED", "Unbenutzt", grants))
    own["empty role"] = await run(home.admin, users.create_role("IDLE", "Ohne Rechte", {}))
    home.roles |= {"WATCHER": own["role"], "IDLE": own["empty role"]}
    twin.callers |= {
        "administrator": home.admin,
        "manager of the north": await home.member("SALES_MANAGER", at="NORTH", name="Mona Manager"),
        "clerk in Kiel": await home.member("SALES_CLERK", at="KIEL", name="Kai Clerk"),
        "representative": await home.member(
            "REPRESENTATIVE", at="HQ", name="Rita Reisig", kind="REPRESENTATIVE", partner_id=own["representative"]
        ),
        "nobody": await home.member("IDLE", at="HQ", name="Norbert Nichts"),
        "customer": await home.customer_of_portal(own["customer"]),
        "other customer": await home.customer_of_portal(own["kiel customer"], "Karin Kiosk"),
    }
    issued = await run(home.admin, users.issue_key("Schnittstelle", [home.roles["AUDITOR"]], FAR))
    own["key"] = issued.id
    twin.callers["API key"] = await _key(home, issued.membership_id)
    disabled = await home.member("WATCHER", at="HQ", name="Detlef Dahin")
    own["disabled user"] = _membership(disabled)
    await run(home.admin, users.disable_user(own["disabled user"], 1))
    own["user"] = _membership(twin.callers["clerk in Kiel"])


async def _key(home: Home, membership_id: UUID) -> Caller:
    [row] = await rows(home, Membership, Membership.id == membership_id)
    return await home.house.callers.of(Known(row.issuer, row.subject, home.id), Wish())


def _membership(caller: Caller) -> UUID:
    if caller.membership_id is None:
        raise AssertionError(f"{caller.subject} is no member")
    return caller.membership_id


async def _own_offers(one: Twin) -> None:
    """What a tenant sells itself, and does not sell any more."""
    home, own, run = one.home, one.own, one.home.house.run
    module = TextModule("Hinweis", TextType.LINK, (Text("de", "https://hilfe.example/konto", preferred=True),))
    own["text"] = await run(home.admin, texts.create_text_module(module))
    own["offer"] = await buying.own_offer(home)
    own["second offer"] = await buying.own_offer(home, draft("Abendblatt", products=[product("5.00")]))
    own["archived offer"] = await buying.own_offer(home, draft("Altblatt", products=[product("7.00")]))
    await _archive(one, own["archived offer"])


async def _shared_offers(one: Twin, other: Twin, to_other: Partners) -> None:
    """What `other` may sell of `one`'s."""
    own = one.own
    own["shared offer"] = await to_other.offer(draft("Morgenpost digital", hint=own["text"]))
    single = replace(draft("Einzelheft"), offer_type=OfferType.SINGLE_PRODUCT, **dict.fromkeys(PERIODS))
    own["shared single offer"] = await to_other.offer(single)
    own["connection to other"] = to_other.connection_id
    other.own["connection from other"] = to_other.connection_id
    other.own["cost center"] = to_other.cost_center_id


async def _archive(one: Twin, offer_id: UUID) -> None:
    [offer] = await rows(one.home, Offer, Offer.id == offer_id)
    how = Archiving(ArchiveMode.BLOCKED)
    await one.home.house.run(one.home.admin, offers.archive_offer(offer_id, how, offer.version))


async def _sales(one: Twin, from_other: Partners, external_offer_id: UUID) -> None:
    """A tenant sells its own offers and those of another, paid at once and by bill."""
    home, own = one.home, one.own
    own["cart"] = await buying.cart(
        home,
        NewItem(own["offer"]),
        NewItem(external_offer_id=external_offer_id, leading=1),
        NewItem(own["second offer"], option=True),
    )
    own["plain cart"] = await buying.cart(home, NewItem(own["second offer"]), title="Paket Klein")
    items = await rows(home, CartItem, CartItem.cart_id == own["cart"])
    own["external item"] = next(item.id for item in items if item.external_offer_id)
    own["own item"] = next(item.id for item in items if item.offer_id == own["offer"])
    own["optional item"] = next(item.id for item in items if item.offer_id == own["second offer"])
    shop = buying.Shop(
        from_other, own["offer"], external_offer_id, own["cart"], own["customer"], one.callers["customer"]
    )
    paid = await shop.pay()
    billed = await shop.pay(method=PaymentMethod.BILLING)
    own |= {"order": paid.order_id, "paid invoice": paid.invoice_id, "invoice": billed.invoice_id}
    own["own subscription"], own["external subscription"] = paid.subscription_ids[:2]
    in_kiel = replace(shop, cart_id=own["plain cart"], buyer=one.callers["other customer"])
    below = await in_kiel.pay()
    own["order in Kiel"], own["checkout in Kiel"] = below.order_id, below.checkout_id
    own["checkout"] = await shop.start()
    [checkout] = await rows(home, Checkout, Checkout.id == own["checkout"])
    own["organization of sales"] = checkout.organization_id


async def _afterwards(one: Twin) -> None:
    """Events are acted on, a mirror is linked, a payout is settled, a subscription is cancelled."""
    home, run = one.home, one.home.house.run
    operator = await home.operator()
    for event_id in await run(operator, events.pending()):
        await run(operator, events.handle(event_id))
    mirrors = await rows(home, Subscription, Subscription.source_tenant_id == home.id)
    for mirror in mirrors[:1]:
        one.own["mirror"] = mirror.id
        await run(operator, subscriptions.link_provided_customer(mirror.id, one.own["customer"]))
    entries = await rows(home, PayoutEntry, PayoutEntry.tenant_id == home.id)
    one.own["payout"] = entries[0].id
    if len(entries) > 1:
        await run(home.admin, payouts.settle_entry(entries[1].id, SettlementStatus.SETTLED))


async def _invitations(a: Twin, b: Twin) -> None:
    """Open invitations in either direction, somebody whom A has not invited yet, and somebody whom A has blocked."""
    stranger = Twin(await a.home.house.found("Dohle Druck"))
    a.own["invitation to stranger"] = await invited(a.home, stranger.home)
    a.own["invitation from stranger"] = await invited(stranger.home, a.home)
    b.own["invitation to stranger"] = await invited(b.home, stranger.home)
    b.own["invitation from stranger"] = await invited(stranger.home, b.home)
    a.own["another stranger"] = (await a.home.house.found("Elster Edition")).id
    for one in (a, b):
        one.own["blocked connection"] = (await _blocked(one)).connection_id


async def _blocked(one: Twin) -> Partners:
    """A connection that the tenant has blocked."""
    between = await connected(one.home, await one.home.house.found("Falke Funk"), access=False)
    await between.block(one.home)
    return between


async def _names(one: Twin, other: Twin) -> None:
    """Names for records that came about on the way."""
    home, own = one.home, one.own
    own |= {"other tenant": other.id, "offer of other": other.own["shared offer"], "company": home.company_id}
    kinds = (("audit entry", AuditEntry), ("provided grant", ProvidedGrant), ("relationship type", RelationshipType))
    for name, model in kinds:
        found = await rows(home, model, model.tenant_id == home.id)
        if found:
            own[name] = found[0].id
    told = await rows(home, JointEvent, JointEvent.shared_tenant_id == home.id)
    if told:
        own["notice"] = told[0].id
    if "cost center" in other.own:
        own["cost center of other"] = other.own["cost center"]
    lists = await rows(home, PartnerRelationship, PartnerRelationship.customer_data_id.is_not(None))
    own["representative's row"] = next(row.id for row in lists if row.target_partner_id == own["representative"])
    own["recipient's row"] = next(row.id for row in lists if row.target_partner_id == own["kiel customer"])
    [product_row] = await rows(home, OfferProduct, OfferProduct.offer_id == own["offer"])
    own["product"] = product_row.id
    ranges = await rows(home, NumberRange)
    own["number range"] = next(row.id for row in ranges if row.category == "PARTNER")
    sold = await rows(home, Subscription, Subscription.tenant_id == home.id, Subscription.offer_id == own["offer"])
    row = next(row for row in sold if row.id != own["own subscription"])
    own["cancelled subscription"] = row.id
    await home.house.run(home.admin, subscriptions.cancel_subscription(row.id, Cancellation(), row.version))
