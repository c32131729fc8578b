"""Operators read of every setting, with the sentence and the default that the settings themselves have."""

import re

from tenancy.settings import documentation
from tests.docs.pages import PAGES, ROOT, rows_under

OPERATORS = ROOT / "docs" / "operators.md"


def test_the_table_of_settings_is_that_of_the_settings() -> None:
    shown = [(variable.strip("`"), default.strip("`"), text) for variable, default, text in _rows()]
    assert shown == documentation()


def test_every_variable_that_is_named_is_a_setting() -> None:
    known = {variable for variable, _, _ in documentation()}
    for page in PAGES:
        named = set(re.findall(r"\bKONTOR_[A-Z_]+[A-Z]\b", page.read_text("utf-8")))
        assert named <= known, page


def _rows() -> list[list[str]]:
    return rows_under(OPERATORS, "Settings")
