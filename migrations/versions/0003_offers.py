"""Offers.

Drafted from persistence.cost_centers,
persistence.texts,
persistence.offers.rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_center",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("purchase_number", sa.Text(), nullable=True),
        sa.Column("short_description", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("shared_tenant_ids", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("code is not null or purchase_number is not null", name=op.f("ck_cost_center_named")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cost_center")),
        sa.UniqueConstraint("tenant_id", "code", name="uq_cost_center_code"),
    )
    op.distribute("cost_center", "tenant_id")
    op.guard(
        "cost_center",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("shared", "select", "kontor_app", "current_tenant() = ANY (shared_tenant_ids)", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(code, purchase_number, short_description, label, active, shared_tenant_ids, version, updated_at)",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_cost_center_tenant_id_active_label"), "cost_center", ["tenant_id", "active", "label"], unique=False
    )
    op.create_index(op.f("ix_cost_center_tenant_id_label"), "cost_center", ["tenant_id", "label"], unique=False)
    op.create_index(
        "uq_cost_center_purchase_number",
        "cost_center",
        ["tenant_id", "purchase_number"],
        unique=True,
        postgresql_where=sa.text("code is null"),
    )
    op.create_table(
        "text_module",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("internal_title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(collation="C"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("type in ('LINK', 'HTML_TEXT', 'PLAIN_TEXT')", name=op.f("ck_text_module_type")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_text_module")),
    )
    op.distribute("text_module", "tenant_id")
    op.guard(
        "text_module",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_text_module_tenant_id_title_key_id"), "text_module", ["tenant_id", "title_key", "id"], unique=False
    )
    op.create_index(op.f("ix_text_module_tenant_id_type"), "text_module", ["tenant_id", "type"], unique=False)
    op.create_table(
        "cost_center_internal",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["cost_center.tenant_id", "cost_center.id"],
            name=op.f("fk_cost_center_internal_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cost_center_internal")),
    )
    op.distribute("cost_center_internal", "tenant_id")
    op.guard(
        "cost_center_internal",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update(description, updated_by, updated_by_kind)"]},
    )
    op.create_table(
        "text_module_translation",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text_module_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_module_id"],
            ["text_module.tenant_id", "text_module.id"],
            name=op.f("fk_text_module_translation_tenant_id_text_module_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_text_module_translation")),
        sa.UniqueConstraint(
            "tenant_id",
            "text_module_id",
            "language",
            name=op.f("uq_text_module_translation_tenant_id_text_module_id_language"),
        ),
    )
    op.distribute("text_module_translation", "tenant_id")
    op.guard(
        "text_module_translation",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        "uq_text_module_translation_preferred",
        "text_module_translation",
        ["tenant_id", "text_module_id"],
        unique=True,
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "offer",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_type", sa.Text(), nullable=False),
        sa.Column("internal_title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(collation="C"), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("target_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("shared_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("term_months", sa.BigInteger(), nullable=True),
        sa.Column("accounting_period_months", sa.BigInteger(), nullable=True),
        sa.Column("cancellation_period_days", sa.BigInteger(), nullable=True),
        sa.Column("multiple_purchases", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("invoice_address_mandatory", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("delivery_address_mandatory", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'ACTIVE'"), nullable=False),
        sa.Column("on_sale", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_offer_currency")),
        sa.CheckConstraint(
            "offer_type in ('SINGLE_PRODUCT', 'TIME_PASS', 'CREDIT_SINGLE', 'SUBSCRIPTION_TIME', 'SUBSCRIPTION_ISSUE', 'SUBSCRIPTION_CREDIT', 'VOUCHER', 'BONUS', 'MULTIUSER')",
            name=op.f("ck_offer_offer_type"),
        ),
        sa.CheckConstraint("state <> 'ACTIVE' or on_sale", name=op.f("ck_offer_on_sale")),
        sa.CheckConstraint("state in ('ACTIVE', 'ARCHIVED')", name=op.f("ck_offer_state")),
        sa.CheckConstraint(
            "num_nonnulls(connection_id, target_tenant_id) in (0, 2)", name=op.f("ck_offer_cross_client")
        ),
        sa.CheckConstraint(
            "shared_tenant_id is null or (target_tenant_id is not null and shared_tenant_id = target_tenant_id)",
            name=op.f("ck_offer_shared"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id", "shared_tenant_id"],
            ["connection.source_tenant_id", "connection.id", "connection.sharing_tenant_id"],
            name="fk_offer_sharing",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id", "target_tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_offer_accepted",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer")),
        sa.UniqueConstraint("tenant_id", "id", "shared_tenant_id", name=op.f("uq_offer_tenant_id_id_shared_tenant_id")),
        sa.UniqueConstraint("tenant_id", "id", "target_tenant_id", name=op.f("uq_offer_tenant_id_id_target_tenant_id")),
    )
    op.distribute("offer", "tenant_id")
    op.guard(
        "offer",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("shared_portal", "select", "kontor_portal", "shared_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(internal_title, title_key, shared_tenant_id, currency, term_months, accounting_period_months, cancellation_period_days, multiple_purchases, invoice_address_mandatory, delivery_address_mandatory, state, on_sale, version, updated_at)",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_offer_shared_tenant_id_id"),
        "offer",
        ["shared_tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_offer_shared_tenant_id_offer_type"),
        "offer",
        ["shared_tenant_id", "offer_type"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_offer_shared_tenant_id_tenant_id_title_key_id"),
        "offer",
        ["shared_tenant_id", "tenant_id", "title_key", "id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_offer_shared_tenant_id_title_key_id"),
        "offer",
        ["shared_tenant_id", "title_key", "id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_index(
        op.f("ix_offer_tenant_id_connection_id"),
        "offer",
        ["tenant_id", "connection_id"],
        unique=False,
        postgresql_where=sa.text("connection_id is not null"),
    )
    op.create_index(op.f("ix_offer_tenant_id_offer_type"), "offer", ["tenant_id", "offer_type"], unique=False)
    op.create_index(
        op.f("ix_offer_tenant_id_state_title_key_id"), "offer", ["tenant_id", "state", "title_key", "id"], unique=False
    )
    op.create_index(
        op.f("ix_offer_tenant_id_target_tenant_id"),
        "offer",
        ["tenant_id", "target_tenant_id"],
        unique=False,
        postgresql_where=sa.text("target_tenant_id is not null"),
    )
    op.create_index(op.f("ix_offer_tenant_id_title_key_id"), "offer", ["tenant_id", "title_key", "id"], unique=False)
    op.create_table(
        "offer_hint",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("shared_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.CheckConstraint("type in ('LINK', 'HTML_TEXT', 'PLAIN_TEXT')", name=op.f("ck_offer_hint_type")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id", "shared_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.shared_tenant_id"],
            name="fk_offer_hint_shared",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], name="fk_offer_hint_offer", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer_hint")),
        sa.UniqueConstraint(
            "tenant_id", "offer_id", "language", name=op.f("uq_offer_hint_tenant_id_offer_id_language")
        ),
    )
    op.distribute("offer_hint", "tenant_id")
    op.guard(
        "offer_hint",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("shared_portal", "select", "kontor_portal", "shared_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(type, text, preferred, shared_tenant_id)", "delete"],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_offer_hint_shared_tenant_id_tenant_id_offer_id"),
        "offer_hint",
        ["shared_tenant_id", "tenant_id", "offer_id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_table(
        "offer_internal",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("hint_text_module_id", sa.Uuid(), nullable=True),
        sa.Column("archive_mode", sa.Text(), nullable=True),
        sa.Column("archive_text_module_id", sa.Uuid(), nullable=True),
        sa.Column("successor_offer_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.CheckConstraint(
            "(coalesce(archive_mode, '') = 'SUCCESSOR') = (successor_offer_id is not null)",
            name=op.f("ck_offer_internal_successor"),
        ),
        sa.CheckConstraint(
            "archive_mode in ('STILL_SOLD', 'BLOCKED', 'SUCCESSOR')", name=op.f("ck_offer_internal_archive_mode")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "archive_text_module_id"],
            ["text_module.tenant_id", "text_module.id"],
            name=op.f("fk_offer_internal_tenant_id_archive_text_module_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hint_text_module_id"],
            ["text_module.tenant_id", "text_module.id"],
            name=op.f("fk_offer_internal_tenant_id_hint_text_module_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["offer.tenant_id", "offer.id"],
            name=op.f("fk_offer_internal_tenant_id_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "successor_offer_id"],
            ["offer.tenant_id", "offer.id"],
            name=op.f("fk_offer_internal_tenant_id_successor_offer_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer_internal")),
    )
    op.distribute("offer_internal", "tenant_id")
    op.guard(
        "offer_internal",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update"]},
    )
    op.create_index(
        op.f("ix_offer_internal_tenant_id_hint_text_module_id"),
        "offer_internal",
        ["tenant_id", "hint_text_module_id"],
        unique=False,
        postgresql_where=sa.text("hint_text_module_id is not null"),
    )
    op.create_table(
        "offer_product",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("shared_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("internal_title", sa.Text(), nullable=True),
        sa.Column("product_type", sa.Text(), nullable=False),
        sa.Column("tax_type", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("option", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("target_cost_center_id", sa.Uuid(), nullable=True),
        sa.Column("target_cost_center_label", sa.Text(), nullable=True),
        sa.Column("target_cost_center_short_description", sa.Text(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_offer_product_currency")),
        sa.CheckConstraint(
            "product_type in ('PRINT', 'DIGITAL', 'GOODS', 'SERVICE')", name=op.f("ck_offer_product_product_type")
        ),
        sa.CheckConstraint("tax_type in ('STANDARD', 'REDUCED', 'EXEMPT')", name=op.f("ck_offer_product_tax_type")),
        sa.CheckConstraint(
            "(target_cost_center_id is null) = (target_cost_center_label is null)",
            name=op.f("ck_offer_product_target_cost_center"),
        ),
        sa.CheckConstraint("position between 1 and 100", name=op.f("ck_offer_product_position")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_offer_product_price")),
        sa.CheckConstraint("quantity between 1 and 100000", name=op.f("ck_offer_product_quantity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id", "shared_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.shared_tenant_id"],
            name="fk_offer_product_shared",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offer.tenant_id", "offer.id"],
            name="fk_offer_product_offer",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer_product")),
        sa.UniqueConstraint(
            "tenant_id", "offer_id", "position", name=op.f("uq_offer_product_tenant_id_offer_id_position")
        ),
    )
    op.distribute("offer_product", "tenant_id")
    op.guard(
        "offer_product",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("shared_portal", "select", "kontor_portal", "shared_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(position, internal_title, product_type, tax_type, quantity, option, price_minor, currency, target_cost_center_id, target_cost_center_label, target_cost_center_short_description, shared_tenant_id)",
                "delete",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_offer_product_shared_tenant_id_tenant_id_offer_id"),
        "offer_product",
        ["shared_tenant_id", "tenant_id", "offer_id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_table(
        "offer_translation",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("shared_tenant_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("legal_text", sa.Text(), nullable=False),
        sa.Column("title_addition", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("withdrawal_instruction", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id", "shared_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.shared_tenant_id"],
            name="fk_offer_translation_shared",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offer.tenant_id", "offer.id"],
            name="fk_offer_translation_offer",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer_translation")),
        sa.UniqueConstraint(
            "tenant_id", "offer_id", "language", name=op.f("uq_offer_translation_tenant_id_offer_id_language")
        ),
    )
    op.distribute("offer_translation", "tenant_id")
    op.guard(
        "offer_translation",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("shared_portal", "select", "kontor_portal", "shared_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(title, legal_text, title_addition, description, summary, withdrawal_instruction, preferred, shared_tenant_id)",
                "delete",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_offer_translation_shared_tenant_id_tenant_id_offer_id"),
        "offer_translation",
        ["shared_tenant_id", "tenant_id", "offer_id"],
        unique=False,
        postgresql_where=sa.text("shared_tenant_id is not null"),
    )
    op.create_index(
        "uq_offer_translation_preferred",
        "offer_translation",
        ["tenant_id", "offer_id"],
        unique=True,
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "offer_product_internal",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cost_center_id", sa.Uuid(), nullable=True),
        sa.Column("access_right", sa.Text(), nullable=True),
        sa.Column("ledger", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cost_center_id"],
            ["cost_center.tenant_id", "cost_center.id"],
            name=op.f("fk_offer_product_internal_tenant_id_cost_center_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["offer_product.tenant_id", "offer_product.id"],
            name=op.f("fk_offer_product_internal_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer_product_internal")),
    )
    op.distribute("offer_product_internal", "tenant_id")
    op.guard(
        "offer_product_internal",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update", "delete"],
            "kontor_portal": ["select(tenant_id, id, access_right)"],
        },
    )
    op.create_index(
        op.f("ix_offer_product_internal_tenant_id_cost_center_id"),
        "offer_product_internal",
        ["tenant_id", "cost_center_id"],
        unique=False,
        postgresql_where=sa.text("cost_center_id is not null"),
    )


def downgrade() -> None:
    op.drop_table("offer_product_internal")
    op.drop_table("offer_translation")
    op.drop_table("offer_product")
    op.drop_table("offer_internal")
    op.drop_table("offer_hint")
    op.drop_table("offer")
    op.drop_table("text_module_translation")
    op.drop_table("cost_center_internal")
    op.drop_table("text_module")
    op.drop_table("cost_center")
