"""Commands that set an installation up: each opens it, does one thing, and says what came of it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cli import output, tenants
from cli.choices import settings_of_tool
from cli.errors import CommandFailed
from cli.installation import installation, wait_for
from cli.installation import migrate as bring_up
from cli.tenants import Founding, NewPerson
from migrations import run
from persistence import roles

AUDIENCES = ("staff", "portal")


def migrate(*, data: Path | None, sql: bool) -> None:
    """Bring the tables to this version, or print how."""
    if sql:
        run.sql(sys.stdout)
        return
    with installation(settings_of_tool(data)) as at:
        changed = bring_up(at)
    output.say(f"The tables {'are now' if changed else 'were already'} at revision {run.heads()[0]}.")


def roles_sql(database: str) -> None:
    """Print what a database administrator runs once."""
    output.result(roles.bootstrap_sql(database))


def show_tenants(data: Path | None, *, as_json: bool) -> None:
    """All tenants."""
    with installation(settings_of_tool(data)) as at:
        found = tenants.listed(at)
    output.rows("Tenants", ("name", "domain", "currency", "company", "id"), found, as_json=as_json)


def found_tenant(data: Path | None, new: Founding, *, as_json: bool) -> None:
    """A new tenant."""
    with installation(settings_of_tool(data)) as at:
        tenant_id = wait_for(tenants.found(at, new))
    output.made({"id": tenant_id}, f"Founded {new.name}; give it an administrator with `kontor user create`.", as_json)


def show_users(data: Path | None, tenant: str, *, as_json: bool) -> None:
    """Everybody with an account."""
    with installation(settings_of_tool(data)) as at:
        found = wait_for(tenants.people(at, tenant))
    output.rows("Users", ("name", "email", "kind", "roles", "disabled_at", "id"), found, as_json=as_json)


def create_user(data: Path | None, tenant: str, new: NewPerson, *, as_json: bool) -> None:
    """A new account."""
    with installation(settings_of_tool(data)) as at:
        user_id = wait_for(tenants.create_user(at, tenant, new))
    output.made({"id": user_id}, f"{new.name} can sign in at {new.issuer} from now on.", as_json)


def show_keys(data: Path | None, tenant: str, *, as_json: bool) -> None:
    """All API keys."""
    with installation(settings_of_tool(data)) as at:
        found = wait_for(tenants.keys(at, tenant))
    output.rows("API keys", ("name", "expires_at", "revoked_at", "last_used_at", "id"), found, as_json=as_json)


def issue_key(data: Path | None, tenant: str, name: str, held: Sequence[str], days: int, *, as_json: bool) -> None:
    """A new API key: the secret alone on stdout, or with its id for programs."""
    with installation(settings_of_tool(data)) as at:
        key = wait_for(tenants.issue_key(at, tenant, name, held, days))
    if as_json:
        output.result(json.dumps({"id": str(key.id), "secret": key.secret}))
        return
    output.say(f"Key {key.id}, good for {days} days; its secret is shown this once:")
    output.result(key.secret)


def revoke_key(data: Path | None, tenant: str, key_id: UUID) -> None:
    """The end of an API key."""
    with installation(settings_of_tool(data)) as at:
        wait_for(tenants.revoke_key(at, tenant, key_id))
    output.say(f"Key {key_id} has ended.")


def push_documents(data: Path | None, tenant: str, audience: str, file: Path) -> None:
    """A client's documents become trusted."""
    if audience not in AUDIENCES:
        raise CommandFailed(f"{audience} is no audience: documents are for {' or '.join(AUDIENCES)}.")
    with installation(settings_of_tool(data)) as at:
        count, new = wait_for(tenants.push(at, tenant, audience, file))
    output.say(f"{count} documents are registered for the {audience}; {new} of them are new.")
