"""Forks and sightings as pages say them: plain words, and nobody is accused."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from controller.fleet.models import Device, Fork
from controller.wording.shown import shown

MOST: Final = 20

SAID: Final = {
    "rolled_back": "It was set back to an earlier state, and went on by itself.",
    "copied": "Another computer had a copy of its disk. That one was told to ask for a place of its"
    " own.",
    "fork": "It could not be told whether it was set back or copied.",
    "": "Two different reports came for the same place.",
}
BY_PERSON: Final = {
    "rolled_back": "Somebody here said that it is one computer that was set back.",
    "copied": "Somebody here said that they are two computers; the other one asks for a place of"
    " its own.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One fork in words."""

    at: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A computer that a person has to look at because of its identity."""

    id: str
    name: str
    kind: str
    """"alive": withdrawn and still reporting; "fork": one or two?"""
    since: int
    reports: int


def told(device: Device) -> list[Told]:
    """What became of its forks, newest first; no query when there were none."""
    if not device.n_forks:
        return []
    rows = Fork.objects.filter(device=device).order_by("-received_at", "-id")
    return [
        Told(row.received_at, (BY_PERSON if row.by_person else SAID).get(row.answer, SAID[""]))
        for row in rows.only("received_at", "answer", "by_person")[:MOST]
    ]


def alarms(devices: QuerySet[Device]) -> list[Alarm]:
    """The worst first: withdrawn and alive, then those that wait for a word. One query."""
    alive = Q(sighted_at__isnull=False, sighting_known=False, state="revoked")
    rows = devices.filter(alive | Q(fork_since__isnull=False, state="active"))
    found = [
        Alarm(
            id=row.id,
            name=shown(row.name, 60) or "(no name)",
            kind="fork" if row.state == "active" else "alive",
            since=(row.fork_since if row.state == "active" else row.sighted_at) or 0,
            reports=row.n_sighted,
        )
        for row in rows.only("id", "name", "state", "fork_since", "sighted_at", "n_sighted")[:MOST]
    ]
    return sorted(found, key=lambda alarm: (alarm.kind != "alive", -alarm.since, alarm.id))
