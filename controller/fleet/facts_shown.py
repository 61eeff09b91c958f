"""The facts of a computer as a list of lines: what was read, and what could not be read and why.

Generic on purpose: a new domain shows up here without a line of code. Keys become words, units in
the key (`_seconds`, `_bytes`, `_at`) decide how a number is said. Every value is hostile and every
list is cut, with the count said.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

from checks import words as say
from controller.fleet.models import Device, Held
from controller.wording.shown import shown
from controller.wording.words import words

LONGEST_LIST: Final = 40
DEEPEST: Final = 4
BODY_LIMIT: Final = 1 << 20
_PARTS: Final = {"_now": " (changes nightly)", "_seldom": " (changes now and then)"}
MOST: Final = (1 << 63) - 1
"""A section is stored unread, so a number in it may have thousands of digits."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line; `depth` indents, `unseen` says that this is a reason and not a value."""

    label: str
    value: str
    depth: int
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """One section."""

    title: str
    name: str
    since: int
    facts: list[Fact]


def fact_groups(device: Device) -> list[FactGroup]:
    """Everything the computer last said about itself: one query."""
    held = Held.objects.filter(device=device).select_related("section").order_by("name")
    return [_group(row) for row in held]


def _group(held: Held) -> FactGroup:
    domain, part = held.name, ""
    for suffix, said in _PARTS.items():
        if held.name.endswith(suffix):
            domain, part = held.name.removesuffix(suffix), said
    title = words().area(domain).title + part
    return FactGroup(
        title=title, name=shown(held.name), since=held.since, facts=_read(bytes(held.section.body))
    )


def _read(body: bytes) -> list[Fact]:
    try:
        plain = zlib.decompressobj().decompress(body, BODY_LIMIT)
        value = json.loads(plain)
    except (zlib.error, ValueError, RecursionError):
        return [Fact("Facts", "could not be read", 0, unseen=True)]
    if isinstance(value, dict) and "not_here" in value:
        return [Fact("Not on this computer", shown(value["not_here"]), 0)]
    if isinstance(value, dict) and set(value) == {"unseen"}:
        return [Fact("Everything here", _why(value["unseen"]), 0, unseen=True)]
    lines: list[Fact] = []
    _walk(value, "", 0, lines)
    return lines


def _why(reason: object) -> str:
    return f"couldn’t check, because {say.reason(str(reason))}"


def _walk(value: Any, label: str, depth: int, lines: list[Fact]) -> None:
    if isinstance(value, dict) and set(value) == {"unseen"}:
        lines.append(Fact(_label(label), _why(value["unseen"]), depth, unseen=True))
    elif isinstance(value, dict) and depth < DEEPEST:
        if label:
            lines.append(Fact(_label(label), "", depth))
        for key, inner in list(value.items())[:LONGEST_LIST]:
            _walk(inner, str(key), depth + (1 if label else 0), lines)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        _walk_list(value, label, depth, lines)
    else:
        lines.append(Fact(_label(label), _value(label, value), depth))


def _walk_list(items: list[Any], label: str, depth: int, lines: list[Fact]) -> None:
    lines.append(Fact(_label(label), _many(len(items)), depth))
    for number, item in enumerate(items[:LONGEST_LIST], start=1):
        if isinstance(item, dict) and not any(isinstance(v, dict | list) for v in item.values()):
            lines.append(_in_one_line(item, number, depth + 1))
        else:
            _walk(item, f"{number}", depth + 1, lines)
    if len(items) > LONGEST_LIST:
        lines.append(Fact("…", f"and {len(items) - LONGEST_LIST:,} more", depth + 1))


def _in_one_line(item: dict[str, Any], number: int, depth: int) -> Fact:
    """A small thing in a list (a program, a disk): its name, then whatever else is set."""
    name = item.get("name")
    label = shown(name, 60) if isinstance(name, str) and name else f"{number}"
    rest = [
        f"{_label(key).lower()} {_value(key, value)}"
        for key, value in list(item.items())[:LONGEST_LIST]
        if value not in (None, "", False) and (key != "name" or label == f"{number}")
    ]
    return Fact(label, ", ".join(rest), depth)


def _many(number: int) -> str:
    return "none" if number == 0 else f"{number:,} in all"


_UNITS: Final = ("_seconds", "_bytes", "_at")


def _label(key: str) -> str:
    for unit in _UNITS:
        key = key.removesuffix(unit)
    text = shown(key.replace("_", " "), 48)
    return text[:1].upper() + text[1:]


def _value(key: str, value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        some = ", ".join(shown(item, 60) for item in value[:LONGEST_LIST])
        more = len(value) - LONGEST_LIST
        return (some + (f" and {more:,} more" if more > 0 else "")) or "none"
    if isinstance(value, int):
        return _number(key, value)
    return shown(value, 120) or "(empty)"


def _number(key: str, value: int) -> str:
    if abs(value) > MOST:
        return "an impossible number"
    if key.endswith("_seconds"):
        return say.duration(value) if value >= 0 else f"{value:,} seconds"
    if key.endswith("_bytes"):
        return say.size(value) if value >= 0 else f"{value:,} bytes"
    return say.date(value) if key.endswith("_at") else f"{value:,}"
