"""A data set with a giant among many small tenants, and one tenant with a tree of thousands of organizations.

The tenants that are asked are founded through the product, with their clerks and branches; all others are rows.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.data import filling, founding
from benchmarks.data.building import Data
from benchmarks.data.founding import ISSUER, Founded
from benchmarks.data.server import Server, passing
from benchmarks.scale.steps import BRANCHES, GIANT, GIANT_BRANCHES, ORGANIZATIONS, REGIONS, TREE, Step
from cli.installation import House, Installation, house
from resolvers import directory, organizations, users
from resolvers.organizations import NewOrganization
from resolvers.users import NewUser
from tenancy.caller import Caller
from tenancy.rights import Known, Wish
from tenancy.settings import load

CLERK, MANAGER = "SALES_CLERK", "SALES_MANAGER"
BRANCH, SHOP, REGION, HEAD = "branch", "shop", "region", "head"
"""Who is asked besides the administrators: clerks of a branch and a shop, managers of a region and of all."""

HEAD_KEEPS_EACH = 20
"""One of so many partners stands at the head of its tenant, where all clerks see it; in the tree none does."""

CROWD = """
create temporary table company on commit drop as select uuidv7() as id
;
insert into contracting_company (id, name, version) select id, 'Bench Crowd', 1 from company
;
create temporary table crowd on commit drop as
select k as number, uuidv7() as id, uuidv7() as root from generate_series(%(founded)s, %(all)s - 1) k
;
insert into tenant (id, company_id, name, domain, contact_email, support_email, invoice_email, default_currency,
                    version)
select c.id, m.id, 'Crowd ' || number, 'c' || number || '.bench.example', '-', '-', '-', 'EUR', 1
  from crowd c cross join company m
;
insert into tenant_settings (tenant_id, version) select id, 1 from crowd
;
insert into tenant_rights (tenant_id) select id from crowd
;
insert into organization (tenant_id, id, code, name, name_key, version)
select id, root, 'HQ', 'Head', 'head', 1 from crowd
;
insert into organization_node (tenant_id, id, structure, organization_id) select id, uuidv7(), 'SALES', root from crowd
;
insert into organization_closure (tenant_id, structure, ancestor_id, descendant_id, distance)
select id, 'SALES', root, root, 0 from crowd
"""

SHOPS = """
create temporary table shop on commit drop as
select r.tenant_id, uuidv7() as id, r.id as region, h.ancestor_id as head, 'S' || lpad(k::text, 5, '0') as code
  from generate_series(1, %(shops)s) k
  join bench b on b.number = %(tree)s
  join organization r on r.tenant_id = b.id and r.code = 'B' || (1 + k %% %(regions)s)
  join organization_closure h on h.tenant_id = b.id and h.descendant_id = r.id and h.distance = 1
;
insert into organization (tenant_id, id, code, name, name_key, version)
select tenant_id, id, code, code, lower(code), 1 from shop
;
insert into organization_node (tenant_id, id, structure, organization_id, parent_id)
select tenant_id, uuidv7(), 'SALES', id, region from shop
;
insert into organization_closure (tenant_id, structure, ancestor_id, descendant_id, distance)
select s.tenant_id, 'SALES', a.id, s.id, a.distance
  from shop s cross join lateral (values (s.id, 0), (s.region, 1), (s.head, 2)) a (id, distance)
"""

PLACES = """
create temporary table everybody on commit drop as
select number, id, root from bench union all select number, id, root from crowd
;
create temporary table size (number int primary key, partners int) on commit drop
;
insert into size select * from unnest(%(numbers)s::int[], %(sizes)s::int[])
;
create temporary table place on commit drop as
select e.id as tenant_id, o.id as organization_id,
       (row_number() over (partition by e.id order by o.code))::int - 1 as number,
       (count(*) over (partition by e.id))::int as siblings
  from everybody e join organization o on o.tenant_id = e.id
  -- partners stand at the leaves: at shops, else at branches, else at the only organization that there is
 where not exists (select from organization_node n where n.tenant_id = e.id and n.parent_id = o.id)
;
create unique index on place (tenant_id, number)
;
analyze place
;
alter table bench rename to founded
;
create temporary table bench on commit drop as
select e.number, e.id, e.root, s.partners, p.siblings as places from everybody e
  join size s using (number) join place p on p.tenant_id = e.id and p.number = 0
