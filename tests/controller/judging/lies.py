"""Twenty-odd lies of a computer in wrong hands (T3), told about a good computer's facts.

`CAUGHT` become no pass: each names the checks that must not. `BELIEVED` are consistent stories,
which no signature and no judge can tell from the truth; SECURITY.md lists both by these names.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from checks.antivirus.facts import AntivirusFacts, AntivirusNow
from checks.facts import Facts
from checks.hardware.facts import HardwareFacts
from checks.judging import Body
from checks.locking.facts import LockingFacts, LockingNow, Session
from checks.operating_system.facts import OperatingSystemFacts, OperatingSystemNow, Update
from checks.removable_media.facts import RemovableMediaFacts, RemovableMediaNow, Volume
from checks.software.facts import SoftwareFacts
from checks.unseen import NotHere
from checks.wireless.facts import WirelessFacts
from controller.simulation.facts import sections
from controller.simulation.roster import roster
from tests.controller.intake.machine import NOW

Sections = dict[type[Facts], Body]
Told = dict[type[Facts], Body | None]
"""What is told instead; None: nothing."""

DAY = 86_400


def honest() -> Sections:
    """A staff laptop on which nothing is wrong."""
    good = next(
        machine
        for machine in roster(300, 1, 1)
        if machine.kind.id == "staff-laptop" and not machine.faults
    )
    return sections(good, 0, NOW)


def put(kind: type[Facts], **fields: Any) -> Told:
    """The honest section with other values in some fields."""
    facts = honest()[kind]
    assert isinstance(facts, Facts)
    return {kind: msgspec.structs.replace(facts, **fields)}


def times(**fields: Any) -> Told:
    """The antivirus' times with others among them."""
    now = honest()[AntivirusNow]
    assert isinstance(now, AntivirusNow)
    assert isinstance(now.times, list)
    return put(AntivirusNow, times=[msgspec.structs.replace(now.times[0], **fields)])


def rule(**fields: Any) -> Told:
    """The lock's one rule with other values."""
    lock = honest()[LockingFacts]
    assert isinstance(lock, LockingFacts)
    assert isinstance(lock.rules, list)
    return put(LockingFacts, rules=[msgspec.structs.replace(lock.rules[0], **fields)])


def foreign_programs() -> Told:
    """The list of programs of a computer that runs Linux."""
    software = honest()[SoftwareFacts]
    assert isinstance(software, SoftwareFacts)
    assert isinstance(software.titles, list)
    return put(
        SoftwareFacts, titles=[msgspec.structs.replace(t, source="dpkg") for t in software.titles]
    )


def signed_in(since: int) -> Told:
    """Somebody's session."""
    return {LockingNow: LockingNow(sessions=[Session("5f0c2a9d41b7e836", False, True, 0, since)])}


STICK = Volume("c4", "usb-storage", "0781:5581", "SanDisk", True, None, NOW - 60, NOW)
LATE = Update("KB5068861", "2026-10", "critical", NOW - 60 * DAY)

CAUGHT: dict[str, tuple[Callable[[], Told], tuple[str, ...]]] = {
    # Facts that cannot all be true.
    "another system than the one that joined": (
        lambda: put(OperatingSystemFacts, product="debian", release="13"),
        ("os-supported", "os-patches", "auto-update"),
    ),
    "programs of another system": (foreign_programs, ("software-p2p", "software-remote-access")),
    "fewer updates waiting than it lists": (
        lambda: put(OperatingSystemNow, pending=[LATE], pending_count=0),
        ("os-patches",),
    ),
    "started at two times": (
        lambda: put(OperatingSystemNow, up_since=NOW - 60),
        ("os-patches", "av-definitions-fresh"),
    ),
    "awake for longer than on": (
        lambda: put(AntivirusNow, awake_seconds=20 * 3_600),
        ("av-definitions-fresh", "av-scan-recent"),
    ),
    "nobody can sign in, and somebody is": (
        lambda: put(LockingFacts, rules=[]) | signed_in(NOW - 3_600),
        ("lock-idle-timeout", "lock-on-resume"),
    ),
    "no desktop, and somebody is at it": (
        lambda: {LockingFacts: NotHere("no desktop is installed")} | signed_in(NOW - 3_600),
        ("lock-idle-timeout", "session-unattended"),
    ),
    "no radio, and a wireless network in use": (
        lambda: put(WirelessFacts, radios=0),
        ("wifi-client-profiles",),
    ),
    "no socket, and a stick in it": (
        lambda: put(RemovableMediaFacts, kinds=[]) | put(RemovableMediaNow, attached=[STICK]),
        ("usb-storage-control",),
    ),
    "no antivirus could ever be there": (
        lambda: {AntivirusFacts: NotHere("it needs none"), AntivirusNow: NotHere("it needs none")},
        ("av-active", "av-realtime", "av-definitions-fresh"),
    ),
    # Values that cannot be.
    "definitions from next month": (
        lambda: times(definitions_at=NOW + 30 * DAY),
        ("av-definitions-fresh",),
    ),
    "a scan that ended tomorrow": (
        lambda: times(quick_scan_at=NOW + DAY, full_scan_at=NOW + DAY),
        ("av-scan-recent",),
    ),
    "lists of updates from next week": (
        lambda: put(OperatingSystemNow, lists_at=NOW + 7 * DAY),
        ("os-patches",),
    ),
    "fixes promised for two hundred years": (
        lambda: put(
            OperatingSystemFacts, product="other", release="1", support_end=NOW + 200 * 365 * DAY
        ),
        ("os-supported",),
    ),
    "a release that nobody has made yet": (
        lambda: put(OperatingSystemFacts, release="99H2", build="99999"),
        ("os-supported",),
    ),
    "a screen that locks after no time at all": (
        lambda: rule(idle_seconds=0),
        ("lock-idle-timeout",),
    ),
    # Silence.
    "not one program": (
        lambda: put(SoftwareFacts, titles=[]),
        ("software-p2p", "software-supported"),
    ),
    "the section that would show it left out": (
        lambda: {AntivirusFacts: None},
        ("av-active", "av-realtime", "av-removable-scan"),
    ),
    "what drifts left out": (
        lambda: {AntivirusNow: None, OperatingSystemNow: None},
        ("av-definitions-fresh", "av-scan-recent", "os-patches"),
    ),
}

BELIEVED: dict[str, tuple[Callable[[], Told], str]] = {
    "a lock that is not there": (lambda: rule(idle_seconds=60), "lock-idle-timeout"),
    "definitions of an hour ago": (
        lambda: times(definitions_at=NOW - 3_600),
        "av-definitions-fresh",
    ),
    "a scan that never ran": (
        lambda: times(quick_scan_at=NOW - 7_200, full_scan_at=NOW - 7_200),
        "av-scan-recent",
    ),
    "updates that were not installed": (
        lambda: put(OperatingSystemNow, pending=[], pending_count=0),
        "os-patches",
    ),
    "a program left out of the list": (dict, "software-p2p"),
    "a make, model and serial number nobody else uses": (
        lambda: put(HardwareFacts, make="Nobody", model="Nothing", serial="X1Y2Z3A4"),
        "av-active",
    ),
}
