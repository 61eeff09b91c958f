"""Which entry of the register a computer is, where a person says so (O31).

A report never gives an entry with a live key to another computer; a person does it here, with a
reason, and only after the other computer's key is withdrawn. Each function is one transaction with
its line in the ledger; who may, the views ask.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.db.models import Q

from controller.fleet import purposes, services
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from inventory.assets.writing import By
from inventory.identity import merging
from inventory.identity import recognising as register
from inventory.ledger import services as ledger

VERB: Final = "device.entry"


def bind(
    device_id: str,
    asset_id: str,
    *,
    actor: str,
    at: int,
    reason: str = "",
    others_gone: bool = False,
) -> Device:
    """This computer is this entry. With `others_gone`, whatever else reports as the entry is
    withdrawn first, which needs a reason. Raises FleetError."""
    with transaction.atomic():
        device = _in_doubt(device_id)
        if not register.is_there(device.site_id, asset_id):
            raise FleetError("no_entry", "There is no such entry in this school’s register.")
        others = [one for one in _alive(device.site_id, [asset_id]) if one.id != device.id]
        if others and not others_gone:
            name = others[0].name or "Another computer"
            why = f"{name} reports as this entry. Say first that it is gone."
            raise FleetError("claimed", why)
        if others and not reason:
            raise FleetError("no_reason", "Say why the other computer is taken out.")
        for other in others:
            services.revoke(other.id, actor=actor, at=at, reason=reason)
        return _bound(device, asset_id, actor=actor, at=at, reason=reason)


def bind_new(device_id: str, *, actor: str, at: int, reason: str = "") -> Device:
    """This computer is none of those: it gets an entry of its own. Raises FleetError."""
    with transaction.atomic():
        device = _in_doubt(device_id)
        factors = device.doubted_marks or device.factors
        looks = register.Looks(device.name, device.model, device.platform, factors)
        asset_id = register.enter(device.site_id, looks, by=By(actor, at, "system", reason))
        device.factors = factors
        return _bound(device, asset_id, actor=actor, at=at, reason=reason)


def merge(
    site_id: str, stays: str, goes: str, *, by: By, seen: Mapping[str, int] | None = None
) -> None:
    """Make two entries one; computers that report as either follow. Raises FleetError,
    RegisterError and StaleError."""
    with transaction.atomic():
        alive = _alive(site_id, [stays, goes])
        if len({device.asset_id for device in alive}) > 1:
            names = " and ".join(sorted(device.name or "one without a name" for device in alive))
            why = f"A computer reports as each of them: {names}. Withdraw one of the two first."
            raise FleetError("claimed", why)
        merging.merge(site_id, stays, goes, by=by, seen=seen)
        _follow(Device.objects.filter(site_id=site_id, asset_id=goes))
        purposes.changed(site_id, [stays, goes], by.actor, by.at)


def part(site_id: str, goes: str, *, by: By) -> str:
    """Two entries after all; the id of the one it was part of. Raises RegisterError."""
    with transaction.atomic():
        stays = merging.unmerge(site_id, goes, by=by)
        _follow(Device.objects.filter(~Q(asset_part=""), site_id=site_id, asset_id=stays))
        purposes.changed(site_id, [stays, goes], by.actor, by.at)
    return stays


def _in_doubt(device_id: str) -> Device:
    device = Device.objects.select_for_update().filter(id=device_id, state="active").first()
    if device is None:
        raise FleetError("not_found", "There is no such computer.")
    if not device.asset_doubt:
        raise FleetError("no_doubt", "Somebody has said already which entry this computer is.")
    return device


def _bound(device: Device, asset_id: str, *, actor: str, at: int, reason: str) -> Device:
    before = {"entry": device.asset_id or "", "doubt": device.asset_doubt}
    for kind, values in device.doubted_marks.items():
        both = dict.fromkeys([*values, *device.factors.get(kind, ())])
        device.factors[kind] = list(both)[: services.MOST_FACTORS]
    register.learn_marks(asset_id, device.factors)
    device.asset_id, device.asset_part = asset_id, ""
    device.asset_doubt, device.doubted_marks = "", {}
    device.save(update_fields=["asset", "asset_part", "asset_doubt", "doubted_marks", "factors"])
    ledger.append(
        site_id=device.site_id,
        at=at,
        actor=actor,
        verb=VERB,
        subject=device.id,
        before=before,
        after={"entry": asset_id, "doubt": ""},
        reason=reason,
    )
    purposes.changed(device.site_id, [asset_id], actor, at)
    return device


def _alive(site_id: str, asset_ids: list[str]) -> list[Device]:
    """Computers with a live key that report as these entries, locked."""
    rows = Device.objects.select_for_update().filter(site_id=site_id, asset_id__in=asset_ids)
    return list(rows.filter(state="active", left_at=None).order_by("id"))


def _follow(devices: Iterable[Device]) -> None:
    """Name the whole that counts for the entry each was matched with itself."""
    for device in devices:
        own = device.asset_part or device.asset_id or ""
        device.asset_id = register.whole_of(own)
        device.asset_part = own if own != device.asset_id else ""
        device.save(update_fields=["asset", "asset_part"])
