"""The papers of `papers.toml`, and which of them each kind of hand-over asks for."""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

Asks = Literal["must", "warn", "no"]

_FILE: Final = Path(__file__).with_name("papers.toml")
OTHER: Final = "other"
"""The scheme of each kind whose name is typed."""
ASKS: Final[tuple[Asks, ...]] = ("must", "warn", "no")
DIALS: Final = ("1", "2", "3")
"""ADISA's levels of harm, low to high."""


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under what a paper was given."""

    label: str
    number: str = ""
    hint: str = ""
    levels: dict[str, str] = {}
    note: str = ""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of paper."""

    label: str
    source: str
    as_of: str
    ends: Literal["must", "may"]
    copy: bool
    numbered: bool
    lines: str = ""
    schemes: dict[str, Scheme] = {}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Papers of which one is enough. `level`: the least, by the order of its scheme's levels."""

    kind: str
    schemes: tuple[str, ...] = ()
    level: str = ""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a hand-over asks for."""

    id: str
    any: tuple[Choice, ...]
    asks: Asks
    dial: bool = False
    fixed: bool = False


class Handover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of hand-over."""

    label: str
    needs: tuple[Need, ...]


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kinds: dict[str, Kind]
    terms: dict[str, str]
    handovers: dict[str, Handover]


class Rules(msgspec.Struct, frozen=True):
    """What one school says: its own level of harm, and where it asks for more or less than the
    file. `asks`: `<hand-over>.<need>` → must, warn or no. `version` 0: nothing said yet. `least`:
    kinds of paper that its rules for disposals ask for of everybody (`disposal/rules.toml`)."""

    version: int = 0
    dial: str = "2"
    asks: Mapping[str, str] = {}
    least: tuple[str, ...] = ()

    def fixed(self, need: Need) -> bool:
        """Whether this page of rules cannot leave it out: the law, or the rules for disposals."""
        return need.fixed or any(choice.kind in self.least for choice in need.any)


@functools.cache
def known() -> Known:
    """The file, read once."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), Known)


def asked(handover: str, need: Need, rules: Rules) -> str:
    """Whether this school must have it, is only warned, or does not ask."""
    if rules.fixed(need):
        return "must"
    return rules.asks.get(f"{handover}.{need.id}", need.asks)


def labelled(kind: str, scheme: str, scheme_name: str, level: str) -> str:
    """`ADISA ICT Asset Recovery 8.0, DIAL 2`: what stands beside a kind of paper, for people."""
    found = known().kinds[kind].schemes.get(scheme)
    if found is None:
        return ""
    name = scheme_name if scheme == OTHER and scheme_name else found.label
    return ", ".join(filter(None, (name, found.levels.get(level, ""))))
