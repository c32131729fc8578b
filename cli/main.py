"""The command line: what can be said to Kontor, in words; what happens is told by the modules beside this one.

Each command imports what it needs when it runs, so that `kontor token` does not wait for a whole server.
"""

import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder (KONTOR_DATA_DIR).")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The port (KONTOR_PORT; 8000).")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Web worker processes (KONTOR_WORKERS).")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
InTenant = Annotated[str, typer.Option("--tenant", help="Id, domain or name of the tenant.")]
Codes = Annotated[list[str], typer.Option("--role", help="Code of a role; may be given again.")]

INTERRUPTED = 130

app = typer.Typer(
    name="kontor",
    help="The sales backend that a group of companies shares.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
tenant = typer.Typer(help="Tenants (Mandanten).", no_args_is_help=True)
user = typer.Typer(help="Users of a tenant.", no_args_is_help=True)
key = typer.Typer(help="API keys of a tenant.", no_args_is_help=True)
documents = typer.Typer(help="Trusted documents of a client.", no_args_is_help=True)
database = typer.Typer(help="The database server.", no_args_is_help=True)
for name, group in (("tenant", tenant), ("user", user), ("key", key), ("documents", documents), ("database", database)):
    app.add_typer(group, name=name)


def main() -> None:
    """Run a command; an error that was to be expected is one sentence on stderr and exit code 1."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        from cli.explaining import sentence_of

        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(f"kontor: {sentence}", file=sys.stderr)
        sys.exit(1)


@app.callback(invoke_without_command=True)
def kontor(
    *, version: Annotated[bool, typer.Option("--version", help="Say which version this is.", is_eager=True)] = False
) -> None:
    if version:
        print(f"kontor {metadata.version('kontor')}")
        raise typer.Exit


@app.command()
def demo(
    port: Port = None,
    data: Data = None,
    small: Annotated[bool, typer.Option("--small", help="A small world, in seconds.")] = False,
    workers: Workers = None,
) -> None:
    """Set up a database and a demo world when they are missing, and serve them."""
    from cli import demo as at_once

    at_once.demo(port=port, data=data, small=small, workers=workers)


@app.command()
def serve(port: Port = None, data: Data = None, workers: Workers = None) -> None:
    """Serve what the settings (KONTOR_…) name, with a worker for jobs beside."""
    from cli import running

    running.serve(port=port, data=data, workers=workers)


@app.command()
def worker(data: Data = None) -> None:
    """Take jobs only, beside servers on other machines."""
    from cli import running

    running.work(data=data)


@app.command()
def stop(data: Data = None) -> None:
    """Stop what serves from a data folder, its database included."""
    from cli import running

    running.stop(data=data)


@app.command()
def reset(
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Also when the data is not a demo's.")] = False,
) -> None:
    """Remove a demo with all its data."""
    from cli import running

    running.reset(data=data, yes=yes)


@app.command()
def migrate(
    data: Data = None, sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead of running it.")] = False
) -> None:
    """Bring the tables to this version, as their owner (KONTOR_OWNER_DATABASE_URL)."""
    from cli import setup

    setup.migrate(data=data, sql=sql)


@app.command()
def doctor(data: Data = None, as_json: AsJson = False) -> None:
    """Say in a list what works; exit code 1 when something does not."""
    from cli import doctor as surgery
    from cli import output

    found = surgery.examine(data)
    output.findings(surgery.as_rows(found), as_json=as_json)
    if not surgery.is_well(found):
        raise typer.Exit(1)


@app.command()
def token(
    person: Annotated[str, typer.Option("--person", metavar="EMAIL", help="Somebody of the demo.")],
    data: Data = None,
    port: Port = None,
    in_tenant: Annotated[str | None, typer.Option("--tenant", help="For somebody who is in several.")] = None,
) -> None:
    """Print a bearer token of somebody of the demo, good for a quarter of an hour."""
    from cli import tokens

    print(tokens.token(person=person, data=data, port=port, tenant=in_tenant))


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="Only say whether the files are up to date.")] = False,
) -> None:
    """Print the two schemas to schema/staff.graphql and schema/portal.graphql."""
    from cli import schemas

    (schemas.check if check else schemas.write)()


@app.command()
def bench(
    short: Annotated[
        bool, typer.Option("--short", help="Little data, a minute, without npm; fails when far off.")
    ] = False,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data (.kontor-bench).")] = None,
    tenants: Annotated[int | None, typer.Option("--tenants", min=4, help="Tenants that are founded (200).")] = None,
    partners: Annotated[int | None, typer.Option("--partners", min=1, help="Partners of all (1,000,000).")] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", min=1, help="Rounds over all contestants (5).")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", min=1, help="Seconds of a cell (6).")] = None,
    queries: Annotated[str | None, typer.Option("--queries", help="Some of Q1,Q2,Q3,F,Q4,M1,M2.")] = None,
    contestants: Annotated[
        str | None, typer.Option("--contestants", help="Some of limit,kontor,postgraphile,strawberry.")
    ] = None,
    scale: Annotated[bool, typer.Option("--scale", help="Instead: Kontor only, on sets of several sizes.")] = False,
    steps: Annotated[
        str | None, typer.Option("--steps", metavar="TENANTSxPARTNERS,…", help="The sets of --scale.")
    ] = None,
    memory: Annotated[bool, typer.Option("--memory", help="Instead: a worker's memory and its starts.")] = False,
    requests: Annotated[int | None, typer.Option("--requests", min=1, help="Of --memory (100,000).")] = None,
    imports: Annotated[bool, typer.Option("--import", help="Instead: how fast partners are taken in.")] = False,
) -> None:
    """Measure Kontor beside others, or by itself, in a checkout: benchmarks/REPORT.md."""
    from cli import bench as race
    from cli.errors import CommandFailed

    if [short, scale, memory, imports].count(True) > 1:
        raise CommandFailed("Give one of --short, --scale, --memory and --import.")
    if scale or steps:
        race.scale(steps=steps, data=data, seconds=seconds)
        return
    if memory or requests:
        race.memory(requests=requests, data=data)
        return
    if imports:
        race.imports(data=data)
        return
    race.bench(
        short=short,
        data=data,
        tenants=tenants,
        partners=partners,
        rounds=rounds,
        seconds=seconds,
        queries=queries,
        contestants=contestants,
    )


@database.command("roles")
def database_roles(
    name: Annotated[str, typer.Option("--database", help="The name of the database.")] = "kontor",
) -> None:
    """Print the SQL with which a database administrator makes roles and database."""
    from cli import setup

    setup.roles_sql(name)


@tenant.command("list")
def tenant_list(data: Data = None, as_json: AsJson = False) -> None:
    """Show all tenants."""
    from cli import setup

    setup.show_tenants(data, as_json=as_json)


@tenant.command("found")
def tenant_found(
    name: Annotated[str, typer.Option("--name", help="Its name.")],
    domain: Annotated[str, typer.Option("--domain", help="Its internet domain.")],
    company: Annotated[str, typer.Option("--company", help="Its contracting company; founded when it is new.")],
    currency: Annotated[str, typer.Option("--currency", help="Its main currency.")] = "EUR",
    time_zone: Annotated[str, typer.Option("--time-zone", help="Where its days begin.")] = "Europe/Berlin",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Found a tenant with roles, number ranges and the root of its sales organizations."""
    from cli import setup
    from cli.tenants import Founding

    setup.found_tenant(data, Founding(name, domain, company, currency, time_zone), as_json=as_json)


@user.command("list")
def user_list(in_tenant: InTenant, data: Data = None, as_json: AsJson = False) -> None:
    """Show everybody with an account."""
    from cli import setup

    setup.show_users(data, in_tenant, as_json=as_json)


@user.command("create")
def user_create(
    in_tenant: InTenant,
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    issuer: Annotated[str, typer.Option("--issuer", help="Who vouches for the person (KONTOR_OIDC_ISSUERS).")],
    subject: Annotated[str, typer.Option("--subject", help="Who the person is there (claim sub).")],
    role: Codes,
    email: Annotated[str | None, typer.Option("--email")] = None,
    organization: Annotated[
        list[str] | None, typer.Option("--organization", help="Code of a place to act for; may be given again.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Give a person of the staff an account."""
    from cli import setup
    from cli.tenants import NewPerson

    new = NewPerson(issuer, subject, name, email, role, organization or ["HQ"])
    setup.create_user(data, in_tenant, new, as_json=as_json)


@key.command("list")
def key_list(in_tenant: InTenant, data: Data = None, as_json: AsJson = False) -> None:
    """Show the API keys, without their secrets."""
    from cli import setup

    setup.show_keys(data, in_tenant, as_json=as_json)


@key.command("issue")
def key_issue(
    in_tenant: InTenant,
    name: Annotated[str, typer.Option("--name", help="What the key is for.")],
    role: Codes,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long it is good.")] = 90,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key; its secret is printed this once."""
    from cli import setup

    setup.issue_key(data, in_tenant, name, role, days, as_json=as_json)


@key.command("revoke")
def key_revoke(in_tenant: InTenant, key_id: Annotated[UUID, typer.Argument(metavar="ID")], data: Data = None) -> None:
    """Let an API key end now."""
    from cli import setup

    setup.revoke_key(data, in_tenant, key_id)


@documents.command("push")
def documents_push(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    in_tenant: InTenant,
    audience: Annotated[str, typer.Option("--audience", help="staff or portal")],
    data: Data = None,
) -> None:
    """Register a client's documents (JSON of Relay or graphql-codegen: texts, or texts by their hashes)."""
    from cli import setup

    setup.push_documents(data, in_tenant, audience, file)
