"""Backup programs by what calls them, runs, or is a service; and names that say "backup".

A call counts only where it saves something: `restic forget` and `borg prune` look after old backups
and end well while no new one is made. So does a job's name: `backup` counts, `backup-prune` does
not.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from checks import shipped

SCRIPT: Final = "script"
"""What a job is called whose name alone says that it is a backup."""
MOST_WORDS: Final = 200
_NAMED: Final = re.compile(r"back[-_ .]?up|bkup|sicherung|sauvegarde")
_AFTER: Final = re.compile(
    r"prune|check|verify|forget|clean|compact|rotat|monitor|report|restore|export|status|purge"
    r"|expire|mount|unlock|dpkg-db|(?<![a-z])tests?(?![a-z])"
)
"""What looks after backups; and Debian's copy of its own package database."""


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of products.toml."""

    name: str
    commands: list[str] = []
    saves: list[str] = []
    refuses: list[str] = msgspec.field(name="not", default=[])
    programs: list[str] = []
    services: list[str] = []


@functools.cache
def table() -> dict[str, Product]:
    """Every product by its id."""
    entries = shipped.toml("backups/products.toml")
    tables = {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
    return msgspec.convert(tables, dict[str, Product])


def calling(command: str) -> str | None:
    """The product a command line saves with; None: it saves nothing, or nobody can tell."""
    words = [word.strip("\"'`;&|()@-+!:") for word in command.split()[:MOST_WORDS]]
    raw = [word.strip("\"'`;&|()") for word in command.split()[:MOST_WORDS]]
    for at, word in enumerate(words):
        called = word.rpartition("/")[2]
        for product in table().values():
            if called in product.commands and _saves(product, raw[at + 1 :]):
                return product.name
    return None


def _saves(product: Product, words: Sequence[str]) -> bool:
    if any(fnmatchcase(word, glob) for word in words for glob in product.refuses):
        return "create" in words or "--create" in words
    if not product.saves:
        return True
    return any(fnmatchcase(word, glob) for word in words for glob in product.saves)


def named(name: str) -> bool:
    """Whether a job's name alone says that it makes backups."""
    plain = name.casefold()
    return _NAMED.search(plain) is not None and _AFTER.search(plain) is None


def running(names: Iterable[str]) -> list[str]:
    """Products by what runs, sorted."""
    seen = {name.casefold().removesuffix(".exe") for name in names}
    return sorted({one.name for one in table().values() if seen.intersection(one.programs)})


def serving(names: Iterable[str]) -> list[str]:
    """Products by their services on Windows, sorted."""
    seen = {name.casefold() for name in names}
    return sorted({one.name for one in table().values() if seen.intersection(one.services)})
