"""The enumerations of customers, with what each value means."""

from domain.customers import AbcClass, AccountingGap, BlockReason, CustomerStatus, MinimumValueCheck, Mode
from schema.base import enumeration

__all__ = ["AbcClass", "AccountingGap", "BlockReason", "CustomerStatus", "MinimumValueCheck", "Mode"]

enumeration(
    CustomerStatus,
    "Whether a customer may be used, as somebody set it (Status).",
    RELEASED="It may (freigegeben).",
    BLOCKED="It may not, up to the end of the block (gesperrt).",
)
enumeration(
    BlockReason,
    "Why a customer cannot be used (Sperrgrund).",
    PARTNER_BLOCKED="The partner as a whole is blocked (Partner gesperrt).",
    MANUAL="Somebody blocked the customer (manuell gesperrt).",
    MISSING_ACCOUNTING_DATA="An invoice recipient is no debtor (Rechnungswesendaten fehlen).",
)
enumeration(
    AbcClass,
    "How important a customer is (ABC-Klassifizierung).",
    A="Most important.",
    B="Important.",
    C="Less important.",
)
enumeration(
    MinimumValueCheck,
    "Whether orders below the minimum value are refused (Mindestauftragswertprüfung).",
    BY_CUSTOMIZING="As the tenant has settled (gemäß Customizing).",
    NO_CHECK="They are not (keine Prüfung).",
    CHECK="They are (Prüfung).",
)
enumeration(
    Mode,
    "What an organization has of a customer (Pflegeart).",
    name="CustomerDataMode",
    OWN="Data of its own, which it edits (eigene Daten).",
    INHERITED="The data of the next higher organization, taken over (übernommen).",
)
enumeration(
    AccountingGap,
    "What is missing for complete accounting data (fehlende Rechnungswesendaten).",
    DEBTOR="The debtor flag (Debitor).",
    DEBTOR_ACCOUNT="The debtor account (Debitorenkonto).",
    PAYMENT_TERM="The payment term (Zahlungsbedingung).",
    TAX_CLASSIFICATION="The tax classification (Steuerklassifikation).",
    CURRENCY="The currency (Währung).",
)
