"""The start-up check of a schema's declarations against its tables: what could only fail later is refused now."""

from collections.abc import Iterator, Sequence
from functools import cache

import strawberry
from graphql import GraphQLObjectType, is_introspection_type

from reads import indexes
from reads.catalogue import NODE, Catalogue
from reads.check.types import Checked
from reads.row import table_of


class BadDeclarations(Exception):
    """The schema's declarations do not fit its tables; every problem is listed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@cache
def checked(schema: strawberry.Schema) -> Catalogue:
    """The catalogue of a schema whose declarations hold: examined once, for this process and all forked from it.

    Raises:
        BadDeclarations: with a sentence for each problem.
    """
    catalogue = Catalogue(schema)
    check(catalogue)
    return catalogue


def check(catalogue: Catalogue) -> None:
    """Refuse a schema whose declarations cannot hold.

    Raises:
        BadDeclarations: with a sentence for each problem.
    """
    found = list(problems(catalogue))
    if found:
        raise BadDeclarations(found)


def problems(catalogue: Catalogue) -> Iterator[str]:
    """A sentence for everything that is wrong with a schema's declarations."""
    yield from _prefixes(catalogue)
    root = catalogue.graphql.query_type
    for type_ in catalogue.graphql.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or is_introspection_type(type_) or _written(catalogue, type_):
            continue
        checked = Checked(catalogue, type_, is_root=type_ is root)
        for field in catalogue.fields(type_).values():
            for problem in checked.field(field):
                yield f"{type_.name}.{field.name}: {problem}"


def _written(catalogue: Catalogue, type_: GraphQLObjectType) -> bool:
    """Types that are not read row by row: the other roots, and the parts of connections."""
    if type_ in {catalogue.graphql.mutation_type, catalogue.graphql.subscription_type}:
        return True
    return type_.name == "PageInfo" or type_.name.endswith(("Connection", "Edge"))


def _prefixes(catalogue: Catalogue) -> Iterator[str]:
    node = catalogue.graphql.type_map.get(NODE)
    used: dict[str, str] = {}
    for type_ in catalogue.concrete(node) if node is not None else ():
        rows = catalogue.rows(type_)
        if rows is None or rows.prefix is None:
            yield f"{type_.name}: a Node needs rows with a prefix"
        elif used.setdefault(rows.prefix, type_.name) != type_.name:
            yield f"{type_.name}: the prefix {rows.prefix} is {used[rows.prefix]}'s"
        elif not all(indexes.served(table_of(rows), [tenant, "id"]) for tenant in rows.tenant):
            yield f"{type_.name}: no index on ({', '.join(rows.tenant)}, id) finds it by its id"
