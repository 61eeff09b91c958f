"""A scope in words, for whoever signs it, keeps it, or wants to know what is asked of the network.

Plain texts; what people typed is made harmless where it is shown.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wire.scope import DAY_MINUTES, POLITE_ARP, Hours, Scope, place

_MAC: Final = len("00:00:00:00:00:00")
KINDS: Final = {"snmp-v3": "SNMP v3", "snmp-v2c": "SNMP v2c", "ssh": "SSH"}

REFUSED: Final = {
    "not-signed": "by the list of keys it holds, whoever signed it may not",
    "not-understood": "it was made by a newer release than the scanner’s",
    "not-this-scanner": "it names another computer",
    "other-site": "it is for another school",
    "older": "it has seen a later one",
}
"""Why a scanner did not take what a receipt named, as it says (`agent.collect.scoping`)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked, and what never is: a sentence each."""

    asks: list[str]
    never: list[str]
    when: str


def said(scope: Scope) -> Said:
    """All of it."""
    return Said(list(_asks(scope)), list(_never(scope)), hours(scope.hours))


def hours(when: Hours) -> str:
    """`from 18:00 to 06:00 (Europe/London)`."""
    if (when.begins_minute, when.ends_minute) == (0, DAY_MINUTES):
        return "at any hour"
    begins, ends = clock(when.begins_minute), clock(when.ends_minute)
    return f"from {begins} to {ends} ({when.timezone})"


def clock(minute: int) -> str:
    """`18:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _asks(scope: Scope) -> Iterator[str]:
    pace = scope.arp_per_second
    hurried = "" if pace <= POLITE_ARP else " (faster than usual)"
    yield (
        f"Which addresses are in use in {listed(scope.subnets)}, at most {pace} of them a second"
        f"{hurried}."
    )
    if scope.dhcp:
        yield "Who would hand out addresses there: one question for each subnet."
    if scope.listens:
        yield "What announces itself there (mDNS and SSDP). Names of people's things are not kept."
    for one in scope.credentials:
        yield (
            f"What the equipment at {listed(one.addresses)} says of itself, over {KINDS[one.kind]} "
            f"with the credential “{one.id}”, at most {scope.snmp_at_once} devices at once."
        )
    if scope.default_communities:
        yield "Whether the school's own equipment answers to the passwords that everybody knows."
    if scope.services:
        ports = listed([f"{one.name} ({one.port})" for one in scope.services])
        yield f"Whether known equipment takes a connection to {ports}; nothing is said to it."
    if scope.air:
        yield (
            f"Which wireless networks can be seen from {scope.air}, and how they are secured; "
            "nothing that anybody sends in them."
        )


def _never(scope: Scope) -> Iterator[str]:
    yield "Anything outside these subnets, and anything outside these hours."
    if scope.exclude:
        yield f"{listed([_place(one) for one in scope.exclude])}."
    for one in scope.equipment_of_others:
        where = f" at {listed(one.addresses)}" if one.addresses else ""
        day = datetime.date.fromisoformat(one.statement_on)
        yield f"{one.what}{where}: run by {one.by}, whose own statement is of {day:%-d %B %Y}."
    yield "A printer’s printing ports. No port is tried that is not named above."
    yield "Nothing is changed on any device: it is only asked."


def _place(text: str) -> str:
    """An address, a subnet, a MAC address, or the beginning of many."""
    is_maker = isinstance(place(text), str) and len(text) < _MAC
    return f"everything whose MAC address begins {text}" if is_maker else text


def listed(texts: Sequence[str]) -> str:
    """`a, b and c`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
