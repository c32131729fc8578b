"""Keeping an offer with all that hangs on it; the shared children stay in step with their offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain import cost_centers, texts
from domain import offers as rules
from domain.money import money_of, text_of
from domain.names import sort_key
from domain.offers import Draft, OfferType, Price, Product, ProductType, TaxType
from persistence import translations
from persistence.changes import to_change
from persistence.connections import Pair
from persistence.cost_centers import CostCenter
from persistence.offers.rows import (
    Offer,
    OfferHint,
    OfferInternal,
    OfferProduct,
    OfferProductInternal,
    OfferTranslation,
)

PLAIN = (
    "internal_title",
    "term_months",
    "accounting_period_months",
    "cancellation_period_days",
    "multiple_purchases",
    "invoice_address_mandatory",
    "delivery_address_mandatory",
)
"""What an offer's row takes from a draft as it is."""

OUT_OF_THE_WAY = 50
"""Positions are shifted by so many while products change places: the key allows one product a position."""


@dataclass(frozen=True)
class Whole:
    """An offer of this tenant with all its rows; products in the order of their positions."""

    offer: Offer
    internal: OfferInternal
    translations: list[OfferTranslation] = field(default_factory=list)
    products: list[OfferProduct] = field(default_factory=list)
    product_internals: dict[UUID, OfferProductInternal] = field(default_factory=dict)

    def draft(self) -> Draft:
        """The offer as a draft, to be changed and checked again."""
        offer = self.offer
        return Draft(
            offer_type=OfferType(offer.offer_type),
            translations=tuple(_said(one) for one in self.translations),
            products=tuple(self._product(row) for row in self.products),
            folder=self.internal.folder,
            hint=self.internal.hint_text_module_id,
            **{name: getattr(offer, name) for name in PLAIN},
        )

    def target_cost_centers(self) -> dict[UUID, UUID | None]:
        """Which cost center of the target each product carries."""
        return {row.id: row.target_cost_center_id for row in self.products}

    def cost_centers(self) -> dict[UUID, UUID | None]:
        """Which cost center of the owner each product carries."""
        return {row.id: row.cost_center_id for row in self.product_internals.values()}

    def _product(self, row: OfferProduct) -> Product:
        internal = self.product_internals[row.id]
        return Product(
            id=row.id,
            product_type=ProductType(row.product_type),
            tax_type=TaxType(row.tax_type),
            price=Price(_decimal(row), row.currency),
            quantity=row.quantity,
            internal_title=row.internal_title,
            option=row.option,
            target_cost_center_id=row.target_cost_center_id,
            cost_center_id=internal.cost_center_id,
            access_right=internal.access_right,
            ledger=internal.ledger,
        )


async def connection_of(session: AsyncSession, offer_id: UUID) -> UUID | None:
    """The connection over which an own offer is sold; None if there is none, or no such offer of this tenant."""
    return await session.scalar(select(Offer.connection_id).where(Offer.id == offer_id))


async def whole_to_change(session: AsyncSession, offer_id: UUID, expected_version: int | None) -> Whole:
    """An own offer, locked, with all its rows.

    Raises:
        NotFound, NotOwner, VersionConflict: as `persistence.changes.to_change` (R-XC-40, R-XC-44, R-XC-45, E-A8).
    """
    offer = await to_change(session, Offer, offer_id, expected_version, what="offer")
    return await whole(session, offer)


async def whole(session: AsyncSession, offer: Offer) -> Whole:
    """An own offer with all its rows."""
    internal = (await session.scalars(select(OfferInternal).where(OfferInternal.id == offer.id))).one()
    said = await session.scalars(
        select(OfferTranslation).where(OfferTranslation.offer_id == offer.id).order_by(OfferTranslation.language)
    )
    products = await session.scalars(
        select(OfferProduct).where(OfferProduct.offer_id == offer.id).order_by(OfferProduct.position)
    )
    found = Whole(offer, internal, list(said), list(products))
    of_products = select(OfferProductInternal).where(OfferProductInternal.id.in_([row.id for row in found.products]))
    found.product_internals.update({row.id: row for row in await session.scalars(of_products)})
    return found


async def begin(session: AsyncSession, draft: Draft, pair: Pair | None) -> Whole:
    """A new offer without translations and products yet; with a pair it is the target's to sell."""
    offer = Offer(
        offer_type=draft.offer_type,
        currency=draft.products[0].price.currency,
        connection_id=pair.connection_id if pair else None,
        target_tenant_id=pair.target_tenant_id if pair else None,
        shared_tenant_id=pair.target_tenant_id if pair and pair.sharing else None,
    )
    _write_plain(offer, draft)
    session.add(offer)
    await session.flush()
    internal = OfferInternal(id=offer.id)
    session.add(internal)
    return Whole(offer, internal)


