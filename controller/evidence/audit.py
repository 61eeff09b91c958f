"""The night's reading of the log: line for line, against everything kept here that speaks of it.

Beside the log's own end, its marks and its checkpoints (`inventory.ledger.audit`) these are the
signatures under the checkpoints, and the newest reports of each computer: each must be the one its
line names, and what it saw of the log must fit the lines. Intake compared that when the report
came, but with marks that somebody may have set back since; so it is compared again.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from django.db import transaction
from django.db.models import F

from controller.evidence import logkeys
from controller.fleet import packed
from controller.fleet.models import PastKey, Report
from inventory.ledger import checkpoints, contradictions
from inventory.ledger.audit import What, Wrong, read_through
from wire import dsse, types
from wire.report import Seen

EACH: Final = 3
"""Newest reports of a computer that are looked at."""
WINDOW_SECONDS: Final = 36 * 3_600
_SAID: Final[dict[What, str]] = {
    "gap": "line {size:,} is missing or out of place",
    "end": "its {lines} do not lead to its own end",
    "mark": "what it was at {lines} does not fit",
    "checkpoint": "it does not begin with what the checkpoint of {lines} was signed over",
    "missing": "the checkpoint of {lines} is gone",
    "report": "a stored report is not the one its line names, among the first {lines}",
    "unsigned": "no key of the log signed the checkpoint of {lines}",
}


class Unheard(NamedTuple):
    """A computer's report that saw another log, and nobody has said so yet."""

    device: str
    size: int
    root: str


class Found(msgspec.Struct, frozen=True):
    """What one reading found. `start`: somebody answered for the lines before; `size`: lines there
    are; `good`: so many first ones are as they were, or as they were when answered for."""

    start: int
    size: int
    good: int
    wrong: list[Wrong]
    unheard: list[Unheard]

    @property
    def sentence(self) -> str:
        """What is wrong, for people; "" if nothing is."""
        if not self.wrong:
            return ""
        first: dict[What, Wrong] = {}
        for one in self.wrong:
            first.setdefault(one.what, one)
        said = "; ".join(
            _SAID[one.what].format(size=one.size, lines=_lines(one.size)) for one in first.values()
        )
        good = (
            f"Good from the start: {_lines(self.good)}" if self.good else "No line is known to fit"
        )
        return f"The log is not what was written: {said}. {good}."


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number:,} lines"


class _Kept(msgspec.Struct):
    """Of a report, what it saw."""

    seen: Seen | None = None


class _Stored(NamedTuple):
    device: str
    seen: Seen | None
    line: int
    says: frozenset[tuple[str, bytes]]
    """What its line may say: one spelling for each key the computer ever had."""


def look(site: str, at: int, data: Path) -> Found:
    """Read the whole log of a school. Raises DataFolderError where the log's key is missing."""
    stored = list(_stored(site, at))
    asked = {one.seen.size for one in stored if one.seen is not None}
    named = {one.line: one.says for one in stored}
    audit = read_through(site, asked, named)
    unsigned = [one for one in _unsigned(site, data) if one.size > audit.start]
    good = min([audit.good, *(one.size - 1 for one in unsigned)])
    # Intake says it of one computer once a day, so what it said of an earlier report counts too.
    told = contradictions.told_since(site, at - WINDOW_SECONDS - contradictions.AGAIN_SECONDS)
    unheard = [
        Unheard(one.device, one.seen.size, one.seen.root)
        for one in stored
        if one.seen is not None
        and one.seen.size > audit.start
        and one.device not in told
        and f"sha256:{audit.roots.get(one.seen.size, b'').hex()}" != one.seen.root
    ]
    return Found(audit.start, audit.size, good, [*audit.wrong, *unsigned], unheard)


def night(site: str, at: int, data: Path) -> Found:
    """Look, and write down what was found, each thing once."""
    found = look(site, at, data)
    with transaction.atomic():
        for device, size, root in {one.device: one for one in found.unheard}.values():
            contradictions.tell(site, device, at, size, root)
        if found.wrong:
            contradictions.differs(site, at, found.good, found.sentence)
    return found


def _stored(site: str, at: int) -> Iterator[_Stored]:
    """The newest reports of each computer that came since the night before, with what their lines
    say."""
    newest = Report.objects.filter(
        device__site_id=site,
        seq__gt=F("device__head_seq") - EACH,
        received_at__gt=at - WINDOW_SECONDS,
        line__isnull=False,
    ).select_related("device")
    past: dict[str, list[bytes]] = {}
    for key in PastKey.objects.filter(device__site_id=site):
        past.setdefault(key.device_id, []).append(bytes(key.public_key))
    for row in newest.iterator():
        kept, publics = bytes(row.envelope), [bytes(row.device.public_key)]
        text = f"report {row.device_id} {row.seq}"
        says = [
            (text, _digest(packed.envelope(kept, types.REPORT, public)))
            for public in publics + past.get(row.device_id, [])
        ]
        seen = msgspec.json.decode(packed.payload(kept), type=_Kept).seen
        yield _Stored(row.device_id, seen, row.line or 0, frozenset(says))


def _digest(envelope: bytes) -> bytes:
    return bytes.fromhex(dsse.digest(envelope).removeprefix("sha256:"))


def _unsigned(site: str, data: Path) -> Iterator[Wrong]:
    """Checkpoints that are signed by no key there ever was, or say something else than their
    row."""
    known = logkeys.ever(data)
    for sheet in checkpoints.every(site):
        found = logkeys.read(site, sheet.note, known)
        if found is None or (found.size, found.root) != (sheet.size, sheet.root):
            yield Wrong("unsigned", sheet.size)
