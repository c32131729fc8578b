"""What may be done, how far a right reaches, and the roles that every tenant is delivered with.

This is the one table of rights: an operation or a field names a permission from here, a role gives it a scope.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum


class Scope(IntEnum):
    """How far a permission reaches, from the narrowest to the widest (R-258, R-259)."""

    OWN_CUSTOMERS = 1
    ORGANIZATION = 2
    ORGANIZATION_AND_DESCENDANTS = 3
    TENANT = 4


class Permission(StrEnum):
    """One kind of act in one area, written `area:act`."""

    TENANT_SEE = "tenant:see"
    TENANT_EDIT = "tenant:edit"
    COMPANY_EDIT = "company:edit"
    USERS_SEE = "users:see"
    USERS_EDIT = "users:edit"
    ORGANIZATIONS_SEE = "organizations:see"
    ORGANIZATIONS_EDIT = "organizations:edit"
    PARTNERS_SEE = "partners:see"
    PARTNERS_CREATE = "partners:create"
    PARTNERS_EDIT = "partners:edit"
    CUSTOMERS_SEE = "customers:see"
    CUSTOMERS_CREATE = "customers:create"
    CUSTOMERS_EDIT = "customers:edit"
    ACCOUNTING_SEE = "accounting:see"
    ACCOUNTING_EDIT = "accounting:edit"
    CONNECTIONS_SEE = "connections:see"
    CONNECTIONS_EDIT = "connections:edit"
    OFFERS_SEE = "offers:see"
    OFFERS_EDIT = "offers:edit"
    CARTS_SEE = "carts:see"
    CARTS_EDIT = "carts:edit"
    CHECKOUT_SELL = "checkout:sell"
    ORDERS_SEE = "orders:see"
    ORDERS_EDIT = "orders:edit"
    INVOICES_SEE = "invoices:see"
    SUBSCRIPTIONS_SEE = "subscriptions:see"
    SUBSCRIPTIONS_EDIT = "subscriptions:edit"
    PAYOUTS_SEE = "payouts:see"
    PAYOUTS_EDIT = "payouts:edit"
    AUDIT_SEE = "audit:see"
    EXPLAIN = "explain:see"
    PORTAL_SEE = "portal:see"
    PORTAL_BUY = "portal:buy"


class Area(StrEnum):
    """The areas in which a user group is given no right, reading, or reading and writing (R-00-05, R-XC-80)."""

    PROCESSES = "PROCESSES"
    CUSTOMERS = "CUSTOMERS"
    PRODUCTS = "PRODUCTS"
    ACCOUNTING = "ACCOUNTING"
    TRANSACTIONS = "TRANSACTIONS"
    CHECKOUT = "CHECKOUT"


READ: Mapping[Area, tuple[Permission, ...]] = {
    Area.PROCESSES: (
        Permission.TENANT_SEE,
        Permission.USERS_SEE,
        Permission.ORGANIZATIONS_SEE,
        Permission.CONNECTIONS_SEE,
        Permission.AUDIT_SEE,
    ),
    Area.CUSTOMERS: (Permission.ORGANIZATIONS_SEE, Permission.PARTNERS_SEE, Permission.CUSTOMERS_SEE),
    Area.PRODUCTS: (Permission.OFFERS_SEE, Permission.CARTS_SEE, Permission.CONNECTIONS_SEE),
    Area.ACCOUNTING: (Permission.ACCOUNTING_SEE, Permission.INVOICES_SEE),
    Area.TRANSACTIONS: (
        Permission.ORDERS_SEE,
        Permission.INVOICES_SEE,
        Permission.SUBSCRIPTIONS_SEE,
        Permission.PAYOUTS_SEE,
    ),
    Area.CHECKOUT: (Permission.CARTS_SEE, Permission.ORDERS_SEE),
}
"""What READ in an area means."""

WRITE: Mapping[Area, tuple[Permission, ...]] = {
    Area.PROCESSES: (
        Permission.TENANT_EDIT,
        Permission.USERS_EDIT,
        Permission.ORGANIZATIONS_EDIT,
        Permission.CONNECTIONS_EDIT,
    ),
    Area.CUSTOMERS: (
        Permission.PARTNERS_CREATE,
        Permission.PARTNERS_EDIT,
        Permission.CUSTOMERS_CREATE,
        Permission.CUSTOMERS_EDIT,
    ),
    Area.PRODUCTS: (Permission.OFFERS_EDIT, Permission.CARTS_EDIT),
    Area.ACCOUNTING: (Permission.ACCOUNTING_EDIT,),
    Area.TRANSACTIONS: (
        Permission.ORDERS_EDIT,
        Permission.SUBSCRIPTIONS_EDIT,
        Permission.PAYOUTS_EDIT,
    ),
    Area.CHECKOUT: (Permission.CHECKOUT_SELL,),
}
"""What READ_WRITE adds to READ."""

PORTAL = frozenset({Permission.PORTAL_SEE, Permission.PORTAL_BUY})
STAFF = frozenset(Permission) - PORTAL

_READ_ONLY = tuple(permission for permission in Permission if permission in STAFF and permission.endswith(":see"))
_SELLING = (
    Permission.OFFERS_SEE,
    Permission.CARTS_SEE,
    Permission.CONNECTIONS_SEE,
    Permission.ORDERS_SEE,
    Permission.INVOICES_SEE,
    Permission.SUBSCRIPTIONS_SEE,
    Permission.ORGANIZATIONS_SEE,
    Permission.PARTNERS_SEE,
    Permission.CUSTOMERS_SEE,
)
_CLERK = (*_SELLING, *WRITE[Area.CUSTOMERS], Permission.CHECKOUT_SELL)

DELIVERED: Mapping[str, tuple[str, Mapping[Permission, Scope]]] = {
    "TENANT_ADMIN": ("Tenant administrator", dict.fromkeys(STAFF, Scope.TENANT)),
    "SALES_MANAGER": (
        "Sales manager",
        dict.fromkeys(_CLERK, Scope.ORGANIZATION_AND_DESCENDANTS),
    ),
    "SALES_CLERK": ("Sales clerk", dict.fromkeys(_CLERK, Scope.ORGANIZATION)),
    "SALES_VIEWER": ("Sales viewer", dict.fromkeys(_SELLING, Scope.ORGANIZATION)),
    "PRODUCT_MANAGER": (
        "Product manager",
        dict.fromkeys((*READ[Area.PRODUCTS], *WRITE[Area.PRODUCTS], Permission.ACCOUNTING_SEE), Scope.TENANT),
    ),
    "ACCOUNTANT": (
        "Accountant",
        dict.fromkeys(
            (
                *READ[Area.ACCOUNTING],
                *READ[Area.TRANSACTIONS],
                *READ[Area.CUSTOMERS],
                Permission.CONNECTIONS_SEE,
                Permission.ACCOUNTING_EDIT,
                Permission.PAYOUTS_EDIT,
            ),
            Scope.TENANT,
        ),
    ),
    "AUDITOR": ("Auditor", dict.fromkeys(_READ_ONLY, Scope.TENANT)),
    "REPRESENTATIVE": (
        "Sales representative",
        dict.fromkeys(
            (Permission.PARTNERS_SEE, Permission.CUSTOMERS_SEE, Permission.ORGANIZATIONS_SEE),
            Scope.OWN_CUSTOMERS,
        ),
    ),
    "PORTAL_CUSTOMER": ("Portal customer", dict.fromkeys(PORTAL, Scope.OWN_CUSTOMERS)),
}
"""The roles that every tenant starts with: code → name and permissions with their scope (R-260)."""


def united(rows: Iterable[tuple[str, str]]) -> dict[Permission, Scope]:
    """The rights of several roles together: for each permission the widest scope (R-162, R-258)."""
    grants: dict[Permission, Scope] = {}
    for permission, scope in rows:
        known = Permission(permission)
        grants[known] = max(Scope[scope], grants.get(known, Scope.OWN_CUSTOMERS))
    return grants
