"""Reasons of the wire: what is on it that nobody knows, and how equipment is kept. Pure.

A guess is told as one ("looks like a games console"), and what was not looked at is never fine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import Final

from checks.records.network.facts import Gear, RoundFacts, Stranger, WireFacts
from checks.records.network.reasons import Reason
from checks.verdicts import Args, Severity

DAY: Final = 86_400
_PART: Final = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_MANAGING: Final[Mapping[str, tuple[str, Severity]]] = {
    "telnet": ("open-telnet", "critical"),
    "rlogin": ("open-telnet", "critical"),
    "http": ("open-http", "critical"),
    "ftp": ("open-ftp", "high"),
}
"""Doors to the management of equipment that show passwords to whoever listens (check catalogue)."""
_REFUSED: Final[Mapping[str, str]] = {
    "expired": "the scope has ended",
    "not-yet": "the scope has not begun",
    "altered": "the scope was altered after it was signed",
    "not-signed": "nobody who may has signed the scope",
    "outside-hours": "it was outside the hours of the scope",
    "not-this-scanner": "the scope is for another scanner",
}
INSECURE: Final = frozenset(
    {"smb1", "telnet", "ftp", "vnc", "rlogin", "rsh", "mysql", "postgresql", "mssql", "mongodb"}
)
"""Services no school machine should offer (check catalogue); others of the scope are only told."""


NEVER: Final = Reason("unknown", "never")


def blind(rounds: RoundFacts, at: int, age: int) -> Reason | None:
    """Why nothing can be said of the wire at all."""
    if rounds.at is None:
        return Reason("unknown", "refused", args=_why(rounds)) if rounds.refused else NEVER
    silent = at - rounds.at
    if silent <= age:
        return None
    return Reason("unknown", "too-long-ago", args={"age": silent})


def unknown_things(wire: WireFacts, at: int, wait: int, rounds: int) -> Iterator[Reason]:
    """What nobody knows, what hands out addresses, what has no entry, what moved."""
    for server in wire.servers:
        if not server.known:
            name = f"{server.server} {server.place or server.mac}".strip()
            yield Reason("fail", "hands-out-addresses", name, server.id, "critical")
    for one in wire.strangers:
        if not one.console and is_due(one, at, wait, rounds):
            yield Reason("fail", "unknown", _placed(one), one.id)
    for gear in wire.gear:
        if not gear.entry and gear.kind != "unknown":
            yield Reason("fail", "no-entry", gear.name or gear.model, gear.id, "medium")
    for gear in wire.gear:
        if gear.moved:
            yield Reason("warn", "moved", gear.name or gear.model, gear.id, "low")


def is_due(one: Stranger, at: int, wait: int, rounds: int) -> bool:
    """Whether it has been there long enough to be more than a visit: both a day and two rounds."""
    return at - one.first_at > wait and one.rounds >= rounds


def consoles(wire: WireFacts) -> Iterator[Reason]:
    """What looks like a games console: surely where it says so itself."""
    for one in wire.strangers:
        if one.console == "high":
            yield Reason("fail", "console", _placed(one), one.id, args={"because": one.because})
    for one in wire.strangers:
        if one.console == "medium":
            args: Args = {"because": one.because}
            yield Reason("warn", "maybe-console", _placed(one), one.id, args=args)


def management(wire: WireFacts, since: int) -> Iterator[Reason]:
    """How switches and access points are looked after."""
    for one in wire.gear:
        name = one.name or one.model
        if one.key_changed:
            yield Reason("fail", "key-changed", name, one.id, "high")
        if one.community in ("public", "private"):
            yield Reason("fail", "known-community", name, one.id)
        elif one.way == "snmp-v2c":
            yield Reason("warn", "v2c", name, one.id, "medium")
        if one.community is None and one.way.startswith("snmp"):
            yield Reason("unknown", "not-tried", name, one.id)
    for door in wire.doors:
        if door.managed and door.service in _MANAGING and door.at >= since:
            says, severity = _MANAGING[door.service]
            yield Reason("fail", says, door.name, door.name, severity)
    if wire.doors_at is None or wire.doors_at < since:
        yield Reason("unknown", "doors-untried")


def services(wire: WireFacts, since: int) -> Iterator[Reason]:
    """Doors on anything that no machine of a school should have open."""
    for door in wire.doors:
        if door.service in INSECURE and door.at >= since and not door.managed:
            yield Reason("fail", "open", f"{door.name} ({door.service})", door.name)


def firmware(wire: WireFacts, minimum: Sequence[str], since: int) -> Iterator[Reason]:
    """Each device against the minimum that the school set for its model."""
    wanted = [entry.rpartition(" ") for entry in minimum]
    for one in wire.gear:
        if not one.way:
            continue
        found = [least for model, _, least in wanted if model and _fits(one, model)]
        name = one.name or one.model
        if not found:
            yield Reason("unknown", "no-minimum", name, one.id)
        elif not one.firmware or (one.firmware_at or 0) < since:
            yield Reason("unknown", "version-unseen", name, one.id)
        elif any(older(one.firmware, least) for least in found):
            yield Reason("fail", "too-old", name, one.id)


def older(version: str, least: str) -> bool:
    """Whether one version comes before another, number by number: 16.9 before 16.11."""
    for one, other in zip_longest(_parts(version), _parts(least), fillvalue=(0, 0, "")):
        if one != other:
            return one < other
    return False


def _parts(text: str) -> list[tuple[int, int, str]]:
    return [
        (1, int(part[:18]), "") if part.isdigit() else (0, 1, part.casefold())
        for part in _PART.findall(text)
    ]


def _fits(one: Gear, pattern: str) -> bool:
    return fnmatchcase(one.model.casefold(), pattern.casefold())


def _placed(one: Stranger) -> str:
    return f"{one.name[:14]} {one.place}".strip() if one.place else one.name


def _why(rounds: RoundFacts) -> Args:
    return {"why": _REFUSED.get(rounds.refused, "the scanner could not use the scope")}
