"""Offers: what a tenant sells itself, or lets one connected tenant sell (Angebot, Cross-Client-Angebot)."""

from domain.offers.archive import Archiving, archived, reactivated
from domain.offers.checks import (
    SUBSCRIPTIONS,
    checked,
    known_products,
    money_of_products,
    same_products,
    unfit_as_hint,
)
from domain.offers.draft import Draft, OfferChanges, Price, Product, Translation
from domain.offers.kinds import ArchiveMode, OfferState, OfferType, ProductType, TaxType
from domain.offers.refusals import (
    AtPosition,
    CostCenterInactive,
    CostCenterRequired,
    CostCenterWrongTenant,
    CrossClientNotSellableByOwner,
    ExternalOfferNotAvailable,
    OfferNotOnSale,
    OfferTypeNotShareable,
    TargetTenantRequired,
)
from domain.offers.sharing import (
    chosen_of_own,
    chosen_of_target,
    connected,
    of_one_tenant,
    shareable,
    with_cost_centers,
)

__all__ = [
    "SUBSCRIPTIONS",
    "ArchiveMode",
    "Archiving",
    "AtPosition",
    "CostCenterInactive",
    "CostCenterRequired",
    "CostCenterWrongTenant",
    "CrossClientNotSellableByOwner",
    "Draft",
    "ExternalOfferNotAvailable",
    "OfferChanges",
    "OfferNotOnSale",
    "OfferState",
    "OfferType",
    "OfferTypeNotShareable",
    "Price",
    "Product",
    "ProductType",
    "TargetTenantRequired",
    "TaxType",
    "Translation",
    "archived",
    "checked",
    "chosen_of_own",
    "chosen_of_target",
    "connected",
    "known_products",
    "money_of_products",
    "of_one_tenant",
    "reactivated",
    "same_products",
    "shareable",
    "unfit_as_hint",
    "with_cost_centers",
]
