"""Reports and requests of computers that should not be seen any more: each raises an alarm with the
signed bytes as its proof, and changes nothing else (I11, I15, O35).

Every report that was accepted costs one look-up in its batch; what follows is rare.
"""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from controller.fleet.models import Device
from controller.intake import hardware
from controller.intake.outcomes import Outcome, Refused, Taken
from controller.intake.plan import Arrival
from inventory.ghosts import services as ghosts
from inventory.ghosts.rule import Signed, doubt_of
from inventory.ghosts.services import Proof, Sighting
from inventory.ghosts.watching import ENTRY

_WATCHED: Final = """
    SELECT d.id FROM fleet_device d
    JOIN inventory_watchedmark w ON w.asset_id = d.asset_id AND w.kind = %s
    WHERE d.id IN ({marks})
"""
_FORKED: Final = frozenset({"fork", "copied", "rolled_back", "gap"})
"""Refused, and signed all the same: the key is in use, though not where its chain goes on."""


def note(batch: Sequence[Arrival], outcomes: Sequence[Outcome]) -> None:
    """Raise an alarm for each report of a computer whose entry is gone; inside the transaction of
    intake."""
    spoke = [
        (arrival, isinstance(outcome, Refused))
        for arrival, outcome in zip(batch, outcomes, strict=True)
        if _is_new(outcome)
    ]
    if not spoke:
        return
    gone = _watched({arrival.device for arrival, _ in spoke})
    if not gone:
        return
    devices = Device.objects.in_bulk(gone)
    for arrival, forked in spoke:
        if arrival.device in devices:
            proof = Proof(arrival.report.seq, arrival.digest, arrival.packed)
            device, at = devices[arrival.device], arrival.received_at
            spoken(device, proof, arrival.report.binding, at, forked=forked)


def spoken(device: Device, proof: Proof, binding: str, at: int, *, forked: bool = False) -> None:
    """A key of this computer signed `proof`, on hardware with this `binding`."""
    if device.asset_id is None:
        return
    hit = ghosts.entry_hit(device.site_id, device.asset_id)
    if hit is None:
        return
    signed = Signed(
        weak=device.weak_binding,
        forked=forked or device.fork_since is not None,
        same=binding in hardware.before(device, hit.gone_at, proof.seq),
        since=device.enrolled_at,
        gone_at=hit.gone_at,
    )
    doubt = doubt_of(signed)
    seen = Sighting(hit, "key", device.id, at, proof, sure=not doubt, doubt=doubt)
    ghosts.saw(device.site_id, seen)


def joined(device: Device, proof: Proof, at: int) -> None:
    """A new key asks to come in, and shows marks that anybody may claim (O35)."""
    marks = ghosts.marks_of(device.factors)
    for hit in ghosts.look_up(device.site_id, marks):
        ghosts.saw(device.site_id, Sighting(hit, "join", device.id, at, proof))
    if device.was_signed:
        former = Device.objects.filter(id=device.was, site_id=device.site_id).first()
        if former is not None and former.state == "active":
            spoken(former, proof, "", at, forked=True)


def _is_new(outcome: Outcome) -> bool:
    """Whether this says something: not a report that is here already."""
    if isinstance(outcome, Taken):
        return outcome.status == "accepted"
    return isinstance(outcome, Refused) and outcome.code in _FORKED


def _watched(devices: set[str]) -> list[str]:
    marks = ", ".join(["%s"] * len(devices))
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED.format(marks=marks), [ENTRY, *sorted(devices)])
        return [device for (device,) in cursor.fetchall()]
