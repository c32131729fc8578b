"""The caller itself, its tenant and contracting company, and their settings."""

from typing import Any

import strawberry

from persistence import organizations as places
from persistence import tenants as stored
from persistence import users as members
from reads import URL, CurrencyCode, EmailAddress, by_key, column, computed, embedded, many, one, rows
from resolvers import tenants
from schema.base import Node, UpdateInput, given, key, mutation
from tenancy.operation import Call
from tenancy.permissions import Permission


@rows(stored.Tenant, prefix="ten", tenant="id")
@strawberry.type(description="One company that sells (Mandant).")
class Tenant(Node):
    """The hard boundary of all data; a caller sees the own one only."""

    name: str = column("Name.")
    domain: str = column("Domain of its portal.")
    contact_email: EmailAddress = column("For questions (Kontakt).")
    support_email: EmailAddress = column("For help (Support).")
    invoice_email: EmailAddress = column("For invoices (Rechnungen).")
    creditor_id: str | None = column("SEPA creditor id (Gläubiger-ID).")
    default_currency: CurrencyCode = column("The currency that is proposed.")
    time_zone: str = column("IANA time zone; days begin and end in it (Zeitzone).")
    self_service_url: URL | None = column("Address of its self-service portal (Kundenportal).")


@rows(
    stored.ContractingCompany,
    prefix="com",
    permission=Permission.TENANT_SEE,
    tenant=None,
    scope=stored.own_company,
)
@strawberry.type(description="The umbrella of several tenants (Vertragsunternehmen).")
class ContractingCompany(Node):
    """R-00-09."""

    name: str = column("Name.")
    cross_client_connections: bool = column("Whether the module for connections between tenants is booked.")
    invoice_due_days: int | None = column("Days until an invoice is due, for tenants without an own value.")
    support_url: URL | None = column("Address for help, for tenants without an own value.")
    version: int = column("Counts the changes (Fassung).")


@rows(stored.TenantSettings, permission=Permission.TENANT_SEE)
@strawberry.type(description="What the tenant settles; what it leaves open is the company's (Customizing).")
class TenantSettings:
    """R-00-09."""

    content_based_permissions: bool = column("Whether records follow organizations (inhaltsbezogene Berechtigungen).")
    require_explicit_take_over: bool = column("Whether inherited customer data must be taken over before use.")
    default_customer_status: str = column("Proposed status of a new customer: RELEASED or BLOCKED (R-021).")
    invoice_due_days: int | None = column("Own number of days until an invoice is due.")
    support_url: URL | None = column("Own address for help.")
    effective_invoice_due_days: int = computed(
        "The number of days that counts: the own one, else the company's, else 14.", stored.effective_due_days
    )
    effective_support_url: URL | None = computed(
        "The address that counts: the own one, else the company's.", stored.effective_support_url
    )
    version: int = column("Counts the changes (Fassung).")


@rows(places.Organization)
@strawberry.type(description="An organization that the caller may act for.")
class OwnOrganization:
    """As `me` names it, whatever else the caller may see."""

    id: strawberry.ID = column("The id to send in the header X-Kontor-Organization.", prefix="org")
    code: str = column("Short code (Kürzel).")
    name: str = column("Name.")


@rows(members.MembershipOrganization)
@strawberry.type(description="A place at which the caller may act.")
class OwnPlace:
    """R-239, R-240."""

    organization: OwnOrganization = one("The organization.", on={"id": "organization_id"})
    is_primary: bool = column("Whether it acts when none is named.")


@rows(members.Membership)
@strawberry.type(description="The account that is signed in.")
class OwnAccount:
    """The caller's membership."""

    id: strawberry.ID = column("The id of the user.", prefix="usr")
    kind: str = column("STAFF, REPRESENTATIVE, PORTAL or API_KEY (Benutzerart).")
    name: str = column("Name.")
    email: EmailAddress | None = column("E-mail address.")


