"""Every parser has a name on the command line, and every name a parser."""

import pkgutil

import pytest

import checks.formats
from checks.formats import iw, table
from tests.fuzz import targets


@pytest.mark.parametrize("name", table.FORMATS)
def test_a_name_leads_to_a_function_that_a_fuzzer_tries(name: str) -> None:
    assert table.FORMATS[name] in targets.FORMATS
    assert table.find(name) is targets.FORMATS[table.FORMATS[name]]


def test_every_parser_has_a_name() -> None:
    modules = {found.name for found in pkgutil.iter_modules(checks.formats.__path__)}
    parsers = {name for name in targets.FORMATS if name.endswith(".parse")}
    assert parsers <= set(table.FORMATS.values())
    here = {target for target in table.FORMATS.values() if not target.startswith("checks.")}
    assert {target.partition(".")[0] for target in here} <= modules


def test_names_are_sorted_and_have_dashes() -> None:
    assert list(table.FORMATS) == sorted(table.FORMATS)
    assert not any("_" in name for name in table.FORMATS)


@pytest.mark.parametrize("name", ["iw", "IW", "iw-scan", "iw_scan"])
def test_the_names_of_modules_keep_working(name: str) -> None:
    assert table.find(name) is iw.parse


@pytest.mark.parametrize("name", ["", "iw.parse", "redact", "no-such", "errors", "rsn-parse"])
def test_anything_else_is_no_format(name: str) -> None:
    assert table.find(name) is None
