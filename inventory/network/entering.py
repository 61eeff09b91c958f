"""Entries made of what was seen, in one step: number, model and place are filled in beforehand, and
it is undone in one step too."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.identity.recognising import learn_marks
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Link, NetworkDevice, NetworkMac
from inventory.network import binding, queries

KINDS: Final[Mapping[str, str]] = {
    "switch": "network_switch",
    "access-point": "access_point",
    "router": "router",
    "firewall": "router",
    "printer": "printer",
    "ups": "ups",
    "storage": "storage",
    "server": "server",
    "computer": "computer",
    "phone": "phone",
    "camera": "cctv",
    "casting-box": "casting_box",
}
"""What it looks like → the register's kind."""
_TAKEN: Final = ("kind", "name", "make", "model", "serial", "room", "tag", "notes")


def of_device(site_id: str, device_id: str) -> dict[str, str]:
    """What the entry of a switch, access point or printer would say. Raises RegisterError."""
    row = _device(site_id, device_id)
    entries = binding.entries_of(site_id, row.keys)
    serials = dict(zip(row.keys, row.serials, strict=False))
    lacking = [serials[key] for key in row.keys if key in serials and not entries.get(key)]
    return {
        "kind": KINDS.get(row.kind, "other"),
        "name": row.name,
        "make": row.make,
        "model": row.model,
        "serial": next(iter(lacking), ""),
        "room": _room(site_id, _switch_of(row)),
    }


def of_thing(site_id: str, mac_id: str) -> dict[str, str]:
    """Likewise of an unknown thing. Raises RegisterError."""
    row = _mac(site_id, mac_id)
    thing = queries.thing([site_id], row.id)
    return {
        "kind": KINDS.get(row.likely, "other"),
        "name": "",
        "make": row.vendor,
        "model": row.model,
        "serial": "",
        "room": _room(site_id, thing.place.device if thing and thing.place else ""),
    }


def enter_device(site_id: str, device_id: str, values: Mapping[str, object], *, by: By) -> str:
    """Make the entry of a device and bind them; its id. `values`: what a person changed of
    `of_device`. Raises RegisterError."""
    with transaction.atomic():
        row = _device(site_id, device_id, lock=True)
        wanted = {**of_device(site_id, device_id), **_chosen(values)}
        asset_id = assets.add(site_id, wanted, by=_as_step(by))
        learn_marks(asset_id, {"mac": _macs(row)})
        if row.asset_id is None:
            row.asset_id, row.asset_by, row.asset_doubt = asset_id, "person", ""
            row.save(update_fields=["asset", "asset_by", "asset_doubt"])
        _record(site_id, "network.enter", row.id, asset_id, by)
    return asset_id


def enter_thing(site_id: str, mac_id: str, values: Mapping[str, object], *, by: By) -> str:
    """Make the entry of an unknown thing; its id. It is known by its address from now on, and
    looked for should it be lost. Raises RegisterError."""
    with transaction.atomic():
        row = _mac(site_id, mac_id, lock=True)
        if row.asset_id or queries.is_settled(row):
            raise RegisterError("known", "It has its entry already, or is one of the computers.")
        wanted = {**of_thing(site_id, mac_id), **_chosen(values)}
        asset_id = assets.add(site_id, wanted, by=_as_step(by))
        _bind(row, asset_id, by)
    return asset_id


def bind_thing(site_id: str, mac_id: str, asset_id: str, *, by: By) -> None:
    """An unknown thing is this entry. Raises RegisterError."""
    with transaction.atomic():
        row = _mac(site_id, mac_id, lock=True)
        if not Asset.objects.filter(site_id=site_id, id=asset_id).exists():
            raise RegisterError("not_found", "There is no such entry in this school's register.")
        _bind(row, asset_id, by)


