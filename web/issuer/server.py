"""The embedded issuer's OAuth 2.0 and OpenID Connect rules: Authlib's core, told about our people and codes.

Authlib takes http only on loopback, and the embedded issuer runs nowhere else, so the switch that would take
it everywhere (AUTHLIB_INSECURE_TRANSPORT) is never set.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import ECKey, KeySet

from web.issuer.clients import Client
from web.issuer.codes import Codes, Grant
from web.issuer.people import DemoPerson

TOKEN_SECONDS = 15 * 60
Answer = tuple[int, Any, list[tuple[str, str]]]

# At debug level Authlib writes tokens and verifiers to the log.
logging.getLogger("authlib").setLevel(logging.INFO)


class FormRequest(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """A request by its parameters, each given once."""

    def __init__(
        self, method: str, uri: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(method, uri, headers=headers or {})
        self.payload = BasicOAuth2Payload(dict(fields))

    @property
    def form(self) -> dict[str, str]:
        """Return the parameters of the body."""
        fields: dict[str, str] = self.payload.data
        return fields


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """The rules under one issuer address."""

    def __init__(self, url: str, audience: str, clients: Mapping[str, Client], codes: Codes, key: ECKey) -> None:
        super().__init__()
        self.clients, self.codes = clients, codes
        keys = KeySet([key])
        self.tokens = AccessTokens(url, audience, keys)
        self.register_token_generator("default", self.tokens)
        self.register_grant(CodeGrant, [ChallengeS256(required=True), IdTokens(url, keys)])
        self.register_grant(ServiceGrant)

    def query_client(self, client_id: str) -> Client | None:
        """Find an application."""
        return self.clients.get(client_id)

    def save_token(self, token: object, request: object) -> None:
        """Keep nothing: a token is its own record."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""

    def create_oauth2_request(self, request: FormRequest) -> FormRequest:
        """Take the request as it is."""
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        """Leave making a response to the routes."""
        return status, body, headers


class AccessTokens(JWTBearerTokenGenerator):  # type: ignore[misc]  # Authlib has no types
    """RFC 9068 access tokens that live a quarter of an hour (Authlib's own default would be ten days)."""

    def __init__(self, url: str, audience: str, keys: KeySet) -> None:
        super().__init__(issuer=url, alg="ES256", expires_generator=TOKEN_SECONDS)
        self._audience, self._keys = audience, keys

    def get_jwks(self) -> KeySet:
        """Return the set with the one key; from a set Authlib writes its id into the header."""
        return self._keys

    def get_audiences(self, client: Client, user: object, scope: object) -> str:  # noqa: ARG002  # Authlib's shape
        """Every token is for Kontor."""
        return self._audience

    def get_extra_claims(
        self,
        client: Client,
        grant_type: str,  # noqa: ARG002  # Authlib's shape
        user: DemoPerson | None,
        scope: str,  # noqa: ARG002  # Authlib's shape
    ) -> dict[str, object]:
        """Say for which tenant the token speaks, and who it is."""
        begin = {"nbf": int(time.time())}
        if user is None:
            return {**begin, "kontor_tenant": str(client.tenant_id), "name": client.title}
        return {**begin, **_about(user)}


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib has no types
    """ID tokens for the client that asked, with the nonce it gave."""

    def __init__(self, url: str, keys: KeySet) -> None:
        super().__init__(require_nonce=True)
        self._url, self._keys = url, keys

    def exists_nonce(self, nonce: str, request: object) -> bool:  # noqa: ARG002  # Authlib's shape
        """Never: a nonce is the client's to compare, and the code that carries it works once."""
        return False

    def resolve_client_private_key(self, client: Client) -> KeySet:  # noqa: ARG002  # Authlib's shape
        """Return the key that signs."""
        return self._keys

    def get_client_algorithm(self, client: Client) -> str:  # noqa: ARG002  # Authlib's shape
        """Return the algorithm of the key."""
        return "ES256"

    def get_client_claims(self, client: Client) -> dict[str, object]:
        """Say who tells it to whom, and until when."""
        now = int(time.time())
        return {"iss": self._url, "aud": [client.client_id], "iat": now, "exp": now + TOKEN_SECONDS}

    def generate_user_info(self, user: DemoPerson, scope: str) -> dict[str, object]:  # noqa: ARG002  # Authlib's shape
        """Tell about the person; in the demo nothing is private."""
        return {"sub": user.subject, "email_verified": True, **_about(user)}


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    """The code flow for public clients, over codes that every worker can read."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def generate_authorization_code(self) -> str:
        """Seal what was asked and who answered into the code."""
        fields = self.request.payload.data
        grant = Grant(
            client_id=self.request.client.client_id,
            redirect_uri=fields["redirect_uri"],
            scope=self.request.scope,
            nonce=fields.get("nonce", ""),
            code_challenge=fields["code_challenge"],
            person=self.request.user,
        )
        code: str = self.server.codes.seal(grant)
        return code

    def save_authorization_code(self, code: str, request: object) -> None:
        """Keep nothing: the code is its own record."""

    def query_authorization_code(self, code: str, client: Client) -> Grant | None:
        """Redeem the code."""
        grant: Grant | None = self.server.codes.redeem(code, client.client_id)
        return grant

    def delete_authorization_code(self, authorization_code: Grant) -> None:
        """Do nothing: redeeming used it up."""

    def authenticate_user(self, authorization_code: Grant) -> DemoPerson:
        """Return who chose to sign in."""
        return authorization_code.person


class ServiceGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """A service signs in as itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")


class ChallengeS256(CodeChallenge):  # type: ignore[misc]  # Authlib has no types
    """PKCE, demanded of every client and only with S256: no downgrade to `plain` or to nothing."""

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: object) -> None:
        """Refuse an authorization request without an S256 challenge."""
        fields = grant.request.payload.data
        if not fields.get("code_challenge") or fields.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with the method S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


def _about(person: DemoPerson) -> dict[str, object]:
    return {"kontor_tenant": str(person.tenant_id), "email": person.email, "name": person.name}
