"""PostGraphile 5: how it is installed and started, and the words in which it is asked."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.data.building import Data
from benchmarks.documents import PAGES, Target, Variables, dealt
from benchmarks.options import Options
from benchmarks.serving import POOL

HERE = Path(__file__).parents[1] / "postgraphile"
MODULES = HERE / "node_modules"
NODE = MODULES / ".bin" / "node"
INSTALLED = MODULES / ".package-lock.json"
MISSING = "PostGraphile needs npm, which is not here: install it, or leave the contestant out with --contestants."


class NoNpmError(Exception):
    """PostGraphile cannot be installed; the message is one sentence."""


def install() -> None:
    """Install exactly what the lock file names, unless it is there. Raises NoNpmError."""
    if INSTALLED.exists() and _versions(INSTALLED) == _versions(HERE / "package-lock.json"):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NoNpmError(MISSING)
    done = subprocess.run([npm, "ci"], cwd=HERE, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    if done.returncode != 0:
        raise NoNpmError(f"`npm ci` failed in benchmarks/postgraphile: {done.stderr.strip().splitlines()[-1]}")


def command() -> list[str | Path]:
    """The server, on the Node.js that npm brought."""
    return [NODE, HERE / "server.js"]


def environment(data: Data, options: Options, port: int) -> dict[str, str]:
    """What the server is told."""
    socket = make_url(data.server.urls.app).query["host"]
    return {
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "PORT": str(port),
        "WORKERS": str(options.workers),
        POOL: str(options.pool),
        "PGHOST": str(socket),
        "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text())["packages"]
    return {name: one["version"] for name, one in packages.items() if name and not one.get("optional")}


PRODUCTS = """products: offerProductsByTenantIdAndOfferIdList(orderBy: [POSITION_ASC]) {
          id: rowId position internalTitle productType quantity priceMinor currency
        }"""

OFFER = f"id: rowId internalTitle currency termMonths {PRODUCTS}"

DOCUMENTS: Mapping[str, str] = {
    "Q1": """
query Q1($tenant: UUID!, $id: UUID!) {
  partner: partnerByTenantIdAndRowId(tenantId: $tenant, rowId: $id) {
    id: rowId number type displayName firstName lastName name searchTerm language affiliation blocked createdAt
  }
}
""",
    "Q2": """
query Q2($after: Cursor) {
  partners: allPartners(
    first: 50, after: $after, orderBy: [NAME_KEY_ASC, ROW_ID_ASC]
  ) {
    nodes {
      id: rowId number type displayName searchTerm language blocked version createdAt
      addresses: partnerAddressesByTenantIdAndPartnerIdList(orderBy: [POSITION_ASC]) {
        position street postalCode city countryCode
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    "Q3": f"""
query Q3($tenant: UUID!, $id: UUID!) {{
  cart: cartByTenantIdAndRowId(tenantId: $tenant, rowId: $id) {{
    id: rowId internalTitle currency state createdAt
    items: cartItemsByTenantIdAndCartIdList(orderBy: [POSITION_ASC]) {{
      id: rowId position option
      offer: offerByTenantIdAndOfferId {{ {OFFER} }}
      externalOffer {{ {OFFER} }}
    }}
  }}
}}
""",
    "F": """
query F($tenant: UUID!, $after: Cursor) {
  allExternalOffers: allOffers(
    first: 50, after: $after, orderBy: [TITLE_KEY_ASC, ROW_ID_ASC]
    condition: { sharedTenantId: $tenant, state: "ACTIVE" }
  ) {
    nodes {
      id: rowId internalTitle offerType currency termMonths sellable: onSale
      products: offerProductsByTenantIdAndOfferIdList(orderBy: [POSITION_ASC]) {
        position internalTitle quantity priceMinor currency
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    "Q4": "{ __typename }",
    "M1": """
mutation M1($input: CreateCartItemInput!) {
  addCartItem: createCartItem(input: $input) { item: cartItem { id: rowId position option } }
}
""",
}


class Words:
    """PostGraphile's names for the same things."""

    pages = PAGES
    documents = DOCUMENTS

    def variables(self, query: str, of: Target) -> Sequence[Variables]:
        """Ids without prefixes; primary keys begin with the tenant."""
        match query:
            case "Q1":
                return [{"tenant": of.id, "id": id_} for id_ in of.partners]
            case "Q3":
                return [{"tenant": of.id, "id": id_} for id_ in of.carts]
            case "M1":
                return [{"input": self._item(of.id, cart, offer)} for cart, offer in dealt(of.filled, of.offers)]
        return [{}]

    def page(self, query: str, of: Target, after: str | None) -> Variables:
        """The feed is asked for by its reader, since row security alone would mix in the own offers."""
        return {"after": after, **({"tenant": of.id} if query == "F" else {})}

    def _item(self, tenant: str, cart: str, offer: str) -> Variables:
        """A row to insert: no default makes its id, and nobody counts its position."""
        keys = {"tenantId": tenant, "cartId": cart, "offerId": offer}
        return {"cartItem": {**keys, "rowId": "{u}", "position": "{p}"}}
