"""Computers that show marks of something that is gone: its serial number, board or network card, or
its drive (I11). One question for a whole batch; what a computer says of itself proves nothing of
another, so a person is asked to check (O35).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from controller.fleet.models import Device, Report
from controller.judging.messages import Judged
from inventory.ghosts import services as ghosts
from inventory.ghosts.rule import Mark, Way
from inventory.ghosts.services import Hit, Proof, Sighting
from inventory.ghosts.watching import DRIVE

_WAYS: Final[tuple[Way, ...]] = ("drive", "report")


def look(judged: Sequence[tuple[Device, Judged]], at: int) -> None:
    """Compare what was just judged with what is watched; inside the writer's transaction."""
    sites: dict[str, list[tuple[Device, set[Mark]]]] = defaultdict(list)
    for device, one in judged:
        sites[device.site_id].append((device, ghosts.marks_of(one.factors, one.drives)))
    for site, shown in sites.items():
        hits = ghosts.look_up(site, {mark for _, marks in shown for mark in marks})
        if hits:
            _raise(site, shown, hits, at)


def _raise(
    site: str, shown: Iterable[tuple[Device, set[Mark]]], hits: Sequence[Hit], at: int
) -> None:
    for device, marks in shown:
        for hit in hits:
            # Of its own entry its key speaks, with every report (`controller.intake.ghosts`).
            if hit.asset != device.asset_id and (same := hit.marks & marks):
                for way, some in zip(_WAYS, _parted(same), strict=True):
                    if some:
                        mine = Hit(hit.asset, hit.gone_at, some)
                        ghosts.saw(site, Sighting(mine, way, device.id, at, _proof(device)))


def _parted(marks: frozenset[Mark]) -> tuple[frozenset[Mark], frozenset[Mark]]:
    """Drives, and marks of the machine itself."""
    drives = frozenset(mark for mark in marks if mark[0] == DRIVE)
    return drives, marks - drives


def _proof(device: Device) -> Proof:
    """Its newest report, as it was signed."""
    row = Report.objects.filter(device=device, seq=device.head_seq).values_list("envelope")
    (envelope,) = row.first() or (b"",)
    return Proof(device.head_seq, device.head_hash, bytes(envelope))