def bind_device(site_id: str, device_id: str, asset_id: str, *, by: By) -> None:
    """A device is this entry, whatever its number says; "" takes that back. Raises
    RegisterError."""
    with transaction.atomic():
        row = _device(site_id, device_id, lock=True)
        if asset_id and not Asset.objects.filter(site_id=site_id, id=asset_id).exists():
            raise RegisterError("not_found", "There is no such entry in this school's register.")
        row.asset_id, row.asset_doubt = asset_id or None, ""
        row.asset_by = "person" if asset_id else ""
        row.save(update_fields=["asset", "asset_by", "asset_doubt"])
        if not asset_id:
            binding.follow(site_id, [row.id])
        _record(site_id, "network.bind", row.id, asset_id, by)


def undo(site_id: str, subject: str, *, by: By) -> None:
    """Take an entry back that was made or named here by mistake: the entry is withdrawn if nobody
    has done anything with it since, else only let go of. Raises RegisterError."""
    with transaction.atomic():
        row: NetworkMac | NetworkDevice
        if subject.startswith("mac_"):
            row = _mac(site_id, subject, lock=True)
        else:
            row = _device(site_id, subject, lock=True)
        asset_id = row.asset_id
        if asset_id is None or (isinstance(row, NetworkDevice) and row.asset_by != "person"):
            raise RegisterError("nothing", "Nobody has made an entry of it here.")
        row.asset_id = None
        if isinstance(row, NetworkMac):
            row.trust, row.decided_at, row.decided_by, row.reason = "", None, "", ""
            row.seq += 1
        else:
            row.asset_by = ""
        row.save()
        entry = Asset.objects.get(id=asset_id)
        if entry.seq == 1:
            assets.withdraw(site_id, asset_id, by=by, seen=1)
        _record(site_id, "network.undo", row.id, asset_id, by)


def _bind(row: NetworkMac, asset_id: str, by: By) -> None:
    row.asset_id, row.trust, row.until = asset_id, "known", ""
    row.decided_at, row.decided_by, row.seq = by.at, by.actor, row.seq + 1
    row.save()
    if row.address:
        learn_marks(asset_id, {"mac": [row.address]})
    _record(row.site_id, "network.enter", row.id, asset_id, by)


def _record(site_id: str, verb: str, subject: str, asset_id: str, by: By) -> None:
    ledger.append(
        site_id=site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=subject,
        after={"asset": asset_id},
    )


def _as_step(by: By) -> By:
    return By(by.actor, by.at, by.source, by.reason, by.batch or new_id("batch", by.at))


def _chosen(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name in _TAKEN}


def _macs(row: NetworkDevice) -> list[str]:
    found = NetworkMac.objects.filter(device=row).exclude(address="").order_by("address")
    return list(found.values_list("address", flat=True)[:16])


def _device(site_id: str, device_id: str, *, lock: bool = False) -> NetworkDevice:
    rows: Any = NetworkDevice.objects.select_for_update() if lock else NetworkDevice.objects
    row: NetworkDevice | None = rows.filter(site_id=site_id, id=device_id).first()
    if row is None:
        raise RegisterError("not_found", "No such equipment was seen at this school.")
    return row


def _mac(site_id: str, mac_id: str, *, lock: bool = False) -> NetworkMac:
    rows: Any = NetworkMac.objects.select_for_update() if lock else NetworkMac.objects
    row: NetworkMac | None = rows.filter(site_id=site_id, id=mac_id).first()
    if row is None:
        raise RegisterError("not_found", "No such thing was seen at this school, or not lately.")
    return row


def _switch_of(row: NetworkDevice) -> str:
    """The device at the other end of its cable: it stands near it, most likely."""
    link = Link.objects.filter(far=row).order_by("-last_at", "id").first()
    return link.device_id if link else ""


def _room(site_id: str, device_id: str) -> str:
    """The room of the entry of a switch."""
    row = NetworkDevice.objects.filter(site_id=site_id, id=device_id).first()
    if row is None or row.asset_id is None:
        return ""
    room = Asset.objects.values_list("room_id", flat=True).get(id=row.asset_id)
    return room or ""
