"""The rows of customers: that a partner is one, its data at each organization, and its accounting data.

A `customer` row exists exactly while the partner holds the role CUSTOMER (R-005); its id is the partner's.
`customer_data` has at most one row that counts for a partner and an organization, own or inherited; a row that
was set aside keeps its values with `ended_at` (R-247). Columns of later sections of the customer role (delivery,
invoicing, shipping, statistics) join this row, their lists join `partner_relationship` by `customer_data_id`.
Versions by day are to be a `valid_from` in the unique key, null for the first one; the resolution then takes the
greatest one that is not after the day, and nothing above it changes.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.customers import AbcClass, CustomerStatus, MinimumValueCheck, Mode
from persistence.base import OWN, Acted, Base, Guard, Policy, TenantOwned, Versioned, own
from persistence.enumerations import one_of
from persistence.partners import PORTAL_SELF


class Customer(Acted, TenantOwned, Base):
    """That a partner is a customer; the organization-independent part of the role stands here."""

    __tablename__ = "customer"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "delete", portal=("select",), portal_sees=PORTAL_SELF)


class CustomerData(Acted, Versioned, TenantOwned, Base):
    """What counts for a customer at an organization; an inherited row says that it was taken over (R-143)."""

    __tablename__ = "customer_data"
    __table_args__ = (
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("status", CustomerStatus), name="status"),
        CheckConstraint("status = 'BLOCKED' or blocked_until is null", name="blocked_until"),
        CheckConstraint(one_of("abc_class", AbcClass), name="abc_class"),
        CheckConstraint(one_of("minimum_order_value_check", MinimumValueCheck), name="minimum_order_value_check"),
        CheckConstraint(
            "(minimum_order_value_minor is null) = (minimum_order_value_currency is null) "
            "and coalesce(minimum_order_value_minor, 0) >= 0",
            name="minimum_order_value",
        ),
        UniqueConstraint("tenant_id", "partner_id", "id"),
        Index(
            "uq_customer_data_level",
            "tenant_id",
            "partner_id",
            "organization_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(None, "tenant_id", "organization_id", "partner_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "organization_id"], ["organization.tenant_id", "organization.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "copied_from_organization_id"],
            ["organization.tenant_id", "organization.id"],
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", "update", portal=("select",))

    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    mode: Mapped[str]
    ended_at: Mapped[datetime | None]
    copied_from_organization_id: Mapped[UUID | None]
    copied_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default=CustomerStatus.RELEASED, server_default=text("'RELEASED'"))
    blocked_until: Mapped[date | None]
    abc_class: Mapped[str] = mapped_column(default=AbcClass.A, server_default=text("'A'"))
    order_entry_allowed: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    order_confirmation_required: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    minimum_order_value_check: Mapped[str] = mapped_column(
        default=MinimumValueCheck.BY_CUSTOMIZING, server_default=text("'BY_CUSTOMIZING'")
    )
    minimum_order_value_minor: Mapped[int | None]
    minimum_order_value_currency: Mapped[str | None]
    external_number: Mapped[str | None]


COPIED = (
    "status",
    "blocked_until",
    "abc_class",
    "order_entry_allowed",
    "order_confirmation_required",
    "minimum_order_value_check",
    "minimum_order_value_minor",
    "minimum_order_value_currency",
    "external_number",
)
"""What a level takes along when it takes over the editing (4.7); the manual block too."""


ACCOUNTING_CHANGING = (
    "debtor, debtor_account, payment_term, tax_classification, currency, "
    "version, updated_at, updated_by, updated_by_kind"
)


class PartnerAccounting(Acted, Versioned, TenantOwned, Base):
    """The accounting data of a partner, independent of its roles.

    A portal customer sees of others only whether they are complete: its own invoice recipient may be another.
    """

    __tablename__ = "partner_accounting"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        UniqueConstraint("tenant_id", "partner_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = Guard(
        (Policy("own", "all", "kontor_app", OWN, OWN), Policy("own_portal", "select", "kontor_portal", OWN)),
        {
            "kontor_app": (
                "select",
                "insert",
                f"update({ACCOUNTING_CHANGING})",
            ),
            "kontor_portal": ("select(tenant_id, partner_id, complete)",),
        },
    )

    partner_id: Mapped[UUID]
    debtor: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    debtor_account: Mapped[str | None]
    payment_term: Mapped[str | None]
    tax_classification: Mapped[str | None]
    currency: Mapped[str | None]
    complete: Mapped[bool] = mapped_column(
        Computed(
            "debtor and debtor_account is not null and payment_term is not null "
            "and tax_classification is not null and currency is not null",
            persisted=True,
        )
    )
