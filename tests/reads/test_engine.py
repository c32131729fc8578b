"""Queries of every kind through the engine against a real database."""

import re
from dataclasses import replace

import orjson
import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from reads import SCALARS, Node, embedded, node_by_id, resolved
from reads.errors import RequestRefused
from tenancy.errors import Forbidden
from tenancy.permissions import Scope
from tests.reads import toy
from tests.reads.generator import Generator
from tests.reads.toy_data import ALL, caller

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-")


async def data(engine, who, query, **variables):
    answer = await engine.read(who, query, None, variables)
    assert answer.errors == []
    return orjson.loads(answer.data)


def global_id(prefix, row):
    return f"{prefix}_{row['id']}"


# -- plans


async def test_nothing_of_a_tenant_is_in_a_plan(engine, toy_base):
    for seed in range(150):
        query = Generator(seed, toy_base.world).query()
        who = caller(toy_base.world.tenants[seed % 3])
        operation = engine.operation(who, query.text)
        plan = engine.plan(who, operation, operation.values(query.variables))
        assert plan.sql is None or not UUID.search(plan.sql)
        assert str(who.tenant_id).encode() not in plan.constant


async def test_every_table_of_a_statement_names_its_tenant(engine, toy_base):
    found = 0
    for seed in range(300):
        query = Generator(seed, toy_base.world).query()
        who = caller(toy_base.world.tenants[0])
        operation = engine.operation(who, query.text)
        sql = (engine.plan(who, operation, operation.values(query.variables)).sql or b"").decode()
        for alias in re.findall(r"from (?:author|book|chapter|loan) (t\d+)", sql):
            assert re.search(rf"{alias}\.(shared_)?tenant_id = (\$|t)", sql), (alias, sql)
            found += 1
    assert found > 500


async def test_two_tenants_of_the_same_rights_share_a_plan(engine, toy_base):
    first, second, _ = toy_base.world.tenants
    query = "query($id: ID!) { author(id: $id) { name } }"
    await engine.read(caller(first), query, None, {"id": "x"})
    before = len(engine.plans)
    await engine.read(caller(second), query, None, {"id": "y"})
    assert len(engine.plans) == before


