"""Tenancy.

Drafted from persistence.tenants,
persistence.users,
persistence.organizations,
persistence.audit,
persistence.idempotency,
persistence.connections.rows,
persistence.events,
persistence.documents.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.function(
        "current_company",
        returns="uuid",
        body="select nullif(pg_catalog.current_setting('app.company_id', true), '')::uuid",
    )
    op.function(
        "current_membership",
        returns="uuid",
        body="select nullif(pg_catalog.current_setting('app.membership_id', true), '')::uuid",
    )
    op.function(
        "current_partner",
        returns="uuid",
        body="select nullif(pg_catalog.current_setting('app.partner_id', true), '')::uuid",
    )
    op.function(
        "current_subject", returns="text", body="select nullif(pg_catalog.current_setting('app.subject', true), '')"
    )
    op.function(
        "current_tenant",
        returns="uuid",
        body="select nullif(pg_catalog.current_setting('app.tenant_id', true), '')::uuid",
    )
    op.function(
        "is_staff",
        returns="boolean",
        body="select nullif(pg_catalog.current_setting('app.partner_id', true), '') is null",
    )
    op.create_table(
        "audit_entry",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_entry")),
    )
    op.distribute("audit_entry", "tenant_id")
    op.guard(
        "audit_entry",
        policies=[
            ("own", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("write", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("write_portal", "insert", "kontor_portal", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["insert"]},
    )
    op.create_index(
        op.f("ix_audit_entry_tenant_id_action_at"), "audit_entry", ["tenant_id", "action", "at"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_tenant_id_at_id"), "audit_entry", ["tenant_id", "at", "id"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_tenant_id_operation_at"), "audit_entry", ["tenant_id", "operation", "at"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_tenant_id_subject_id_at"), "audit_entry", ["tenant_id", "subject_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_tenant_id_subject_type_subject_id_at"),
        "audit_entry",
        ["tenant_id", "subject_type", "subject_id", "at"],
        unique=False,
    )
    op.create_table(
        "contracting_company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cross_client_connections", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("invoice_due_days", sa.BigInteger(), nullable=True),
        sa.Column("support_url", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracting_company")),
    )
    op.replicate("contracting_company")
    op.guard(
        "contracting_company",
        policies=[
            ("own", "select", "kontor_app", "id = current_company()", None),
            ("change", "update", "kontor_app", "id = current_company()", "id = current_company()"),
            ("own_portal", "select", "kontor_portal", "id = current_company()", None),
            ("found", "insert", "kontor_owner", None, "true"),
            ("founded", "select", "kontor_owner", "true", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "update(name, cross_client_connections, invoice_due_days, support_url, version, updated_at)",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_table(
        "idempotency_key",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) between 1 and 255", name=op.f("ck_idempotency_key_length")),
        sa.PrimaryKeyConstraint("tenant_id", "caller_id", "operation", "key", name=op.f("pk_idempotency_key")),
    )
    op.distribute("idempotency_key", "tenant_id")
    op.guard(
        "idempotency_key",
        policies=[
            (
                "own",
                "all",
                "kontor_app",
                "tenant_id = current_tenant() AND caller_id = current_membership()",
                "tenant_id = current_tenant() AND caller_id = current_membership()",
            ),
            (
                "own_portal_select",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND caller_id = current_membership()",
                None,
            ),
            (
                "own_portal_insert",
                "insert",
                "kontor_portal",
                None,
                "tenant_id = current_tenant() AND caller_id = current_membership()",
            ),
            (
                "own_portal_update",
                "update",
                "kontor_portal",
                "tenant_id = current_tenant() AND caller_id = current_membership()",
                None,
            ),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(answer)", "delete"],
            "kontor_portal": ["select", "insert", "update(answer)"],
        },
    )
    op.create_index(
        op.f("ix_idempotency_key_tenant_id_created_at"), "idempotency_key", ["tenant_id", "created_at"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind in ('PORTAL', 'REPRESENTATIVE')) <= (partner_id is not null)", name=op.f("ck_membership_partner")
        ),
        sa.CheckConstraint(
            "kind in ('STAFF', 'REPRESENTATIVE', 'PORTAL', 'API_KEY', 'JOB')", name=op.f("ck_membership_kind")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "tenant_id", "issuer", "subject", "kind", name=op.f("uq_membership_tenant_id_issuer_subject_kind")
        ),
    )
    op.distribute("membership", "tenant_id")
    op.guard(
        "membership",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("log_in", "select", "kontor_app", "subject = current_subject()", None),
            (
                "own_portal",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
                None,
            ),
        ],
        grants={"kontor_app": ["select", "insert", "update"], "kontor_portal": ["select"]},
    )
    op.create_index(op.f("ix_membership_issuer_subject"), "membership", ["issuer", "subject"], unique=False)
    op.create_index(op.f("ix_membership_tenant_id_email"), "membership", ["tenant_id", "email"], unique=False)
    op.create_index(
        op.f("ix_membership_tenant_id_name_key_id"), "membership", ["tenant_id", "name_key", "id"], unique=False
    )
    op.create_table(
        "organization",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("deactivated_with_id", sa.Uuid(), nullable=True),
        sa.Column("maintenance", sa.Text(), server_default=sa.text("'OWN_ALLOWED'"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("maintenance in ('OWN_ALLOWED', 'PARENT_ONLY')", name=op.f("ck_organization_maintenance")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_organization")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_organization_tenant_id_code")),
    )
    op.distribute("organization", "tenant_id")
    op.guard(
        "organization",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(op.f("ix_organization_tenant_id_name_key"), "organization", ["tenant_id", "name_key"], unique=False)
    op.create_table(
        "role",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_role_tenant_id_code")),
    )
    op.distribute("role", "tenant_id")
    op.guard(
        "role",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"]},
    )
    op.create_table(
        "trusted_document",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("audience in ('staff', 'portal')", name=op.f("ck_trusted_document_audience")),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_trusted_document_hash")),
        sa.PrimaryKeyConstraint("tenant_id", "audience", "hash", name=op.f("pk_trusted_document")),
    )
    op.distribute("trusted_document", "tenant_id")
    op.guard(
        "trusted_document",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_delete", "delete", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "delete"], "kontor_portal": ["select"]},
    )
    op.create_table(
        "api_key",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_kind", sa.Text(), server_default=sa.text("'SYSTEM'"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_api_key_tenant_id_membership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("tenant_id", "secret_hash", name=op.f("uq_api_key_tenant_id_secret_hash")),
    )
    op.distribute("api_key", "tenant_id")
    op.guard(
        "api_key",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "insert",
                "update(name, expires_at, revoked_at, last_used_at, version, updated_at, updated_by, updated_by_kind)",
            ]
        },
    )
    op.create_table(
        "audit_values",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["audit_entry.tenant_id", "audit_entry.id"],
            name=op.f("fk_audit_values_tenant_id_entry_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_values")),
    )
    op.distribute("audit_values", "tenant_id")
    op.guard(
        "audit_values",
        policies=[
            ("own", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("write", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("write_portal", "insert", "kontor_portal", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["insert"]},
    )
    op.create_index(op.f("ix_audit_values_tenant_id_entry_id"), "audit_values", ["tenant_id", "entry_id"], unique=False)
    op.create_table(
        "membership_organization",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_membership_organization_tenant_id_membership_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_membership_organization_tenant_id_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_membership_organization")),
        sa.UniqueConstraint(
            "tenant_id",
            "membership_id",
            "organization_id",
            name=op.f("uq_membership_organization_tenant_id_membership_id_organization_id"),
        ),
    )
    op.distribute("membership_organization", "tenant_id")
    op.guard(
        "membership_organization",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"]},
    )
    op.create_index(
        op.f("ix_membership_organization_tenant_id_organization_id"),
        "membership_organization",
        ["tenant_id", "organization_id"],
        unique=False,
    )
    op.create_table(
        "membership_role",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_membership_role_tenant_id_membership_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["role.tenant_id", "role.id"],
            name=op.f("fk_membership_role_tenant_id_role_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_membership_role")),
        sa.UniqueConstraint(
            "tenant_id", "membership_id", "role_id", name=op.f("uq_membership_role_tenant_id_membership_id_role_id")
        ),
    )
    op.distribute("membership_role", "tenant_id")
    op.guard(
        "membership_role",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_delete", "delete", "kontor_app", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "delete"]},
    )
    op.create_index(
        op.f("ix_membership_role_tenant_id_role_id"), "membership_role", ["tenant_id", "role_id"], unique=False
    )
    op.create_table(
        "organization_closure",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("structure", sa.Text(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "structure in ('SALES', 'PROCUREMENT', 'WAREHOUSE_LOGISTICS', 'ACCOUNTING')",
            name=op.f("ck_organization_closure_structure"),
        ),
        sa.CheckConstraint("distance between 0 and 20", name=op.f("ck_organization_closure_distance")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ancestor_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_organization_closure_tenant_id_ancestor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "descendant_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_organization_closure_tenant_id_descendant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "structure", "ancestor_id", "descendant_id", name=op.f("pk_organization_closure")
        ),
    )
    op.distribute("organization_closure", "tenant_id")
    op.guard(
        "organization_closure",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_delete", "delete", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_organization_closure_tenant_id_structure_descendant_id_distance"),
        "organization_closure",
        ["tenant_id", "structure", "descendant_id", "distance"],
        unique=False,
    )
    op.create_table(
        "organization_node",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("structure", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "structure in ('SALES', 'PROCUREMENT', 'WAREHOUSE_LOGISTICS', 'ACCOUNTING')",
            name=op.f("ck_organization_node_structure"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_organization_node_tenant_id_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "structure", "parent_id"],
            ["organization_node.tenant_id", "organization_node.structure", "organization_node.organization_id"],
            name=op.f("fk_organization_node_tenant_id_structure_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_organization_node")),
        sa.UniqueConstraint(
            "tenant_id",
            "structure",
            "organization_id",
            name=op.f("uq_organization_node_tenant_id_structure_organization_id"),
        ),
    )
    op.distribute("organization_node", "tenant_id")
    op.guard(
        "organization_node",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            ("own_portal_select", "select", "kontor_portal", "tenant_id = current_tenant()", None),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"], "kontor_portal": ["select"]},
    )
    op.create_index(
        op.f("ix_organization_node_tenant_id_organization_id"),
        "organization_node",
        ["tenant_id", "organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organization_node_tenant_id_parent_id"), "organization_node", ["tenant_id", "parent_id"], unique=False
    )
    op.create_index(
        op.f("ix_organization_node_tenant_id_structure_parent_id"),
        "organization_node",
        ["tenant_id", "structure", "parent_id"],
        unique=False,
    )
    op.create_index(
        "uq_organization_node_root",
        "organization_node",
        ["tenant_id", "structure"],
        unique=True,
        postgresql_where=sa.text("parent_id is null"),
    )
    op.create_table(
        "role_grant",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "scope in ('OWN_CUSTOMERS', 'ORGANIZATION', 'ORGANIZATION_AND_DESCENDANTS', 'TENANT')",
            name=op.f("ck_role_grant_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["role.tenant_id", "role.id"],
            name=op.f("fk_role_grant_tenant_id_role_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "tenant_id", "role_id", "permission", name=op.f("uq_role_grant_tenant_id_role_id_permission")
        ),
    )
    op.distribute("role_grant", "tenant_id")
    op.guard(
        "role_grant",
        policies=[
            ("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert", "update", "delete"]},
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("support_email", sa.Text(), nullable=False),
        sa.Column("invoice_email", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.Text(), nullable=True),
        sa.Column("default_currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default=sa.text("'Europe/Berlin'"), nullable=False),
        sa.Column("self_service_url", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("default_currency ~ '^[A-Z]{3}$'", name=op.f("ck_tenant_currency")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["contracting_company.id"], name=op.f("fk_tenant_company_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )
    op.replicate("tenant")
    op.guard(
        "tenant",
        policies=[
            ("own", "select", "kontor_app", "id = current_tenant()", None),
            ("change", "update", "kontor_app", "id = current_tenant()", "id = current_tenant()"),
            ("own_portal", "select", "kontor_portal", "id = current_tenant()", None),
            ("found", "insert", "kontor_owner", None, "true"),
            ("founded", "select", "kontor_owner", "true", None),
        ],
        grants={
            "kontor_app": [
                "select",
                "update(name, domain, contact_email, support_email, invoice_email, creditor_id, default_currency, time_zone, self_service_url, version, updated_at)",
            ],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(op.f("ix_tenant_company_id"), "tenant", ["company_id"], unique=False)
    op.create_table(
        "connection",
        sa.Column("source_tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_self_service_url", sa.Text(), nullable=True),
        sa.Column("source_company_id", sa.Uuid(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=True),
        sa.Column("invited", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("access_to_offers", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "sharing_tenant_id",
            sa.Uuid(),
            sa.Computed(
                "case when invited and access_to_offers and blocked_at is null then target_tenant_id end",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source_tenant_id <> target_tenant_id", name=op.f("ck_connection_two_tenants")),
        sa.ForeignKeyConstraint(
            ["source_tenant_id"], ["tenant.id"], name=op.f("fk_connection_source_tenant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["target_tenant_id"], ["tenant.id"], name=op.f("fk_connection_target_tenant_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("source_tenant_id", "id", name=op.f("pk_connection")),
        sa.UniqueConstraint(
            "source_tenant_id",
            "id",
            "sharing_tenant_id",
            name=op.f("uq_connection_source_tenant_id_id_sharing_tenant_id"),
        ),
        sa.UniqueConstraint(
            "source_tenant_id",
            "id",
            "target_tenant_id",
            "invited",
            name=op.f("uq_connection_source_tenant_id_id_target_tenant_id_invited"),
        ),
        sa.UniqueConstraint(
            "source_tenant_id",
            "id",
            "target_tenant_id",
            name=op.f("uq_connection_source_tenant_id_id_target_tenant_id"),
        ),
        sa.UniqueConstraint(
            "source_tenant_id",
            "target_tenant_id",
            "round",
            name=op.f("uq_connection_source_tenant_id_target_tenant_id_round"),
        ),
    )
    op.replicate("connection")
    op.guard(
        "connection",
        policies=[
            ("own", "select", "kontor_app", "source_tenant_id = current_tenant()", None),
            ("other", "select", "kontor_app", "target_tenant_id = current_tenant()", None),
            ("invite", "insert", "kontor_app", None, "source_tenant_id = current_tenant()"),
            (
                "change",
                "update",
                "kontor_app",
                "source_tenant_id = current_tenant() AND invited",
                "source_tenant_id = current_tenant()",
            ),
            ("own_portal", "select", "kontor_portal", "source_tenant_id = current_tenant()", None),
            ("other_portal", "select", "kontor_portal", "target_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(invited, access_to_offers, blocked_at, version, updated_at)"],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(op.f("ix_connection_target_tenant_id_id"), "connection", ["target_tenant_id", "id"], unique=False)
    op.create_index(
        op.f("ix_connection_target_tenant_id_source_name_id"),
        "connection",
        ["target_tenant_id", "source_name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_connection_target_tenant_id_source_tenant_id"),
        "connection",
        ["target_tenant_id", "source_tenant_id"],
        unique=False,
    )
    op.create_table(
        "tenant_rights",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_rights_tenant_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_rights")),
    )
    op.distribute("tenant_rights", "tenant_id")
    op.guard(
        "tenant_rights",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("found", "insert", "kontor_owner", None, "true"),
            ("founded", "select", "kontor_owner", "true", None),
        ],
        grants={"kontor_app": ["select", "update(version)"], "kontor_portal": ["select"]},
    )
    op.create_table(
        "tenant_settings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("content_based_permissions", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("multi_site", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("require_explicit_take_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("default_customer_status", sa.Text(), server_default=sa.text("'RELEASED'"), nullable=False),
        sa.Column("customer_number_range_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_due_days", sa.BigInteger(), nullable=True),
        sa.Column("support_url", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "default_customer_status in ('RELEASED', 'BLOCKED')",
            name=op.f("ck_tenant_settings_default_customer_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_settings_tenant_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_settings")),
    )
    op.distribute("tenant_settings", "tenant_id")
    op.guard(
        "tenant_settings",
        policies=[
            ("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("own_update", "update", "kontor_app", "tenant_id = current_tenant()", None),
            ("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()", None),
            ("found", "insert", "kontor_owner", None, "true"),
            ("founded", "select", "kontor_owner", "true", None),
        ],
        grants={"kontor_app": ["select", "insert", "update"], "kontor_portal": ["select"]},
    )
    op.create_table(
        "connection_answer",
        sa.Column("source_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("target_tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("target_name", sa.Text(), nullable=False),
        sa.Column("target_self_service_url", sa.Text(), nullable=True),
        sa.Column("target_company_id", sa.Uuid(), nullable=False),
        sa.Column("invited", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column(
            "accepted_id",
            sa.Uuid(),
            sa.Computed("case when accepted then connection_id end", persisted=True),
            nullable=True,
        ),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("invited", name=op.f("ck_connection_answer_invited")),
        sa.ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "target_tenant_id", "invited"],
            ["connection.source_tenant_id", "connection.id", "connection.target_tenant_id", "connection.invited"],
            name="fk_connection_answer_connection",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("source_tenant_id", "connection_id", name=op.f("pk_connection_answer")),
        sa.UniqueConstraint(
            "source_tenant_id", "accepted_id", "target_tenant_id", name="uq_connection_answer_accepted"
        ),
    )
    op.replicate("connection_answer")
    op.guard(
        "connection_answer",
        policies=[
            ("own", "select", "kontor_app", "target_tenant_id = current_tenant()", None),
            ("other", "select", "kontor_app", "source_tenant_id = current_tenant()", None),
            ("answer", "insert", "kontor_app", None, "target_tenant_id = current_tenant()"),
            (
                "change",
                "update",
                "kontor_app",
                "target_tenant_id = current_tenant()",
                "target_tenant_id = current_tenant()",
            ),
            ("own_portal", "select", "kontor_portal", "target_tenant_id = current_tenant()", None),
            ("other_portal", "select", "kontor_portal", "source_tenant_id = current_tenant()", None),
        ],
        grants={
            "kontor_app": ["select", "insert", "update(blocked_at, version, updated_at)"],
            "kontor_portal": ["select"],
        },
    )
    op.create_index(
        op.f("ix_connection_answer_target_tenant_id_source_tenant_id"),
        "connection_answer",
        ["target_tenant_id", "source_tenant_id"],
        unique=False,
    )
    op.create_table(
        "joint_event",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("target_tenant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "shared_tenant_id",
            sa.Uuid(),
            sa.Computed(
                "case when tenant_id = source_tenant_id then target_tenant_id else source_tenant_id end", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tenant_id in (source_tenant_id, target_tenant_id)", name=op.f("ck_joint_event_party")),
        sa.ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "target_tenant_id"],
            ["connection.source_tenant_id", "connection.id", "connection.target_tenant_id"],
            name=op.f("fk_joint_event_source_tenant_id_connection_id_target_tenant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_joint_event")),
    )
    op.distribute("joint_event", "tenant_id")
    op.guard(
        "joint_event",
        policies=[
            ("own", "select", "kontor_app", "tenant_id = current_tenant()", None),
            ("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()", None),
            ("write", "insert", "kontor_app", None, "tenant_id = current_tenant()"),
            ("write_portal", "insert", "kontor_portal", None, "tenant_id = current_tenant()"),
        ],
        grants={"kontor_app": ["select", "insert"], "kontor_portal": ["insert"]},
    )
    op.create_index(
        op.f("ix_joint_event_shared_tenant_id_at_id"), "joint_event", ["shared_tenant_id", "at", "id"], unique=False
    )
    op.create_index(op.f("ix_joint_event_shared_tenant_id_id"), "joint_event", ["shared_tenant_id", "id"], unique=False)
    op.create_index(op.f("ix_joint_event_tenant_id_at_id"), "joint_event", ["tenant_id", "at", "id"], unique=False)
    op.grant("alembic_version", grants={"kontor_app": ["select"]})


def downgrade() -> None:
    op.revoke("alembic_version", grants={"kontor_app": ["select"]})
    op.drop_table("joint_event")
    op.drop_table("connection_answer")
    op.drop_table("tenant_settings")
    op.drop_table("tenant_rights")
    op.drop_table("connection")
    op.drop_table("tenant")
    op.drop_table("role_grant")
    op.drop_table("organization_node")
    op.drop_table("organization_closure")
    op.drop_table("membership_role")
    op.drop_table("membership_organization")
    op.drop_table("audit_values")
    op.drop_table("api_key")
    op.drop_table("trusted_document")
    op.drop_table("role")
    op.drop_table("organization")
    op.drop_table("membership")
    op.drop_table("idempotency_key")
    op.drop_table("contracting_company")
    op.drop_table("audit_entry")
    op.drop_function("is_staff")
    op.drop_function("current_tenant")
    op.drop_function("current_subject")
    op.drop_function("current_partner")
    op.drop_function("current_membership")
    op.drop_function("current_company")
