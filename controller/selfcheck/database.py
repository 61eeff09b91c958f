"""The looks that ask the database: soundness, version, evidence log, clocks."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection

from controller import clock
from controller.clockdoubt import SLACK_SECONDS
from controller.data.datafolder import DataFolderError
from controller.db import soundness
from controller.evidence import audit
from controller.fleet.clocks import LIMIT_SECONDS, WrongClock
from controller.fleet.lately import wrong_clock
from controller.fleet.models import Device
from controller.judging import surveyed
from controller.selfcheck.findings import Finding
from inventory import queries as register
from inventory.ledger import services as ledger

MOST: Final = 500
"""Computers whose clocks are looked at closely: more are never off for a reason of their own."""
HEARD_SECONDS: Final = 2 * 86_400
WEEK_SECONDS: Final = 7 * 86_400
ENOUGH: Final = 3
"""Computers that must agree before their clocks count as a witness of ours."""


def deep(data: Path, at: int) -> Iterator[Finding]:
    """What reads the whole database: once a day, and when asked."""
    try:
        yield _sound()
        yield _log(data, at)
    except DatabaseError as error:
        yield away(error)


def away(error: DatabaseError) -> Finding:
    """It does not answer."""
    return Finding("database", "bad", "away", {"why": str(error).strip()[:200]})


def light(at: int) -> Iterator[Finding]:
    """What costs nothing."""
    try:
        yield clocks(at)
        yield our_clock(at)
        yield rounds(at)
    except DatabaseError as error:
        yield away(error)


def version(steps: int) -> Finding:
    """Whether the database is of this version."""
    if steps:
        return Finding("version", "bad", "behind", {"n": str(steps)})
    return Finding("version", "ok", "ok")


def our_clock(at: int) -> Finding:
    """Against our own records, and against itself (O26)."""
    if (behind := ledger.last_at() - at) > SLACK_SECONDS:
        return Finding("clock", "bad", "behind", {"minutes": str(behind // 60)})
    if (doubt := clock.held()) is not None:
        return Finding("clock", "bad", "jumped", {"minutes": str(abs(at - doubt) // 60)})
    return Finding("clock", "ok", "ok")


def clocks(at: int) -> Finding:
    """Computers whose clock is far off; their reports are stored all the same (T17)."""
    off = len(wrong_clocks(at))
    return (
        Finding("clocks", "warn", "off", {"n": str(off)}) if off else Finding("clocks", "ok", "ok")
    )


def rounds(at: int) -> Finding:
    """Computers that told of a round of the network which nobody authorised."""
    strange = surveyed.ignored(register.site_ids(), at - WEEK_SECONDS)
    if strange:
        return Finding("rounds", "warn", "strange", {"n": str(strange)})
    return Finding("rounds", "ok", "ok")


def wrong_clocks(at: int) -> list[tuple[Device, WrongClock]]:
    """Those computers, of those heard from lately, and how far off each is."""
    heard = Device.objects.filter(state="active", last_seen_at__gte=at - HEARD_SECONDS)
    # What was delivered late looks like a clock that is behind, so each is looked at closely.
    maybe = heard.exclude(skew_seconds__range=(-LIMIT_SECONDS, LIMIT_SECONDS)).order_by(
        "name", "id"
    )
    found = [(device, wrong_clock(device)) for device in maybe[:MOST]]
    return [(device, off) for device, off in found if off is not None]


def fleet_agrees(since: int, until: int) -> bool:
    """Whether computers that reported between two moments of our clock tell about the same time."""
    heard = Device.objects.filter(state="active", last_seen_at__range=(since, until))
    skews = list(heard.values_list("skew_seconds", flat=True)[:500])
    return len(skews) >= ENOUGH and abs(statistics.median(skews)) <= LIMIT_SECONDS


def _sound() -> Finding:
    if connection.vendor != "sqlite":
        connection.ensure_connection()
        return Finding("database", "ok", "reachable")
    with connection.cursor() as cursor:
        found = soundness.fault(cursor.execute)
    if found:
        return Finding("database", "bad", "bad", {"why": found[:200]})
    return Finding("database", "ok", "ok")


def _log(data: Path, at: int) -> Finding:
    """Every line of every school, read as each night does (T5)."""
    known = Finding("log", "ok", "ok")
    for site in register.site_ids():
        try:
            found = audit.look(site, at, data)
        except DataFolderError as error:
            return Finding("log", "bad", "unread", {"why": str(error)})
        if found.wrong or found.unheard:
            args = {"site": site, "what": found.sentence or "A computer saw another log."}
            return Finding("log", "bad", "bad", args)
        if found.start:
            known = Finding("log", "ok", "known", {"site": site, "n": f"{found.start:,}"})
    return known
