"""Bearer tokens: minted for Kontor's embedded issuer, and verified once by the contestants that are not Kontor."""

import json
import os
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

from benchmarks.data.founding import Founded
from web.issuer import DemoPerson, EmbeddedIssuer
from web.tokens import TENANT_CLAIM

KEY_FILE = "BENCH_KEY_FILE"
"""The environment variable that names the public key's file."""


class Nobody:
    """Whoever mints names the person."""

    async def all(self) -> list[DemoPerson]:
        """Nobody."""
        return []

    async def by_email(self, email: str) -> DemoPerson | None:
        """Nobody."""


def mint(folder: Path, url: str, tenants: list[Founded]) -> list[str]:
    """A fresh token for each tenant's administrator, of the issuer at this address; good for a quarter of an hour."""
    issuer = EmbeddedIssuer(environment="demo", public_url=url, data_dir=folder, people=Nobody())
    return [issuer.mint(tenant.person) for tenant in tenants]


def publish_key(folder: Path) -> Path:
    """Write the public half of the issuer's key beside it, for contestants that verify by themselves."""
    secret = ECKey.import_key(json.loads((folder / "issuer-key.json").read_text()))
    public = folder / "issuer-public.json"
    public.write_text(json.dumps(secret.as_dict(private=False)))
    return public


class Verifier:
    """Tells the tenant of an `Authorization` header; a token is verified the first time it is seen."""

    def __init__(self) -> None:
        self._key = ECKey.import_key(json.loads(Path(os.environ[KEY_FILE]).read_text()))
        self._known: dict[bytes, str] = {}

    def tenant(self, header: bytes) -> str:
        """The tenant's id. Raises JoseError for a token that is not the issuer's."""
        known = self._known.get(header)
        if known is None:
            token = header.removeprefix(b"Bearer ").decode()
            claims = jwt.decode(token, self._key, algorithms=["ES256"]).claims
            known = self._known[header] = str(claims[TENANT_CLAIM])
        return known
