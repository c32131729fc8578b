"""Filling the tenants' tables by the million rows: SQL of the superuser, which row security does not bind.

What the product would write, as the product would write it: keys by which names are sorted, positions without gaps,
both halves of a connection, offers with their children shared with the target.
"""

from collections.abc import Callable
from dataclasses import asdict

from benchmarks.data.server import Server
from benchmarks.options import Scale

TENANTS = """
create temporary table bench on commit drop as
select substring(t.domain from '^t(\\d+)\\.')::int as number, t.id, t.name, t.company_id, o.id as root
  from tenant t join organization o on o.tenant_id = t.id and o.code = 'HQ'
 where t.domain like 't%%.bench.example'
"""

_PARTNERS = """
insert into partner (tenant_id, id, type, number, number_key, salutation, first_name, last_name, name, display_name,
                     name_key, search_term, search_key, language, affiliation, responsible_organization_id, version)
select b.id, uuidv7(), type, n.number, lower(n.number), case type when 'PERSON' then 'Frau' end, first_name, last_name,
       m.name,
       display, lower(coalesce(last_name || ' ' || first_name, m.name)), display, lower(display), 'de', 'EXTERNAL',
       {organization}, 1
  from bench b
 cross join lateral (
   select k, 'P' || lpad(k::text, 7, '0') as number,
          case when k %% 10 < 7 then 'PERSON' else 'ORGANIZATION' end as type,
          (array['Anna','Bruno','Clara','David','Emma','Felix','Greta','Hannes','Ida','Jonas'])
            [1 + (k * 7 + b.number) %% 10] as given,
          (array['Ahlers','Brandt','Carstens','Dorn','Ebert','Fink','Gerber','Haas','Imhof','Jansen','Krug','Lorenz',
                 'Marten','Nolte','Ott','Petri','Quast','Reimer','Seidel','Thoma','Ulrich','Voss','Wolters','Zorn'])
            [1 + (k * 31 + b.number) %% 24] as family
     from generate_series(1, {count}) k
 ) n
 cross join lateral (
   select case type when 'PERSON' then given end as first_name,
          case type when 'PERSON' then family || '-' || k end as last_name,
          case type when 'ORGANIZATION' then family || ' Medien ' || k end as name,
          case type when 'PERSON' then given || ' ' || family || '-' || k else family || ' Medien ' || k end as display
 ) m{further}
"""


def partners(count: str, organization: str, further: str = "") -> str:
    """The statement that fills `count` partners into each tenant of the table `bench`; both are SQL over b and n."""
    return _PARTNERS.format(count=count, organization=organization, further=further)


PARTNERS = partners("%(of_a_tenant)s", "b.root")

ADDRESSES = """
insert into partner_address (tenant_id, id, partner_id, position, label, street, postal_code, city, city_key,
                             country_code)
select p.tenant_id, uuidv7(), p.id, a, (array['Sitz','Lager','Rechnung'])[a + 1],
       'Hafenweg ' || (a + length(p.number_key) * 7),
       lpad((10000 + (hashtext(p.number_key) & 65535))::text, 5, '0'), city, lower(city), 'DE'
  from partner p
 cross join generate_series(0, 2) a
 cross join lateral (
   select (array['Hamburg','Kiel','Bremen','Leipzig','Dresden','Erfurt','Mainz','Bonn'])
            [1 + ((hashtext(p.number_key) & 1023) + a) %% 8] as city
 ) c
"""

CUSTOMERS = """
create temporary table buyer on commit drop as
select p.tenant_id, p.id, b.root from bench b join partner p on p.tenant_id = b.id and p.type = 'ORGANIZATION'
 where p.number_key like 'p00000__'
;
insert into partner_role (tenant_id, id, partner_id, role, status, version)
select tenant_id, uuidv7(), id, 'CUSTOMER', 'RELEASED', 1 from buyer
;
insert into customer (tenant_id, id) select tenant_id, id from buyer
;
insert into customer_data (tenant_id, id, partner_id, organization_id, mode, version)
select tenant_id, uuidv7(), id, root, 'OWN', 1 from buyer
"""

CONNECTIONS = """
create temporary table pair on commit drop as
select s.number as source, s.id as source_id, s.name as source_name, s.company_id as source_company,
       t.id as target_id, t.name as target_name, t.company_id as target_company, uuidv7() as id
  from bench t cross join generate_series(1, %(sources)s) d
  join bench s on s.number = (t.number + d) %% %(tenants)s
;
insert into connection (source_tenant_id, id, target_tenant_id, source_name, source_company_id, access_to_offers,
                        version)
select source_id, id, target_id, source_name, source_company, true, 1 from pair
;
insert into connection_answer (source_tenant_id, connection_id, target_tenant_id, target_name, target_company_id,
                               accepted, version)
select source_id, id, target_id, target_name, target_company, true, 1 from pair
"""

