"""Offers with what hangs on them; one may be shared with one target tenant, its children with it (two-tenants, 2).

A shared row has no column that its reader may not see: what stays with the owner stands in the `_internal`
siblings, whose id is the id of the row they belong to.
"""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.offers import ArchiveMode, OfferState, OfferType, ProductType, TaxType
from domain.texts import TextType
from persistence.base import OWN, Acted, Base, Guard, Joint, Policy, TenantOwned, Versioned, own
from persistence.enumerations import one_of

SHARED_WITH_ME = "shared_tenant_id = current_tenant()"


def _shared(*privileges: str) -> Guard:
    """The guard of a row that the owner keeps and the target tenant, if there is one, reads."""
    return Guard(
        (
            Policy("own", "all", "kontor_app", OWN, OWN),
            Policy("shared", "select", "kontor_app", SHARED_WITH_ME),
            Policy("own_portal", "select", "kontor_portal", OWN),
            Policy("shared_portal", "select", "kontor_portal", SHARED_WITH_ME),
        ),
        {"kontor_app": ("select", "insert", *privileges), "kontor_portal": ("select",)},
    )


def _of_offer(name: str) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """The keys of an offer's child: to its offer, and while it is shared to an offer shared with the same tenant."""
    return (
        ForeignKeyConstraint(
            ["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], name=f"fk_{name}_offer", ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "offer_id", "shared_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.shared_tenant_id"],
            name=f"fk_{name}_shared",
            ondelete="RESTRICT",
        ),
    )


class Offer(Joint, Versioned, TenantOwned, Base):
    """What is for sale, as its owner and, while it is shared, its target tenant read it.

    `on_sale` says whether it may be bought: active, or archived but still sold. `target_tenant_id` never
    changes; `shared_tenant_id` is the target while it may see the offer, else null.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(one_of("offer_type", OfferType), name="offer_type"),
        CheckConstraint(one_of("state", OfferState), name="state"),
        CheckConstraint("state <> 'ACTIVE' or on_sale", name="on_sale"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("num_nonnulls(connection_id, target_tenant_id) in (0, 2)", name="cross_client"),
        CheckConstraint(
            "shared_tenant_id is null or (target_tenant_id is not null and shared_tenant_id = target_tenant_id)",
            name="shared",
        ),
        UniqueConstraint("tenant_id", "id", "target_tenant_id"),
        UniqueConstraint("tenant_id", "id", "shared_tenant_id"),
        ForeignKeyConstraint(
            ["tenant_id", "connection_id", "target_tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_offer_accepted",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "connection_id", "shared_tenant_id"],
            ["connection.source_tenant_id", "connection.id", "connection.sharing_tenant_id"],
            name="fk_offer_sharing",
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "state", "title_key", "id"),
        Index(None, "tenant_id", "title_key", "id"),
        Index(None, "tenant_id", "offer_type"),
        Index(None, "tenant_id", "target_tenant_id", postgresql_where=text("target_tenant_id is not null")),
        Index(None, "tenant_id", "connection_id", postgresql_where=text("connection_id is not null")),
        Index(None, "shared_tenant_id", "title_key", "id", postgresql_where=text("shared_tenant_id is not null")),
        Index(
            None,
            "shared_tenant_id",
            "tenant_id",
            "title_key",
            "id",
            postgresql_where=text("shared_tenant_id is not null"),
        ),
        Index(None, "shared_tenant_id", "id", postgresql_where=text("shared_tenant_id is not null")),
        Index(None, "shared_tenant_id", "offer_type", postgresql_where=text("shared_tenant_id is not null")),
    )
    __guard__ = _shared(
        "update(internal_title, title_key, shared_tenant_id, currency, term_months, accounting_period_months, "
        "cancellation_period_days, multiple_purchases, invoice_address_mandatory, delivery_address_mandatory, "
        "state, on_sale, version, updated_at)"
    )

    offer_type: Mapped[str]
    internal_title: Mapped[str]
    title_key: Mapped[str] = mapped_column(Text(collation="C"))
    connection_id: Mapped[UUID | None]
    target_tenant_id: Mapped[UUID | None]
    shared_tenant_id: Mapped[UUID | None]
    currency: Mapped[str]
    term_months: Mapped[int | None]
    accounting_period_months: Mapped[int | None]
    cancellation_period_days: Mapped[int | None]
    multiple_purchases: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    invoice_address_mandatory: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    delivery_address_mandatory: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    state: Mapped[str] = mapped_column(default=OfferState.ACTIVE, server_default=text("'ACTIVE'"))
    on_sale: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class OfferInternal(Acted, TenantOwned, Base):
    """What only the owner knows of an offer; its id is the offer's."""

    __tablename__ = "offer_internal"
    __table_args__ = (
        CheckConstraint(one_of("archive_mode", ArchiveMode), name="archive_mode"),
        CheckConstraint(
            "(coalesce(archive_mode, '') = 'SUCCESSOR') = (successor_offer_id is not null)", name="successor"
        ),
        ForeignKeyConstraint(["tenant_id", "id"], ["offer.tenant_id", "offer.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "hint_text_module_id"], ["text_module.tenant_id", "text_module.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "archive_text_module_id"], ["text_module.tenant_id", "text_module.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(["tenant_id", "successor_offer_id"], ["offer.tenant_id", "offer.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "hint_text_module_id", postgresql_where=text("hint_text_module_id is not null")),
    )
    __guard__ = own("select", "insert", "update")

    folder: Mapped[str | None]
    hint_text_module_id: Mapped[UUID | None]
    archive_mode: Mapped[str | None]
    archive_text_module_id: Mapped[UUID | None]
    successor_offer_id: Mapped[UUID | None]


class OfferTranslation(Joint, TenantOwned, Base):
    """How the offer is called and described in one language; exactly one language is preferred."""

    __tablename__ = "offer_translation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "offer_id", "language"),
        Index(
            "uq_offer_translation_preferred",
            "tenant_id",
            "offer_id",
            unique=True,
            postgresql_where=text("preferred"),
        ),
        Index(None, "shared_tenant_id", "tenant_id", "offer_id", postgresql_where=text("shared_tenant_id is not null")),
        *_of_offer("offer_translation"),
    )
    __guard__ = _shared(
        "update(title, legal_text, title_addition, description, summary, withdrawal_instruction, preferred, "
        "shared_tenant_id)",
        "delete",
    )

    offer_id: Mapped[UUID]
    shared_tenant_id: Mapped[UUID | None]
    language: Mapped[str]
    title: Mapped[str]
    legal_text: Mapped[str]
    title_addition: Mapped[str | None]
    description: Mapped[str | None]
    summary: Mapped[str | None]
    withdrawal_instruction: Mapped[str | None]
    preferred: Mapped[bool]


class OfferProduct(Joint, TenantOwned, Base):
    """One thing in the offer. `price_minor` is the gross price of its whole quantity, for subscriptions a period's.

    The target's cost center is a reference without a key (no key crosses tenants) and a snapshot of what the
    source may know of it.
    """

    __tablename__ = "offer_product"
    __table_args__ = (
        CheckConstraint("position between 1 and 100", name="position"),
        CheckConstraint("quantity between 1 and 100000", name="quantity"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint(one_of("product_type", ProductType), name="product_type"),
        CheckConstraint(one_of("tax_type", TaxType), name="tax_type"),
        CheckConstraint(
            "(target_cost_center_id is null) = (target_cost_center_label is null)", name="target_cost_center"
        ),
        UniqueConstraint("tenant_id", "offer_id", "position"),
        Index(None, "shared_tenant_id", "tenant_id", "offer_id", postgresql_where=text("shared_tenant_id is not null")),
        *_of_offer("offer_product"),
    )
    __guard__ = _shared(
        "update(position, internal_title, product_type, tax_type, quantity, option, price_minor, currency, "
        "target_cost_center_id, target_cost_center_label, target_cost_center_short_description, shared_tenant_id)",
        "delete",
    )

    offer_id: Mapped[UUID]
    shared_tenant_id: Mapped[UUID | None]
    position: Mapped[int]
    internal_title: Mapped[str | None]
    product_type: Mapped[str]
    tax_type: Mapped[str]
    quantity: Mapped[int]
    option: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    price_minor: Mapped[int]
    currency: Mapped[str]
    target_cost_center_id: Mapped[UUID | None]
    target_cost_center_label: Mapped[str | None]
    target_cost_center_short_description: Mapped[str | None]


class OfferProductInternal(Acted, TenantOwned, Base):
    """What only the owner knows of a product; its id is the product's."""

    __tablename__ = "offer_product_internal"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["offer_product.tenant_id", "offer_product.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["tenant_id", "cost_center_id"], ["cost_center.tenant_id", "cost_center.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "cost_center_id", postgresql_where=text("cost_center_id is not null")),
    )
    __guard__ = own(
        "select", "insert", "update", "delete", portal=("select(tenant_id, id, access_right)",), portal_sees=OWN
    )

    cost_center_id: Mapped[UUID | None]
    access_right: Mapped[str | None]
    ledger: Mapped[str | None]


class OfferHint(Joint, TenantOwned, Base):
    """A copy of the source's text about where the customer manages the product, in one language (R-XC-26)."""

    __tablename__ = "offer_hint"
    __table_args__ = (
        CheckConstraint(one_of("type", TextType), name="type"),
        UniqueConstraint("tenant_id", "offer_id", "language"),
        Index(None, "shared_tenant_id", "tenant_id", "offer_id", postgresql_where=text("shared_tenant_id is not null")),
        *_of_offer("offer_hint"),
    )
    __guard__ = _shared("update(type, text, preferred, shared_tenant_id)", "delete")

    offer_id: Mapped[UUID]
    shared_tenant_id: Mapped[UUID | None]
    type: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    preferred: Mapped[bool]