async def test_callers_of_other_rights_have_plans_of_their_own(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    row = toy_base.world.of("author", tenant)[0]
    query = "query($id: ID!) { author(id: $id) { salary } }"
    wide = await engine.read(caller(tenant), query, None, {"id": global_id("aut", row)})
    narrow = await engine.read(
        caller(tenant, grants={toy.SEE: Scope.TENANT}), query, None, {"id": global_id("aut", row)}
    )
    again = await engine.read(caller(tenant), query, None, {"id": global_id("aut", row)})
    assert wide.data == again.data == orjson.dumps({"author": {"salary": row["salary"]}})
    assert narrow.data == b'{"author":{"salary":null}}'
    assert narrow.errors[0]["path"] == ["author", "salary"]


async def test_documents_and_plans_stay_within_their_bounds(make_engine, toy_base):
    engine = make_engine(documents=40, plans=40)
    first, second, _ = toy_base.world.tenants
    await engine.read(caller(second), "{ me { tenant } }")
    for number in range(200):
        await engine.read(caller(first), f"{{ a{number}: __typename }}")
        await engine.read(
            caller(first), "query($n: Int) { authors(first: $n) { totalCount } }", None, {"n": 1 + number % 100}
        )
    assert len(engine.documents) <= 40
    assert len(engine.plans) <= 40
    assert engine.plans.count(first.id) <= 5
    assert engine.plans.count(second.id) == 1


# -- who may see what


async def test_a_foreign_id_answers_exactly_like_a_random_one(engine, toy_base):
    first, second, _ = toy_base.world.tenants
    foreign = global_id("aut", toy_base.world.of("author", second)[0])
    random = "aut_0192f3a0-0000-7000-8000-000000000000"
    for query in (
        "query($id: ID!) { author(id: $id) { id name } }",
        "query($id: ID!) { node(id: $id) { id } }",
        "query($id: ID!) { nodes(ids: [$id]) { id } }",
        "query($id: ID!) { authors(filter: {id: {eq: $id}}) { totalCount nodes { id } } }",
        "query($id: ID!) { authorBy(by: {id: $id}) { id name } }",
    ):
        answers = [
            await engine.read(caller(first), query, None, {"id": id_}) for id_ in (foreign, random, "nonsense", "aut_x")
        ]
        assert len({(a.data, str(a.errors)) for a in answers}) == 1
        assert answers[0].errors == []


async def test_a_type_outside_the_callers_scope_is_hidden_wherever_it_appears(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    who = caller(tenant, grants={**ALL, toy.SEE: Scope.ORGANIZATION}, path=tenant.places[:1])
    hidden = next(a for a in toy_base.world.of("author", tenant) if a["place_id"] == tenant.places[1])
    book = next(b for b in toy_base.world.of("book", tenant) if b["author_id"] == hidden["id"])
    found = await data(
        engine,
        who,
        "query($a: ID!, $b: ID!) { author(id: $a) { id } node(id: $a) { id } book(id: $b) { title author { name } }"
        " authors(filter: {id: {eq: $a}}) { totalCount nodes { id } } }",
        a=global_id("aut", hidden),
        b=global_id("boo", book),
    )
    assert found == {
        "author": None,
        "node": None,
        "book": {"title": book["title"], "author": None},
        "authors": {"totalCount": 0, "nodes": []},
    }


async def test_what_may_not_be_seen_is_null_with_an_error_at_each_of_its_places(engine, toy_base):
    who = caller(toy_base.world.tenants[0], grants={toy.SEE: Scope.TENANT})
    answer = await engine.read(
        who, "{ authors(first: 2) { nodes { number pay: salary books { id } } } shelf { totalCount } }"
    )
    found = orjson.loads(answer.data)
    assert [node["pay"] for node in found["authors"]["nodes"]] == [None, None]
    assert found["shelf"] is None
    assert [(e["path"], e["extensions"]["code"]) for e in answer.errors] == [
        (["authors", "nodes", 0, "pay"], "FORBIDDEN"),
        (["authors", "nodes", 0, "books"], "FORBIDDEN"),
        (["authors", "nodes", 1, "pay"], "FORBIDDEN"),
        (["authors", "nodes", 1, "books"], "FORBIDDEN"),
        (["shelf"], "FORBIDDEN"),
    ]
    assert answer.errors[0]["message"] == "This needs the permission salary:see."


async def test_what_may_not_be_seen_can_be_neither_filtered_nor_sorted_by(engine, toy_base):
    who = caller(toy_base.world.tenants[0], grants={toy.SEE: Scope.TENANT})
    for arguments in (
        "filter: {salary: {gte: 1}}",
        "filter: {not: {or: [{salary: {isNull: true}}]}}",
        "orderBy: [{field: SALARY}]",
        'filter: {bookTitle: {startsWith: "A"}}',
        "filter: {book: {}}",
    ):
        answer = await engine.read(who, f"{{ authors({arguments}) {{ totalCount nodes {{ id }} }} }}")
        assert answer.data == b'{"authors":null}'
        assert [(e["path"], e["extensions"]["code"]) for e in answer.errors] == [(["authors"], "FORBIDDEN")]


async def test_changed_rights_discard_the_answer_and_it_is_made_again_once(make_engine, toy_base):
    tenant = toy_base.world.tenants[0]
    stale = caller(tenant, rights_version=6)
    fresh = caller(tenant, grants={toy.SEE: Scope.TENANT})
    asked = []

    async def reload(who):
        asked.append(who)
        return fresh

    engine = make_engine(reload=reload)
    answer = await engine.read(stale, "{ authors(first: 1) { nodes { salary } } }")
    assert asked == [stale]
    assert answer.rights_version == 7
    assert answer.caller is fresh
    assert orjson.loads(answer.data) == {"authors": {"nodes": [{"salary": None}]}}
    await engine.read(fresh, "{ authors(first: 1) { nodes { salary } } }")
    assert asked == [stale]


# -- introspection and what Python answers


async def test_the_schema_is_told_to_those_who_may_ask_and_stands_in_its_place(make_engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    query = '{ a: __typename __type(name: "Money") { name } me { tenant } z: __schema { queryType { name } } }'
    found = await data(make_engine(), who, query)
    assert list(found) == ["a", "__type", "me", "z"]
    assert found["z"] == {"queryType": {"name": "Query"}}
    assert found["me"] == {"tenant": str(who.tenant_id)}
    closed = make_engine(may_introspect=lambda _: False)
    for hidden in (query, "{ ... { ...A } } fragment A on Query { __schema { queryType { name } } }"):
        with pytest.raises(RequestRefused) as refused:
            await closed.read(who, hidden)
        assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"
    assert await data(closed, who, "{ __typename }") == {"__typename": "Query"}


async def test_types_by_name_do_not_exist_for_those_who_may_not_see_the_schema(make_engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    query = "query($n: String!) { __type(name: $n) { name } me { tenant } }"
    engine = make_engine(may_introspect=lambda asked: asked.subject == "known")
    for name in ("Money", "Author", "Money"):
        known = await data(engine, replace(who, subject="known"), query, n=name)
        assert known["__type"] == {"name": name}
        unknown = await data(engine, who, query, n=name)
        assert unknown == {"__type": None, "me": {"tenant": str(who.tenant_id)}}


async def test_names_are_suggested_only_to_those_who_may_see_the_schema(make_engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    for may, suggests in ((True, True), (False, False)):
        with pytest.raises(RequestRefused) as refused:
            await make_engine(may_introspect=lambda _, may=may: may).read(who, "{ author(id: 1) { nam } }")
        assert ("Did you mean" in refused.value.errors[0]["message"]) is suggests


async def test_python_root_fields_stand_beside_compiled_ones(make_engine, toy_base):
    @strawberry.type
    class Query:
        me: toy.Me = embedded("Who asks.")
        node: Node | None = node_by_id()

        @resolved("The version.")
        async def version(self, info: strawberry.Info, of: str = "x") -> str:
            return f"{of} {info.context}"

        @resolved("A secret.", permission=toy.SALARY)
        def secret(self) -> str | None:
            return "secret"

    engine = make_engine(schema=strawberry.Schema(Query, config=StrawberryConfig(scalar_map=dict(SCALARS))))
    who = caller(toy_base.world.tenants[0])
    query = 'query($o: String!) { a: version(of: $o) me { tenant } b: version(of: "lit") secret }'
    answer = await engine.read(who, query, None, {"o": "var"}, context="ctx")
    assert orjson.loads(answer.data) == {
        "a": "var ctx",
        "me": {"tenant": str(who.tenant_id)},
        "b": "lit ctx",
        "secret": "secret",
    }
    poor = await engine.read(caller(toy_base.world.tenants[0], grants={}), query, None, {"o": "var"}, context="ctx")
    assert orjson.loads(poor.data)["secret"] is None
    assert [e["path"] for e in poor.errors] == [["secret"]]


async def test_what_nobody_foresaw_in_python_is_raised_and_what_is_coded_is_told(make_engine, toy_base):
    @strawberry.type
    class Query:
        me: toy.Me = embedded("Who asks.")
        node: Node | None = node_by_id()

        @resolved("It fails.")
        def fails(self) -> str | None:
            raise ValueError("a password")

        @resolved("It refuses.")
        def refuses(self) -> str | None:
            raise Forbidden("FORBIDDEN", "Not now.")

    engine = make_engine(schema=strawberry.Schema(Query, config=StrawberryConfig(scalar_map=dict(SCALARS))))
    who = caller(toy_base.world.tenants[0])
    with pytest.raises(ValueError, match="a password"):
        await engine.read(who, "{ fails me { tenant } }")
    answer = await engine.read(who, "{ refuses me { tenant } }")
    assert orjson.loads(answer.data) == {"refuses": None, "me": {"tenant": str(who.tenant_id)}}
    assert [(e["path"], e["message"], e["extensions"]) for e in answer.errors] == [
        (["refuses"], "Not now.", {"code": "FORBIDDEN"})
    ]


# -- what is given


@pytest.mark.parametrize(
    ("declared", "variables", "message"),
    [
        ("$id: ID!", {}, "Variable '$id' has invalid value: Expected a value of non-null type 'ID!' to be provided."),
        (
            "$id: ID!",
            {"id": None},
            "Variable '$id' has invalid value: Expected value of non-null type 'ID!' not to be None.",
        ),
        ("$id: ID!", {"id": [1]}, "ID cannot represent value"),
    ],
)
async def test_variables_are_refused_in_the_words_of_graphql_core(engine, toy_base, declared, variables, message):
    with pytest.raises(RequestRefused) as refused:
        await engine.read(
            caller(toy_base.world.tenants[0]), f"query({declared}) {{ author(id: $id) {{ id }} }}", None, variables
        )
    assert message in refused.value.errors[0]["message"]
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_numbers_beyond_32_bits_and_texts_for_numbers_are_refused(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    for value in (2**31, "1", 1.5, True):
        with pytest.raises(RequestRefused):
            await engine.read(who, "query($n: Int) { authors(first: $n) { totalCount } }", None, {"n": value})


@pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800", "x\udfff"])
async def test_a_text_that_cannot_be_stored_is_refused(engine, toy_base, text):
    who = caller(toy_base.world.tenants[0])
    for query in (
        "query($t: String!) { authorBy(by: {number: $t}) { id } }",
        "query($t: String!) { authors(filter: {name: {startsWith: $t}}) { nodes { id } } }",
    ):
        with pytest.raises(RequestRefused) as refused:
            await engine.read(who, query, None, {"t": text})
        assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert (await data(engine, who, "query($id: ID!) { node(id: $id) { id } }", id=text)) == {"node": None}


async def test_a_null_and_an_absent_argument_are_told_apart_from_a_default(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    rows = toy_base.world
    author = next(
        a
        for a in rows.of("author", tenant)
        if any(b["pages"] == 100 for b in rows.rows["book"] if b["author_id"] == a["id"])
    )
    query = """query($id: ID!, $p: Int! = 1000) {
      author(id: $id) { longBook { pages } other: longBook(pages: $p) { pages } } }"""
    found = await data(engine, caller(tenant), query, id=global_id("aut", author))
    assert found["author"]["longBook"]["pages"] in (100, 1000)
    assert found["author"]["other"] is None or found["author"]["other"]["pages"] == 1000


async def test_too_many_ids_and_too_long_lists_are_refused_at_their_field(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    answer = await engine.read(
        who, "query($i: [ID!]!) { me { tenant } nodes(ids: $i) { id } }", None, {"i": ["x"] * 101}
    )
    assert [e["path"] for e in answer.errors] == [["nodes"]]
    query = "query($i: [ID!]) { authors(filter: {id: {in: $i}}) { totalCount } }"
    answer = await engine.read(who, query, None, {"i": ["x"] * 251})
    assert [(e["path"], e["extensions"]["code"]) for e in answer.errors] == [(["authors"], "BAD_USER_INPUT")]
    assert (await data(engine, who, query, i=["x"] * 250)) == {"authors": {"totalCount": 0}}


async def test_a_document_names_its_operation(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    query = "query A { __typename } query B { me { tenant } }"
    answer = await engine.read(who, query, "B")
    assert orjson.loads(answer.data) == {"me": {"tenant": str(who.tenant_id)}}
    for name in (None, "C"):
        with pytest.raises(RequestRefused) as refused:
            await engine.read(who, query, name)
        assert refused.value.errors[0]["extensions"]["code"] == "OPERATION_RESOLUTION_FAILURE"
    with pytest.raises(RequestRefused):
        await engine.read(who, 'mutation { renameAuthor(name: "x") { changed } }')


async def test_response_keys_longer_than_an_identifier_of_postgresql_are_kept(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    long = "k" * 64
    keys = [f"{long}{number}" for number in range(60)]
    selected = " ".join(f"{key}: tenant" for key in keys)
    query = f"{{ {long}: me {{ {selected} }} authors(first: 1) {{ {long}: nodes {{ {long}: id }} }} }}"
    found = await data(engine, who, query)
    assert list(found[long]) == keys
    assert list(found["authors"][long][0]) == [long]


# -- what it costs


async def test_the_cost_counts_objects_through_pages_and_is_charged_before_the_statement(make_engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    charged = []
    engine = make_engine(charge=lambda caller, cost: charged.append((caller, cost)))
    small = await engine.read(who, "{ authors(first: 1) { nodes { id } } }")
    large = await engine.read(
        who, "query($n: Int) { authors(first: $n) { nodes { id books { id } } } }", None, {"n": 100}
    )
    assert large.cost > 100 * small.cost
    assert charged == [(who, small.cost), (who, large.cost)]


async def test_what_costs_too_much_is_refused_before_it_is_charged(make_engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    charged = []
    engine = make_engine(most_cost=1000, charge=lambda *_: charged.append(1))
    query = "{ authors(first: 100) { nodes { bookPage(first: 100) { nodes { id } } } } }"
    with pytest.raises(RequestRefused) as refused:
        await engine.read(who, query)
    assert refused.value.errors[0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert charged == []


# -- payloads of mutations


async def payload(engine, who, text, result, **variables):
    operation = engine.operation(who, text)
    given = operation.values(variables)
    nodes = list(operation.node.selection_set.selections)
    plan = engine.payload(who, operation, given, nodes, toy.RenameAuthorPayload)
    row = [plan.constant]
    if plan.sql is not None:
        context = [v.encode() for v in who.context().settings().values()]
        row = await engine._pipelines["app"].fetch(context, plan.sql, plan.parameters(who, given, result))
    return engine.finished(plan, row[0], ("renameAuthor",))


async def test_a_payload_is_read_by_the_keys_and_values_of_the_operations_result(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    who = caller(tenant)
    author = toy_base.world.of("author", tenant)[0]
    selected = "{ __typename changed author { id name bookCount(minPages: $p) } }"
    text = f'mutation($p: Int) {{ renameAuthor(name: "x") {selected} }}'
    found, errors = await payload(engine, who, text, {"author_id": author["id"], "changed": True}, p=0)
    assert errors == []
    answer = orjson.loads(found)
    assert list(answer) == ["__typename", "changed", "author"]
    assert answer["changed"] is True
    assert answer["author"]["id"] == global_id("aut", author)


async def test_a_payload_shows_what_was_changed_but_nested_rights_still_count(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    who = caller(tenant, grants={})
    author = toy_base.world.of("author", tenant)[1]
    text = 'mutation { renameAuthor(name: "x") { author { name salary books { id } } } }'
    found, errors = await payload(engine, who, text, {"author_id": author["id"], "changed": False})
    assert orjson.loads(found) == {"author": {"name": author["name"], "salary": None, "books": None}}
    assert [e["path"] for e in errors] == [["renameAuthor", "author", "salary"], ["renameAuthor", "author", "books"]]


async def test_a_payload_never_reaches_another_tenants_row(engine, toy_base):
    first, second, _ = toy_base.world.tenants
    foreign = toy_base.world.of("author", second)[0]
    text = 'mutation { renameAuthor(name: "x") { author { name } } }'
    found, _ = await payload(engine, caller(first), text, {"author_id": foreign["id"], "changed": False})
    assert orjson.loads(found) == {"author": None}


async def test_a_payload_without_rows_needs_no_statement(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    found, _ = await payload(engine, who, 'mutation { renameAuthor(name: "x") { __typename } }', {})
    assert found == b'{"__typename":"RenameAuthorPayload"}'


async def test_the_portal_reads_through_its_own_role(make_engine, toy_base):
    who = replace(caller(toy_base.world.tenants[0]), kind="PORTAL")
    engine = make_engine()
    assert who.role != caller(toy_base.world.tenants[0]).role or who.role == "app"
    if who.role == "portal":
        with pytest.raises(KeyError):
            await engine.read(who, "{ me { tenant } }")
