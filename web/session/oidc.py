"""The OpenID Connect code flow as a client: out to the provider and back, with PKCE, state and nonce.

What ties the answer to the browser that asked (state, nonce, verifier) travels in that browser's own cookie,
signed and for ten minutes: the server remembers nothing, so no flood of beginnings can fill it.
"""

import hmac
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteIntegration
from authlib.integrations.starlette_client.apps import StarletteOAuth2App
from httpx2 import HTTPError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from web import jwts
from web.jwts import RefusedToken, TrustedIssuer
from web.session.providers import Provider
from web.tokens import Identity, identity_of

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = 600
SCOPE = "openid profile email"
LEEWAY = 30


class SignInFailed(Exception):
    """The provider's answer does not sign anybody in; the text is a reason for the log."""


class CodeFlow:
    """Signs people in at one provider; `secret` signs the cookie and is the same in every worker."""

    def __init__(
        self, provider: Provider, secret: str, cookie: str, *, secure: bool, clock: Callable[[], float] = time.time
    ) -> None:
        self._provider = provider
        self._notes = URLSafeTimedSerializer(secret, salt="kontor-sign-in")
        self._cookie, self._secure, self._clock = cookie, secure, clock
        self._framework = StarletteIntegration("kontor")

    async def leave(self, request: Request, origin: str, callback: str, then: str, **wishes: str) -> Response:
        """Send the browser to the provider; it comes back to `callback` and then goes on to `then`."""
        client = await self._client(origin)
        session: dict[str, Any] = {}
        request.scope["session"] = session
        response: Response = await client.authorize_redirect(request, origin + callback, **wishes)
        response.headers["cache-control"] = "no-store"
        note = self._notes.dumps({"session": session, "then": then, "origin": origin})
        self._set(response, note, ATTEMPT_SECONDS, callback)
        return response

    async def arrive(self, request: Request) -> tuple[Identity, str]:
        """Return who came back, and where they wanted to go.

        Raises SignInFailed when this browser did not begin it, when anything was changed on the way, and when
        the provider refuses.
        """
        note = self._note(request)
        client = await self._client(note["origin"])
        self._check_sender(request, await self._provider.metadata(note["origin"]))
        request.scope["session"] = note["session"]
        try:
            token = await client.authorize_access_token(request)
        except (AuthlibBaseError, HTTPError, RefusedToken, ValueError, TypeError) as error:
            log.info("sign-in failed: %s", type(error).__name__)
            raise SignInFailed(type(error).__name__) from error
        identity = token.get("userinfo")
        if not isinstance(identity, Identity):
            raise SignInFailed("no ID token")
        return identity, note["then"]

    def forget(self, response: Response, callback: str) -> None:
        """Take the browser's note away: one answer, one sign-in."""
        self._set(response, "", 0, callback)

    def _note(self, request: Request) -> Any:
        try:
            return self._notes.loads(request.cookies.get(self._cookie, ""), max_age=ATTEMPT_SECONDS)
        except BadSignature as error:
            raise SignInFailed("another browser began it, or it took too long") from error

    def _check_sender(self, request: Request, metadata: Mapping[str, Any]) -> None:
        """RFC 9207: an answer that names its issuer must name ours; one that must name it, must."""
        named = request.query_params.get("iss")
        must = metadata.get("authorization_response_iss_parameter_supported") is True
        if (named is None and must) or (named is not None and named != metadata["issuer"]):
            raise SignInFailed("another issuer answered")

    def _set(self, response: Response, value: str, seconds: int, path: str) -> None:
        response.set_cookie(
            self._cookie,
            value,
            max_age=seconds,
            path="/" if self._secure else path,  # the __Host- prefix demands the root
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    async def _client(self, origin: str) -> "_Client":
        metadata = await self._provider.metadata(origin)
        known = ("issuer", "authorization_endpoint", "token_endpoint")
        options: dict[str, Any] = {"scope": SCOPE, "code_challenge_method": "S256", "timeout": 10}
        transport = self._provider.transport()
        if transport is not None:
            options["transport"] = transport
        client = _Client(
            self._framework,
            "kontor",
            client_id=self._provider.client_id,
            client_secret=self._provider.client_secret,
            client_kwargs=options,
            **{name: metadata[name] for name in known},
        )
        client.issuers = {one.url: one for one in self._provider.trusted()}
        client.clock = self._clock
        return client


class _Client(StarletteOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client, which believes an ID token only as strictly as the API believes an access token."""

    issuers: Mapping[str, TrustedIssuer]
    clock: Callable[[], float]

    async def parse_id_token(self, token: Mapping[str, Any], nonce: str, **_: object) -> Identity:
        """Return who the ID token speaks of; it must be for us, from this provider, and carry our nonce."""
        claims = await jwts.read(
            str(token["id_token"]), self.issuers, audience=self.client_id, leeway=LEEWAY, clock=self.clock
        )
        if claims["iss"] != self.server_metadata["issuer"]:
            raise RefusedToken("another issuer signed")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise RefusedToken("another nonce")
        if claims.get("azp", self.client_id) != self.client_id:
            raise RefusedToken("made for another client")
        return identity_of(claims, self.issuers[claims["iss"]], self.client_id)
