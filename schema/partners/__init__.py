"""Partners as the client sees them: who they are, which roles they play, where and how they are reached."""

from schema.partners.mutations import PartnerMutation
from schema.partners.queries import PartnerQuery
from schema.partners.types import Partner, PartnerAddress, PartnerRole

__all__ = ["Partner", "PartnerAddress", "PartnerMutation", "PartnerQuery", "PartnerRole"]
