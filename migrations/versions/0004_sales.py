"""Sales.

Drafted from persistence.carts,
persistence.checkouts,
persistence.orders,
persistence.invoices,
persistence.payments,
persistence.subscriptions,
persistence.payouts,
persistence.receipts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_receipt",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("event_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "event_tenant_id", "event_id", name=op.f("pk_event_receipt")),
    )
    op.distribute("event_receipt", "tenant_id")
    op.guard(
        "event_receipt",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"]},
    )
    op.create_table(
        "pair_counter",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("next", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source_tenant_id", name=op.f("pk_pair_counter")),
    )
    op.distribute("pair_counter", "tenant_id")
    op.guard(
        "pair_counter",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("own_portal_insert", "insert", "kontor_portal", None, "tenant_id = current_tenant()"),
            ("own_portal_update", "update", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(next)"],
            "kontor_portal": ["select", "insert", "update(next)"],
        },
    )
    op.create_table(
        "cart",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("internal_title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(collation="C"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("hint_text_module_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'ACTIVE'"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_cart_currency")),
        sa.CheckConstraint("state in ('ACTIVE', 'ARCHIVED')", name=op.f("ck_cart_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hint_text_module_id"],
            ["text_module.tenant_id", "text_module.id"],
            name=op.f("fk_cart_tenant_id_hint_text_module_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cart")),
    )
    op.distribute("cart", "tenant_id")
    op.guard(
        "cart",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant() AND state = 'ACTIVE'", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update"],
            "kontor_portal": [
                "select(tenant_id, id, state, currency, hint_text_module_id, version, created_at, updated_at)"
            ],
        },
    )
    op.create_index(
        op.f("ix_cart_tenant_id_state_title_key_id"), "cart", ["tenant_id", "state", "title_key", "id"], unique=False
    )
    op.create_index(op.f("ix_cart_tenant_id_title_key_id"), "cart", ["tenant_id", "title_key", "id"], unique=False)
    op.create_table(
        "cart_translation",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("legal_text", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name=op.f("fk_cart_translation_tenant_id_cart_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cart_translation")),
        sa.UniqueConstraint(
            "tenant_id", "cart_id", "language", name=op.f("uq_cart_translation_tenant_id_cart_id_language")
        ),
    )
    op.distribute("cart_translation", "tenant_id")
    op.guard(
        "cart_translation",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        "uq_cart_translation_preferred",
        "cart_translation",
        ["tenant_id", "cart_id"],
        unique=True,
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "checkout",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'STARTED'"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("frozen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_checkout_country")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_checkout_currency")),
        sa.CheckConstraint("status in ('STARTED', 'PAID')", name=op.f("ck_checkout_status")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_checkout_total")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name=op.f("fk_checkout_tenant_id_cart_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_checkout_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkout")),
    )
    op.distribute("checkout", "tenant_id")
    op.guard(
        "checkout",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
            (
                "own_portal_update",
                "update",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(status, version, updated_at)"],
            "kontor_portal": ["select", "insert", "update(status, version, updated_at)"],
        },
    )
    op.create_index(
        op.f("ix_checkout_tenant_id_created_at_id"), "checkout", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_checkout_tenant_id_partner_id_created_at_id"),
        "checkout",
        ["tenant_id", "partner_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "checkout_item",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("external_offer_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_type", sa.Text(), nullable=False),
        sa.Column("tax_country", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_center_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("tax_type in ('STANDARD', 'REDUCED', 'EXEMPT')", name=op.f("ck_checkout_item_tax_type")),
        sa.CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name=op.f("ck_checkout_item_one_offer")),
        sa.CheckConstraint(
            "num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)",
            name=op.f("ck_checkout_item_external"),
        ),
        sa.CheckConstraint(
            "price_minor >= 0 and tax_minor between 0 and price_minor", name=op.f("ck_checkout_item_price")
        ),
        sa.CheckConstraint(
            "source_tenant_id is null or cost_center_id is not null", name=op.f("ck_checkout_item_cost_center")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checkout_id"],
            ["checkout.tenant_id", "checkout.id"],
            name=op.f("fk_checkout_item_tenant_id_checkout_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkout_item")),
        sa.UniqueConstraint(
            "tenant_id", "checkout_id", "position", name=op.f("uq_checkout_item_tenant_id_checkout_id_position")
        ),
    )
    op.distribute("checkout_item", "tenant_id")
    op.guard(
        "checkout_item",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["select", "insert"]},
    )
    op.create_table(
        "sales_order",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'ENTRY'"), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("checkout_id", sa.Uuid(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_sales_order_currency")),
        sa.CheckConstraint(
            "payment_method in ('BILLING', 'CREDIT_CARD', 'ZERO')", name=op.f("ck_sales_order_payment_method")
        ),
        sa.CheckConstraint(
            "status in ('ENTRY', 'ACCOUNTING_REVIEW', 'BOOKED', 'INVOICED', 'STOPPED', 'CANCELLED')",
            name=op.f("ck_sales_order_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name=op.f("fk_sales_order_tenant_id_cart_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checkout_id"],
            ["checkout.tenant_id", "checkout.id"],
            name=op.f("fk_sales_order_tenant_id_checkout_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_sales_order_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sales_order")),
        sa.UniqueConstraint("tenant_id", "checkout_id", name=op.f("uq_sales_order_tenant_id_checkout_id")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_sales_order_tenant_id_number")),
    )
    op.distribute("sales_order", "tenant_id")
    op.guard(
        "sales_order",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(status, version, updated_at, updated_by, updated_by_kind)"],
            "kontor_portal": ["select", "insert"],
        },
    )
    op.create_index(
        op.f("ix_sales_order_tenant_id_ordered_at_id"), "sales_order", ["tenant_id", "ordered_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_sales_order_tenant_id_organization_id_ordered_at_id"),
        "sales_order",
        ["tenant_id", "organization_id", "ordered_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sales_order_tenant_id_partner_id_ordered_at_id"),
        "sales_order",
        ["tenant_id", "partner_id", "ordered_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sales_order_tenant_id_status_ordered_at_id"),
        "sales_order",
        ["tenant_id", "status", "ordered_at", "id"],
        unique=False,
    )
    op.create_table(
        "invoice",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'NOT_PAID'"), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(status = 'PAID') = (paid_at is not null)", name=op.f("ck_invoice_paid")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_invoice_currency")),
        sa.CheckConstraint("status in ('NOT_PAID', 'PAID')", name=op.f("ck_invoice_status")),
        sa.CheckConstraint("total_minor >= 0 and tax_minor between 0 and total_minor", name=op.f("ck_invoice_total")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name=op.f("fk_invoice_tenant_id_order_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_invoice_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_invoice_tenant_id_number")),
    )
    op.distribute("invoice", "tenant_id")
    op.guard(
        "invoice",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(status, paid_at, version, updated_at)"],
            "kontor_portal": ["select", "insert"],
        },
    )
    op.create_index(
        op.f("ix_invoice_tenant_id_issued_on_id"), "invoice", ["tenant_id", "issued_on", "id"], unique=False
    )
    op.create_index(op.f("ix_invoice_tenant_id_order_id"), "invoice", ["tenant_id", "order_id"], unique=False)
    op.create_index(
        op.f("ix_invoice_tenant_id_organization_id_issued_on_id"),
        "invoice",
        ["tenant_id", "organization_id", "issued_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_invoice_tenant_id_partner_id_issued_on_id"),
        "invoice",
        ["tenant_id", "partner_id", "issued_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_invoice_tenant_id_status_issued_on_id"),
        "invoice",
        ["tenant_id", "status", "issued_on", "id"],
        unique=False,
    )
    op.create_table(
        "cart_item",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("option", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("default_selected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("external_offer_id", sa.Uuid(), nullable=True),
        sa.Column("leading_item_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("external_offer_id is null or leading_item_id is not null", name=op.f("ck_cart_item_led")),
        sa.CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name=op.f("ck_cart_item_one_offer")),
        sa.CheckConstraint(
            "num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)",
            name=op.f("ck_cart_item_external"),
        ),
        sa.CheckConstraint("option or not default_selected", name=op.f("ck_cart_item_default_selected")),
        sa.CheckConstraint("position between 1 and 50", name=op.f("ck_cart_item_position")),
        sa.ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_cart_item_accepted",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id", "leading_item_id"],
            ["cart_item.tenant_id", "cart_item.cart_id", "cart_item.id"],
            name="fk_cart_item_leading",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name=op.f("fk_cart_item_tenant_id_cart_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offer.tenant_id", "offer.id"],
            name=op.f("fk_cart_item_tenant_id_offer_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cart_item")),
        sa.UniqueConstraint("tenant_id", "cart_id", "id", name=op.f("uq_cart_item_tenant_id_cart_id_id")),
        sa.UniqueConstraint("tenant_id", "cart_id", "position", name=op.f("uq_cart_item_tenant_id_cart_id_position")),
    )
    op.distribute("cart_item", "tenant_id")
    op.guard(
        "cart_item",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(position, option, default_selected)", "delete"],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_cart_item_tenant_id_leading_item_id"), "cart_item", ["tenant_id", "leading_item_id"], unique=False
    )
    op.create_table(
        "order_item",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("external_offer_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_type", sa.Text(), nullable=False),
        sa.Column("tax_country", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_center_id", sa.Uuid(), nullable=True),
        sa.Column("cost_center_label", sa.Text(), nullable=True),
        sa.Column("purchase_number", sa.Text(), nullable=True),
        sa.CheckConstraint("tax_type in ('STANDARD', 'REDUCED', 'EXEMPT')", name=op.f("ck_order_item_tax_type")),
        sa.CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name=op.f("ck_order_item_one_offer")),
        sa.CheckConstraint(
            "num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)",
            name=op.f("ck_order_item_external"),
        ),
        sa.CheckConstraint(
            "price_minor >= 0 and tax_minor between 0 and price_minor", name=op.f("ck_order_item_price")
        ),
        sa.CheckConstraint(
            "source_tenant_id is null or cost_center_id is not null", name=op.f("ck_order_item_cost_center")
        ),
        sa.ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_order_item_accepted",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cost_center_id"],
            ["cost_center.tenant_id", "cost_center.id"],
            name=op.f("fk_order_item_tenant_id_cost_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offer.tenant_id", "offer.id"],
            name=op.f("fk_order_item_tenant_id_offer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name=op.f("fk_order_item_tenant_id_order_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order_item")),
        sa.UniqueConstraint(
            "tenant_id", "id", "source_tenant_id", name=op.f("uq_order_item_tenant_id_id_source_tenant_id")
        ),
        sa.UniqueConstraint(
            "tenant_id", "order_id", "position", name=op.f("uq_order_item_tenant_id_order_id_position")
        ),
    )
    op.distribute("order_item", "tenant_id")
    op.guard(
        "order_item",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["select", "insert"]},
    )
    op.create_table(
        "payment_transaction",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "payment_method in ('BILLING', 'CREDIT_CARD', 'ZERO')", name=op.f("ck_payment_transaction_payment_method")
        ),
        sa.CheckConstraint("type in ('PAYMENT', 'REFUND', 'LOSS')", name=op.f("ck_payment_transaction_type")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_transaction_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invoice_id"],
            ["invoice.tenant_id", "invoice.id"],
            name=op.f("fk_payment_transaction_tenant_id_invoice_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_transaction")),
    )
    op.distribute("payment_transaction", "tenant_id")
    op.guard(
        "payment_transaction",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["select", "insert"]},
    )
    op.create_index(
        op.f("ix_payment_transaction_tenant_id_invoice_id"),
        "payment_transaction",
        ["tenant_id", "invoice_id"],
        unique=False,
    )
    op.create_table(
        "provided_grant",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("target_name", sa.Text(), nullable=False),
        sa.Column("manage_url", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id", "target_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.target_tenant_id"],
            name=op.f("fk_provided_grant_tenant_id_offer_id_target_tenant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_provided_grant_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_provided_grant")),
        sa.UniqueConstraint(
            "tenant_id",
            "target_tenant_id",
            "subscription_id",
            name=op.f("uq_provided_grant_tenant_id_target_tenant_id_subscription_id"),
        ),
    )
    op.distribute("provided_grant", "tenant_id")
    op.guard(
        "provided_grant",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(partner_id, ends_on, version, updated_at)"],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_provided_grant_tenant_id_partner_id"), "provided_grant", ["tenant_id", "partner_id"], unique=False
    )
    op.create_table(
        "invoice_item",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_center_label", sa.Text(), nullable=True),
        sa.Column("purchase_number", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "price_minor >= 0 and tax_minor between 0 and price_minor", name=op.f("ck_invoice_item_price")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invoice_id"],
            ["invoice.tenant_id", "invoice.id"],
            name=op.f("fk_invoice_item_tenant_id_invoice_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_item_id"],
            ["order_item.tenant_id", "order_item.id"],
            name=op.f("fk_invoice_item_tenant_id_order_item_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invoice_item")),
        sa.UniqueConstraint(
            "tenant_id", "invoice_id", "position", name=op.f("uq_invoice_item_tenant_id_invoice_id_position")
        ),
    )
    op.distribute("invoice_item", "tenant_id")
    op.guard(
        "invoice_item",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["select", "insert"]},
    )
    op.create_index(
        op.f("ix_invoice_item_tenant_id_order_item_id"), "invoice_item", ["tenant_id", "order_item_id"], unique=False
    )
    op.create_table(
        "subscription",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'ACTIVE'"), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("external_offer_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("term_months", sa.BigInteger(), nullable=True),
        sa.Column("accounting_period_months", sa.BigInteger(), nullable=True),
        sa.Column("cancellation_period_days", sa.BigInteger(), nullable=True),
        sa.Column("cancellation", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target_name", sa.Text(), nullable=False),
        sa.Column("manage_url", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("cancellation in ('REGULAR', 'DATE', 'NOW')", name=op.f("ck_subscription_cancellation")),
        sa.CheckConstraint("status in ('ACTIVE', 'INACTIVE')", name=op.f("ck_subscription_status")),
        sa.CheckConstraint("(cancellation is null) = (cancelled_at is null)", name=op.f("ck_subscription_cancelled")),
        sa.CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name=op.f("ck_subscription_one_offer")),
        sa.CheckConstraint(
            "num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)",
            name=op.f("ck_subscription_external"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_subscription_external_item",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_item_id"],
            ["order_item.tenant_id", "order_item.id"],
            name=op.f("fk_subscription_tenant_id_order_item_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_subscription_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "tenant_id", "id", "source_tenant_id", name=op.f("uq_subscription_tenant_id_id_source_tenant_id")
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_subscription_tenant_id_number")),
    )
    op.distribute("subscription", "tenant_id")
    op.guard(
        "subscription",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("mirror", "select", "kontor_app", "source_tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
            (
                "own_portal_update",
                "update",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(status, ends_on, cancellation, cancelled_at, version, updated_at)",
            ],
            "kontor_portal": [
                "select",
                "insert",
                "update(status, ends_on, cancellation, cancelled_at, version, updated_at)",
            ],
        },
    )
    op.create_index(
        op.f("ix_subscription_source_tenant_id_id"),
        "subscription",
        ["source_tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("source_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_subscription_source_tenant_id_number"),
        "subscription",
        ["source_tenant_id", "number"],
        unique=False,
        postgresql_where=sa.text("source_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_subscription_source_tenant_id_starts_on_id"),
        "subscription",
        ["source_tenant_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("source_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_subscription_source_tenant_id_tenant_id_starts_on"),
        "subscription",
        ["source_tenant_id", "tenant_id", "starts_on"],
        unique=False,
        postgresql_where=sa.text("source_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_order_item_id"), "subscription", ["tenant_id", "order_item_id"], unique=False
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_organization_id_starts_on_id"),
        "subscription",
        ["tenant_id", "organization_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_partner_id_starts_on_id"),
        "subscription",
        ["tenant_id", "partner_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_source_tenant_id_starts_on"),
        "subscription",
        ["tenant_id", "source_tenant_id", "starts_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_starts_on_id"), "subscription", ["tenant_id", "starts_on", "id"], unique=False
    )
    op.create_table(
        "payout_entry",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("related_entry_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "signed_minor",
            sa.BigInteger(),
            sa.Computed("case when type = 'PAYMENT' then amount_minor else -amount_minor end", persisted=True),
            nullable=False,
        ),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("origin_type", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("subscription_number", sa.Text(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("cost_center_label", sa.Text(), nullable=False),
        sa.Column("purchase_number", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("target_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settlement_status", sa.Text(), server_default=sa.text("'OPEN'"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(settlement_status = 'SETTLED') = (settled_at is not null)", name=op.f("ck_payout_entry_settled_at")
        ),
        sa.CheckConstraint(
            "(settlement_status = 'SETTLED') = (settled_by_tenant_id is not null)",
            name=op.f("ck_payout_entry_settled_by"),
        ),
        sa.CheckConstraint("(type = 'PAYMENT') = (related_entry_id is null)", name=op.f("ck_payout_entry_related")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_payout_entry_currency")),
        sa.CheckConstraint("origin_type in ('ORDER', 'SUBSCRIPTION')", name=op.f("ck_payout_entry_origin_type")),
        sa.CheckConstraint(
            "payment_method in ('BILLING', 'CREDIT_CARD', 'ZERO')", name=op.f("ck_payout_entry_payment_method")
        ),
        sa.CheckConstraint("settlement_status in ('OPEN', 'SETTLED')", name=op.f("ck_payout_entry_settlement_status")),
        sa.CheckConstraint("type in ('PAYMENT', 'REFUND', 'LOSS')", name=op.f("ck_payout_entry_type")),
        sa.CheckConstraint(
            "amount_minor > 0 and tax_minor between 0 and amount_minor", name=op.f("ck_payout_entry_amount")
        ),
        sa.CheckConstraint(
            "settled_by_tenant_id is null or settled_by_tenant_id in (tenant_id, source_tenant_id)",
            name=op.f("ck_payout_entry_settler"),
        ),
        sa.ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_payout_entry_accepted",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invoice_id"],
            ["invoice.tenant_id", "invoice.id"],
            name=op.f("fk_payout_entry_tenant_id_invoice_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name=op.f("fk_payout_entry_tenant_id_order_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_payout_entry_item",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "related_entry_id", "source_tenant_id"],
            ["payout_entry.tenant_id", "payout_entry.id", "payout_entry.source_tenant_id"],
            name="fk_payout_entry_related",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscription.tenant_id", "subscription.id"],
            name=op.f("fk_payout_entry_tenant_id_subscription_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transaction_id"],
            ["payment_transaction.tenant_id", "payment_transaction.id"],
            name=op.f("fk_payout_entry_tenant_id_transaction_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payout_entry")),
        sa.UniqueConstraint(
            "tenant_id", "id", "source_tenant_id", name=op.f("uq_payout_entry_tenant_id_id_source_tenant_id")
        ),
        sa.UniqueConstraint(
            "tenant_id", "source_tenant_id", "number", name=op.f("uq_payout_entry_tenant_id_source_tenant_id_number")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "source_tenant_id",
            "transaction_id",
            name=op.f("uq_payout_entry_tenant_id_source_tenant_id_transaction_id"),
        ),
    )
    op.distribute("payout_entry", "tenant_id")
    op.guard(
        "payout_entry",
        policies=[
            ("own", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("other", "select", "kontor_app", "source_tenant_id = current_tenant()", None),
            ("book", "insert", "kontor_app", None, "tenant_id = current_tenant() AND settlement_status = 'OPEN'"),
            (
                "settle",
                "update",
                "kontor_app",
                "settlement_status = 'OPEN' AND (tenant_id = current_tenant() OR source_tenant_id = current_tenant())",
                "settlement_status = 'SETTLED' AND settled_by_tenant_id = current_tenant()",
            ),
            (
                "book_portal",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND settlement_status = 'OPEN'",
            ),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(settlement_status, settled_at, settled_by_tenant_id, settled_by, changed_at)",
            ],
            "kontor_portal": ["insert"],
        },
    )
    op.create_index(
        op.f("ix_payout_entry_source_tenant_id_created_at_id"),
        "payout_entry",
        ["source_tenant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payout_entry_source_tenant_id_id"), "payout_entry", ["source_tenant_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_payout_entry_source_tenant_id_tenant_id_settlement_status_created_at"),
        "payout_entry",
        ["source_tenant_id", "tenant_id", "settlement_status", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payout_entry_tenant_id_changed_at"), "payout_entry", ["tenant_id", "changed_at"], unique=False
    )
    op.create_index(
        op.f("ix_payout_entry_tenant_id_created_at_id"), "payout_entry", ["tenant_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_payout_entry_tenant_id_invoice_id"), "payout_entry", ["tenant_id", "invoice_id"], unique=False
    )
    op.create_index(op.f("ix_payout_entry_tenant_id_order_id"), "payout_entry", ["tenant_id", "order_id"], unique=False)
    op.create_index(
        op.f("ix_payout_entry_tenant_id_settlement_status_created_at"),
        "payout_entry",
        ["tenant_id", "settlement_status", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payout_entry_tenant_id_subscription_id"),
        "payout_entry",
        ["tenant_id", "subscription_id"],
        unique=False,
        postgresql_where=sa.text("subscription_id is not null"),
    )
    op.create_index(
        op.f("ix_payout_entry_tenant_id_type_created_at"),
        "payout_entry",
        ["tenant_id", "type", "created_at"],
        unique=False,
    )
    op.create_table(
        "payout_entry_item",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("cost_center_label", sa.Text(), nullable=False),
        sa.Column("purchase_number", sa.Text(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_payout_entry_item_currency")),
        sa.CheckConstraint(
            "amount_minor > 0 and tax_minor between 0 and amount_minor", name=op.f("ck_payout_entry_item_amount")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id", "source_tenant_id"],
            ["payout_entry.tenant_id", "payout_entry.id", "payout_entry.source_tenant_id"],
            name="fk_payout_entry_item_entry",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_payout_entry_item_order_item",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payout_entry_item")),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "order_item_id", name=op.f("uq_payout_entry_item_tenant_id_entry_id_order_item_id")
        ),
    )
    op.distribute("payout_entry_item", "tenant_id")
    op.guard(
        "payout_entry_item",
        policies=[
            ("own", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("other", "select", "kontor_app", "source_tenant_id = current_tenant()", None),
            ("book", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("book_portal", "insert", "kontor_portal", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["insert"]},
    )
    op.create_index(
        op.f("ix_payout_entry_item_source_tenant_id_tenant_id_entry_id"),
        "payout_entry_item",
        ["source_tenant_id", "tenant_id", "entry_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("payout_entry_item")
    op.drop_table("payout_entry")
    op.drop_table("subscription")
    op.drop_table("invoice_item")
    op.drop_table("provided_grant")
    op.drop_table("payment_transaction")
    op.drop_table("order_item")
    op.drop_table("cart_item")
    op.drop_table("invoice")
    op.drop_table("sales_order")
    op.drop_table("checkout_item")
    op.drop_table("checkout")
    op.drop_table("cart_translation")
    op.drop_table("cart")
    op.drop_table("pair_counter")
    op.drop_table("event_receipt")
