"""The tables that are asked for, as ORM classes without anything of Kontor's."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {str: Text(), int: BigInteger(), datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy's


class Row(Base):
    """A row of a tenant."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class PartnerRow(Row):
    """A partner."""

    __tablename__ = "partner"

    type: Mapped[str]
    number: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    name: Mapped[str | None]
    display_name: Mapped[str]
    name_key: Mapped[str]
    search_term: Mapped[str]
    language: Mapped[str]
    affiliation: Mapped[str]
    blocked: Mapped[bool]
    archived_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


class AddressRow(Row):
    """An address."""

    __tablename__ = "partner_address"

    partner_id: Mapped[UUID]
    position: Mapped[int]
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str]
    country_code: Mapped[str]


class OfferRow(Row):
    """An offer, own or shared."""

    __tablename__ = "offer"

    offer_type: Mapped[str]
    internal_title: Mapped[str]
    title_key: Mapped[str]
    target_tenant_id: Mapped[UUID | None]
    shared_tenant_id: Mapped[UUID | None]
    currency: Mapped[str]
    term_months: Mapped[int | None]
    state: Mapped[str]
    on_sale: Mapped[bool]


class ProductRow(Row):
    """A product of an offer."""

    __tablename__ = "offer_product"

    offer_id: Mapped[UUID]
    position: Mapped[int]
    internal_title: Mapped[str | None]
    product_type: Mapped[str]
    quantity: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]

    @property
    def amount(self) -> Decimal:
        """The price with its digits."""
        return Decimal(self.price_minor).scaleb(-2)


class CartRow(Row):
    """A cart."""

    __tablename__ = "cart"

    internal_title: Mapped[str]
    currency: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ItemRow(Row):
    """An item of a cart."""

    __tablename__ = "cart_item"

    cart_id: Mapped[UUID]
    position: Mapped[int]
    option: Mapped[bool] = mapped_column(default=False)
    offer_id: Mapped[UUID | None]
    source_tenant_id: Mapped[UUID | None]
    external_offer_id: Mapped[UUID | None]


class KeyRow(Base):
    """A key of a mutation that was answered."""

    __tablename__ = "idempotency_key"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class EntryRow(Row):
    """Who changed what."""

    __tablename__ = "audit_entry"

    at: Mapped[datetime]
    operation: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    actor_kind: Mapped[str]


class ValuesRow(Row):
    """The values before and after."""

    __tablename__ = "audit_values"

    entry_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


BIND = text("select set_config('app.tenant_id', :tenant, true), set_config('app.membership_id', :caller, true)")
