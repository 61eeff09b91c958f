"""Two people changed one entry at once: what each of them did, field by field (no lost update).

Pure. Nothing is merged behind anybody's back: whoever saves second sees what the first one changed
and says, for each field, whose value stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from controller.register.editing.inputs import harmless
from controller.register.entry import Changed, who
from controller.register.said import said, title_of
from inventory.assets.fields import FIELDS
from inventory.assets.queries import Past

Keep = Literal["mine", "theirs", ""]
_APART: Final = ("state", "holder", "due_on")
"""What is never typed into the form, but worth knowing before one saves."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which the two differ, in words. `both`: both of them changed it; `keep`: whose
    value stays, "" while nobody said."""

    name: str
    title: str
    was: str
    theirs: str
    mine: str
    both: bool
    keep: Keep


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happened since the form was opened."""

    seq: int
    people: list[tuple[str, int]]
    differences: list[Difference]
    also: list[Changed]


def differing(
    base: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any]
) -> list[str]:
    """Fields that would be lost or brought back: changed since `base`, and not to the same value.
    `mine`: what was typed, only where it differs from `base`."""
    return [name for name in FIELDS if now[name] not in (base[name], mine.get(name, base[name]))]


def only_reports(base: Mapping[str, Any], names: Sequence[str], later: Sequence[Past]) -> bool:
    """Whether nothing needs a person's word: a computer reported, and touched nothing of theirs."""
    return not names and all(event.source == "report" for event in later)


def meeting(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    now: Mapping[str, Any],
    later: Sequence[Past],
    *,
    keep: Mapping[str, Keep],
    names: Mapping[str, str],
    people: Mapping[str, str],
) -> Meeting:
    """Put both side by side. `later`: events since `base`, newest first; `keep`: what was chosen so
    far. What only the other one touched stays theirs unless it is said otherwise."""
    found = []
    for name in differing(base, mine, now):
        both = name in mine
        values = (base[name], now[name], mine.get(name, base[name]))
        was, theirs, own = (_whole(name, value, names) for value in values)
        chosen = keep.get(name, "" if both else "theirs")
        found.append(Difference(name, title_of(name), was, theirs, own, both, chosen))
    also = [
        Changed(title_of(name), said(name, base[name], names), said(name, now[name], names))
        for name in _APART
        if base[name] != now[name]
    ]
    seen = {who(event, people): event.at for event in reversed(later)}
    return Meeting(now["seq"], list(seen.items()), found, also)


def _whole(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value in words, and all of a long note."""
    if FIELDS[name].kind == "note":
        return harmless(value, lines=True)
    return said(name, value, names)


def settled(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    now: Mapping[str, Any],
    keep: Mapping[str, Keep],
) -> dict[str, Any] | None:
    """What is to be saved once everything is said; None while something is not."""
    wanted = dict(mine)
    for name in differing(base, mine, now):
        chosen = keep.get(name, "" if name in mine else "theirs")
        if not chosen:
            return None
        if chosen == "theirs":
            wanted.pop(name, None)
        else:
            wanted[name] = mine.get(name, base[name])
    return wanted
