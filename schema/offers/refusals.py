"""What is refused about offers, with data that a client can act on."""

import strawberry

from domain import offers as rules
from reads import rows, value
from schema.refusals import Refusal, refusal


@refusal(rules.AtPosition)
@rows(None)
@strawberry.type(
    description="The cost center of a product is missing, deactivated or of the wrong tenant (Kostenstelle)."
)
class CostCenterProblem(Refusal):
    """R-XC-29, R-XC-30, R-CC-03."""

    position: int = value("The position of the product, from 1 on.", "position")
