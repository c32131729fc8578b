"""Enumerations of the rules as conditions on text columns: the database knows no type of its own for them."""

from enum import StrEnum


def one_of(column: str, values: type[StrEnum]) -> str:
    """The CHECK that a text column holds one of the values."""
    return f"{column} in ({', '.join(repr(str(value)) for value in values)})"
