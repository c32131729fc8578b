"""What can be asked of subscriptions within a statement: whose they are, who manages them, what the customer reads."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, case, exists, func, literal, null, or_, select

from domain.sales import CancellationKind, CrossClientRole, SubscriptionStatus
from domain.subscriptions import NEUTRAL_HINT
from domain.texts import TextType
from persistence import sold
from persistence.offers import OfferHint, OfferProduct, OfferProductInternal
from persistence.partners import Partner
from persistence.subscriptions.rows import ProvidedGrant


def visible(row: Any, context: Any) -> ColumnElement[bool] | None:
    """The own subscriptions that the permission shows, and every mirror: none of our organizations sold it."""
    own = sold.visible("subscriptions:see")(row, context)
    return None if own is None else or_(_mirror(row, context), own)


def cross_client_role(row: Any, context: Any) -> ColumnElement[str]:
    """What the subscription is to the caller's tenant: sold for another, provided by another's sale, or neither."""
    return case(
        (_mirror(row, context), literal(CrossClientRole.PROVIDED.value)),
        (row.source_tenant_id.is_not(None), literal(CrossClientRole.SOLD.value)),
        else_=literal(CrossClientRole.NONE.value),
    )


def manageable(row: Any, context: Any) -> ColumnElement[bool]:
    """Whether the caller's tenant sold it and so manages it (R-SC-35, R-SC-37)."""
    own: ColumnElement[bool] = row.tenant_id == context.tenant_id
    return own


def status(row: Any, context: Any) -> ColumnElement[str]:
    """Whether it grants its right today; after its last day it does not, whether or not a job has said so."""
    at_once = and_(row.cancellation == literal(CancellationKind.NOW.value), row.ends_on <= context.today)
    over = or_(row.status == literal(SubscriptionStatus.INACTIVE.value), row.ends_on < context.today, at_once)
    return case(
        (func.coalesce(over, False), literal(SubscriptionStatus.INACTIVE.value)),
        else_=literal(SubscriptionStatus.ACTIVE.value),
    )


def customer_of(row: Any, partner: Any, context: Any, _: object) -> ColumnElement[bool]:
    """The own partner behind it: of a mirror the one that the own grant names, none before it was linked (R-SC-34)."""
    grant = ProvidedGrant.__table__.alias()
    linked = exists(grant.c.id).where(
        grant.c.tenant_id == context.tenant_id,
        grant.c.target_tenant_id == row.tenant_id,
        grant.c.subscription_id == row.id,
        grant.c.partner_id == partner.id,
    )
    own = and_(row.tenant_id == context.tenant_id, partner.id == row.partner_id)
    return and_(partner.tenant_id == context.tenant_id, or_(own, linked))


def order_of(row: Any, item: Any, context: Any, _: object) -> ColumnElement[bool]:
    """The order item that began it; the tenant that provides sees none."""
    return and_(item.tenant_id == row.tenant_id, item.tenant_id == context.tenant_id, item.id == row.order_item_id)


def hint(row: Any, context: Any, args: Any) -> ColumnElement[Any]:
    """What the source's customer reads, in the asked language; null where the own tenant manages (R-SC-35, R-SC-36)."""
    asked = getattr(args, "language", None)
    text = _hint_text(row.source_tenant_id, row.external_offer_id, row.target_name, asked)
    return case((_mirror(row, context), text), else_=null())


def hint_type(row: Any, context: Any, args: Any) -> ColumnElement[Any]:
    """What kind of text the hint is; null where the own tenant manages."""
    asked = getattr(args, "language", None)
    kind = _hint_type(row.source_tenant_id, row.external_offer_id, asked)
    return case((_mirror(row, context), kind), else_=null())


def portal_hint(row: Any, context: Any, args: Any) -> ColumnElement[Any]:
    """What the customer reads of a grant, in the asked language, else in the own one (R-SC-35, R-SC-36)."""
    return _hint_text(row.tenant_id, row.offer_id, row.target_name, _language(context, args))


def portal_hint_type(row: Any, context: Any, args: Any) -> ColumnElement[Any]:
    """What kind of text the hint of a grant is."""
    return _hint_type(row.tenant_id, row.offer_id, _language(context, args))


def grant_status(row: Any, context: Any) -> ColumnElement[str]:
    """Whether a grant gives access today."""
    over = func.coalesce(row.ends_on < context.today, False)
    return case((over, literal(SubscriptionStatus.INACTIVE.value)), else_=literal(SubscriptionStatus.ACTIVE.value))


def access_rights(row: Any, _: object) -> ColumnElement[Any]:
    """What a grant gives access to: the rights of the own offer's products, as text[] (R-SC-32)."""
    product, internal = OfferProduct.__table__.alias(), OfferProductInternal.__table__.alias()
    rights = (
        select(internal.c.access_right)
        .join(product, and_(product.c.tenant_id == internal.c.tenant_id, product.c.id == internal.c.id))
        .where(
            product.c.tenant_id == row.tenant_id,
            product.c.offer_id == row.offer_id,
            internal.c.access_right.is_not(None),
        )
        .order_by(product.c.position)
    )
    return func.array(rights.scalar_subquery(), type_=ARRAY(Text()))


def unmanageable(_: Any, __: Any) -> ColumnElement[bool]:
    """Whoever provides what another tenant sold never manages it (R-SC-35)."""
    return literal(value=False)


def _language(context: Any, args: Any) -> Any:
    asked, partner = getattr(args, "language", None), Partner.__table__.alias()
    own = (
        select(partner.c.language)
        .where(partner.c.tenant_id == context.tenant_id, partner.c.id == context.partner_id)
        .scalar_subquery()
    )
    return own if asked is None else func.coalesce(asked, own)


def _mirror(row: Any, context: Any) -> ColumnElement[bool]:
    return and_(row.source_tenant_id == context.tenant_id, row.tenant_id != context.tenant_id)


def _hint_text(tenant_id: Any, offer_id: Any, target_name: Any, language: Any) -> ColumnElement[Any]:
    stored = _nearest("text", tenant_id, offer_id, language)
    return func.coalesce(stored, _neutral(target_name, language))


def _hint_type(tenant_id: Any, offer_id: Any, language: Any) -> ColumnElement[Any]:
    return func.coalesce(_nearest("type", tenant_id, offer_id, language), literal(TextType.PLAIN_TEXT.value))


def _nearest(column: str, tenant_id: Any, offer_id: Any, language: Any) -> Any:
    """A column of the source's text in the language, else in the preferred one (E-A17)."""
    text = OfferHint.__table__.alias()
    order = [text.c.preferred.desc(), text.c.language]
    if language is not None:
        order.insert(0, func.coalesce(text.c.language == language, False).desc())
    return (
        select(text.c[column])
        .where(text.c.tenant_id == tenant_id, text.c.offer_id == offer_id)
        .order_by(*order)
        .limit(1)
        .scalar_subquery()
    )


def _neutral(target_name: Any, language: Any) -> ColumnElement[Any]:
    """The text where the source has stored none (R-SC-36)."""
    said = {code: func.replace(literal(text), literal("{target}"), target_name) for code, text in NEUTRAL_HINT.items()}
    if language is None:
        return said[PREFERRED]
    known = [(func.split_part(language, "-", 1) == literal(code), text) for code, text in said.items()]
    return case((language.is_(None), said[PREFERRED]), *known, else_=said[OTHER])


PREFERRED, OTHER = "de", "en"
"""The language of the neutral text when none is asked for, and when it is not known in the one that is."""
