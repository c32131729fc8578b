"""Authorization codes that any worker can redeem, once, within a minute.

A code is a signed note of what was asked and who answered, so no worker needs another's memory; that it was
redeemed is a file of its name, made in the one way that can succeed only once.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from web.issuer.people import DemoPerson

log = logging.getLogger(__name__)

LIFETIME_SECONDS = 60
FOLDER = "issuer-codes"
TYPE = "kontor-code+jwt"
PURPOSE = "kontor-authorization-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a code stands for, in the shape in which Authlib asks about it."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    person: DemoPerson
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        """Return the address the code was sent to."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """Return the granted scopes."""
        return self.scope

    def get_nonce(self) -> str:
        """Return what ties the ID token to the browser that asked."""
        return self.nonce

    def get_auth_time(self) -> None:
        """Return nothing: nobody proves anything here."""

    def get_acr(self) -> None:
        """Return nothing, as above."""

    def get_amr(self) -> None:
        """Return nothing, as above."""


class Codes:
    """Makes and redeems codes for all workers that share the key and the directory."""

    def __init__(self, key: ECKey, data_dir: Path, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._folder = data_dir / FOLDER
        self._clock = clock

    def seal(self, grant: Grant) -> str:
        """Return a code for the grant."""
        person = grant.person
        claims = {
            "aud": PURPOSE,
            "jti": secrets.token_hex(16),
            "exp": int(self._clock()) + LIFETIME_SECONDS,
            "client_id": grant.client_id,
            "redirect_uri": grant.redirect_uri,
            "scope": grant.scope,
            "nonce": grant.nonce,
            "challenge": grant.code_challenge,
            "person": [person.subject, person.name, person.email, str(person.tenant_id)],
            "labels": [person.tenant_name, person.role, person.kind],
        }
        return jwt.encode({"alg": "ES256", "typ": TYPE}, claims, self._key)

    def redeem(self, code: str, client_id: str) -> Grant | None:
        """Return what the code stands for, the first time its own client shows it; None ever after.

        Also a first try with a wrong verifier uses it up, so nobody gets to guess.
        """
        claims = self._claims(code)
        if claims is None or claims["client_id"] != client_id or not self._first_time(claims["jti"]):
            return None
        subject, name, email, tenant_id = claims["person"]
        tenant_name, role, kind = claims["labels"]
        return Grant(
            client_id=client_id,
            redirect_uri=claims["redirect_uri"],
            scope=claims["scope"],
            nonce=claims["nonce"],
            code_challenge=claims["challenge"],
            person=DemoPerson(
                subject=subject,
                name=name,
                email=email,
                tenant_id=UUID(tenant_id),
                tenant_name=tenant_name,
                role=role,
                kind=kind,
            ),
        )

    def _claims(self, code: str) -> jwt.Claims | None:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            exp={"essential": True},
            aud={"essential": True, "value": PURPOSE},
        )
        try:
            token = jwt.decode(code, self._key, algorithms=["ES256"])
            registry.validate(token.claims)
        except (JoseError, ValueError):
            return None
        return token.claims

    def _first_time(self, name: str) -> bool:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        try:
            (self._folder / name).touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            log.warning("an authorization code was shown a second time")
            return False
        return True

    def _sweep(self) -> None:
        """Remove the marks of codes that are long over; the clock of the file system counts, with a margin."""
        for mark in self._folder.iterdir():
            try:
                if time.time() - mark.stat().st_mtime > 10 * LIFETIME_SECONDS:
                    mark.unlink()
            except FileNotFoundError:
                continue  # another worker swept it