"""

AT_A_PLACE = f"case when b.number <> %(tree)s and k %% {HEAD_KEEPS_EACH} = 0 then b.root else p.organization_id end"
PARTNERS = filling.partners(
    "b.partners",
    AT_A_PLACE,
    "\n  join place p on p.tenant_id = b.id and p.number = (hashint4(n.k) & 1073741823) %% b.places",
)
FOUNDED_AGAIN = """
drop table bench
;
alter table founded rename to bench
"""

STEPS = (
    filling.TENANTS, CROWD, SHOPS, PLACES, PARTNERS, FOUNDED_AGAIN, filling.ADDRESSES, filling.CUSTOMERS,
    filling.CONNECTIONS, filling.COST_CENTERS, filling.OFFERS, filling.CARTS,
)  # fmt: skip


@contextmanager
def crowded(folder: Path, step: Step, say: Callable[[str], None]) -> Iterator[Data]:
    """The data set of this size as long as the block; its tenants are the people who are asked."""
    with passing(folder / f"scale-{step.name}") as (server, home):
        began = time.monotonic()
        say(f"{step.name}: founding {step.founded} tenants, the others as rows")
        people = asyncio.run(_founded(server, home, step))
        _fill(server, step, say)
        asyncio.run(_placed(server, home, people))
        say(f"{step.name}: built in {time.monotonic() - began:.0f} s")
        yield Data(server, step.scale, home, people)


def _fill(server: Server, step: Step, say: Callable[[str], None]) -> None:
    numbers = _numbers(step)
    with server.as_admin() as connection:
        connection.execute("set local session_replication_role = replica")  # no keys are looked up row by row
        connection.execute("set local statement_timeout = 0")
        for part in STEPS:
            for statement in part.split("\n;\n"):
                say(f"{step.name}: {' '.join(statement.split()[:3])}")
                connection.execute(statement, numbers)
    with server.as_admin() as connection:
        connection.autocommit = True
        connection.execute("vacuum analyze")


def _numbers(step: Step) -> Mapping[str, object]:
    everybody = range(step.tenants)
    return {
        **asdict(step.scale),
        "founded": step.founded,
        "all": step.tenants,
        "tree": TREE,
        "regions": REGIONS,
        "shops": ORGANIZATIONS - REGIONS - 1,
        "numbers": list(everybody),
        "sizes": [step.partners_of(number) for number in everybody],
    }


async def _founded(server: Server, home: Path, step: Step) -> list[Founded]:
    """Found tenants with their branches and their clerks; the administrators stand first, in their order."""
    admins = await founding.found(server.urls, home, step.founded)
    async with house(Installation(load(environment="demo", data_dir=home), server.urls)) as inside:
        for tenant in admins:
            await _branches(inside, tenant)
    clerks = [Founded(one.id, one.number, BRANCH) for one in admins if one.number != TREE]
    return [*admins, *clerks, *(Founded(admins[TREE].id, TREE, who) for who in (SHOP, REGION, HEAD))]


async def _branches(inside: House, tenant: Founded) -> None:
    admin = await caller(inside, tenant)
    count = {GIANT: GIANT_BRANCHES, TREE: REGIONS}.get(tenant.number, BRANCHES)
    for number in range(1, count + 1):
        new = NewOrganization(f"B{number}", f"Branch {number}", "SALES", admin.acting())
        await inside.run(admin, organizations.create_organization(new))


async def _placed(server: Server, home: Path, people: list[Founded]) -> None:
    """Give everybody who is no administrator an account at the organization where they work."""
    at = {BRANCH: ("B1", CLERK), SHOP: ("S00001", CLERK), REGION: ("B1", MANAGER), HEAD: ("HQ", MANAGER)}
    async with house(Installation(load(environment="demo", data_dir=home), server.urls)) as inside:
        for person in people:
            if person.who in at:
                code, role = at[person.who]
                admin = await caller(inside, Founded(person.id, person.number))
                roles = await inside.run(admin, directory.roles())
                places = await inside.run(admin, directory.organizations())
                new = NewUser("STAFF", ISSUER, person.email, "Carl", person.email, [roles[role]], [places[code]])
                await inside.run(admin, users.create_user(new))


async def caller(inside: House, person: Founded) -> Caller:
    """A person of a tenant, as the product knows it."""
    return await inside.callers.of(Known(ISSUER, person.email, person.id), Wish())
