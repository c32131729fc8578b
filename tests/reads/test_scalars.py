"""Every scalar has one form, whether SQL or Python writes it, and reads nothing else."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from graphql import GraphQLError, GraphQLScalarType

from reads import SCALARS, URL, CurrencyCode, EmailAddress, LanguageCode, Percent, scalars

BERLIN = dt.timezone(dt.timedelta(hours=1))
MOMENTS = [
    dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 1, 0, 30, 0, 120000, tzinfo=BERLIN),
    dt.datetime(2026, 1, 1, 0, 0, 0, 7, tzinfo=dt.UTC),
    dt.datetime(999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_sql_and_python_write_a_moment_alike_in_any_time_zone(toy_base, moment, zone):
    scalar = GraphQLScalarType("DateTime")
    with psycopg.connect(toy_base.conninfo, options=f"-c timezone={zone}") as connection:
        row = connection.execute(f"select to_json({scalars.sql_form(scalar, '%s::timestamptz')})", [moment]).fetchone()
    assert row == (scalars.write_moment(moment),)
    assert scalars.read_moment(scalars.write_moment(moment)) == moment


@pytest.mark.parametrize("value", ["0", "12.50", "-0.0001", "99999999999999999999.9999", "1000000"])
def test_sql_and_python_write_a_decimal_alike_with_its_zeros(toy_base, value):
    scalar = GraphQLScalarType("Decimal")
    with psycopg.connect(toy_base.conninfo) as connection:
        row = connection.execute(f"select to_json({scalars.sql_form(scalar, '%s::numeric')})", [value]).fetchone()
    assert row == (value,) == (scalars.write_decimal(Decimal(value)),)


REFUSED = {
    dt.date: [
        "2026-2-1",
        "2026-02-30",
        "20260201",
        "2026-W01-1",
        "x",
        "",
        5,
        None,
        "2026-01-01T00:00:00Z",
        "٢٠٢٦-٠١-٠١",
    ],
    dt.datetime: ["2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T25:00:00Z", 5, "x"],
    Decimal: ["1e5", "NaN", "Infinity", "", ".5", "1.", "+1", "1_000", 1.5, 1, "1" * 30, "0." + "1" * 20, "٣"],
    Percent: ["12,5", "50%", True],
    CurrencyCode: ["eur", "EURO", "E", 5],
    EmailAddress: ["x", "a@b@c", "a b@c", "@"],
    LanguageCode: ["DE", "d", "de_AT", "deutsch-"],
    URL: ["ftp://x", "javascript:alert(1)", "//x", "http://", "http://a b"],
    UUID: ["x", 5],
}


@pytest.mark.parametrize(("scalar", "value"), [(s, v) for s, values in REFUSED.items() for v in values])
def test_what_is_no_value_of_a_scalar_is_refused_with_a_sentence(scalar, value):
    definition = SCALARS[scalar]
    with pytest.raises(GraphQLError, match="cannot represent"):
        definition.parse_value(value)


@pytest.mark.parametrize(
    ("scalar", "text", "value"),
    [
        (dt.date, "2024-02-29", dt.date(2024, 2, 29)),
        (dt.datetime, "2026-01-01T01:00:00+01:00", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        (Decimal, "-12.50", Decimal("-12.50")),
        (CurrencyCode, "CHF", "CHF"),
        (EmailAddress, "jo@example.com", "jo@example.com"),
        (LanguageCode, "de-AT", "de-AT"),
        (URL, "https://example.com/ä?x=1", "https://example.com/ä?x=1"),
    ],
)
def test_what_is_a_value_is_taken_exactly(scalar, text, value):
    assert SCALARS[scalar].parse_value(text) == value


def test_a_long_wrong_value_is_not_repeated_whole():
    with pytest.raises(GraphQLError) as refused:
        SCALARS[dt.date].parse_value("x" * 10_000)
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("text", ["plain", "it's", "back\\slash", "\\'", "''", "line\nfeed", "$1::text", ""])
def test_a_literal_means_its_text(toy_base, text):
    with psycopg.connect(toy_base.conninfo) as connection:
        row = connection.execute(f"select {scalars.literal(text)}::text".encode()).fetchone()
    assert row == (text,)


@pytest.mark.parametrize(
    "values", [[], ["a"], ["a,b", '"', "\\", "{}", "NULL", "", " x "], [None, "x"], [1, 2], [True]]
)
def test_an_array_arrives_element_by_element(toy_base, values):
    expected = [None if v is None else scalars.to_text(v) for v in values]
    with psycopg.connect(toy_base.conninfo) as connection:
        row = connection.execute("select %s::text[]", [scalars.array_text(values)]).fetchone()
    assert row == (expected,)
