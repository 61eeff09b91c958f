"""What the newest reports of a computer say beside its facts: what a look costs it (S10), and how
its clock goes (T17).

Read from the reports themselves, so that intake writes nothing for it.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from controller import clock
from controller.fleet import clocks, packed
from controller.fleet.models import Device, Report
from inventory.ledger import log
from wire import itself
from wire.report import NowSection, Seen

REPORTS: Final = 8
"""So many are looked at: two days of a computer that is always on."""


class _Said(msgspec.Struct):
    """A report of which only this is looked at."""

    now: list[NowSection]
    seen: Seen | None = None


_SAID: Final = msgspec.json.Decoder(_Said)


@dataclass(frozen=True, slots=True)
class Lately:
    """`cost` is of the look before the newest report, None from an agent that does not say."""

    cost: itself.Cost | None = None
    wrong_clock: clocks.WrongClock | None = None


def lately(device: Device) -> Lately:
    """One query; one more for each report that seems too old."""
    rows = Report.objects.filter(device=device).order_by("-seq")[:REPORTS]
    kept = rows.values_list("received_at", "created_at", "envelope")
    found = [(received, created, bytes(envelope)) for received, created, envelope in kept]
    if not found:
        return Lately()
    said = _SAID.decode(packed.payload(found[0][2]))
    return Lately(itself.heard(said.now, itself.Cost), _clock(device, found))


def wrong_clock(device: Device) -> clocks.WrongClock | None:
    """The same, of the clock alone."""
    return lately(device).wrong_clock


def _clock(device: Device, found: list[tuple[int, int, bytes]]) -> clocks.WrongClock | None:
    if clock.held() is not None:
        return None  # ours is in doubt, and accuses nobody
    return clocks.judge([_sample(device, *row) for row in found])


def _sample(device: Device, received_at: int, created_at: int, envelope: bytes) -> clocks.Sample:
    said = _SAID.decode(packed.payload(envelope))
    told = itself.heard(said.now, itself.Clock)
    if told is not None:
        return clocks.Sample(received_at, created_at, told=told.ahead_seconds)
    if created_at >= received_at - clocks.LIMIT_SECONDS:
        return clocks.Sample(received_at, created_at)
    seen = said.seen
    newest = log.lines(device.site_id, seen.size - 1, seen.size) if seen and seen.size else ()
    after = max((clocks.written_at(line) for line in newest), default=0)
    return clocks.Sample(received_at, created_at, max(after, device.enrolled_at))
