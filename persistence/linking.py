"""Finding the own partner that is another tenant's customer, within one contracting company (R-SC-34)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.names import sort_key
from domain.partners import CommunicationType
from persistence.partners import Partner, PartnerCommunication
from persistence.users import Membership


async def signed_in_as(session: AsyncSession, identities: Sequence[tuple[str, str]]) -> set[UUID]:
    """The own partners as whom one of these persons (issuer, subject) signs in to the portal."""
    if not identities:
        return set()
    found = await session.scalars(
        select(Membership.partner_id).where(
            tuple_(Membership.issuer, Membership.subject).in_(identities),
            Membership.kind == "PORTAL",
            Membership.disabled_at.is_(None),
        )
    )
    return {partner_id for partner_id in found if partner_id is not None}


async def reached_at(session: AsyncSession, email: str) -> set[UUID]:
    """The own partners that are reached at an e-mail address; archived ones do not exist."""
    found = await session.scalars(
        select(Partner.id)
        .join(
            PartnerCommunication,
            (PartnerCommunication.tenant_id == Partner.tenant_id) & (PartnerCommunication.partner_id == Partner.id),
        )
        .where(
            PartnerCommunication.type == CommunicationType.EMAIL,
            PartnerCommunication.value_key == sort_key(email),
            Partner.archived_at.is_(None),
        )
    )
    return set(found)
