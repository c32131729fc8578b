"""The schema rules of a tenant database, each as a question to the catalogue, and a change that breaks it.

A query answers one text per offender; the rule holds when it answers none.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

GLOBAL = ("contracting_company", "tenant", "connection", "connection_answer")
"""Copied to every node of a cluster: what stands above tenants, or between two."""

INDEX_OF_ITS_OWN_KIND = {
    "ix_membership_issuer_subject": "who signs in is looked up before the tenant is known",
}
"""Indexes of tenant tables that need not begin with a tenant, and why."""

OPEN_WORDS = {
    "audit_entry.subject_type": "the name of a table",
    "joint_event.kind": "grows with every joint operation",
}
"""Columns whose names sound like an enumeration and that are none, and why."""

PARAMETERS = {"global": list(GLOBAL), "odd_indexes": list(INDEX_OF_ITS_OWN_KIND), "open_words": list(OPEN_WORDS)}

T = """
with t as (
  select c.oid, c.relname as name, c.relname = any(:global) as is_global, c.relacl, c.relowner,
         c.relrowsecurity as secured, c.relforcerowsecurity as forced,
         (select attnum from pg_attribute where attrelid = c.oid and attname = 'tenant_id') as tenant
    from pg_class c
   where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'alembic_version'),
a as (
  select t.name || '.' || attname as name, attname as col, format_type(atttypid, null) as type, t.name as tab, t.oid,
         attnum as num, attnotnull as filled, attacl as acl, attcollation as coll, attidentity as identity
    from t join pg_attribute on attrelid = t.oid and attnum > 0 and not attisdropped),
k as (
  select c.conname as name, c.contype as type, c.conrelid, c.confrelid, c.conkey, c.confkey, c.confdeltype,
         c.confupdtype
    from pg_constraint c join t on t.oid = c.conrelid),
p as (
  select t.name || ': ' || polname as name, t.oid, pg_policy.oid as policy, polpermissive, polcmd, polroles,
         concat_ws(' ', polqual::text, polwithcheck::text) as tree,
         concat_ws(' ', pg_get_expr(polqual, t.oid), pg_get_expr(polwithcheck, t.oid)) as expr
    from pg_policy join t on t.oid = polrelid),
g as (
  select t.name, t.oid, e.grantee, e.privilege_type as act, '' as col, e.is_grantable
    from t, aclexplode(t.relacl) e where e.grantee <> t.relowner
  union all
  select t.name, t.oid, e.grantee, e.privilege_type, attname, e.is_grantable
    from t join pg_attribute on attrelid = t.oid, aclexplode(attacl) e where e.grantee <> t.relowner),
f as (
  select proname as name, pg_proc.*, lanname
    from pg_proc join pg_language l on l.oid = prolang where pronamespace = 'public'::regnamespace)
"""
"""The tables, their columns, constraints, policies and grants, and the functions."""


@dataclass(frozen=True)
class Rule:
    """A rule's sentence, the query for its offenders, a change that breaks it, and who then offends."""

    says: str
    query: str
    broken_by: tuple[str, ...]
    offender: str

    def offenders(self, connection: Connection) -> list[str]:
        """Who breaks the rule."""
        query = T + self.query
        bound = {name: value for name, value in PARAMETERS.items() if f":{name}" in query}
        return sorted(map(str, connection.scalars(text(query), bound)))


STRAY = "CREATE TABLE stray (tenant_id uuid not null, id uuid not null, {}, primary key (tenant_id, id))"

