"""How a rule about partners says no."""

from domain.refusals import Refusal, RefusalCode


class NumberRequired(Refusal):
    """There is no number range, so the partner needs a number of its own (R-146)."""

    code = RefusalCode.NUMBER_REQUIRED


class NumberTaken(Refusal):
    """Another partner has or had this number; nothing is told of the other (R-171, E14)."""

    code = RefusalCode.NUMBER_TAKEN


class PartnerRoleMissing(Refusal):
    """The partner does not hold the role that this needs."""

    code = RefusalCode.PARTNER_ROLE_MISSING


class RoleAlreadyAssigned(Refusal):
    """The partner holds the role already."""

    code = RefusalCode.ROLE_ALREADY_ASSIGNED


class RoleNotAllowedForType(Refusal):
    """An organization cannot be an employee or a contact person (R-169)."""

    code = RefusalCode.ROLE_NOT_ALLOWED_FOR_TYPE


class RoleInUse(Refusal):
    """An open document uses the partner in this role (R-172)."""

    code = RefusalCode.ROLE_IN_USE