@rows(None)
@strawberry.type(description="Who calls, for which tenant and organization, and what the caller may do.")
class Me:
    """R-239, R-240."""

    account: OwnAccount | None = one("The account, null for the operator.", where=members.own_account)
    tenant: Tenant = one("The tenant that the caller acts for (Mandant).", where=stored.own_tenant)
    organization: OwnOrganization | None = one(
        "The organization that acts in this request (handelnde Organisation).", where=places.acting
    )
    organizations: list[OwnPlace] = many(
        "All organizations that the caller may act for.", where=members.own_places, order_by=("id",), size=3
    )
    permissions: list[str] = computed("What the caller may do, as `area:act`, sorted.", members.own_permissions)


@strawberry.type
class TenantQuery:
    """Reading the caller and its tenant."""

    me: Me = embedded("The caller itself (angemeldete Person).")
    tenant: Tenant | None = one("The caller's tenant (Mandant).", where=stored.own_tenant)
    tenant_settings: TenantSettings | None = one(
        "The tenant's settings (Customizing).", where=stored.own_settings, permission=Permission.TENANT_SEE
    )
    contracting_company: ContractingCompany | None = one(
        "The tenant's contracting company (Vertragsunternehmen).",
        where=stored.any_company,
        permission=Permission.TENANT_SEE,
    )


@strawberry.input(description="Other settings for the tenant.")
class UpdateTenantSettingsInput(UpdateInput):
    """R-00-09."""

    content_based_permissions: strawberry.Maybe[bool] = strawberry.field(
        description="Whether records follow organizations."
    )
    require_explicit_take_over: strawberry.Maybe[bool] = strawberry.field(
        description="Whether inherited customer data must be taken over before use."
    )
    default_customer_status: strawberry.Maybe[str] = strawberry.field(description="RELEASED or BLOCKED.")
    customer_number_range_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="The range that new customers take their number from; null: every number is typed."
    )
    invoice_due_days: strawberry.Maybe[int | None] = strawberry.field(description="Days; null: the company's.")
    support_url: strawberry.Maybe[URL | None] = strawberry.field(description="Address; null: the company's.")


@strawberry.input(description="Other settings for the contracting company, and thereby for all its tenants.")
class UpdateCompanySettingsInput(UpdateInput):
    """R-00-09."""

    cross_client_connections: strawberry.Maybe[bool] = strawberry.field(description="Whether the module is booked.")
    invoice_due_days: strawberry.Maybe[int | None] = strawberry.field(description="Days; null: 14.")
    support_url: strawberry.Maybe[URL | None] = strawberry.field(description="Address.")


@rows(None)
@strawberry.type(description="The settings as they are now.")
class UpdateTenantSettingsPayload:
    """What was changed."""

    settings: TenantSettings = one("The tenant's settings.", where=stored.own_settings)


@rows(None)
@strawberry.type(description="The contracting company as it is now.")
class UpdateCompanySettingsPayload:
    """What was changed."""

    company: ContractingCompany = by_key("The contracting company.")


@strawberry.type
class TenantMutation:
    """Changing settings."""

    @mutation(tenants.update_tenant_settings, payload=UpdateTenantSettingsPayload)
    def update_tenant_settings(self, input: UpdateTenantSettingsInput) -> Call[Any]:
        """Change what counts for this tenant only (Mandanteneinstellungen)."""
        changes = given(
            input,
            "content_based_permissions",
            "require_explicit_take_over",
            "default_customer_status",
            "customer_number_range_id",
            "invoice_due_days",
            "support_url",
        )
        if changes.get("customer_number_range_id"):
            changes["customer_number_range_id"] = key("nrg", changes["customer_number_range_id"])
        return tenants.update_tenant_settings(changes, input.expected_version)  # type: ignore[arg-type]  # its fields

    @mutation(tenants.update_company_settings, payload=UpdateCompanySettingsPayload)
    def update_company_settings(self, input: UpdateCompanySettingsInput) -> Call[Any]:
        """Change what counts for all tenants of the contracting company (Einstellungen des Vertragsunternehmens)."""
        changes = given(input, "cross_client_connections", "invoice_due_days", "support_url")
        return tenants.update_company_settings(changes, input.expected_version)  # type: ignore[arg-type]  # its fields
