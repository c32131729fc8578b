"""Partners.

Drafted from persistence.partners,
persistence.relationships,
persistence.customers,
persistence.number_ranges.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_range",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("standard", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("first_value", sa.BigInteger(), nullable=False),
        sa.Column("last_value", sa.BigInteger(), nullable=False),
        sa.Column("current_value", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "category in ('PARTNER', 'ORDER', 'INVOICE', 'SUBSCRIPTION')", name=op.f("ck_number_range_category")
        ),
        sa.CheckConstraint(
            "current_value between first_value - 1 and last_value", name=op.f("ck_number_range_current_value")
        ),
        sa.CheckConstraint("first_value between 0 and last_value", name=op.f("ck_number_range_bounds")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_number_range")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_number_range_tenant_id_code")),
    )
    op.distribute("number_range", "tenant_id")
    op.guard(
        "number_range",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("own_portal_update", "update", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update"],
            "kontor_portal": ["select", "update(current_value, last_number, updated_at)"],
        },
    )
    op.create_index(
        "uq_number_range_standard",
        "number_range",
        ["tenant_id", "category"],
        unique=True,
        postgresql_where=sa.text("standard"),
    )
    op.create_table(
        "partner_relationship_type",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fixed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("time_dependent", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_relationship_type")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_partner_relationship_type_tenant_id_code")),
    )
    op.distribute("partner_relationship_type", "tenant_id")
    op.guard(
        "partner_relationship_type",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"]},
    )
    op.create_table(
        "number_range_component",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number_range_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('CONSTANT', 'DATE', 'COUNTER', 'PARAMETER')", name=op.f("ck_number_range_component_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "number_range_id"],
            ["number_range.tenant_id", "number_range.id"],
            name=op.f("fk_number_range_component_tenant_id_number_range_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_number_range_component")),
        sa.UniqueConstraint(
            "tenant_id",
            "number_range_id",
            "position",
            name=op.f("uq_number_range_component_tenant_id_number_range_id_position"),
        ),
    )
    op.distribute("number_range_component", "tenant_id")
    op.guard(
        "number_range_component",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_delete", "delete", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "delete"], "kontor_portal": ["select"]},
    )
    op.create_table(
        "partner",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("number_key", sa.Text(collation="C"), nullable=False),
        sa.Column("salutation", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("search_term", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(collation="C"), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("affiliation", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("responsible_organization_id", sa.Uuid(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("affiliation in ('INTERNAL', 'EXTERNAL')", name=op.f("ck_partner_affiliation")),
        sa.CheckConstraint(
            "case type when 'PERSON' then last_name is not null and name is null else name is not null and last_name is null end",
            name=op.f("ck_partner_names"),
        ),
        sa.CheckConstraint("type in ('PERSON', 'ORGANIZATION')", name=op.f("ck_partner_type")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "responsible_organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_partner_tenant_id_responsible_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner")),
        sa.UniqueConstraint("tenant_id", "number_key", name=op.f("uq_partner_tenant_id_number_key")),
    )
    op.distribute("partner", "tenant_id")
    op.guard(
        "partner",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND id = current_partner()",
                None,
            ),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(number, number_key, salutation, title, first_name, last_name, name, display_name, name_key, search_term, search_key, language, affiliation, blocked, responsible_organization_id, archived_at, version, updated_at, updated_by, updated_by_kind)",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(op.f("ix_partner_tenant_id_name_key_id"), "partner", ["tenant_id", "name_key", "id"], unique=False)
    op.create_index(op.f("ix_partner_tenant_id_number"), "partner", ["tenant_id", "number"], unique=False)
    op.create_index(
        op.f("ix_partner_tenant_id_responsible_organization_id"),
        "partner",
        ["tenant_id", "responsible_organization_id"],
        unique=False,
    )
    op.create_index(op.f("ix_partner_tenant_id_search_key"), "partner", ["tenant_id", "search_key"], unique=False)
    op.create_index(op.f("ix_partner_tenant_id_type"), "partner", ["tenant_id", "type"], unique=False)
    op.create_table(
        "customer",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_customer_tenant_id_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer")),
    )
    op.distribute("customer", "tenant_id")
    op.guard(
        "customer",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_delete", "delete", "kontor_app", "tenant_id = current_tenant()", None),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND id = current_partner()",
                None,
            ),
        ],
        grants={"kontor_app": ["select", "insert", "delete"], "kontor_portal": ["select"]},
    )
    op.create_table(
        "customer_data",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("copied_from_organization_id", sa.Uuid(), nullable=True),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'RELEASED'"), nullable=False),
        sa.Column("blocked_until", sa.Date(), nullable=True),
        sa.Column("abc_class", sa.Text(), server_default=sa.text("'A'"), nullable=False),
        sa.Column("order_entry_allowed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("order_confirmation_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("minimum_order_value_check", sa.Text(), server_default=sa.text("'BY_CUSTOMIZING'"), nullable=False),
        sa.Column("minimum_order_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("minimum_order_value_currency", sa.Text(), nullable=True),
        sa.Column("external_number", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("abc_class in ('A', 'B', 'C')", name=op.f("ck_customer_data_abc_class")),
        sa.CheckConstraint(
            "minimum_order_value_check in ('BY_CUSTOMIZING', 'NO_CHECK', 'CHECK')",
            name=op.f("ck_customer_data_minimum_order_value_check"),
        ),
        sa.CheckConstraint("mode in ('OWN', 'INHERITED')", name=op.f("ck_customer_data_mode")),
        sa.CheckConstraint("status = 'BLOCKED' or blocked_until is null", name=op.f("ck_customer_data_blocked_until")),
        sa.CheckConstraint("status in ('RELEASED', 'BLOCKED')", name=op.f("ck_customer_data_status")),
        sa.CheckConstraint(
            "(minimum_order_value_minor is null) = (minimum_order_value_currency is null) and coalesce(minimum_order_value_minor, 0) >= 0",
            name=op.f("ck_customer_data_minimum_order_value"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "copied_from_organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_customer_data_tenant_id_copied_from_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_customer_data_tenant_id_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_customer_data_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer_data")),
        sa.UniqueConstraint("tenant_id", "partner_id", "id", name=op.f("uq_customer_data_tenant_id_partner_id_id")),
    )
    op.distribute("customer_data", "tenant_id")
    op.guard(
        "customer_data",
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
        grants={"kontor_app": ["select", "insert", "update"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_customer_data_tenant_id_organization_id_partner_id"),
        "customer_data",
        ["tenant_id", "organization_id", "partner_id"],
        unique=False,
    )
    op.create_index(
        "uq_customer_data_level",
        "customer_data",
        ["tenant_id", "partner_id", "organization_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "partner_accounting",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("debtor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("debtor_account", sa.Text(), nullable=True),
        sa.Column("payment_term", sa.Text(), nullable=True),
        sa.Column("tax_classification", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column(
            "complete",
            sa.Boolean(),
            sa.Computed(
                "debtor and debtor_account is not null and payment_term is not null and tax_classification is not null and currency is not null",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_partner_accounting_currency")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_accounting_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_accounting")),
        sa.UniqueConstraint("tenant_id", "partner_id", name=op.f("uq_partner_accounting_tenant_id_partner_id")),
    )
    op.distribute("partner_accounting", "tenant_id")
    op.guard(
        "partner_accounting",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(debtor, debtor_account, payment_term, tax_classification, currency, version, updated_at, updated_by, updated_by_kind)",
            ],
            "kontor_portal": ["select(tenant_id, partner_id, complete)"],
        },
    )
    op.create_table(
        "partner_address",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("additional_line", sa.Text(), nullable=True),
        sa.Column("post_office_box", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(collation="C"), nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("city_key", sa.Text(collation="C"), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_address_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_address")),
        sa.UniqueConstraint(
            "tenant_id", "partner_id", "position", name=op.f("uq_partner_address_tenant_id_partner_id_position")
        ),
    )
    op.distribute("partner_address", "tenant_id")
    op.guard(
        "partner_address",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_partner_address_tenant_id_city_key"), "partner_address", ["tenant_id", "city_key"], unique=False
    )
    op.create_index(
        op.f("ix_partner_address_tenant_id_postal_code"), "partner_address", ["tenant_id", "postal_code"], unique=False
    )
    op.create_table(
        "partner_communication",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_key", sa.Text(collation="C"), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "type in ('EMAIL', 'PHONE', 'MOBILE', 'FAX', 'WEB')", name=op.f("ck_partner_communication_type")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_communication_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_communication")),
        sa.UniqueConstraint(
            "tenant_id", "partner_id", "position", name=op.f("uq_partner_communication_tenant_id_partner_id_position")
        ),
    )
    op.distribute("partner_communication", "tenant_id")
    op.guard(
        "partner_communication",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_partner_communication_tenant_id_value_key"),
        "partner_communication",
        ["tenant_id", "value_key"],
        unique=False,
    )
    op.create_table(
        "partner_role",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role in ('CONTACT', 'CUSTOMER', 'SUPPLIER', 'COMPETITOR', 'CARRIER', 'SALES_REPRESENTATIVE', 'MARKETING', 'CONTACT_PERSON', 'EMPLOYEE')",
            name=op.f("ck_partner_role_role"),
        ),
        sa.CheckConstraint("status in ('RELEASED', 'BLOCKED')", name=op.f("ck_partner_role_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_role_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_role")),
        sa.UniqueConstraint("tenant_id", "partner_id", "role", name=op.f("uq_partner_role_tenant_id_partner_id_role")),
    )
    op.distribute("partner_role", "tenant_id")
    op.guard(
        "partner_role",
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
        grants={"kontor_app": ["select", "insert", "update"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_partner_role_tenant_id_role_partner_id"),
        "partner_role",
        ["tenant_id", "role", "partner_id"],
        unique=False,
    )
    op.create_table(
        "partner_relationship",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.Text(collation="C"), nullable=False),
        sa.Column("target_partner_id", sa.Uuid(), nullable=False),
        sa.Column("customer_data_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("preferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("sequence between 1 and 999", name=op.f("ck_partner_relationship_sequence")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_partner_relationship_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id", "customer_data_id"],
            ["customer_data.tenant_id", "customer_data.partner_id", "customer_data.id"],
            name=op.f("fk_partner_relationship_tenant_id_partner_id_customer_data_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_relationship_tenant_id_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target_partner_id"],
            ["partner.tenant_id", "partner.id"],
            name=op.f("fk_partner_relationship_tenant_id_target_partner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_code"],
            ["partner_relationship_type.tenant_id", "partner_relationship_type.code"],
            name=op.f("fk_partner_relationship_tenant_id_type_code"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partner_relationship")),
    )
    op.distribute("partner_relationship", "tenant_id")
    op.guard(
        "partner_relationship",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_partner_relationship_tenant_id_customer_data_id_type_code"),
        "partner_relationship",
        ["tenant_id", "customer_data_id", "type_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_partner_relationship_tenant_id_partner_id_type_code"),
        "partner_relationship",
        ["tenant_id", "partner_id", "type_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_partner_relationship_tenant_id_target_partner_id_type_code"),
        "partner_relationship",
        ["tenant_id", "target_partner_id", "type_code"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("partner_relationship")
    op.drop_table("partner_role")
    op.drop_table("partner_communication")
    op.drop_table("partner_address")
    op.drop_table("partner_accounting")
    op.drop_table("customer_data")
    op.drop_table("customer")
    op.drop_table("partner")
    op.drop_table("number_range_component")
    op.drop_table("partner_relationship_type")
    op.drop_table("number_range")
