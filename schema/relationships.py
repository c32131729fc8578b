"""Relationships between partners as the client sees them, and the types that a tenant has."""

from datetime import date
from typing import Any

import strawberry

from domain.relationships import NewRelationship
from persistence import relationships as stored
from persistence import visibility
from reads import by_key, column, one, order_by, ordering, page, rows
from resolvers import relationships
from schema.base import Connection, MutationInput, Node, UpdateInput, key, mutation
from schema.partners import Partner
from tenancy.operation import Call
from tenancy.permissions import Permission


@rows(stored.RelationshipType, prefix="rty", permission=Permission.PARTNERS_SEE)
@strawberry.type(description="A type of relationship between partners (Beziehungsart).")
class RelationshipType(Node):
    """R-174, R-175."""

    code: str = column("Its code, unique in the tenant (Kürzel).")
    name: str = column("Name.")
    fixed: bool = column("Whether every tenant has it (fest).")
    time_dependent: bool = column("Whether its relationships have a period (zeitabhängig).")
    version: int = column("Counts the changes (Fassung).")


@rows(stored.PartnerRelationship, prefix="rel", permission=Permission.PARTNERS_SEE, scope=visibility.relationships)
@strawberry.type(description="A directed link from one partner to another (Partnerbeziehung).")
class PartnerRelationship(Node):
    """R-173: one row, seen from both ends."""

    type: RelationshipType | None = one("Its type (Beziehungsart).", on={"code": "type_code"})
    type_code: str = column("The code of its type (Kürzel der Beziehungsart).")
    partner: Partner | None = one("Whose relationship it is (Partner).", on={"id": "partner_id"})
    target: Partner | None = one("Whom it points at (Zielpartner).", on={"id": "target_partner_id"})
    valid_from: date | None = column("First day, null: since ever (gültig ab).")
    valid_to: date | None = column("Last day, null: for ever (gültig bis).")
    version: int = column("Counts the changes (Fassung).")


RelationshipTypeOrder = ordering(
    "RelationshipTypeOrder", "How relationship types are ordered.", CODE=order_by("code", "By code.")
)


@strawberry.type
class RelationshipQuery:
    """Reading relationship types."""

    relationship_types: Connection[RelationshipType] | None = page(
        "The fixed types and the tenant's own (Beziehungsarten).",
        order=RelationshipTypeOrder,
        default_order=("code",),
        permission=Permission.PARTNERS_SEE,
    )


@strawberry.input(description="A new type of relationship.")
class CreateRelationshipTypeInput(MutationInput):
    """R-174."""

    code: str = strawberry.field(description="Its code: capitals, digits, underscores (Kürzel).")
    name: str = strawberry.field(description="Name.")
    time_dependent: bool = strawberry.field(description="Whether its relationships have a period (zeitabhängig).")


@strawberry.input(description="A new relationship of one of the tenant's own types.")
class AddPartnerRelationshipInput(MutationInput):
    """R-173, R-174."""

    partner_id: strawberry.ID = strawberry.field(description="Whose relationship it is.")
    target_partner_id: strawberry.ID = strawberry.field(description="Whom it points at.")
    type_code: str = strawberry.field(description="The code of its type.")
    valid_from: date | None = strawberry.field(default=None, description="First day, null: since ever.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, null: for ever.")


@strawberry.input(description="Which relationship ends.")
class EndPartnerRelationshipInput(UpdateInput):
    """R-174."""

    relationship_id: strawberry.ID = strawberry.field(description="The relationship.")
    valid_to: date | None = strawberry.field(
        default=None, description="Its last day; null: today. One without a period goes altogether."
    )


@rows(None)
@strawberry.type(description="The new type.")
class CreateRelationshipTypePayload:
    """What was defined."""

    relationship_type: RelationshipType = by_key("The type.")


@rows(None)
@strawberry.type(description="The new relationship.")
class AddPartnerRelationshipPayload:
    """What was added."""

    relationship: PartnerRelationship = by_key("The relationship.")


@rows(None)
@strawberry.type(description="The partner whose relationship ended.")
class EndPartnerRelationshipPayload:
    """What was ended."""

    partner: Partner = by_key("The partner.")


@strawberry.type
class RelationshipMutation:
    """Changing relationships."""

    @mutation(relationships.create_relationship_type, payload=CreateRelationshipTypePayload)
    def create_relationship_type(self, input: CreateRelationshipTypeInput) -> Call[Any]:
        """Define a type of relationship of the tenant's own (Beziehungsart anlegen)."""
        return relationships.create_relationship_type(input.code, input.name, time_dependent=input.time_dependent)

    @mutation(relationships.add_relationship, payload=AddPartnerRelationshipPayload)
    def add_partner_relationship(self, input: AddPartnerRelationshipInput) -> Call[Any]:
        """Link a partner to another (Partnerbeziehung anlegen)."""
        return relationships.add_relationship(
            NewRelationship(
                key("par", input.partner_id),
                key("par", input.target_partner_id),
                input.type_code,
                input.valid_from,
                input.valid_to,
            )
        )

    @mutation(relationships.end_relationship, payload=EndPartnerRelationshipPayload)
    def end_partner_relationship(self, input: EndPartnerRelationshipInput) -> Call[Any]:
        """End a relationship (Partnerbeziehung beenden)."""
        return relationships.end_relationship(key("rel", input.relationship_id), input.valid_to, input.expected_version)
