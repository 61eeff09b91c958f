"""Dated lists of when makers stop fixing what they sold, and what an entry means on a day.

`operating_system/end_of_life.toml` and `software/end_of_life.toml` are data, each entry with its
source and date. Rule of both: what is newer than the list is unknown, never a pass (standards §6).
"""

import datetime
import re
from typing import Final, Literal

import msgspec

from checks import shipped

EditionClass = Literal["any", "W", "E", "LTSC", "IoT"]
"""Windows: W = Home and Pro (also Pro Education), E = Enterprise and Education. Else `any`."""

State = Literal["dated", "current", "ageing"]
"""`current` and `ageing`: the maker publishes no date but still, or only now and then, fixes it."""

_NUMBERS: Final = re.compile(r"\d+")


class Extended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fixes after the end, for those who can show that they get them (`needs`)."""

    ends: datetime.date
    needs: str


class Cycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One release line of a product. `ends` is the last day of fixes."""

    cycle: str
    ends: datetime.date | None = None
    edition: EditionClass = "any"
    build: str | None = None
    state: State = "dated"
    extended: list[Extended] = []


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a maker sells under one name. `names` are globs of titles (software only)."""

    product: str
    title: str
    source: str
    as_of: datetime.date
    cycles: list[Cycle]
    names: list[str] = []
    by_name: bool = False
    """The title itself says which release it is, so its version does not matter."""
    also_from_system: bool = False
    """Counts even where the maker of the operating system delivers it."""


class _List(msgspec.Struct, forbid_unknown_fields=True):
    as_of: datetime.date
    source: str
    product: list[Product]


def load(domain: str) -> list[Product]:
    """The list of a domain. Raises msgspec.ValidationError for one that contradicts its shape."""
    return msgspec.convert(shipped.toml(f"{domain}/end_of_life.toml"), _List).product


def find(product: Product, release: str, edition: str | None, build: str | None) -> Cycle | None:
    """The release's own line: by build where lines have one, else by the number before a dot."""
    fitting = [c for c in product.cycles if c.edition in ("any", edition)]
    if build is not None and any(cycle.build for cycle in fitting):
        return next((cycle for cycle in fitting if cycle.build == build), None)
    return next(
        (c for c in fitting if release == c.cycle or release.startswith(f"{c.cycle}.")), None
    )


def is_older(product: Product, release: str, build: str | None) -> bool:
    """Whether a release is older than every listed one, so that it ended before the oldest did."""
    if build is not None and any(cycle.build for cycle in product.cycles):
        release, listed = build, [cycle.build or "" for cycle in product.cycles]
    else:
        listed = [cycle.cycle for cycle in product.cycles]
    numbers = _numbers(release)
    return bool(numbers) and all(numbers < _numbers(line) for line in listed if line)


def days_left(cycle_end: datetime.date, today: datetime.date) -> int:
    """Days until the last day of fixes; negative once it is over, 0 on the day itself."""
    return (cycle_end - today).days


def _numbers(text: str) -> list[int]:
    return [int(number[:9]) for number in _NUMBERS.findall(text)[:6]]
