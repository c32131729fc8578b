"""`kontor tenant`, `user`, `key`, `documents`: what an operator does in a tenant, through the product's operations."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.errors import CommandFailed
from cli.installation import Installation
from cli.places import one_of, place
from persistence import installation as database
from resolvers import directory, documents, number_ranges, organizations, relationships, users
from resolvers.organizations import NewOrganization
from resolvers.users import NewUser
from tenancy.founding import NewTenant, found_company, found_tenant

ROOT = "HQ"


@dataclass(frozen=True)
class Founding:
    """What the operator says of a new tenant."""

    name: str
    domain: str
    company: str
    currency: str
    time_zone: str


def listed(at: Installation) -> list[dict[str, Any]]:
    """Every tenant of the installation."""
    return [asdict(one) for one in database.tenants(at.urls.for_migrations())]


async def found(at: Installation, new: Founding) -> UUID:
    """Found a tenant with everything that each starts with: roles, types, number ranges, and the root of its tree."""
    owner = at.urls.for_migrations()
    if any(one.domain == new.domain for one in database.tenants(owner)):
        raise CommandFailed(f"There is a tenant with the domain {new.domain} already.")
    company_id = database.companies(owner).get(new.company) or await found_company(owner, new.company)
    tenant = NewTenant(new.name, new.domain, new.currency, new.time_zone)
    tenant_id = await found_tenant(owner, company_id, tenant)
    async with place(at, str(tenant_id)) as here:
        await here.run(users.deliver_roles())
        await here.run(relationships.deliver_relationship_types())
        await here.run(number_ranges.deliver_number_ranges())
        await here.run(organizations.create_organization(NewOrganization(ROOT, new.name, "SALES", None)))
    return tenant_id


async def people(at: Installation, tenant: str) -> list[dict[str, Any]]:
    """Everybody with an account in the tenant."""
    async with place(at, tenant) as here:
        found = await here.run(directory.members())
    return [{**asdict(one), "roles": ", ".join(one.roles)} for one in found]


@dataclass(frozen=True)
class NewPerson:
    """What the operator says of a new user: codes of roles and organizations, and who it is at the issuer."""

    issuer: str
    subject: str
    name: str
    email: str | None
    roles: Sequence[str]
    organizations: Sequence[str]


async def create_user(at: Installation, tenant: str, new: NewPerson) -> UUID:
    """Give a person an account as staff."""
    async with place(at, tenant) as here:
        known, tree = await here.run(directory.roles()), await here.run(directory.organizations())
        roles, places = one_of(new.roles, known, "role"), one_of(new.organizations, tree, "organization")
        user = NewUser("STAFF", new.issuer, new.subject, new.name, new.email, roles, places)
        return await here.run(users.create_user(user))


async def issue_key(at: Installation, tenant: str, name: str, roles: Sequence[str], days: int) -> users.IssuedKey:
    """Make an API key; its secret is told this once."""
    async with place(at, tenant) as here:
        known = await here.run(directory.roles())
        ends = datetime.now(UTC) + timedelta(days=days)
        return await here.run(users.issue_key(name, one_of(roles, known, "role"), ends))


async def revoke_key(at: Installation, tenant: str, key_id: UUID) -> None:
    """Let a key end now."""
    async with place(at, tenant) as here:
        known = {key.id: key for key in await here.run(directory.keys())}
        if key_id not in known:
            raise CommandFailed(f"{tenant} has no key {key_id}; `kontor key list` shows them.")
        await here.run(users.revoke_key(key_id, known[key_id].version))


async def keys(at: Installation, tenant: str) -> list[dict[str, Any]]:
    """The API keys of the tenant."""
    async with place(at, tenant) as here:
        return [asdict(key) for key in await here.run(directory.keys())]


async def push(at: Installation, tenant: str, audience: str, file: Path) -> tuple[int, int]:
    """Register the documents of a client; returns how many there are and how many of them are new."""
    texts = documents_in(file)
    _refuse_invalid(audience, texts)
    async with place(at, tenant) as here:
        return len(texts), await here.run(documents.register(audience, texts))


def documents_in(file: Path) -> list[str]:
    """The documents of a file as code generators write it: a list of texts, or texts by their SHA-256.

    Raises CommandFailed when it is neither.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CommandFailed(f"{file} is no JSON ({error}).") from error
    texts = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise CommandFailed(f"{file} is neither a list of documents nor documents by their hashes.")
    for named, text in found.items() if isinstance(found, dict) else ():
        digest = hashlib.sha256(text.encode()).hexdigest()
        if named.removeprefix("sha256:") != digest:
            raise CommandFailed(f"{file}: {named} is not the SHA-256 of its document, which is {digest}.")
    return texts


def _refuse_invalid(audience: str, texts: Sequence[str]) -> None:
    """Nothing is registered that could never be answered."""
    from graphql import GraphQLSyntaxError, parse, validate  # noqa: PLC0415

    from cli.schemas import of  # noqa: PLC0415  # the schema is heavy, and only this command needs it

    schema = of(audience)._schema  # noqa: SLF001
    for number, text in enumerate(texts, 1):
        try:
            faults = [error.message for error in validate(schema, parse(text))]
        except GraphQLSyntaxError as error:
            faults = [error.message]
        if faults:
            raise CommandFailed(f"Document {number} does not fit the {audience} schema: {faults[0]}")
