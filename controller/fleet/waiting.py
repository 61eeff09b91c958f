"""Computers that ask to be let in: what they claim to be, for the person who compares and decides.

Everything here is a claim (O31): four words to compare with the screen of the computer itself, and
hardware marks to compare with its label.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from controller.fleet.models import Device
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.marks import STRONG, normalise

MOST: int = 200
"""Cards on one page; a class set is 30."""
MOST_WITHDRAWN: int = 1_000
"""Withdrawn computers whose marks are compared, the newest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One computer in the queue."""

    id: str
    name: str
    words: tuple[str, ...]
    key_id: str
    model: str
    platform: str
    os_name: str
    serial: str
    marks: list[tuple[str, str]]
    weak: bool
    was: str
    was_name: str
    was_signed: bool
    withdrawn_id: str
    withdrawn_name: str
    join_code: str
    profile: str
    asked_at: int
    doubts: tuple[str, ...] = ()
    """Why somebody has to look at it by itself."""


def cards(devices: Sequence[Device]) -> list[Waiting]:
    """In this order: two queries. Their join codes are read already."""
    sites = {device.site_id for device in devices}
    claimed = [device.was for device in devices if device.was]
    former = Device.objects.filter(id__in=claimed, site__in=sites) if claimed else []
    names = {device.id: device.name for device in former}
    gone = _withdrawn(devices, sites) if devices else {}
    return [_waiting(device, names.get(device.was, ""), gone.get(device.id)) for device in devices]


def _withdrawn(devices: Sequence[Device], sites: Collection[str]) -> dict[str, Device]:
    """Those whose serial or board is that of a withdrawn computer: a claim, so only a hint (O35).
    One query; a withdrawn computer keeps its marks."""
    marks: dict[tuple[str, str], Device] = {}
    rows = Device.objects.filter(site__in=sites, state="revoked").order_by("-ended_at")
    for gone in rows.only("id", "name", "factors")[:MOST_WITHDRAWN]:
        for mark in _strong(gone.factors):
            marks.setdefault(mark, gone)
    hits = {
        device.id: [marks[m] for m in _strong(device.factors) if m in marks] for device in devices
    }
    return {device_id: found[0] for device_id, found in hits.items() if found}


def _strong(factors: object) -> list[tuple[str, str]]:
    if not isinstance(factors, Mapping):
        return []
    return [
        (kind, mark)
        for kind in STRONG
        for value in (factors.get(kind) or ())
        if (mark := normalise(kind, str(value)))
    ]


def _waiting(device: Device, was_name: str, withdrawn: Device | None) -> Waiting:
    marks = marks_of(device.factors)
    serials = [value for kind, value in marks if kind == words().factors["serial"]]
    return Waiting(
        id=device.id,
        name=shown(device.name, 60) or "(no name)",
        words=tuple(device.words.split()),
        key_id=device.key_id,
        model=shown(device.model),
        platform=device.platform,
        os_name=shown(device.os_name),
        serial=serials[0] if serials else "",
        marks=marks,
        weak=device.weak_binding,
        was=device.was,
        was_name=shown(was_name, 60),
        was_signed=device.was_signed,
        withdrawn_id=withdrawn.id if withdrawn else "",
        withdrawn_name=(shown(withdrawn.name, 60) or "(no name)") if withdrawn else "",
        join_code=shown(device.join_code.label) if device.join_code else "",
        profile=device.profile,
        asked_at=device.enrolled_at,
    )


def marks_of(factors: object) -> list[tuple[str, str]]:
    """Hardware marks as label and value; the shape is what the computer sent, so nothing is
    trusted.
    """
    found: list[tuple[str, str]] = []
    if not isinstance(factors, Mapping):
        return found
    for kind, values in list(factors.items())[:16]:
        label = words().factors.get(str(kind), shown(str(kind).replace("_", " "), 24))
        several = values[:8] if isinstance(values, list) else [values]
        found.extend((label, shown(value, 64)) for value in several)
    return found
