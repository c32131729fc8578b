"""Everything that tenants have in the database, as one value that is the same as long as nothing changed."""

from collections.abc import Iterable
from uuid import UUID

import psycopg
from psycopg import sql

from persistence.roles import conninfo
from tenancy.settings import DatabaseUrls

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = 'public' AND relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1
"""
DIGEST = "SELECT count(*), md5(coalesce(string_agg(row::text, ' ' ORDER BY row::text), '')) FROM {} AS row"


def of(urls: DatabaseUrls, tenants: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[int, str]]:
    """The rows that each tenant's staff may read, table by table, digested; audit and idempotency keys among them."""
    found: dict[tuple[UUID, str], tuple[int, str]] = {}
    with psycopg.connect(conninfo(urls.app)) as connection:
        tables = [str(name) for (name,) in connection.execute(TABLES)]
        for tenant_id in tenants:
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant_id)])
            for table in tables:
                counted = connection.execute(sql.SQL(DIGEST).format(sql.Identifier(table))).fetchone()
                assert counted is not None
                found[tenant_id, table] = (int(counted[0]), str(counted[1]))
            connection.rollback()
    assert any(count for count, _ in found.values()), "nothing is seen, so nothing could be compared"
    return found
