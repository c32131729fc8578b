"""Documents made to cost more than they look: each is refused, cheaply."""

HALF = 262_144


def _nested(levels: int) -> str:
    return "{ authors { nodes " + "{ books { author " * levels + "{ id }" + " } }" * levels + " } }"


def _doubling(levels: int) -> str:
    steps = [
        f"fragment F{i} on Author {{ books {{ author {{ ...F{i + 1} }} }} x{i}: books {{ author {{ ...F{i + 1} }} }} }}"
        for i in range(levels)
    ]
    return "{ authors { nodes { ...F0 } } } " + " ".join(steps) + f" fragment F{levels} on Author {{ id }}"


def _flat_doubling(levels: int) -> str:
    steps = [f"fragment F{i} on Author {{ ...F{i + 1} ...F{i + 1} }}" for i in range(levels)]
    return "{ authors { nodes { ...F0 } } } " + " ".join(steps) + f" fragment F{levels} on Author {{ id }}"


_OF_TYPE = "{ __schema { types { fields { type " + "{ ofType " * 12 + "{ name }" + " }" * 12 + " } } } }"

REFUSED: dict[str, str] = {
    "a long comment": "{ __typename } #" + "x" * HALF,
    "many comments": "{ __typename }" + "#\n" * (HALF // 2),
    "a long string": '{ author(id: "' + "x" * HALF + '") { id } }',
    "a long block string": '{ author(id: """' + "x" * HALF + '""") { id } }',
    "an open string": '{ author(id: "' + "x" * 60_000,
    "an open block string": '{ author(id: """' + '\\"' * 30_000,
    "long white space": "{ __typename" + " " * HALF + "}",
    "a long name": "{ " + "x" * HALF + " }",
    "many tokens": "{ " + "__typename " * 20_000 + "}",
    "open brackets": "{a" * 30_000,
    "open lists": "{ a(b: " + "[" * 60_000,
    "deep lists": "{ author(id: " + "[" * 900 + "]" * 900 + ") { id } }",
    "deep objects": "{ authors(filter: " + "{not: " * 400 + "{}" + "}" * 400 + ") { totalCount } }",
    "deep selections": _nested(8),
    "very deep selections": _nested(200),
    "doubling fragments": _doubling(25),
    "flat doubling fragments": _flat_doubling(30),
    "a chain of fragments": _flat_doubling(120),
    "a circle of fragments": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "a circle of itself": "{ ...A } fragment A on Query { __typename ...A }",
    "an unused circle": "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }",
    "aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(600)) + " }",
    "aliases below": "{ authors { nodes { " + " ".join(f"a{i}: name" for i in range(600)) + " } } }",
    "root fields": "{ " + " ".join(f"a{i}: authors {{ totalCount }}" for i in range(60)) + " }",
    "the same field": "{ authors { nodes { " + "name " * 1900 + " } } }",
    "the same field at the root": "{ " + "__typename " * 1900 + "}",
    "the same field in fragments": "{ authors { nodes { " + "... { name } " * 450 + " } } }",
    "repeated selections": "{ authors { nodes { "
    "books { " + "title " * 30 + "} " + ("books { " + "title " * 30 + "} ") * 50 + " } } }",
    "directives": "{ __typename " + "@include(if: true) " * 300 + "}",
    "unknown directives": "{ __typename " + "@a " * 990 + "}",
    "unknown fields": "{ " + " ".join(f"b{i}" for i in range(1900)) + " }",
    "unknown fields below": "{ authors { nodes { " + " ".join(f"b{i}" for i in range(1900)) + " } } }",
    "operations": " ".join(f"query Q{i} {{ __typename }}" for i in range(300)),
    "fragments": "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ __typename }}" for i in range(300)),
    "spreads": "{ " + "...F " * 900 + "} fragment F on Query { __typename }",
    "variables": "query(" + " ".join(f"$v{i}: Int" for i in range(480)) + ") { __typename }",
    "deep introspection": _OF_TYPE,
    "a half character": '{ author(id: "\ud800") { id } }',
    "nothing": "",
    "only a comment": "# nothing",
    "no GraphQL": "<html>",
    "a null byte": "{ __typename \0 }",
}
