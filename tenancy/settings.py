"""What an operator may set: one variable KONTOR_… each, with the sentence that documents it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "KONTOR_"
PORTAL_ROLE = "kontor_portal"
DRIVER = "postgresql+psycopg"
SHORTEST_SECRET = 32

Environment: TypeAlias = Literal["demo", "development", "production"]
Words: TypeAlias = Annotated[list[str], NoDecode]


class InvalidSettings(Exception):
    """What is set cannot be used; the message is one sentence for each fault, one a line."""


@dataclass(frozen=True)
class DatabaseUrls:
    """The three doors of one database as SQLAlchemy addresses; `owner` is None where nobody may migrate."""

    owner: str | None
    app: str
    portal: str

    def for_migrations(self) -> str:
        """Answer the owner's address, or raise `InvalidSettings`: only the owner of the tables migrates."""
        if self.owner is None:
            raise InvalidSettings("KONTOR_OWNER_DATABASE_URL is not set, so this installation cannot migrate.")
        return self.owner


def for_libpq(url: str) -> str:
    """Answer an SQLAlchemy address as libpq reads it."""
    return url.replace(f"{DRIVER}://", "postgresql://", 1)


def _data_home() -> Path:
    """The user's data home by the XDG rule, which ignores relative paths."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "kontor"


def _own_address(others: dict[str, Any]) -> str:
    host = str(others.get("host"))
    return f"http://{f'[{host}]' if ':' in host else host}:{others.get('port')}"


class Settings(BaseSettings):
    """Everything an installation can set, read from the environment only (no `.env` file)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, env_ignore_empty=True, frozen=True)

    environment: Environment = Field(
        default="production",
        description="What this installation is: `demo` and `development` allow what production refuses.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="The database as the application role: postgresql+psycopg://kontor_app:…@host/kontor. "
        "Unset: an embedded PostgreSQL under the data folder.",
    )
    portal_database_url: str | None = Field(
        default=None,
        repr=False,
        description="The same database as the portal's role. "
        "Unset: KONTOR_DATABASE_URL with the user kontor_portal and the same password.",
    )
    owner_database_url: str | None = Field(
        default=None,
        repr=False,
        description="The same database as the owner of the tables, for `kontor migrate` only. "
        "Unset beside KONTOR_DATABASE_URL: this installation cannot migrate.",
    )
    data_dir: Path = Field(
        default_factory=_data_home,
        description="The folder of the embedded database and of local keys. "
        "Unset: $XDG_DATA_HOME/kontor or ~/.local/share/kontor.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port to listen on.")
    public_url: str = Field(
        default_factory=_own_address,
        description="The address that browsers and identity providers use. Unset: http://host:port.",
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4),
        ge=1,
        le=256,
        description="Web worker processes. Unset: one a processor core, four at most.",
    )
    pool_size: int = Field(
        default=10, ge=1, le=1000, description="Database connections a worker process keeps for each role."
    )
    pool_wait_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Seconds a request waits for a free connection before it gets 503.",
    )
    statement_timeout_ms: int = Field(
        default=5000,
        ge=100,
        le=600_000,
        description="Milliseconds after which PostgreSQL cancels a statement.",
    )
    prepared_statements: bool = Field(
        default=True,
        description="Prepare statements on the server. Set to false behind PgBouncer before 1.21 in transaction mode.",
    )
    oidc_issuers: Words = Field(
        default=[],
        description="Issuers of identities whose tokens are accepted; addresses with commas between.",
    )
    oidc_audience: str = Field(default="kontor", description="The audience that a token must name.")
    oidc_client_id: str | None = Field(
        default=None, description="The client that the playground's sign-in uses at the first issuer."
    )
    oidc_client_secret: str | None = Field(
        default=None, repr=False, description="That client's secret. Unset: a public client with PKCE."
    )
    session_secret: str | None = Field(
        default=None,
        repr=False,
        description="Signs cursors of pages and sign-ins under way; 32 characters at least, the same for every worker "
        "and machine. Required in production.",
    )
    cors_origins: Words = Field(
        default=[], description="Origins of single-page applications that may call; with commas between."
    )
    trusted_documents_only: bool = Field(
        default_factory=lambda others: others.get("environment") == "production",
        description="The portal answers registered documents only. Unset: true in production.",
    )
    explain: bool = Field(
        default_factory=lambda others: others.get("environment") != "production",
        description="Tell administrators who ask for it how a query was run: statement, plan and time. "
        "Unset: false in production.",
    )
    cost_budget: int = Field(
        default=100_000, ge=1000, description="Points a tenant may spend at once, over all workers."
    )
    cost_refill: int = Field(
        default=5000, ge=1, description="Points a second that a tenant gets back, over all workers."
    )
    drain_seconds: float = Field(
        default=2.0,
        ge=0,
        le=60,
        description="Seconds a stopping server goes on accepting, so that a load balancer can look away.",
    )
    trusted_proxies: Words = Field(
        default=[],
        description="Addresses of reverse proxies whose X-Forwarded-For and -Proto count; with commas between.",
    )
    metrics_token: str | None = Field(
        default=None,
        repr=False,
        description="Bearer token that may read /metrics from elsewhere. Unset: this machine only.",
    )
    log_file: Path | None = Field(
        default=None,
        description="The file that log lines are added to. Unset: standard error; `kontor demo` takes "
        "kontor.log in the data folder, so that its own words can be read.",
    )

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url is None

    @field_validator("database_url", "portal_database_url", "owner_database_url")
    @classmethod
    def _postgresql_by_psycopg(cls, value: str | None) -> str | None:
        return None if value is None else _with_driver(value)

    @field_validator("oidc_issuers", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [word.strip() for word in value.split(",") if word.strip()]

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("public_url")
    @classmethod
    def _without_trailing_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("session_secret")
    @classmethod
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None and len(value) < SHORTEST_SECRET:
            raise ValueError(f"is too short: {SHORTEST_SECRET} characters at least")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.environment == "production" and self.session_secret is None:
            raise ValueError(
                f"KONTOR_SESSION_SECRET is required in production: "
                f"{SHORTEST_SECRET} random characters or more, the same for every worker."
            )
        if self.database_url is None and (self.owner_database_url or self.portal_database_url):
            raise ValueError(
                "KONTOR_DATABASE_URL is not set, but another database address is: set all of them or none."
            )
        return self


def load(**given: Any) -> Settings:
    """Read the environment; `given` values win over it.

    Raises `InvalidSettings` with one sentence for each fault.
    """
    try:
        return Settings(**given)
    except ValidationError as faults:
        raise InvalidSettings("\n".join(_sentences(faults))) from None


def database_urls(settings: Settings) -> DatabaseUrls:
    """Answer the addresses of an own server; the embedded server makes its own (`EmbeddedServer.urls`).

    Raises `InvalidSettings` when no own server is set.
    """
    if settings.database_url is None:
        raise InvalidSettings("KONTOR_DATABASE_URL is not set, so there is no PostgreSQL server to go to.")
    portal = settings.portal_database_url or _as_role(settings.database_url, PORTAL_ROLE)
    return DatabaseUrls(owner=settings.owner_database_url, app=settings.database_url, portal=portal)


def signing_secret(settings: Settings) -> str:
    """Answer the secret that signs sessions.

    Outside production, where none must be set, it is made once and kept in the data folder, so that
    every worker and the next start sign alike.
    """
    if settings.session_secret is not None:
        return settings.session_secret
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    kept = settings.data_dir / "session-secret"
    if not kept.exists():
        _keep_once(kept, secrets.token_urlsafe(48))
    return kept.read_text("ascii")


def documentation() -> list[tuple[str, str, str]]:
    """Answer (variable, default, description) of every setting, in the order of this file."""
    return [
        (f"{PREFIX}{name.upper()}", _default_text(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _default_text(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, (str, int, float)) else ""


def _with_driver(address: str) -> str:
    """Name the one driver in an address that leaves it open."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise ValueError(f"is no address like {DRIVER}://user:password@host/database") from None
    if url.drivername not in {DRIVER, "postgresql", "postgres"}:
        raise ValueError(f"must begin with {DRIVER}:// (PostgreSQL by psycopg is the one database)")
    if not url.username or not url.database:
        raise ValueError(f"must name a user and a database, like {DRIVER}://user:password@host/database")
    return url.set(drivername=DRIVER).render_as_string(hide_password=False)


def _as_role(address: str, role: str) -> str:
    return make_url(address).set(username=role).render_as_string(hide_password=False)


def _sentences(faults: ValidationError) -> list[str]:
    """Name each fault once; a default that waits for a faulty value is none of its own."""
    found = faults.errors(include_url=False, include_input=False)
    return [_sentence(fault) for fault in found if fault["type"] != "default_factory_not_called"]


def _sentence(fault: ErrorDetails) -> str:
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    return f"{PREFIX}{str(fault['loc'][0]).upper()}: {message}{'' if message.endswith('.') else '.'}"


def _keep_once(path: Path, text: str) -> None:
    """Write a private file whole or not at all; of two writers the first one wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_text(text, "ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another worker was first, and its secret is as good
    finally:
        draft.unlink()
