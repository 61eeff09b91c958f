"""Withdrawn computers that still report: kept as evidence only, and said once (trust T18, O35).

Critical, because a key that was withdrawn signed it: nobody else can. Serial numbers and addresses
can be claimed by anyone and never come here. Nothing of such a report is judged, counted or shown
as the state of anything.
"""

from typing import Final

from django.db.models import F

from controller.fleet.models import Device, Sighting
from controller.intake import ghosts
from inventory.ghosts.services import Proof
from inventory.ledger import services as ledger

MOST: Final = 16
"""Envelopes kept of one withdrawn device: enough to prove it, too few to fill a disk with."""
QUIET_SECONDS: Final = 7 * 86_400
"""One that reports every night appeared once; after a week of silence it appears again."""


def keep(device_id: str, proof: Proof, binding: str, at: int) -> None:
    """Note what a withdrawn key signed on hardware with this `binding`: a report, or with `seq` 0 a
    request to come in as new. Where its entry is disposed of or missing, that is an alarm, too."""
    device = Device.objects.select_for_update().get(id=device_id)
    mine = Sighting.objects.filter(device=device)
    if mine.filter(digest=proof.digest).exists():
        return  # the same one, asked again
    if mine.count() < MOST:
        Sighting.objects.create(
            site_id=device.site_id,
            device=device,
            seq=proof.seq,
            digest=proof.digest,
            envelope=proof.envelope,
            received_at=at,
        )
    ghosts.spoken(device, proof, binding, at)
    before = device.sighted_at
    appeared = before is None or at - before >= QUIET_SECONDS
    Device.objects.filter(id=device.id).update(
        n_sighted=F("n_sighted") + 1,
        sighted_at=at,
        sighting_known=device.sighting_known and not appeared,
    )
    if appeared:
        ledger.append(
            site_id=device.site_id,
            at=at,
            actor=device.id,
            verb="device.sighted",
            subject=device.id,
            after={"seq": proof.seq, "hash": proof.digest},
        )
