"""The fixed sets of values of carts, orders, invoices, subscriptions and the payout list."""

from enum import StrEnum


class CartState(StrEnum):
    """Whether a cart can be used for new checkouts."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class CheckoutStatus(StrEnum):
    """Where a checkout stands."""

    STARTED = "STARTED"
    PAID = "PAID"


class OrderStatus(StrEnum):
    """The one ladder of all orders."""

    ENTRY = "ENTRY"
    ACCOUNTING_REVIEW = "ACCOUNTING_REVIEW"
    BOOKED = "BOOKED"
    INVOICED = "INVOICED"
    STOPPED = "STOPPED"
    CANCELLED = "CANCELLED"


class PaymentMethod(StrEnum):
    """How a customer pays."""

    BILLING = "BILLING"
    CREDIT_CARD = "CREDIT_CARD"
    ZERO = "ZERO"


class InvoiceStatus(StrEnum):
    """Whether an invoice is paid."""

    NOT_PAID = "NOT_PAID"
    PAID = "PAID"


class TransactionType(StrEnum):
    """What a payment transaction did (R-PO-04)."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    LOSS = "LOSS"


class SubscriptionStatus(StrEnum):
    """Whether a subscription grants its right."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


class CrossClientRole(StrEnum):
    """What a subscription is to the tenant that looks at it."""

    NONE = "NONE"
    SOLD = "SOLD"
    PROVIDED = "PROVIDED"


class CancellationKind(StrEnum):
    """How a subscription was cancelled (R-SC-39)."""

    REGULAR = "REGULAR"
    DATE = "DATE"
    NOW = "NOW"


class SettlementStatus(StrEnum):
    """Whether the tenants have settled an entry between them; nothing of the customer's (R-PO-12)."""

    OPEN = "OPEN"
    SETTLED = "SETTLED"


class PayoutOrigin(StrEnum):
    """Where a payout entry comes from (R-PO-07)."""

    ORDER = "ORDER"
    SUBSCRIPTION = "SUBSCRIPTION"


class SaleEvent(StrEnum):
    """What the target did with a source's offer that the source must know of."""

    SUBSCRIPTION_SOLD = "SUBSCRIPTION_SOLD"
    SUBSCRIPTION_CHANGED = "SUBSCRIPTION_CHANGED"
    PAYOUT_BOOKED = "PAYOUT_BOOKED"
    PAYOUT_SETTLED = "PAYOUT_SETTLED"
