"""What can be asked of the payout list within a statement: which of the two tenants looks, and who settled."""

from typing import Any

from sqlalchemy import ColumnElement, case, null

from domain.connections import Party
from persistence import sold

visible = sold.tenant_wide("payouts:see")
"""Entries stand in no organization: whoever sees payouts of the whole tenant sees them."""


def i_am(row: Any, context: Any) -> ColumnElement[str]:
    """Which of the two the caller's tenant is."""
    return case((row.source_tenant_id == context.tenant_id, Party.SOURCE.value), else_=Party.TARGET.value)


def is_party(row: Any, context: Any, value: Any) -> ColumnElement[bool]:
    """Whether the caller's tenant is the one that the filter says."""
    same: ColumnElement[bool] = i_am(row, context) == value
    return same


def settled_by(row: Any, context: Any) -> ColumnElement[Any]:
    """Who settled, for the own tenant only: the other one's people stay its own."""
    return case((row.settled_by_tenant_id == context.tenant_id, row.settled_by), else_=null())