RULES = (
    Rule(
        "a table belongs to tenants, or is one of the named global ones",
        "select name from t where tenant is null and not is_global",
        ("CREATE TABLE stray (id uuid primary key)",),
        "stray",
    ),
    Rule(
        "the tenant of a row is known and is a uuid",
        "select tab from a where col = 'tenant_id' and (type <> 'uuid' or not filled)",
        ("CREATE TABLE stray (tenant_id uuid, id uuid)",),
        "stray",
    ),
    Rule(
        "the primary key of a tenant table begins with the tenant",
        "select name from t where not is_global"
        " and not exists (select from k where conrelid = t.oid and k.type = 'p' and conkey[1] = t.tenant)",
        ("CREATE TABLE stray (tenant_id uuid not null, id uuid primary key)",),
        "stray",
    ),
    Rule(
        "a unique key or index of a tenant table begins with the tenant",
        "select i.indexrelid::regclass from t join pg_index i on i.indrelid = t.oid"
        " where not is_global and i.indisunique and i.indkey[0] <> t.tenant",
        ("CREATE UNIQUE INDEX stray ON role (code, tenant_id)",),
        "stray",
    ),
    Rule(
        "an index of a tenant table begins with the tenant, or with the tenant that may read",
        "select x.relname from t join pg_index i on i.indrelid = t.oid join pg_class x on x.oid = i.indexrelid"
        " join pg_attribute c on c.attrelid = t.oid and c.attnum = i.indkey[0]"
        " where not is_global and c.attname !~ 'tenant_id$' and x.relname <> all(:odd_indexes)",
        ("CREATE INDEX stray ON role (code)",),
        "stray",
    ),
    Rule(
        "a foreign key to a tenant table begins with the tenant on both sides",
        "select k.name from k join t mine on mine.oid = conrelid join t other on other.oid = confrelid"
        " where k.type = 'f' and not other.is_global and not coalesce("
        " cardinality(conkey) > 1 and conkey[1] = mine.tenant and confkey[1] = other.tenant, false)",
        (STRAY.format("other uuid, role_id uuid, constraint stray foreign key (other, role_id) references role"),),
        "stray",
    ),
    Rule(
        "a foreign key to the halves of a connection is composite",
        "select k.name from k join t on t.oid = confrelid"
        " where k.type = 'f' and t.name like 'connection%' and cardinality(conkey) < 2",
        (
            "ALTER TABLE connection ADD UNIQUE (id)",
            STRAY.format("connection_id uuid, constraint stray foreign key (connection_id) references connection (id)"),
        ),
        "stray",
    ),
    Rule(
        "a foreign key restricts or cascades a deletion, and never follows a changed key",
        "select name from k where type = 'f' and (confdeltype not in ('r', 'c') or confupdtype <> 'a')",
        (
            STRAY.format(
                "role_id uuid, constraint stray foreign key (tenant_id, role_id)"
                " references role on delete set null (role_id)"
            ),
        ),
        "stray",
    ),
    Rule(
        "a global table refers to no tenant table",
        "select k.name from k join t mine on mine.oid = conrelid join t other on other.oid = confrelid"
        " where k.type = 'f' and mine.is_global and not other.is_global",
        ("ALTER TABLE tenant ADD CONSTRAINT stray FOREIGN KEY (id) REFERENCES tenant_settings (tenant_id)",),
        "stray",
    ),
    Rule(
        "row level security is enabled and forced on every table",
        "select name from t where not (secured and forced)",
        ("ALTER TABLE role NO FORCE ROW LEVEL SECURITY",),
        "role",
    ),
    Rule(
        "policies are permissive",
        "select name from p where not polpermissive",
        ("CREATE POLICY stray ON role AS RESTRICTIVE USING (true)",),
        "role: stray",
    ),
    Rule(
        "no policy asks another table",
        "select name from p where tree like '%{SUBLINK%' or tree like '%{QUERY%'",
        ("CREATE POLICY stray ON role USING (EXISTS (SELECT FROM tenant WHERE id = tenant_id))",),
        "role: stray",
    ),
    Rule(
        "no policy asks whether a function answers null",
        r"select name from p where expr ~ '\w\(\) IS (NOT )?NULL'",
        ("CREATE POLICY stray ON role USING (current_partner() IS NULL)",),
        "role: stray",
    ),
    Rule(
        "no policy admits a serving role without asking who it is",
        "select p.name from p where expr !~ 'current_(tenant|company|partner|subject|membership)[(][)]'"
        " and exists (select from unnest(polroles) r where r = 0 or pg_get_userbyid(r) <> 'kontor_owner')",
        ("CREATE POLICY stray ON role TO kontor_app USING (delivered)",),
        "role: stray",
    ),
    Rule(
        "what policies call is inlined by the planner: SQL, stable, parallel safe, nobody else's rights, no settings",
        "select distinct f.name from p join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.policy"
        " join f on d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid"
        " where lanname <> 'sql' or provolatile = 'v' or proparallel <> 's' or prosecdef or proconfig is not null",
        ("ALTER FUNCTION current_tenant() SET search_path = public",),
        "current_tenant",
    ),
    Rule(
        "a granted command has a policy that admits some rows",
        "select distinct g.name || ': ' || pg_get_userbyid(g.grantee) || ' ' || lower(act) from g where not exists ("
        " select from p where p.oid = g.oid and (g.grantee = any(polroles) or 0 = any(polroles)) and (polcmd = '*' or"
        " polcmd::text = case act when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end))",
        ("GRANT DELETE ON audit_entry TO kontor_app",),
        "audit_entry: kontor_app delete",
    ),
    Rule(
        "no triggers and no rules",
        "select tgname from pg_trigger join t on t.oid = tgrelid where not tgisinternal"
        " union all select rulename from pg_rewrite join t on t.oid = ev_class",
        ("CREATE RULE stray AS ON INSERT TO role DO INSTEAD NOTHING",),
        "stray",
    ),
    Rule(
        "a view asks with the rights of who looks, and nothing of a tenant is materialised",
        "select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind in ('m', 'f')"
        " or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false))",
        ("CREATE VIEW stray AS SELECT * FROM role",),
        "stray",
    ),
    Rule(
        "no sequence tells how much others do",
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'",
        ("CREATE SEQUENCE stray",),
        "stray",
    ),
    Rule(
        "money is a whole number of minor units",
        "select name from a where col ~ '_minor$' and type <> 'bigint'",
        (STRAY.format("price_minor integer, currency text"),),
        "stray.price_minor",
    ),
    Rule(
        "money has a currency beside it",
        "select name from a where col ~ '_minor$' and not exists (select from a c where c.tab = a.tab"
        " and c.type = 'text' and c.col in ('currency', regexp_replace(a.col, '_minor$', '_currency')))",
        (STRAY.format("price_minor bigint"),),
        "stray.price_minor",
    ),
    Rule(
        "no number is approximate, no time is without its zone",
        "select name from a where type in ('money', 'real', 'double precision', 'timestamp without time zone',"
        " 'time with time zone', 'json')",
        (STRAY.format("at timestamp"),),
        "stray.at",
    ),
    Rule(
        "enumerations are text",
        "select typname from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'",
        ("CREATE TYPE stray AS ENUM ('A')",),
        "stray",
    ),
    Rule(
        "an enumeration has a check",
        "select a.name from a where col ~ '(^|_)(status|kind|type|scope|structure|mode)$' and type = 'text'"
        " and col !~ '^((created|updated)_by|actor)_kind$' and a.name <> all(:open_words)"
        " and not exists (select from k where k.type = 'c' and conrelid = a.oid and a.num = any(conkey))",
        (STRAY.format("status text"),),
        "stray.status",
    ),
    Rule(
        "a key to sort and search by compares bytes",
        "select name from a where col ~ '_key$' and type = 'text'"
        " and coll <> (select oid from pg_collation where collname = 'C')",
        (STRAY.format("name_key text"),),
        "stray.name_key",
    ),
    Rule(
        "names are lower case with underscores",
        "select name from t where name !~ '^[a-z][a-z0-9_]*$'"
        " union all select name from a where col !~ '^[a-z][a-z0-9_]*$'",
        ('CREATE TABLE "Stray" (id uuid)',),
        "Stray",
    ),
    Rule(
        "only the serving roles are granted anything, and they may not pass it on",
        "select name || ': ' || case grantee when 0 then 'public' else pg_get_userbyid(grantee) end from g"
        " where grantee = 0 or pg_get_userbyid(grantee) not in ('kontor_app', 'kontor_portal') or is_grantable",
        ("GRANT SELECT ON role TO PUBLIC",),
        "role: public",
    ),
    Rule(
        "nobody may empty a table, refer to it or hang a trigger on it",
        "select name || ' ' || act from g where act not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
        ("GRANT TRUNCATE ON role TO kontor_app",),
        "role TRUNCATE",
    ),
    Rule(
        "inserting is granted for whole rows: a cluster's shards fail otherwise",
        "select name || '.' || col from g where act = 'INSERT' and col <> ''",
        ("GRANT INSERT (code) ON role TO kontor_app",),
        "role.code",
    ),
    Rule(
        "a tenant is never granted away: no row changes its tenant",
        "select name || '.' || col from g where act = 'UPDATE' and col = 'tenant_id'",
        ("GRANT UPDATE (tenant_id) ON idempotency_key TO kontor_app",),
        "idempotency_key.tenant_id",
    ),
    Rule(
        "what another tenant may read does not tell who made it",
        "select distinct a.name from p join a on a.oid = p.oid and a.col in ('created_by', 'updated_by')"
        " where exists (select from a r where r.oid = p.oid and r.col ~ '_tenant_ids?$'"
        r" and p.expr ~ ('\m' || r.col || '\M'))",
        ("ALTER TABLE joint_event ADD created_by uuid",),
        "joint_event.created_by",
    ),
    Rule(
        "every function is SQL and parallel safe",
        "select name from f where lanname <> 'sql' or proparallel <> 's'",
        ("CREATE FUNCTION stray() RETURNS int LANGUAGE plpgsql AS 'begin return 1; end'",),
        "stray",
    ),
    Rule(
        "a function with its owner's rights pins its search path",
        "select name from f where prosecdef and not coalesce(proconfig::text ~ 'search_path=', false)",
        ("CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'select 1'",),
        "stray",
    ),
    Rule(
        "a function with its owner's rights is not for everybody",
        "select name from f where prosecdef and exists (select from aclexplode(coalesce(proacl,"
        " acldefault('f', proowner))) e where e.grantee = 0)",
        ("CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'select 1'",),
        "stray",
    ),
    Rule(
        "a function takes the tenant from the context, not from an argument",
        "select name from f where exists (select from unnest(proargnames) n where n ~ 'tenant')",
        ("CREATE FUNCTION stray(tenant_id uuid) RETURNS int LANGUAGE sql AS 'select 1'",),
        "stray",
    ),
    Rule(
        "constraints are validated and indexes valid",
        "select conname from pg_constraint join t on t.oid = conrelid where not convalidated"
        " union all select indexrelid::regclass::text from pg_index join t on t.oid = indrelid where not indisvalid",
        ("ALTER TABLE role ADD CONSTRAINT stray CHECK (code <> '') NOT VALID",),
        "stray",
    ),
    Rule(
        "no privilege is granted beforehand on what comes later",
        "select pg_get_userbyid(defaclrole) from pg_default_acl",
        ("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO kontor_app",),
        "kontor_owner",
    ),
    Rule(
        "the serving roles create nothing",
        "select r from unnest(array['kontor_app', 'kontor_portal']) r where has_schema_privilege(r, 'public', 'CREATE')"
        " or has_database_privilege(r, current_database(), 'CREATE')"
        " or has_database_privilege(r, current_database(), 'TEMPORARY')",
        ("GRANT CREATE ON SCHEMA public TO kontor_app",),
        "kontor_app",
    ),
    Rule(
        "the serving roles own nothing and step around nothing",
        "select rolname from pg_roles where rolname in ('kontor_app', 'kontor_portal') and (rolsuper or rolbypassrls"
        " or rolcreaterole or rolcreatedb or rolreplication or pg_has_role(rolname, 'kontor_owner', 'MEMBER')"
        " or exists (select from pg_class where relowner = pg_roles.oid)"
        " or exists (select from pg_proc where proowner = pg_roles.oid))",
        (),
        "kontor_app",
    ),
)
