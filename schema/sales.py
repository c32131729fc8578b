"""The fixed sets of values of a sale, as staff and customers read them alike."""

from domain.carts import CartProblem
from domain.sales import (
    CancellationKind,
    CartState,
    CheckoutStatus,
    CrossClientRole,
    InvoiceStatus,
    OrderStatus,
    PaymentMethod,
    PayoutOrigin,
    SettlementStatus,
    SubscriptionStatus,
    TransactionType,
)
from schema.base import enumeration

enumeration(
    CartState,
    "Whether a cart can be used for new checkouts (Reiter).",
    ACTIVE="It can (aktiv).",
    ARCHIVED="It cannot (archiviert).",
)
enumeration(
    CartProblem,
    "Why an item or a cart cannot be sold now (Hindernis).",
    name="CartProblemCode",
    EXTERNAL_OFFER_NOT_AVAILABLE="The other tenant's offer is not open to this one now (externes Angebot fehlt).",
    OFFER_NOT_ON_SALE="The own offer is archived and sold no more (nicht mehr verkauft).",
    LEADING_ITEM_NOT_AVAILABLE="The own item that leads it cannot be sold (führendes Angebot fehlt).",
    CURRENCY_MISMATCH="The offer has another currency than the cart (Währung).",
    CART_ARCHIVED="The cart is archived (archiviert).",
    NO_MANDATORY_ITEM="No item is mandatory (kein Pflichtangebot).",
)
enumeration(
    CheckoutStatus,
    "Where a checkout stands (Status der Kasse).",
    STARTED="Choice and prices are frozen (begonnen).",
    PAID="It became an order (bezahlt).",
)
enumeration(
    OrderStatus,
    "The ladder of an order (Bestellstatus).",
    ENTRY="Being entered (Erfassung).",
    ACCOUNTING_REVIEW="Under review by accounting (Prüfung durch die Buchhaltung).",
    BOOKED="Booked (gebucht).",
    INVOICED="Invoiced (abgerechnet).",
    STOPPED="Stopped (angehalten).",
    CANCELLED="Cancelled (storniert).",
)
enumeration(
    PaymentMethod,
    "How a customer pays (Zahlungsart).",
    BILLING="By invoice, later (auf Rechnung).",
    CREDIT_CARD="By credit card, at once (Kreditkarte).",
    ZERO="Nothing is to be paid (kostenlos).",
)
enumeration(
    InvoiceStatus,
    "Whether an invoice is paid (Zahlstatus).",
    NOT_PAID="Not yet (offen).",
    PAID="Paid (bezahlt).",
)
enumeration(
    SubscriptionStatus,
    "Whether a subscription grants its right (Abostatus).",
    ACTIVE="It does (aktiv).",
    INACTIVE="It has ended (beendet).",
)
enumeration(
    CancellationKind,
    "How a subscription is cancelled (Kündigungsart).",
    REGULAR="To the end of its term (regulär).",
    DATE="To a date (zum Datum).",
    NOW="At once (sofort).",
)
enumeration(
    CrossClientRole,
    "What a subscription is to the tenant that looks at it (Rolle).",
    NONE="An own one of an own offer (eigenes Angebot).",
    SOLD="Sold here, of another tenant's offer (verkauft).",
    PROVIDED="Sold by another tenant, of an own offer: read-only here (bereitgestellt).",
)
enumeration(
    TransactionType,
    "What a transaction did (Transaktionstyp).",
    name="PayoutType",
    PAYMENT="The customer paid (Zahlung).",
    REFUND="The customer got money back (Rückerstattung).",
    LOSS="A debit was returned or charged back (Rücklastschrift).",
)
enumeration(
    SettlementStatus,
    "Whether the two tenants settled an entry; nothing of the customer's payment (Zahlstatus zwischen Mandanten).",
    OPEN="Not yet (offen).",
    SETTLED="Settled, for good (abgeschlossen).",
)
enumeration(
    PayoutOrigin,
    "What caused a payout entry (Quelle).",
    ORDER="An order (Bestellung).",
    SUBSCRIPTION="The renewal of a subscription (Abonnement).",
)
