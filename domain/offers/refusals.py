"""What the rules of offers refuse, each with its own meaning."""

from domain.refusals import Refusal, RefusalCode


class TargetTenantRequired(Refusal):
    """A cross-client offer needs the tenant that shall sell it (R-XC-23)."""

    code = RefusalCode.TARGET_TENANT_REQUIRED


class OfferTypeNotShareable(Refusal):
    """Offers of this type are sold by their owner only (R-XC-34)."""

    code = RefusalCode.OFFER_TYPE_NOT_SHAREABLE


class AtPosition(Refusal):
    """Something is wrong with the product at a position, which counts from 1."""

    def __init__(self, message: str, *, position: int, field: str) -> None:
        super().__init__(f"Product {position}: {message}", path=("products", str(position - 1), field))
        self.position = position


class CostCenterRequired(AtPosition):
    """Every product of a cross-client offer carries a cost center of the target (R-XC-29)."""

    code = RefusalCode.COST_CENTER_REQUIRED


class CostCenterWrongTenant(AtPosition):
    """The cost center is not the target's (R-XC-30)."""

    code = RefusalCode.COST_CENTER_WRONG_TENANT


class CostCenterInactive(AtPosition):
    """The cost center was deactivated and cannot be chosen any more (R-CC-03, E-A6)."""

    code = RefusalCode.COST_CENTER_INACTIVE


class ExternalOfferNotAvailable(Refusal):
    """The other tenant's offer cannot be sold here, or not any more (R-SC-04)."""

    code = RefusalCode.EXTERNAL_OFFER_NOT_AVAILABLE


class CrossClientNotSellableByOwner(Refusal):
    """The owner of a cross-client offer does not sell it itself (R-SC-05)."""

    code = RefusalCode.CROSS_CLIENT_NOT_SELLABLE_BY_OWNER


class OfferNotOnSale(Refusal):
    """The offer is archived and not sold any more (R-XC-60)."""

    code = RefusalCode.OFFER_NOT_ON_SALE
