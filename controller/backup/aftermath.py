"""What a person looks through after a restore: computers of which nobody here can tell whether they
were withdrawn in between (O5).

Two kinds. Those that were known again by their own proof. And those that made reports before the
loss which the lost controller did not take: each report says how far the log reached in the newest
receipt its computer held, so reports that keep saying the same were not answered. A computer that
was withdrawn looks so; one that was at home looks the same, so it is shown and nothing is done.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from controller.backup.epoch import READMIT
from controller.backup.restored import Restored
from controller.fleet import packed
from controller.fleet.models import Device, Report
from inventory import queries as register
from inventory.ledger import queries

DAY: Final = 86_400
ENOUGH: Final = 2
"""Reports not taken, on which a person should look; a single one is an evening at home."""


class Untaken(NamedTuple):
    """A computer, and how many reports it made more than a day before the loss in vain."""

    device: Device
    reports: int


class _Seen(msgspec.Struct):
    size: int


class _Said(msgspec.Struct):
    created_at: int
    seen: _Seen | None = None


class Tries(NamedTuple):
    """When one computer made its last report that was answered (0: none), and those after it."""

    answered_at: int
    in_vain: list[int]


_SAID: Final = msgspec.json.Decoder(_Said)


def came_back(made: Restored) -> list[Device]:
    """Computers that were known again by their own proof, by name."""
    subjects = {
        subject
        for site in register.site_ids()
        for subject in queries.subjects(site, READMIT, since=made.at)
    }
    return list(Device.objects.filter(id__in=subjects).order_by("name", "id"))


def untaken(made: Restored) -> list[Untaken]:
    """Computers whose reports from before the loss were not taken, by name."""
    reports = Report.objects.filter(device__state="active")
    rows = reports.filter(created_at__range=(made.made_at, made.at)).order_by("device_id", "seq")
    said: dict[str, list[_Said]] = defaultdict(list)
    for device, envelope in rows.values_list("device_id", "envelope").iterator():
        said[device].append(_SAID.decode(packed.payload(bytes(envelope))))
    tries = {device: tries_of(reports) for device, reports in said.items()}
    lost_at = max((one.answered_at for one in tries.values()), default=0)
    vain = {device: sum(at < lost_at - DAY for at in one.in_vain) for device, one in tries.items()}
    found = Device.objects.filter(id__in=[id_ for id_, count in vain.items() if count >= ENOUGH])
    return [Untaken(device, vain[device.id]) for device in found.order_by("name", "id")]


def tries_of(said: Iterable[_Said]) -> Tries:
    """Part reports of one computer, in order, at the newest receipt that shows in them."""
    made = [(one.created_at, one.seen.size if one.seen else 0) for one in said]
    newest = max(size for _, size in made)
    first = next(at for at, (_, size) in enumerate(made) if size == newest)
    return Tries(made[first - 1][0] if first else 0, [at for at, _ in made[first:]])
