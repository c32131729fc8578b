"""Queries and the mutation; M1 has the duties that Kontor's has: lock and version, key, rule, audit, payload."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

import orjson
import strawberry
import uuid_utils.compat
from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.idiomatic.models import CartRow, EntryRow, ItemRow, KeyRow, OfferRow, PartnerRow, ValuesRow
from benchmarks.idiomatic.types import Cart, CartItem, Connection, Info, Offer, PageInfo, Partner

MOST_ITEMS = 50


def session_of(info: Info) -> AsyncSession:
    """The request's session."""
    return cast("AsyncSession", info.context["session"])


@strawberry.type
class Query:
    """Reading."""

    @strawberry.field
    async def partner(self, info: Info, id: strawberry.ID) -> Partner | None:
        """One partner."""
        wanted = select(PartnerRow).where(PartnerRow.id == uuid_of(id), PartnerRow.archived_at.is_(None))
        return cast("Partner | None", (await session_of(info).scalars(wanted)).one_or_none())

    @strawberry.field
    async def partners(self, info: Info, first: int, after: str | None = None) -> Connection[Partner]:
        """A page of partners by name."""
        wanted = select(PartnerRow).where(PartnerRow.archived_at.is_(None))
        found: Connection[Partner] = await _page(info, wanted, PartnerRow.name_key, PartnerRow.id, first, after)
        return found

    @strawberry.field
    async def cart(self, info: Info, id: strawberry.ID) -> Cart | None:
        """One cart."""
        wanted = select(CartRow).where(CartRow.id == uuid_of(id))
        return cast("Cart | None", (await session_of(info).scalars(wanted)).one_or_none())

    @strawberry.field
    async def all_external_offers(self, info: Info, first: int, after: str | None = None) -> Connection[Offer]:
        """The feed of other tenants' offers."""
        wanted = select(OfferRow).where(OfferRow.shared_tenant_id == info.context["tenant"], OfferRow.state == "ACTIVE")
        found: Connection[Offer] = await _page(info, wanted, OfferRow.title_key, OfferRow.id, first, after)
        return found


@strawberry.input
class AddCartItemInput:
    """One more offer for a cart."""

    cart_id: strawberry.ID
    offer_id: strawberry.ID
    expected_version: int
    idempotency_key: str


@strawberry.type
class AddCartItemPayload:
    """What was added."""

    cart: Cart
    item: CartItem


@strawberry.type
class Refused:
    """A rule said no."""

    code: str


Result = Annotated[AddCartItemPayload | Refused, strawberry.union("AddCartItemResult")]


@strawberry.type
class Mutation:
    """Changing."""

    @strawberry.mutation
    async def add_cart_item(self, info: Info, input: AddCartItemInput) -> Result:
        """Put an offer at the end of a cart."""
        session, tenant, caller = session_of(info), info.context["tenant"], info.context["caller"]
        cart_id = uuid_of(input.cart_id)
        if not await _take_key(session, tenant, caller, input):
            return Refused(code="IDEMPOTENCY_KEY_REUSED")
        cart = (await session.scalars(select(CartRow).where(CartRow.id == cart_id).with_for_update())).one_or_none()
        if cart is None:
            return Refused(code="NOT_FOUND")
        if cart.version != input.expected_version:
            return Refused(code="VERSION_CONFLICT")
        standing = (await session.scalars(select(ItemRow).where(ItemRow.cart_id == cart_id))).all()
        offer = (await session.scalars(select(OfferRow).where(OfferRow.id == uuid_of(input.offer_id)))).one_or_none()
        if offer is None or not offer.on_sale or offer.target_tenant_id or offer.currency != cart.currency:
            return Refused(code="OFFER_NOT_ON_SALE")
        if len(standing) >= MOST_ITEMS:
            return Refused(code="VALIDATION")
        item = ItemRow(tenant_id=tenant, id=_new_id(), cart_id=cart_id, position=len(standing) + 1, offer_id=offer.id)
        session.add(item)
        cart.version += 1
        cart.updated_at = datetime.now(UTC)
        _audit(session, tenant, caller, item)
        await session.flush()
        await _keep_answer(session, tenant, caller, input, item)
        return AddCartItemPayload(cart=cast("Any", cart), item=cast("Any", item))


def uuid_of(id_: str) -> UUID:
    """The uuid in an id with a prefix."""
    return UUID(id_.partition("_")[2])


async def _page(info: Info, wanted: Any, key: Any, id_: Any, first: int, after: str | None) -> Any:
    if after:
        value, last = orjson.loads(base64.b64decode(after))
        wanted = wanted.where(tuple_(key, id_) > (value, UUID(last)))
    rows = (await session_of(info).scalars(wanted.order_by(key, id_).limit(first + 1))).all()
    page = rows[:first]
    cursor = base64.b64encode(orjson.dumps([getattr(page[-1], key.key), str(page[-1].id)])).decode() if page else None
    return Connection(nodes=cast("Any", page), page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=cursor))


async def _take_key(session: AsyncSession, tenant: UUID, caller: UUID, input: AddCartItemInput) -> bool:
    """Take the key; False when it was taken before."""
    values = {"tenant_id": tenant, "caller_id": caller, "operation": "addCartItem", "key": input.idempotency_key}
    fingerprint = hashlib.sha256(repr(input).encode()).digest()
    row = {**values, "fingerprint": fingerprint, "created_at": datetime.now(UTC)}
    taken = insert(KeyRow).values(row).on_conflict_do_nothing().returning(KeyRow.key)
    return await session.scalar(taken) is not None


async def _keep_answer(
    session: AsyncSession, tenant: UUID, caller: UUID, input: AddCartItemInput, item: ItemRow
) -> None:
    answer = orjson.dumps({"item": str(item.id), "position": item.position})
    same = (
        KeyRow.tenant_id == tenant,
        KeyRow.caller_id == caller,
        KeyRow.operation == "addCartItem",
        KeyRow.key == input.idempotency_key,
    )
    await session.execute(
        update(KeyRow).where(*same).values(answer=answer).execution_options(synchronize_session=False)
    )


def _audit(session: AsyncSession, tenant: UUID, caller: UUID, item: ItemRow) -> None:
    entry = EntryRow(
        tenant_id=tenant, id=_new_id(), at=datetime.now(UTC), operation="carts.add_item", action="CREATED",
        subject_type="cart_item", subject_id=item.id, actor_id=caller, actor_kind="USER",
    )  # fmt: skip
    after = {"cart_id": str(item.cart_id), "position": item.position, "offer_id": str(item.offer_id)}
    session.add_all([entry, ValuesRow(tenant_id=tenant, id=_new_id(), entry_id=entry.id, before=None, after=after)])


def _new_id() -> UUID:
    return uuid_utils.compat.uuid7()


_parsed, _validated = ParserCache(maxsize=500), ValidationCache(maxsize=500)
schema = strawberry.Schema(Query, Mutation, extensions=[lambda: _parsed, lambda: _validated])
