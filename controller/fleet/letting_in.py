"""Letting in what was expected: each as the entry that the person who confirmed it saw, or not at
all."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from controller.fleet import purposes, services
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.many import by_id
from inventory.reinstalls import services as reinstalls
from inventory.reinstalls.queries import Expected

CHANGED: Final = "changed"
REPLACED: Final = "Replaced: set up anew"


def let_in_as(device_id: str, asset_id: str, *, actor: str, at: int, reason: str = "") -> Device:
    """Let a waiting computer in as this entry. Raises FleetError where the register would say
    another one by now; then nothing is changed."""
    with transaction.atomic():
        device = services.approve(device_id, actor=actor, at=at, reason=reason)
        if device.asset_id != asset_id:
            name = shown(device.name, 60) or "One without a name"
            sentence = f"{name} was not let in: what was expected changed meanwhile. Look again."
            raise FleetError(CHANGED, sentence)
    return device


def let_back(device_id: str, old_id: str, expected: Expected, *, actor: str, at: int) -> Device:
    """Let a computer in that was set up anew: it takes the place of the old one, whose key is
    withdrawn. What the old one was for by hand or by its join code goes along; the rest follows
    from the register. Nothing the old one reported counts for it. Raises FleetError.
    """
    asset_id = str(expected.entry["id"])
    with transaction.atomic():
        both = {row.id: row for row in by_id(_locked(), [device_id, old_id])}
        device, old = both.get(device_id), both.get(old_id)
        if device is None or old is None or not _still(device, old, asset_id, expected.made_at):
            raise FleetError(CHANGED, "One was not let in: what was expected changed meanwhile.")
        try:
            why = reinstalls.came_back(
                device.site_id,
                expected.request,
                asset_id,
                device=device.id,
                replaced=old.id,
                by=By(actor, at),
            )
        except RegisterError as error:
            raise FleetError(CHANGED, error.sentence) from error
        services.revoke(old.id, actor=actor, at=at, reason=f"{REPLACED}. {why}")
        if old.joined_profile:
            device.joined_profile = old.joined_profile
            device.save(update_fields=["joined_profile"])
        device = let_in_as(device.id, asset_id, actor=actor, at=at, reason=why)
        if old.profile_source == purposes.HAND:
            device = services.set_profile(device.id, old.profile, actor=actor, at=at)
    return device


def _locked() -> QuerySet[Device]:
    return Device.objects.select_for_update()


def _still(device: Device, old: Device, asset_id: str, since: int) -> bool:
    """Whether what the person saw is so still, now that nobody can change it."""
    silent = (old.last_seen_at or 0) < since and old.fork_since is None
    waits = device.state == "pending" and device.site_id == old.site_id
    return waits and silent and old.state == "active" and old.asset_id == asset_id
