"""Connections between tenants as each of the two sees them, and what the other one did."""

import datetime as dt
from typing import Any

import strawberry

from domain.connections import ConnectionStatus, Party
from persistence import connections as stored
from persistence import events
from reads import (
    URL,
    IdFilter,
    by_key,
    column,
    computed,
    filter_column,
    filter_input,
    filter_where,
    page,
    row_by,
    rows,
)
from resolvers import connections
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, key, mutation
from schema.cost_centers import TargetCostCenter
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    ConnectionStatus,
    "Where a connection stands (Status der Verknüpfung).",
    name="TenantConnectionStatus",
    INVITED="The target was invited and has not answered (eingeladen).",
    ACTIVE="The target accepted (aktiv).",
    DECLINED="The target declined, for good (abgelehnt).",
    BLOCKED="One of the two stopped new sales (blockiert).",
    WITHDRAWN="The source took the invitation back, for good (zurückgezogen).",
)
enumeration(
    Party,
    "Which end of a connection a tenant is.",
    name="ConnectionParty",
    SOURCE="It owns the offers (Quellmandant).",
    TARGET="It sells them (Zielmandant).",
)


@rows(stored.Connection, tenant="target_tenant_id")
@strawberry.type(description="A tenant whose offers this one may sell, as it presents itself (Quellmandant).")
class SourceTenant:
    """The source's half, as the target reads it."""

    id: strawberry.ID = column("The tenant's id.", of="source_tenant_id", prefix="ten")
    name: str = column("Name.", of="source_name")
    self_service_url: URL | None = column(
        "Address of its self-service portal (Kundenportal).", of="source_self_service_url"
    )


@rows(
    stored.Connection,
    prefix="con",
    permission=Permission.CONNECTIONS_SEE,
    tenant=("source_tenant_id", "target_tenant_id"),
)
@strawberry.type(
    description="A source tenant lets a target tenant sell its offers; the way back is another connection "
    "(Cross-Client-Verknüpfung)."
)
class TenantConnection(Node):
    """Both halves together; R-XC-02 to R-XC-10."""

    source_tenant_id: strawberry.ID = column("The tenant that owns the offers (Quellmandant).", prefix="ten")
    source_name: str = column("Its name.")
    source_self_service_url: URL | None = column("Its self-service portal (Kundenportal).")
    target_tenant_id: strawberry.ID = column("The tenant that sells them (Zielmandant).", prefix="ten")
    target_name: str | None = computed("Its name, null until it answered.", stored.of_answer("target_name"))
    target_self_service_url: URL | None = computed(
        "Its self-service portal, null until it answered.", stored.of_answer("target_self_service_url")
    )
    i_am: Party = computed("Which end the caller's tenant is.", stored.i_am)
    status: ConnectionStatus = computed("Where it stands (Status).", stored.status)
    access_to_offers: bool = column("Whether the target may see the source's offers (Zugriff auf Angebote).")
    same_contracting_company: bool | None = computed(
        "Whether both are of one contracting company, null until the target answered (Vertragsunternehmen).",
        stored.same_company,
    )
    callback_url: URL | None = column("Where the source is called back about sales, of two companies (Rückruf-URL).")
    round: int = column("Which invitation of this target by this source it is, from 1 on.")
    invited_at: dt.datetime = column("When the source invited (eingeladen am).", of="created_at")
    responded_at: dt.datetime | None = computed(
        "When the target answered (beantwortet am).", stored.of_answer("created_at")
    )
    blocked_at: dt.datetime | None = computed("Since when it is blocked (blockiert am).", stored.blocked_since)
    blocked_by_tenant_id: strawberry.ID | None = computed(
        "Who blocked first, and alone takes it back (blockiert von).", stored.blocked_by, prefix="ten"
    )
    version: int = computed("Counts the changes of both halves (Fassung).", stored.version)
    target_cost_centers: Connection[TargetCostCenter] | None = page(
        "The target's active cost centers, for the source to choose from; empty unless ACTIVE (Kostenstellen).",
        cross_tenant={"tenant_id": "target_tenant_id"},
        default_order=("label",),
    )


@filter_input(description="Which connections.")
class TenantConnectionFilter:
    """Conditions on connections."""

    source_tenant_id: IdFilter | None = filter_column("The source.", prefix="ten")
    target_tenant_id: IdFilter | None = filter_column("The target.", prefix="ten")
    status: ConnectionStatus | None = filter_where("Where it stands.", stored.has_status)


@rows(events.JointEvent, prefix="evt", permission=Permission.CONNECTIONS_SEE, tenant="shared_tenant_id")
@strawberry.type(description="Something that a connected tenant did and this one must know of (Mitteilung).")
class TenantNotice(Node):
    """R-XC-03."""

    from_tenant_id: strawberry.ID = column("Who did it.", of="tenant_id", prefix="ten")
    connection_id: strawberry.ID = column("Over which connection.", prefix="con")
    kind: str = column("What it did, such as CONNECTION_INVITED or OFFER_CHANGED.")
    at: dt.datetime = column("When.")


