"""What an account is for, told by its name; the only module here that sees names as words.

By the dated table in `names.toml`. A name in no family is a person's: nothing is read out of how a
person is called, and no list of people is kept anywhere.
"""

import fnmatch
import functools
import re
from typing import Final

import msgspec

from checks import shipped
from checks.accounts.facts import Label, Who

LONGEST: Final = 256
"""Characters of a name that are looked at."""
_TAIL: Final = re.compile(r"[\d ._-]+\Z")
_JOIN: Final = re.compile(r"[ ._-]+")


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One purpose, and the globs of names that accounts of this purpose have."""

    label: Label
    who: Who
    names: list[str]


@functools.cache
def families() -> tuple[Family, ...]:
    """The table. Raises msgspec.ValidationError for one that contradicts its shape."""
    return tuple(msgspec.convert(shipped.toml("accounts/names.toml")["family"], list[Family]))


@functools.cache
def _prepared() -> tuple[dict[str, Family], list[tuple[str, Family]]]:
    exact: dict[str, Family] = {}
    wild: list[tuple[str, Family]] = []
    for family in families():
        for name in family.names:
            if any(sign in name for sign in "*?["):
                wild.append((name, family))
            else:
                exact.setdefault(name, family)
    return exact, wild


def family_of(name: str) -> Family | None:
    """The family a name belongs to, or None: it is a person's.

    `name` may carry its directory (`SCHOOL\\class3`, `class3@example.org`): that is left off.
    """
    plain = name[:LONGEST].casefold().rpartition("\\")[2].partition("@")[0].strip()
    exact, wild = _prepared()
    stem = _TAIL.sub("", plain)
    for written in (plain, stem, _JOIN.sub("", stem)):
        if written in exact:
            return exact[written]
    return next((family for glob, family in wild if fnmatch.fnmatchcase(plain, glob)), None)


def label_of(name: str) -> Label:
    """The label of an account by its name alone."""
    family = family_of(name)
    return "person" if family is None else family.label


def who_of(name: str) -> Who:
    """Whose account it is, by its name alone."""
    family = family_of(name)
    return "person" if family is None else family.who
