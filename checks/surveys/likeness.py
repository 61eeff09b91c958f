"""Whether the name of a wireless network is one that the school uses, or one that a person would
take for it; and whether it looks like a telephone's. Pure.

A false alarm sends a neighbour's name to the school, a miss hides a trap for pupils, so a likeness
has to be seen: letters that look alike, case, spaces and marks, another word for who it is for
(`Willowbrook-Guest1`), one letter more, less, other or swapped in a long name. A name that is only
such words (`Guest`) is like nothing but itself, and so is one of few letters, or one with a serial
number of a router in it.
"""

import datetime
import functools
import re
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final, Literal

import msgspec

from checks import shipped
from checks.formats import ssids

Likeness = Literal["same", "near"]

SHORTEST: Final = 5
"""Letters of a name's own part that make it somebody's."""
SHORTEST_FOR_PEOPLE: Final = 3
"""The same where the rest of it is for staff, pupils or guests, as homes seldom are."""
SHORTEST_SLIP: Final = 7
"""Letters among which one may differ."""
_WI_FI: Final = re.compile(r"\bwi[-_. ]?fi\b")
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBERED: Final = re.compile(r"([^\W\d_]*)\d{1,2}")
"""`Willowbrook12` is numbered; `TALKTALK12AB34` is another router."""


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: datetime.date
    hotspots: list[str]
    people: frozenset[str]
    qualifiers: list[str]
    lookalikes: dict[str, str]


@functools.cache
def _names() -> _Names:
    return msgspec.convert(shipped.toml("surveys/names.toml"), _Names)


def likeness(name: str, ours: Iterable[str]) -> Likeness | None:
    """Of a name as `checks.formats.ssids` shows it to those of the school; None: none."""
    ours = list(ours)
    if not name:
        return None
    if name in ours:
        return "same"
    heard = _forms(name)
    return "near" if any(_near(heard, _forms(one)) for one in ours if one) else None


def is_hotspot(name: str) -> bool:
    """Whether it is what a telephone calls the network it shares."""
    plain = name.casefold()
    return any(fnmatchcase(plain, pattern) for pattern in _names().hotspots)


class _Forms(msgspec.Struct, frozen=True):
    """What is left of a name as the eye takes it."""

    whole: str
    """All its letters and digits."""
    own: str
    """Without words that any school uses, and without a small number behind it."""
    lettered: bool
    """Its own part is letters alone, as they were typed."""
    for_people: bool
    """It says who at a school it is for."""


@functools.lru_cache(maxsize=1_024)
def _forms(name: str) -> _Forms:
    text = ssids.raw(name).decode("utf-8", "ignore")
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    marks = "".join(one for one in plain if one.isalnum() or one in _names().lookalikes)
    words = [_unnumbered(one) for one in _WORD.findall(_WI_FI.sub("wifi", plain))]
    known = {*_names().qualifiers, *_names().people}
    own = [one for one in words if one not in known]
    return _Forms(
        whole=_seen(marks),
        own=_seen("".join(own)),
        lettered=not any(char.isdecimal() for one in own for char in one),
        for_people=not _names().people.isdisjoint(words),
    )


def _unnumbered(word: str) -> str:
    found = _NUMBERED.fullmatch(word)
    return found[1] if found else word


def _seen(text: str) -> str:
    """Letters that look alike become one."""
    for one, other in _names().lookalikes.items():
        text = text.replace(one, other)
    return text


def _near(heard: _Forms, ours: _Forms) -> bool:
    if heard.whole == ours.whole:
        return bool(heard.whole)
    if heard.own == ours.own:
        return len(ours.own) >= (SHORTEST_FOR_PEOPLE if heard.for_people else SHORTEST)
    slips = ours.lettered and heard.lettered and len(ours.own) >= SHORTEST_SLIP
    return slips and _one_slip(heard.own, ours.own)


def _one_slip(heard: str, ours: str) -> bool:
    """One letter more, less, other, or two swapped."""
    if abs(len(heard) - len(ours)) > 1:
        return False
    at = 0
    while at < min(len(heard), len(ours)) and heard[at] == ours[at]:
        at += 1
    rest, own = heard[at:], ours[at:]
    swapped = rest[:2] == own[1::-1] and rest[2:] == own[2:]
    return swapped or rest[1:] == own[1:] or rest[1:] == own or rest == own[1:]
