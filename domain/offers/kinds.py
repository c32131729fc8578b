"""The kinds that offers and their products are of."""

from enum import StrEnum


class OfferType(StrEnum):
    """What kind of sale the offer is; it decides the mandatory fields (Angebotsart)."""

    SINGLE_PRODUCT = "SINGLE_PRODUCT"
    TIME_PASS = "TIME_PASS"  # noqa: S105  # a pass for a time
    CREDIT_SINGLE = "CREDIT_SINGLE"
    SUBSCRIPTION_TIME = "SUBSCRIPTION_TIME"
    SUBSCRIPTION_ISSUE = "SUBSCRIPTION_ISSUE"
    SUBSCRIPTION_CREDIT = "SUBSCRIPTION_CREDIT"
    VOUCHER = "VOUCHER"
    BONUS = "BONUS"
    MULTIUSER = "MULTIUSER"


class OfferState(StrEnum):
    """Whether the offer stands in the list of active or of archived ones."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class ArchiveMode(StrEnum):
    """What an archived offer still does (R-XC-60)."""

    STILL_SOLD = "STILL_SOLD"
    BLOCKED = "BLOCKED"
    SUCCESSOR = "SUCCESSOR"


class ProductType(StrEnum):
    """What kind of thing a product is."""

    PRINT = "PRINT"
    DIGITAL = "DIGITAL"
    GOODS = "GOODS"
    SERVICE = "SERVICE"


class TaxType(StrEnum):
    """Which tax counts for a product; the rate follows from it and the customer's country."""

    STANDARD = "STANDARD"
    REDUCED = "REDUCED"
    EXEMPT = "EXEMPT"
