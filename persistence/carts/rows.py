"""Carts: what a tenant puts together to sell, of its own offers and of those shared with it (two-tenants, 4)."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import CartState
from persistence.base import OWN, Acted, Base, Joint, TenantOwned, Versioned, own
from persistence.enumerations import one_of


class Cart(Acted, Versioned, TenantOwned, Base):
    """A sellable thing that staff put together (Warenkorb); a customer buys it in a checkout."""

    __tablename__ = "cart"
    __table_args__ = (
        CheckConstraint(one_of("state", CartState), name="state"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        ForeignKeyConstraint(
            ["tenant_id", "hint_text_module_id"], ["text_module.tenant_id", "text_module.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "state", "title_key", "id"),
        Index(None, "tenant_id", "title_key", "id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update",
        portal=("select(tenant_id, id, state, currency, hint_text_module_id, version, created_at, updated_at)",),
        portal_sees=f"{OWN} AND state = 'ACTIVE'",
    )

    internal_title: Mapped[str]
    title_key: Mapped[str] = mapped_column(Text(collation="C"))
    currency: Mapped[str]
    hint_text_module_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=CartState.ACTIVE, server_default=text("'ACTIVE'"))


class CartTranslation(TenantOwned, Base):
    """How the cart is called and described in one language; exactly one is preferred (R-SC-09)."""

    __tablename__ = "cart_translation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "cart_id", "language"),
        Index("uq_cart_translation_preferred", "tenant_id", "cart_id", unique=True, postgresql_where=text("preferred")),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",), portal_sees=OWN)

    cart_id: Mapped[UUID]
    language: Mapped[str]
    title: Mapped[str]
    legal_text: Mapped[str]
    description: Mapped[str | None]
    preferred: Mapped[bool]


class CartItem(Joint, TenantOwned, Base):
    """One offer in a cart: an own one, or another tenant's that an own one leads.

    An external item names tenant, connection and offer; only the accepted connection is a key, since each use
    resolves the offer under row security anyway.
    """

    __tablename__ = "cart_item"
    __table_args__ = (
        CheckConstraint("position between 1 and 50", name="position"),
        CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name="one_offer"),
        CheckConstraint("num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)", name="external"),
        CheckConstraint("external_offer_id is null or leading_item_id is not null", name="led"),
        CheckConstraint("option or not default_selected", name="default_selected"),
        UniqueConstraint("tenant_id", "cart_id", "position"),
        UniqueConstraint("tenant_id", "cart_id", "id"),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "cart_id", "leading_item_id"],
            ["cart_item.tenant_id", "cart_item.cart_id", "cart_item.id"],
            name="fk_cart_item_leading",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_cart_item_accepted",
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "leading_item_id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update(position, option, default_selected)",
        "delete",
        portal=("select",),
        portal_sees=OWN,
    )

    cart_id: Mapped[UUID]
    position: Mapped[int]
    option: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    default_selected: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    offer_id: Mapped[UUID | None]
    source_tenant_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    external_offer_id: Mapped[UUID | None]
    leading_item_id: Mapped[UUID | None]
