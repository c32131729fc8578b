"""What a tenant and its contracting company can settle."""

from typing import TypedDict
from uuid import UUID


class SettingsChanges(TypedDict, total=False):
    """The settings of a tenant that are to change; an absent one stays (R-00-09)."""

    content_based_permissions: bool
    require_explicit_take_over: bool
    default_customer_status: str
    customer_number_range_id: UUID | None
    invoice_due_days: int | None
    support_url: str | None


class CompanyChanges(TypedDict, total=False):
    """The settings of a contracting company that are to change; an absent one stays (R-00-09)."""

    cross_client_connections: bool
    invoice_due_days: int | None
    support_url: str | None
