"""What a person says of a fork that waits: one computer that was set back, or two."""

from django.db import transaction

from controller.fleet.forks.rule import CURES, Cure
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from inventory.ledger import services as ledger


def say(device_id: str, cure: Cure, *, actor: str, at: int) -> None:
    """Decide how the next fork is answered; the computer asks again by itself. Raises
    FleetError."""
    if cure not in CURES:
        raise FleetError("bad_cure", "Say whether it is one computer or two.")
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(id=device_id).first()
        if device is None:
            raise FleetError("not_found", "There is no such computer.")
        if device.fork_since is None:
            raise FleetError("no_fork", "Nothing waits for you here any more.")
        before = {"since": device.fork_since}
        device.fork_since, device.fork_cure = None, cure
        device.save(update_fields=["fork_since", "fork_cure"])
        ledger.append(
            site_id=device.site_id,
            at=at,
            actor=actor,
            verb="device.fork_said",
            subject=device.id,
            before=before,
            after={"said": cure},
        )


def know_sighting(device_id: str, *, actor: str, at: int, reason: str) -> None:
    """Somebody knows that a withdrawn computer is alive, and why; it is quiet until it has been
    silent for a while and appears again. Raises FleetError."""
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(id=device_id).first()
        if device is None or device.sighted_at is None:
            raise FleetError("not_found", "There is no such computer.")
        if device.sighting_known:
            return
        device.sighting_known = True
        device.save(update_fields=["sighting_known"])
        ledger.append(
            site_id=device.site_id,
            at=at,
            actor=actor,
            verb="device.sighting_known",
            subject=device.id,
            after={"seen": device.n_sighted},
            reason=reason,
        )
