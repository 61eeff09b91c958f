"""What a survey came to, kept until a report in the spool tells it; a receipt empties that.

Only the newest waits: it says more than the one before, and what that one said of other days is
nobody's to keep here. The sections travel by their hash, with their bodies, in one report; a school
with more equipment than one section holds is told in several, one report each.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.facts import Facts
from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import LanSurvey, SurveyRun
from wire import limits, report, sections
from wire.errors import WireError

log = logging.getLogger("agent")

NAME: Final = "surveys.json"
KINDS: Final[Mapping[str, type[Facts]]] = {
    one.section: one for one in (LanSurvey, EquipmentSurvey, SurveyRun)
}
ROOM: Final = limits.SECTION * 3 // 4
"""Bytes of one section of equipment: what is cleaned on the way may grow."""
_LARGEST: Final = 64 << 20


class DamagedError(Exception):
    """The record is there and cannot be read."""


class Kept(msgspec.Struct, frozen=True):
    """Which survey it is, by when it ended; and what each report still has to tell: section to its
    body as it travels, as text."""

    v: Literal[1] = 1
    ended_at: int = 0
    reports: list[dict[str, str]] = []


def keep(folder: Path, found: Sequence[Facts], ended_at: int) -> None:
    """In place of what waits. A section beyond the limits of the wire becomes `too-large` in the
    report. Raises OSError."""
    first: dict[str, str] = {}
    more: list[dict[str, str]] = []
    for one in found:
        name = one.section
        pieces: Sequence[Facts] = [one]
        if isinstance(one, EquipmentSurvey):
            pieces = _pieces(one)
        first[name], *others = [_packed(piece).decode() for piece in pieces]
        more += [{name: body} for body in others]
    kept = Kept(ended_at=ended_at, reports=[first, *more])
    files.replace(folder / NAME, msgspec.json.encode(kept))


def waiting(folder: Path) -> Kept | None:
    """What nobody was told yet. What cannot be read costs the survey, not the round.

    Raises OSError.
    """
    try:
        return _load(folder)
    except DamagedError as error:
        log.warning("%s cannot be read: the survey in it is lost", error)
        return None


def told(folder: Path, kept: Kept | None) -> None:
    """Its first report stands in the spool; a newer survey that came meanwhile stays whole.

    Raises OSError.
    """
    now = waiting(folder)
    if kept is None or (now is not None and now != kept):
        return
    if kept.reports[1:]:
        left = msgspec.structs.replace(kept, reports=kept.reports[1:])
        files.replace(folder / NAME, msgspec.json.encode(left))
    else:
        (folder / NAME).unlink(missing_ok=True)


def refs(kept: Kept | None) -> tuple[list[report.SectionRef], dict[str, bytes]]:
    """What the next report names, and the bodies behind it."""
    named, bodies = [], {}
    for name, text in (kept.reports[0] if kept is not None and kept.reports else {}).items():
        kind, body = KINDS.get(name), text.encode()
        if kind is not None:
            ref = sections.ref(name, kind.schema, body)
            named.append(ref)
            bodies[ref.sha256] = body
    return named, bodies


def _pieces(whole: EquipmentSurvey) -> list[EquipmentSurvey]:
    """Halves, and halves of those, until each fits; one device alone is left as it is."""
    if len(whole.devices) < 2 or len(msgspec.json.encode(whole)) <= ROOM:
        return [whole]
    middle = len(whole.devices) // 2
    halves = (whole.devices[:middle], whole.devices[middle:])
    return [
        piece for half in halves for piece in _pieces(msgspec.structs.replace(whole, devices=half))
    ]


def _load(folder: Path) -> Kept | None:
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return None if data is None else msgspec.json.decode(data, type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(str(folder / NAME)) from error


def _packed(one: Facts) -> bytes:
    try:
        return sections.pack(one)
    except WireError as error:
        log.warning("section %s cannot travel: %s", one.section, error.code)
        return b'{"unseen":"too-large"}'
