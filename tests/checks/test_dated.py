"""Lists age, and say so."""

import datetime

import pytest

from checks import shipped
from checks.dated import FRESH_DAYS, lists, old

DAY = datetime.timedelta(days=1)
UNDATED = {"checks", "reading"}
"""A domain's own words, numbers and places: they are this release's, and no maker changes them."""


def test_every_list_of_other_peoples_things_has_its_day_and_its_source() -> None:
    named = {one.name for one in lists()}
    for path in sorted(shipped.FOLDER.glob("*/*.toml")):
        name = path.relative_to(shipped.FOLDER).with_suffix("").as_posix()
        if path.stem in UNDATED or name.startswith(("policies/", "formats/")):
            continue
        assert name in named, f"{name}.toml has no as_of"


def test_every_file_with_a_day_is_watched_wherever_it_lies() -> None:
    named = {one.name for one in lists()}
    for path in sorted(shipped.FOLDER.rglob("*.toml")):
        name = path.relative_to(shipped.FOLDER).with_suffix("").as_posix()
        text = path.read_text(encoding="utf-8")
        assert (name in named) == ("\nas_of = " in text), name


@pytest.mark.parametrize(("more", "aged"), [(0, 0), (FRESH_DAYS, 0), (FRESH_DAYS + 1, 1)])
def test_a_list_is_old_after_half_a_year(more: int, aged: int) -> None:
    first = min(one.as_of for one in lists())
    found = old(first + more * DAY)
    assert bool(found) == bool(aged)
    assert all(one.as_of == first for one in found)


def test_the_oldest_list_comes_first() -> None:
    days = [one.as_of for one in old(datetime.date(2040, 1, 1))]
    assert days == sorted(days)
    assert len(days) == len(lists()) > 5
