"""Every scalar of the API with its one form: how Python writes and reads it, and how SQL writes it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, NewType
from uuid import UUID

import orjson
import sqlalchemy as sa
import strawberry
from graphql import GraphQLEnumType, GraphQLError, GraphQLList, GraphQLNonNull
from strawberry.types.scalar import ScalarDefinition

Percent = NewType("Percent", Decimal)
CurrencyCode = NewType("CurrencyCode", str)
EmailAddress = NewType("EmailAddress", str)
LanguageCode = NewType("LanguageCode", str)
URL = NewType("URL", str)

LONGEST_SHOWN = 60

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,24}(\.\d{1,12})?", re.ASCII)
_SQL_MOMENT = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def write_moment(value: dt.datetime) -> str:
    """RFC 3339 in UTC with exactly six digits after the second, as `_SQL_MOMENT` writes it."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def write_decimal(value: Decimal) -> str:
    """Plain digits, trailing zeros kept, never an exponent: PostgreSQL's text of a numeric."""
    return format(value, "f")


def _text(value: object, name: str, pattern: re.Pattern[str], example: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise GraphQLError(f"{name} cannot represent {_shown(value)}: write it like {example}.")
    return value


def _shown(value: object) -> str:
    shown = repr(value) if not isinstance(value, str) else f'"{value}"'
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"


def _made(name: str, value: object, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"{name} cannot represent {_shown(value)}: there is no such value.") from error


def read_date(value: object) -> dt.date:
    """A day from `YYYY-MM-DD`, nothing else."""
    text = _text(value, "Date", _DATE, '"2026-11-21"')
    return _made("Date", value, lambda: dt.date.fromisoformat(text))  # type: ignore[no-any-return]


def read_moment(value: object) -> dt.datetime:
    """A moment from RFC 3339 with its offset, as UTC."""
    text = _text(value, "DateTime", _MOMENT, '"2026-11-21T08:30:00Z"').upper()
    parse = dt.datetime.fromisoformat
    return _made("DateTime", value, lambda: parse(text).astimezone(dt.UTC))  # type: ignore[no-any-return]


def read_decimal(value: object) -> Decimal:
    """A decimal from a string of digits; never from a float."""
    return Decimal(_text(value, "Decimal", _DECIMAL, '"12.50"'))


def _pattern_reader(name: str, pattern: str, example: str) -> Callable[[object], str]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: _text(value, name, compiled, example)


def _read_uuid(value: object) -> UUID:
    return _made("UUID", value, lambda: UUID(str(value)))  # type: ignore[no-any-return]


def _scalar(
    name: str,
    description: str,
    write: Callable[[Any], Any],
    read: Callable[[Any], Any],
    url: str | None = None,
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, serialize=write, parse_value=read, specified_by_url=url
    )


SCALARS: Mapping[object, ScalarDefinition] = {
    dt.date: _scalar(
        "Date",
        "A day, `YYYY-MM-DD` (Datum).",
        dt.date.isoformat,
        read_date,
        "https://scalars.graphql.org/andimarek/local-date",
    ),
    dt.datetime: _scalar(
        "DateTime",
        "A moment, RFC 3339 in UTC with six decimals of the second (Zeitpunkt).",
        write_moment,
        read_moment,
        "https://www.rfc-editor.org/rfc/rfc3339",
    ),
    Decimal: _scalar("Decimal", "A decimal number as a string, never rounded (Zahl).", write_decimal, read_decimal),
    Percent: _scalar(
        "Percent",
        "A percentage as a decimal string: `12.50` is 12.5 % (Prozent).",
        write_decimal,
        read_decimal,
    ),
    UUID: _scalar("UUID", "A UUID in lower case.", str, _read_uuid, "https://www.rfc-editor.org/rfc/rfc9562"),
    CurrencyCode: _scalar(
        "CurrencyCode",
        "A currency by its three letters (Währung).",
        str,
        _pattern_reader("CurrencyCode", r"[A-Z]{3}", '"EUR"'),
        "https://www.iso.org/iso-4217-currency-codes.html",
    ),
    EmailAddress: _scalar(
        "EmailAddress",
        "An e-mail address (E-Mail-Adresse).",
        str,
        _pattern_reader("EmailAddress", r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,255}", '"jo@example.com"'),
        "https://www.rfc-editor.org/rfc/rfc5321",
    ),
    LanguageCode: _scalar(
        "LanguageCode",
        "A language by its tag (Sprache).",
        str,
        _pattern_reader("LanguageCode", r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", '"de" or "de-AT"'),
        "https://www.rfc-editor.org/rfc/rfc5646",
    ),
    URL: _scalar(
        "URL",
        "A web address, http or https (Adresse im Netz).",
        str,
        _pattern_reader("URL", r"https?://[^\s\x00-\x1f]{1,2000}", '"https://example.com"'),
        "https://www.rfc-editor.org/rfc/rfc3986",
    ),
}
"""For `StrawberryConfig(scalar_map=SCALARS)`: both schemas use exactly these."""

_BOUND = {
    "String": "text",
    "ID": "text",
    "Int": "bigint",
    "Float": "double precision",
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "timestamptz",
    "Decimal": "numeric",
    "Percent": "numeric",
    "UUID": "uuid",
}


def bound_type(name: str) -> str:
    """The PostgreSQL type that an input value of a GraphQL scalar or enum is bound as."""
    return _BOUND.get(name, "text")


@dataclass(frozen=True)
class Enumeration:
    """An enumeration's stored values and the API's names of them."""

    names: Mapping[str, str]

    @property
    def alike(self) -> bool:
        """Whether every stored value is its own name."""
        return all(value == name for value, name in self.names.items())


def enumeration(type_: GraphQLEnumType) -> Enumeration:
    """Stored value → API name."""
    return Enumeration({str(stored(v.value)): name for name, v in type_.values.items()})


def stored(value: Any) -> Any:
    """An enumeration's member as the database has it; anything else as it is."""
    return getattr(value, "value", value)


def literal(text: str) -> str:
    """An SQL string literal."""
    quoted = text.replace("'", "''")
    if "\\" not in text:
        return f"'{quoted}'"
    doubled = quoted.replace("\\", "\\\\")
    return f"E'{doubled}'"


_LITERAL = re.compile(r"'((?:[^'\\]|'')*)'::(text|json)")


def literal_text(sql: str) -> tuple[str, str] | None:
    """The text and the type of SQL that is nothing but a typed literal, else None."""
    match = _LITERAL.fullmatch(sql)
    return None if match is None else (match[1].replace("''", "'"), match[2])


def sql_form(type_: Any, expression: str, prefix: str | None = None, *, plain: bool = True) -> str:
    """SQL whose JSON is the scalar's one form.

    `plain` says that the expression has the scalar's natural SQL type, so that its JSON is right as it is.
    """
    if isinstance(type_, GraphQLEnumType):
        return _enum_form(enumeration(type_), expression)
    if type_.name == "ID" and prefix:
        return f"{literal(prefix + '_')} || {expression}"
    if type_.name == "DateTime":
        return _SQL_MOMENT.format(expression)
    if type_.name in ("Decimal", "Percent") or not plain:
        return f"({expression})::text"
    return expression


def needs_form(type_: Any, prefix: str | None) -> bool:
    """Whether an array of the scalar must be rewritten element by element."""
    return sql_form(type_, "e", prefix) != "e"


def _enum_form(names: Enumeration, expression: str) -> str:
    if names.alike:
        return expression
    cases = " ".join(f"when {literal(value)} then {literal(name)}" for value, name in names.names.items())
    return f"case {expression} {cases} end"


def to_text(value: Any) -> str | None:
    """A coerced input value as PostgreSQL reads it in text format."""
    value = stored(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, list | tuple):
        return array_text(value)
    return str(value)


def plain(value: Any) -> Any:
    """A Python value in the form that its scalar or enumeration has in answers."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, dt.datetime):
        return write_moment(value)
    if isinstance(value, Decimal):
        return write_decimal(value)
    return value if isinstance(value, str | int | None) else str(value)


def json_text(value: Any) -> str:
    """Plain values as JSON text."""
    return orjson.dumps(value).decode()


def array_text(values: Any) -> str:
    """PostgreSQL's text form of an array of input values."""
    return "{" + ",".join(_element(to_text(v)) for v in values) + "}"


def _element(text: str | None) -> str:
    if text is None:
        return "NULL"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_SA_TYPES: Mapping[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "bigint": sa.BigInteger(),
    "double precision": sa.Double(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "timestamptz": sa.DateTime(timezone=True),
    "numeric": sa.Numeric(),
    "uuid": sa.Uuid(),
}


def sa_type(type_: Any) -> sa.types.TypeEngine[Any]:
    """The SQL type that an argument of a GraphQL input type has in expressions; an ID is its uuid."""
    stripped = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(stripped, GraphQLList):
        return sa.ARRAY(sa_type(stripped.of_type))
    return sa.Uuid() if stripped.name == "ID" else _SA_TYPES[bound_type(stripped.name)]
