"""Letting in what was expected: each as the entry that the person who confirmed it saw, or not at
all."""

from django.db import transaction

from controller.fleet import services
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from controller.wording.shown import shown

CHANGED = "changed"


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
