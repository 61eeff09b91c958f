"""The lists of end dates: in order, sourced, and never older than what they say they know."""

import datetime
from typing import get_args

import pytest

from checks import end_of_life
from checks.end_of_life import Product, days_left, find, is_older
from checks.operating_system.facts import Evidence

LISTS = [("operating_system", p) for p in end_of_life.load("operating_system")] + [
    ("software", p) for p in end_of_life.load("software")
]


def shown(value: object) -> str:
    return value.product if isinstance(value, Product) else str(value)


@pytest.mark.parametrize(("domain", "product"), LISTS, ids=shown)
def test_every_entry_has_a_source_a_date_and_an_end_or_a_reason_for_none(
    domain: str, product: Product
) -> None:
    assert product.source
    assert product.as_of >= datetime.date(2026, 8, 22)
    assert product.cycles
    for cycle in product.cycles:
        assert (cycle.ends is None) == (cycle.state != "dated"), cycle
        for extended in cycle.extended:
            assert cycle.ends is not None
            assert extended.ends > cycle.ends
            assert extended.needs in get_args(Evidence)
    if domain == "software":
        assert product.names
        assert all(name == name.lower() for name in product.names)


@pytest.mark.parametrize(("domain", "product"), LISTS, ids=shown)
def test_no_release_of_one_edition_stands_twice(domain: str, product: Product) -> None:
    keys = [(cycle.cycle, cycle.build, cycle.edition) for cycle in product.cycles]
    assert len(keys) == len(set(keys))


def test_a_number_matches_whole_parts_only() -> None:
    debian = next(p for _, p in LISTS if p.product == "debian")
    assert find(debian, "12", None, None) is find(debian, "12.11", None, None)
    assert find(debian, "120", None, None) is None
    assert find(debian, "1", None, None) is None
    assert is_older(debian, "9", None)
    assert not is_older(debian, "12.5", None)
    assert not is_older(debian, "", None)


def test_the_last_day_is_a_day_with_support() -> None:
    day = datetime.date(2026, 7, 11)
    assert days_left(day, day) == 0
    assert days_left(day, day + datetime.timedelta(days=1)) == -1
