"""Who sells an offer, and whose cost centers its products carry."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypedDict, TypeVar
from uuid import UUID

from domain.connections import ConnectionStatus, NoActiveConnection
from domain.offers.checks import invalid
from domain.offers.draft import Draft, Product
from domain.offers.kinds import OfferType
from domain.offers.refusals import (
    CostCenterInactive,
    CostCenterRequired,
    CostCenterWrongTenant,
    OfferTypeNotShareable,
    TargetTenantRequired,
)
from domain.refusals import NotFound, ValidationFailed

NOT_SHAREABLE = frozenset({OfferType.VOUCHER, OfferType.BONUS})


class CostCenterRow(Protocol):
    """A cost center as this tenant may read it."""

    @property
    def active(self) -> bool:
        """Whether it can be chosen."""


class _At(TypedDict):
    """Where a product stands."""

    position: int
    field: str


class Connected(Protocol):
    """Two tenants with a connection between them."""

    @property
    def status(self) -> ConnectionStatus:
        """Where the connection stands."""


P = TypeVar("P", bound=Connected)


def of_one_tenant(draft: Draft, target_tenant_id: UUID | None) -> None:
    """A standard offer names neither a target nor a target's cost center (R-XC-24, R-XC-32).

    Raises ValidationFailed.
    """
    violations = [] if target_tenant_id is None else [invalid("A standard offer has no target.", ("targetTenantId",))]
    violations += [
        invalid(
            f"Product {place + 1}: only products of a cross-client offer carry a cost center of the target.",
            ("products", str(place), "targetCostCenterId"),
        )
        for place, product in enumerate(draft.products)
        if product.target_cost_center_id is not None
    ]
    if violations:
        raise ValidationFailed(violations)


def shareable(draft: Draft, target_tenant_id: UUID | None) -> UUID:
    """The target of an offer that another tenant shall sell.

    Raises:
        TargetTenantRequired: none is named (R-XC-23).
        OfferTypeNotShareable: vouchers and bonuses (R-XC-34).
        CostCenterRequired: a product without a cost center of the target, by its position (R-XC-29).
    """
    if target_tenant_id is None:
        raise TargetTenantRequired("Name the tenant that shall sell the offer.", path=("targetTenantId",))
    if draft.offer_type in NOT_SHAREABLE:
        raise OfferTypeNotShareable(f"Offers of the type {draft.offer_type} cannot be shared.", path=("offerType",))
    with_cost_centers(draft.products)
    return target_tenant_id


def with_cost_centers(products: Sequence[Product]) -> None:
    """Every product carries a cost center of the target (R-XC-29). Raises CostCenterRequired."""
    for position, product in enumerate(products, start=1):
        if product.target_cost_center_id is None:
            raise CostCenterRequired(
                "every product of a cross-client offer needs a cost center of the target.",
                position=position,
                field="targetCostCenterId",
            )


def connected(pair: P | None) -> P:
    """The pair, if there is an active connection from the owner to the target (R-XC-01, R-XC-25, E-A4).

    Raises NoActiveConnection.
    """
    if pair is None or pair.status is not ConnectionStatus.ACTIVE:
        raise NoActiveConnection(
            "There is no active connection from your tenant to this one: invite it, and let it accept.",
            path=("targetTenantId",),
        )
    return pair


def chosen_of_target(
    products: Sequence[Product],
    shown: Mapping[UUID, CostCenterRow],
    own: Collection[UUID],
    *,
    kept: Mapping[UUID, UUID | None],
    status: ConnectionStatus,
) -> None:
    """Every cost center is one of the target's, and active (R-XC-30, R-CC-03, E-A6).

    `shown` are those that the target lets this tenant read, `own` those of this tenant, `kept` what the
    existing products carry. While the connection is not active nothing of the target can be read: what a
    product carries stays, and nothing new can be chosen (E-A4, R-CC-04).

    Raises:
        CostCenterWrongTenant, CostCenterInactive, NoActiveConnection, NotFound: naming the product's position.
    """
    for position, product in enumerate(products, start=1):
        chosen = product.target_cost_center_id
        at: _At = {"position": position, "field": "targetCostCenterId"}
        if status is not ConnectionStatus.ACTIVE and _stays(product, chosen, kept):
            continue
        if chosen in own:
            raise CostCenterWrongTenant("the cost center is yours, but the target's is needed.", **at)
        if status is not ConnectionStatus.ACTIVE:
            raise NoActiveConnection("Cost centers of the target can be chosen while the connection is active.")
        if chosen is None or chosen not in shown:
            raise _no_cost_center(position, "targetCostCenterId")
        if not shown[chosen].active:
            raise CostCenterInactive("the target has deactivated the cost center; choose another one.", **at)


def chosen_of_own(
    products: Sequence[Product], own: Mapping[UUID, CostCenterRow], kept: Mapping[UUID, UUID | None]
) -> None:
    """Cost centers of the owner, where there are any, exist, and are active when they are newly chosen.

    None is needed (R-XC-31); a deactivated one stays where it is (R-CC-03).

    Raises:
        CostCenterInactive, NotFound: naming the product's position.
    """
    for position, product in enumerate(products, start=1):
        chosen = product.cost_center_id
        if chosen is None or _stays(product, chosen, kept):
            continue
        if chosen not in own:
            raise _no_cost_center(position, "costCenterId")
        if not own[chosen].active:
            raise CostCenterInactive("the cost center is deactivated.", position=position, field="costCenterId")


def _no_cost_center(position: int, field: str) -> NotFound:
    return NotFound(f"Product {position}: there is no such cost center.", path=("products", str(position - 1), field))


def _stays(product: Product, chosen: UUID | None, kept: Mapping[UUID, UUID | None]) -> bool:
    """Whether an existing product keeps the cost center it has."""
    return product.id is not None and product.id in kept and kept[product.id] == chosen
