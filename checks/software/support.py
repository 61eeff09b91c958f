"""Whether a title's maker still fixes its version, by the dated list in `end_of_life.toml`.

What came with the operating system is kept by that system's maker and judged as part of it, except
where the list says otherwise (ClamAV's engine stops taking definitions).
"""

import datetime
import functools

import msgspec

from checks import end_of_life
from checks.end_of_life import Product, days_left
from checks.software.facts import Title
from checks.software.globs import Globs, prepare


class Line(msgspec.Struct, frozen=True):
    """What the list says of one title. `days` until its end, None where the maker gives none."""

    title: str
    days: int | None
    newer: bool = False
    unread: bool = False
    """The list dates the title by its version, and this one says none."""


def line(title: Title, today: datetime.date) -> Line | None:
    """What the list says; None for a title that is not in it."""
    product = _product(title.name, title.system)
    if product is None:
        return None
    name = product.title
    if product.by_name:
        ends = product.cycles[0].ends
        return Line(name, None if ends is None else days_left(ends, today))
    version = _plain(title.version)
    if not version:
        return Line(name, None, unread=True)
    cycle = end_of_life.find(product, version, None, None)
    if cycle is None:
        older = end_of_life.is_older(product, version, None)
        return Line(f"{name} {version}", -1 if older else None, newer=not older)
    days = None if cycle.ends is None else days_left(cycle.ends, today)
    return Line(f"{name} {cycle.cycle}", days)


def listed(title: Title) -> bool:
    """Whether the list has the title at all."""
    return _product(title.name, title.system) is not None


def older(title: Title) -> bool:
    """Whether its version is older than all in the list, so that the day of its end is unknown."""
    product = _product(title.name, title.system)
    version = _plain(title.version)
    if product is None or product.by_name or not version:
        return False
    found = end_of_life.find(product, version, None, None)
    return found is None and end_of_life.is_older(product, version, None)


def _product(name: str, system: bool) -> Product | None:
    globs, products = _by_glob(system)
    glob = globs.match(name)
    return None if glob is None else products[glob]


@functools.cache
def _by_glob(system: bool) -> tuple[Globs, dict[str, Product]]:
    """Every glob of the list that counts, for what came with the system or for all else."""
    listed = _products()
    products = {g: p for p in listed for g in p.names if p.also_from_system or not system}
    return prepare(tuple(products)), products


@functools.cache
def _products() -> list[Product]:
    return end_of_life.load("software")


def _plain(version: str) -> str:
    """A version without epoch and leading `v`; empty if it does not begin with a digit."""
    plain = version.partition(":")[2] if version[:1].isdigit() and ":" in version else version
    plain = plain.removeprefix("v").strip()
    return plain.partition("-")[0].partition("+")[0] if plain[:1].isdigit() else ""
