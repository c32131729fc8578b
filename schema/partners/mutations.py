"""What a client can do with a partner, and what it is answered."""

from typing import Any

import strawberry

from domain.partners import Address, Communication, NewPartner
from reads import by_key, rows, value
from resolvers import partners
from schema.base import given, key, mutation
from schema.partners.inputs import (
    AddressInput,
    ArchivePartnerInput,
    AssignPartnerRoleInput,
    CommunicationInput,
    CreatePartnerInput,
    RemovePartnerRoleInput,
    SetPartnerAddressesInput,
    SetPartnerCommunicationInput,
    UpdatePartnerInput,
)
from schema.partners.types import Partner, Warned
from tenancy.operation import Call


@rows(None)
@strawberry.type(description="The new partner.")
class CreatePartnerPayload:
    """What was entered."""

    partner: Partner = by_key("The partner.")
    warnings: list[Warned] = value("What the caller should know (Warnungen).", "warnings")


@rows(None)
@strawberry.type(description="The changed partner.")
class UpdatePartnerPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its addresses.")
class SetPartnerAddressesPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with the ways to reach it.")
class SetPartnerCommunicationPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its roles.")
class AssignPartnerRolePayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its roles.")
class RemovePartnerRolePayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner as it was set aside; it is found no more.")
class ArchivePartnerPayload:
    """What was set aside."""

    partner: Partner = by_key("The partner.")


@strawberry.type
class PartnerMutation:
    """Changing partners."""

    @mutation(partners.create_partner, payload=CreatePartnerPayload)
    def create_partner(self, input: CreatePartnerInput) -> Call[Any]:
        """Enter a partner (Partner anlegen)."""
        new = NewPartner(
            type=input.type,
            names={
                "salutation": input.salutation,
                "title": input.title,
                "first_name": input.first_name,
                "last_name": input.last_name,
                "name": input.name,
                "search_term": input.search_term,
            },
            number=input.number,
            language=input.language,
            affiliation=input.affiliation,
            responsible_organization_id=(
                None if input.responsible_organization_id is None else key("org", input.responsible_organization_id)
            ),
            roles=tuple(input.roles),
            addresses=_addresses(input.addresses),
            communication=_communication(input.communication),
        )
        return partners.create_partner(new)

    @mutation(partners.update_partner, payload=UpdatePartnerPayload)
    def update_partner(self, input: UpdatePartnerInput) -> Call[Any]:
        """Change a partner's base data (Partner ändern)."""
        changes = given(
            input,
            "number",
            "salutation",
            "title",
            "first_name",
            "last_name",
            "name",
            "search_term",
            "language",
            "affiliation",
            "blocked",
            "responsible_organization_id",
        )
        if "responsible_organization_id" in changes:
            changes["responsible_organization_id"] = key("org", changes["responsible_organization_id"])
        return partners.update_partner(
            key("par", input.partner_id),
            changes,  # type: ignore[arg-type]
            input.expected_version,
        )

    @mutation(partners.set_addresses, payload=SetPartnerAddressesPayload)
    def set_partner_addresses(self, input: SetPartnerAddressesInput) -> Call[Any]:
        """Replace a partner's addresses (Anschriften pflegen)."""
        return partners.set_addresses(key("par", input.partner_id), _addresses(input.addresses), input.expected_version)

    @mutation(partners.set_communication, payload=SetPartnerCommunicationPayload)
    def set_partner_communication(self, input: SetPartnerCommunicationInput) -> Call[Any]:
        """Replace the ways to reach a partner (Kommunikation pflegen)."""
        return partners.set_communication(
            key("par", input.partner_id), _communication(input.communication), input.expected_version
        )

    @mutation(partners.assign_role, payload=AssignPartnerRolePayload)
    def assign_partner_role(self, input: AssignPartnerRoleInput) -> Call[Any]:
        """Let a partner play one more role (Partnerrolle zuordnen)."""
        return partners.assign_role(key("par", input.partner_id), input.role, input.expected_version)

    @mutation(partners.remove_role, payload=RemovePartnerRolePayload)
    def remove_partner_role(self, input: RemovePartnerRoleInput) -> Call[Any]:
        """Take a role away that nothing open uses (Partnerrolle entfernen)."""
        return partners.remove_role(key("par", input.partner_id), input.role, input.expected_version)

    @mutation(partners.archive_partner, payload=ArchivePartnerPayload)
    def archive_partner(self, input: ArchivePartnerInput) -> Call[Any]:
        """Set a partner aside that nothing open uses; its number stays taken (Partner archivieren)."""
        return partners.archive_partner(key("par", input.partner_id), input.expected_version)


def _addresses(inputs: list[AddressInput]) -> tuple[Address, ...]:
    return tuple(
        Address(
            city=each.city,
            country_code=each.country_code,
            street=each.street,
            additional_line=each.additional_line,
            post_office_box=each.post_office_box,
            postal_code=each.postal_code,
            region=each.region,
            label=each.label,
        )
        for each in inputs
    )


def _communication(inputs: list[CommunicationInput]) -> tuple[Communication, ...]:
    return tuple(Communication(each.type, each.value, each.preferred, each.label) for each in inputs)