COST_CENTERS = """
create temporary table center on commit drop as select id as tenant_id, uuidv7() as id from bench
;
insert into cost_center (tenant_id, id, code, label, shared_tenant_ids, version)
select c.tenant_id, c.id, '4711', '4711',
       coalesce((select array_agg(source_id) from pair where target_id = c.tenant_id), '{}'), 1
  from center c
;
insert into cost_center_internal (tenant_id, id) select tenant_id, id from center
"""

OFFERS = """
create temporary table offered on commit drop as
select id as tenant_id, uuidv7() as id, null::uuid as connection_id, null::uuid as target_id,
       'Tageblatt ' || lpad(k::text, 3, '0') || ' Nord' as title
  from bench cross join generate_series(1, %(offers)s) k
 union all
select source_id, uuidv7(), id, target_id,
       'Magazin ' || lpad(((k * 37 + source) %% 1000)::text, 3, '0') || ' digital ' || k
  from pair cross join generate_series(1, %(external)s) k
;
insert into offer (tenant_id, id, offer_type, internal_title, title_key, connection_id, target_tenant_id,
                   shared_tenant_id, currency, term_months, accounting_period_months, cancellation_period_days, version)
select tenant_id, id, 'SUBSCRIPTION_TIME', title, lower(title), connection_id, target_id, target_id, 'EUR', 12, 1, 30, 1
  from offered
;
insert into offer_internal (tenant_id, id) select tenant_id, id from offered
;
insert into offer_translation (tenant_id, id, offer_id, shared_tenant_id, language, title, legal_text, preferred)
select tenant_id, uuidv7(), id, target_id, 'de', title, 'Es gelten die AGB.', true from offered
;
insert into offer_product (tenant_id, id, offer_id, shared_tenant_id, position, internal_title, product_type, tax_type,
                           quantity, price_minor, currency, target_cost_center_id, target_cost_center_label)
select o.tenant_id, uuidv7(), o.id, target_id, p, 'Ausgabe ' || p, 'DIGITAL', 'REDUCED', 1, 490 + 100 * p, 'EUR',
       c.id, case when c.id is not null then '4711' end
  from offered o cross join generate_series(1, 3) p left join center c on c.tenant_id = o.target_id
;
insert into offer_product_internal (tenant_id, id)
select o.tenant_id, p.id from offered o join offer_product p on p.tenant_id = o.tenant_id and p.offer_id = o.id
"""

CARTS = """
create temporary table own on commit drop as
select tenant_id, id, (row_number() over (partition by tenant_id order by title, id))::int as n
  from offered where target_id is null
;
create temporary table foreign_ on commit drop as
select target_id as tenant_id, tenant_id as source_id, connection_id, id,
       (row_number() over (partition by target_id order by title, id))::int as n
  from offered where target_id is not null
;
create temporary table basket on commit drop as
select id as tenant_id, uuidv7() as id, k from bench cross join generate_series(1, %(carts)s) k
;
insert into cart (tenant_id, id, internal_title, title_key, currency, version)
select tenant_id, id, 'Paket ' || lpad(k::text, 4, '0'), 'paket ' || lpad(k::text, 4, '0'), 'EUR', 1 from basket
;
insert into cart_translation (tenant_id, id, cart_id, language, title, legal_text, preferred)
select tenant_id, uuidv7(), id, 'de', 'Paket', 'Es gelten die AGB.', true from basket
;
insert into cart_item (tenant_id, id, cart_id, position, offer_id)
select b.tenant_id, uuidv7(), b.id, p, o.id
  from basket b cross join generate_series(1, 5) p
  join own o on o.tenant_id = b.tenant_id and o.n = 1 + (b.k * 5 + p) %% %(offers)s
;
insert into cart_item (tenant_id, id, cart_id, position, source_tenant_id, connection_id, external_offer_id,
                       leading_item_id)
select b.tenant_id, uuidv7(), b.id, 5 + p, f.source_id, f.connection_id, f.id, l.id
  from basket b cross join generate_series(1, 3) p
  join foreign_ f on f.tenant_id = b.tenant_id and f.n = 1 + (b.k * 3 + p) %% (%(external)s * %(sources)s)
  join cart_item l on l.tenant_id = b.tenant_id and l.cart_id = b.id and l.position = 1
"""

STEPS = (TENANTS, PARTNERS, ADDRESSES, CUSTOMERS, CONNECTIONS, COST_CENTERS, OFFERS, CARTS)

OWN, EXTERNAL = 5, 3
"""Items of a cart: own offers and external ones."""


def fill(server: Server, scale: Scale, say: Callable[[str], None]) -> None:
    """Fill the founded tenants, all in one transaction, and let PostgreSQL learn what came about."""
    numbers = asdict(scale) | {"of_a_tenant": scale.of_a_tenant}
    with server.as_admin() as connection:
        connection.execute("set local session_replication_role = replica")  # no keys are looked up row by row
        connection.execute("set local statement_timeout = 0")
        for step in STEPS:
            for statement in step.split("\n;\n"):
                say(" ".join(statement.split()[:3]))
                connection.execute(statement, numbers)
    with server.as_admin() as connection:
        connection.autocommit = True
        say("vacuum analyze")
        connection.execute("vacuum analyze")