@strawberry.type
class ConnectionQuery:
    """Reading connections."""

    tenant_connection: TenantConnection | None = row_by(
        "One connection (Verknüpfung).", permission=Permission.CONNECTIONS_SEE
    )
    tenant_connections: Connection[TenantConnection] | None = page(
        "The connections of the tenant, in both directions (Verknüpfungen).",
        filter=TenantConnectionFilter,
        permission=Permission.CONNECTIONS_SEE,
    )
    tenant_notices: Connection[TenantNotice] | None = page(
        "What connected tenants did, oldest first (Mitteilungen).",
        default_order=("at",),
        permission=Permission.CONNECTIONS_SEE,
    )


@strawberry.input(description="Whom to invite.")
class InviteTenantInput(MutationInput):
    """R-XC-02, R-XC-03, R-XC-07 to R-XC-09."""

    target_tenant_id: strawberry.ID = strawberry.field(description="The tenant that shall sell the own offers.")
    callback_url: URL | None = strawberry.field(
        default=None, description="Where sales are reported; needed when the target is of another contracting company."
    )


@strawberry.input(description="Which invitation is accepted.")
class AcceptConnectionInput(UpdateInput):
    """R-XC-04."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@strawberry.input(description="Which invitation is declined.")
class DeclineConnectionInput(UpdateInput):
    """R-XC-04."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@strawberry.input(description="Which invitation is taken back.")
class WithdrawConnectionInput(UpdateInput):
    """R-XC-04."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@strawberry.input(description="Whether the target may see the source's offers.")
class SetAccessToOffersInput(UpdateInput):
    """R-XC-06."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")
    access_to_offers: bool = strawberry.field(description="True: it may; false: it sees none (Zugriff auf Angebote).")


@strawberry.input(description="Which connection is blocked.")
class BlockConnectionInput(UpdateInput):
    """R-XC-05."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@strawberry.input(description="Which own block is taken back.")
class UnblockConnectionInput(UpdateInput):
    """R-XC-05."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@rows(None)
@strawberry.type(description="The invitation.")
class InviteTenantPayload:
    """What was begun."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The active connection.")
class AcceptConnectionPayload:
    """What was accepted."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The declined connection.")
class DeclineConnectionPayload:
    """What was declined."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The withdrawn connection.")
class WithdrawConnectionPayload:
    """What was withdrawn."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The connection with its access.")
class SetAccessToOffersPayload:
    """What was opened or closed."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The blocked connection.")
class BlockConnectionPayload:
    """What was blocked."""

    connection: TenantConnection = by_key("The connection.")


@rows(None)
@strawberry.type(description="The connection without the own block.")
class UnblockConnectionPayload:
    """What was unblocked."""

    connection: TenantConnection = by_key("The connection.")


@strawberry.type
class ConnectionMutation:
    """Changing connections."""

    @mutation(connections.invite_tenant, payload=InviteTenantPayload)
    def invite_tenant(self, input: InviteTenantInput) -> Call[Any]:
        """Invite another tenant to sell the own offers (Mandant einladen)."""
        return connections.invite_tenant(key("ten", input.target_tenant_id), input.callback_url)

    @mutation(connections.accept_connection, payload=AcceptConnectionPayload)
    def accept_connection(self, input: AcceptConnectionInput) -> Call[Any]:
        """Accept an invitation (Einladung annehmen)."""
        return connections.accept_connection(key("con", input.connection_id), input.expected_version)

    @mutation(connections.decline_connection, payload=DeclineConnectionPayload)
    def decline_connection(self, input: DeclineConnectionInput) -> Call[Any]:
        """Decline an invitation, for good (Einladung ablehnen)."""
        return connections.decline_connection(key("con", input.connection_id), input.expected_version)

    @mutation(connections.withdraw_connection, payload=WithdrawConnectionPayload)
    def withdraw_connection(self, input: WithdrawConnectionInput) -> Call[Any]:
        """Take back an invitation that was not answered, for good (Einladung zurückziehen)."""
        return connections.withdraw_connection(key("con", input.connection_id), input.expected_version)

    @mutation(connections.set_access_to_offers, payload=SetAccessToOffersPayload)
    def set_access_to_offers(self, input: SetAccessToOffersInput) -> Call[Any]:
        """Open or close the own offers to the target (Zugriff auf Angebote)."""
        return connections.set_access_to_offers(
            key("con", input.connection_id), input.access_to_offers, input.expected_version
        )

    @mutation(connections.block_connection, payload=BlockConnectionPayload)
    def block_connection(self, input: BlockConnectionInput) -> Call[Any]:
        """Stop new sales over a connection; running subscriptions go on (Verknüpfung blockieren)."""
        return connections.block_connection(key("con", input.connection_id), input.expected_version)

    @mutation(connections.unblock_connection, payload=UnblockConnectionPayload)
    def unblock_connection(self, input: UnblockConnectionInput) -> Call[Any]:
        """Take the own block back (Blockierung aufheben)."""
        return connections.unblock_connection(key("con", input.connection_id), input.expected_version)
