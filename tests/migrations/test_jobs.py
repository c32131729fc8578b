"""The job queue's tables: what the library's history makes is what the library works with."""

from importlib import resources

import psycopg

from persistence.roles import conninfo
from tenancy.settings import DatabaseUrls
from tests import _migrated, _postgres

SHAPE = r"""
    SELECT 'value', format('%s %s', typname, string_agg(enumlabel, ' ' ORDER BY enumsortorder))
    FROM pg_enum JOIN pg_type t ON t.oid = enumtypid WHERE typnamespace = 'jobs'::regnamespace GROUP BY typname
    UNION ALL SELECT 'column', format('%s.%s %s', table_name, column_name, udt_name)
    FROM information_schema.columns WHERE table_schema = 'jobs'
    UNION ALL SELECT 'function', oid::regprocedure::text || md5(regexp_replace(prosrc, '\s|--[^\n]*', '', 'g'))
    FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace AND proname <> 'wake'
    UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'jobs'
    UNION ALL SELECT 'trigger', pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'jobs'::regnamespace AND NOT tgisinternal
    ORDER BY 1, 2
"""


def shape(urls: DatabaseUrls) -> list[str]:
    with psycopg.connect(conninfo(urls.for_migrations())) as connection:
        return [f"{kind} {what}" for kind, what in connection.execute(SHAPE)]


def test_the_queue_has_the_tables_types_and_functions_of_the_library_in_use() -> None:
    script = resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8")
    given = _postgres.empty()
    with psycopg.connect(conninfo(given.for_migrations())) as connection:
        connection.execute("CREATE SCHEMA jobs")
        connection.execute("SET LOCAL search_path TO jobs")
        connection.execute(script.encode())
    with _migrated.database() as migrated:
        assert shape(migrated) == shape(given)
    _postgres.drop(given)
