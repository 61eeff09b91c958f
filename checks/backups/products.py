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
_TRIED: Final = frozenset({"--dry-run", "--help", "--version"})
_VALUED: Final = frozenset(
    {"--tag", "--host", "--name", "-r", "--repo", "--config", "-P", "--prefix"}
)
_WORD: Final = re.compile(r"[^\s\"'`;&|()]{1,256}")


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of products.toml."""

    name: str
    commands: list[str] = []
    saves: list[str] = []
    refuses: list[str] = msgspec.field(name="not", default=[])
    programs: list[str] = []
    services: list[str] = []
    names: int = 0
    tries: list[str] = []
    nearly: list[str] = []
    tells: bool = True


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
    """Of the words that decide, the first does: one that comes after may belong to another step."""
    own = _own(product, words)
    if any(word in _TRIED or word in product.tries for word in own):
        return False
    for word in own:
        if any(fnmatchcase(word, glob) for glob in product.saves):
            return True
        if any(fnmatchcase(word, glob) for glob in product.refuses):
            # borgmatic takes several, and one of them may save all the same
            return not product.saves and ("create" in words or "--create" in words)
    return not product.saves


def _own(product: Product, words: Sequence[str]) -> list[str]:
    """Without the name that some expect first, and without what an option is followed by."""
    plain = [word for at, word in enumerate(words) if at == 0 or words[at - 1] not in _VALUED]
    return plain[product.names :]


def after(command: str) -> str:
    """What follows the first word that a product is called by; all of it where there is none."""
    names = {name for product in table().values() for name in product.commands}
    for found in _WORD.finditer(command):
        if found[0].rpartition("/")[2] in names:
            return command[found.end() :]
    return command


def tells(product: str, excused: Iterable[str]) -> bool:
    """Whether its end says that all was saved, where these codes count as a good one."""
    known = next((one for one in table().values() if one.name == product), None)
    if known is None:
        return not set(excused)
    return known.tells and set(excused) <= set(known.nearly)


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
