"""The application over a database: what the parts are, and how they hang together."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute

from domain.refusals import Refusal
from persistence import alive, documents
from persistence.engine import Database
from resolvers import users
from schema import roots
from schema.endpoints import Endpoints
from tenancy.caller import Caller
from tenancy.operation import Operations
from tenancy.rights import Callers, Wish
from tenancy.settings import DatabaseUrls, Settings, signing_secret
from web.assembly import Audience, Parts, assemble
from web.budget import Allowance
from web.callers import Doorkeeper
from web.demo import WrittenPeople
from web.examples import Value, values_for
from web.health import Health
from web.identities import DEMO, embedded_issuer, identities
from web.issuer.people import DemoPerson
from web.site import page_routes
from web.tokens import Identity, Viewing
from web.whoami import WhoAmI


def application(settings: Settings, urls: DatabaseUrls) -> Starlette:
    """The whole application of one worker process; connections open when they are first needed."""
    return assemble(settings, House(settings, urls).parts())


def refuse_open_demo(settings: Settings) -> None:
    """Raise IssuerRefused when the demo would let anybody on the network in."""
    embedded_issuer(settings, WrittenPeople(settings.data_dir))


class House:
    """Everything of one worker, wired; nothing of it is open yet."""

    def __init__(self, settings: Settings, urls: DatabaseUrls) -> None:
        self.settings, self.urls = settings, urls
        self.database = Database(
            {"app": urls.app, "portal": urls.portal},
            pool_size=settings.pool_size,
            wait_seconds=settings.pool_wait_seconds,
            prepared_statements=settings.prepared_statements,
        )
        self.callers = Callers(self.database)
        self.operations = Operations(self.database, self.callers.again)
        self.endpoints = Endpoints(
            urls,
            self.operations,
            self.callers,
            secret=signing_secret(settings).encode(),
            pool_size=settings.pool_size,
            wait_seconds=settings.pool_wait_seconds,
            prepared=settings.prepared_statements,
            explains=settings.explain,
        )
        self.people = WrittenPeople(settings.data_dir) if settings.environment == DEMO else None
        self.identities = identities(settings, self.database, self.people)

    def parts(self) -> Parts:
        """What `assemble` puts together."""
        settings = self.settings
        return Parts(
            staff=self._staff(),
            portal=self._portal(),
            pages=self._pages,
            opened=[self._open()],
            checks={"database": partial(alive.answers, self.urls.app)},
            allowance=Allowance(
                size=settings.cost_budget,
                refill=settings.cost_refill,
                # no tenant ever holds all connections
                at_once=max(1, settings.pool_size * 3 // 4),
                patience=settings.pool_wait_seconds,
            ),
        )

    def _staff(self) -> Audience:
        return Audience(
            self.endpoints.staff,
            lambda: roots.staff().as_str(),
            Doorkeeper(self.identities.identify, self.callers, portal=False),
            partial(self._registered, "staff"),
        )

    def _portal(self) -> Audience:
        return Audience(
            self.endpoints.portal,
            lambda: roots.portal().as_str(),
            Doorkeeper(self.identities.identify, self.callers, portal=True),
            partial(self._registered, "portal"),
            only_trusted=self.settings.trusted_documents_only,
        )

    async def _registered(self, audience: str, caller: Caller, digest: str) -> str | None:
        async with self.database.transaction(caller.context(), read_only=True) as session:
            return await documents.text_of(session, audience, digest)

    def _pages(self, health: Health) -> Sequence[BaseRoute]:
        """The pages for people."""
        who = WhoAmI(self.callers, self.endpoints.staff, self.endpoints.portal, self.people)
        pages = page_routes(
            environment=self.settings.environment,
            people=self.people.all if self.people else _nobody,
            health=health.parts,
            health_address="/health/ready",
            values=self._example_values,
        )
        return [*pages, *self.identities.routes(who, self._view)]

    async def _view(self, identity: Identity, email: str) -> Viewing:
        """Let a person look at the tenant as the colleague with this address."""
        viewer = await self.callers.of(identity, Wish())
        try:
            viewed = await self.operations.run(viewer, users.view_as(email))
        except Refusal as refused:
            raise HTTPException(400, refused.message) from refused
        return Viewing(issuer=viewed.issuer, subject=viewed.subject, name=viewed.name, email=viewed.email)

    async def _example_values(self, request: Request) -> Mapping[str, Value]:
        """What the examples need to know of the tenant that the session belongs to."""
        session = await self.identities.sessions.of(request)
        tenant_id = None if session is None else session.identity.tenant_id
        return await to_thread.run_sync(values_for, self.settings.data_dir, tenant_id)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[None]:
        await self.endpoints.open()
        try:
            yield
        finally:
            await self.endpoints.close()
            await self.database.close()
            await self.identities.close()


async def _nobody() -> Sequence[DemoPerson]:
    """Outside the demo nobody is offered to sign in as."""
    return ()