async def keep(
    session: AsyncSession, standing: Whole, draft: Draft, shown: Mapping[UUID, CostCenter], *, at: datetime
) -> None:
    """Make the offer's rows say what the draft says; `shown` are cost centers of the target that were chosen.

    The offer counts one version up, also when only its children change.
    """
    offer = standing.offer
    _write_plain(offer, draft)
    offer.currency = draft.products[0].price.currency
    offer.updated_at = at
    standing.internal.folder = draft.folder
    standing.internal.hint_text_module_id = draft.hint if isinstance(draft.hint, UUID) else None
    await _keep_translations(session, standing, draft.translations)
    await _keep_products(session, standing, draft.products, shown)


async def keep_hint(session: AsyncSession, offer: Offer, hint: texts.TextModule | None) -> None:
    """Copy the hint's texts onto an offer that another tenant sells; None takes them away (two-tenants, 2)."""
    if offer.connection_id is None:
        return
    standing = await session.scalars(select(OfferHint).where(OfferHint.offer_id == offer.id))
    wanted = {} if hint is None else {one.language: {"type": hint.type, **asdict(one)} for one in hint.translations}
    await translations.keep(
        session,
        standing.all(),
        wanted,
        lambda language: OfferHint(offer_id=offer.id, shared_tenant_id=offer.shared_tenant_id, language=language),
    )


async def hinting(session: AsyncSession, text_module_id: UUID) -> Sequence[Offer]:
    """The offers, locked, onto which the text of a module is copied."""
    found = await session.scalars(
        select(Offer)
        .join(OfferInternal, OfferInternal.id == Offer.id)
        .where(OfferInternal.hint_text_module_id == text_module_id, Offer.connection_id.is_not(None))
        .order_by(Offer.id)
        .with_for_update(of=Offer)
    )
    return found.all()


def _write_plain(offer: Offer, draft: Draft) -> None:
    for name in PLAIN:
        setattr(offer, name, getattr(draft, name))
    offer.title_key = sort_key(draft.internal_title)


async def _keep_translations(session: AsyncSession, standing: Whole, wanted: Collection[rules.Translation]) -> None:
    offer = standing.offer
    await translations.keep(
        session,
        standing.translations,
        {one.language: asdict(one) for one in wanted},
        lambda language: OfferTranslation(
            offer_id=offer.id, shared_tenant_id=offer.shared_tenant_id, language=language
        ),
    )


async def _keep_products(
    session: AsyncSession, standing: Whole, wanted: Sequence[Product], shown: Mapping[UUID, CostCenter]
) -> None:
    rows = {row.id: row for row in standing.products}
    await _make_way(session, rows, wanted)
    for position, product in enumerate(wanted, start=1):
        row = rows.get(product.id) if product.id else None
        if row is None:
            row = OfferProduct(offer_id=standing.offer.id, shared_tenant_id=standing.offer.shared_tenant_id)
            session.add(row)
        _write_product(row, position, product, shown)
        if product.id is None:
            await session.flush()
            standing.product_internals[row.id] = OfferProductInternal(id=row.id)
            session.add(standing.product_internals[row.id])
        internal = standing.product_internals[row.id]
        internal.cost_center_id = product.cost_center_id
        internal.access_right = product.access_right
        internal.ledger = product.ledger
    await session.flush()


async def _make_way(session: AsyncSession, rows: Mapping[UUID, OfferProduct], wanted: Sequence[Product]) -> None:
    """Remove products that are no longer wanted and take those that move out of the others' way."""
    places = {product.id: position for position, product in enumerate(wanted, start=1) if product.id}
    for row in rows.values():
        if row.id not in places:
            await session.delete(row)
    await session.flush()
    moving = [row.id for row in rows.values() if places.get(row.id, row.position) != row.position]
    if moving:
        await session.execute(
            update(OfferProduct)
            .where(OfferProduct.tenant_id == rows[moving[0]].tenant_id, OfferProduct.id.in_(moving))
            .values(position=OfferProduct.position + OUT_OF_THE_WAY)
            .execution_options(synchronize_session=False)
        )


def _write_product(row: OfferProduct, position: int, product: Product, shown: Mapping[UUID, CostCenter]) -> None:
    price = money_of(product.price.amount, product.price.currency)
    row.position = position
    row.internal_title = product.internal_title
    row.product_type = product.product_type
    row.tax_type = product.tax_type
    row.quantity = product.quantity
    row.option = product.option
    row.price_minor = price.minor
    row.currency = price.currency
    row.target_cost_center_id = product.target_cost_center_id
    center = shown.get(product.target_cost_center_id) if product.target_cost_center_id else None
    if center is not None:
        row.target_cost_center_label = cost_centers.label(center)
        row.target_cost_center_short_description = center.short_description


def _said(row: OfferTranslation) -> rules.Translation:
    return rules.Translation(
        row.language,
        row.title,
        row.legal_text,
        row.title_addition,
        row.description,
        row.summary,
        row.withdrawal_instruction,
        row.preferred,
    )


def _decimal(row: OfferProduct) -> Decimal:
    return Decimal(text_of(row.price_minor, row.currency))
