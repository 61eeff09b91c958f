"""Which entry of the register a switch, access point or printer is: by a serial number that only
one entry has, else by a MAC of its own that only one has. What a person said stands; never by name
or IP address."""

from collections import defaultdict
from collections.abc import Collection

from inventory.assets.states import GONE
from inventory.identity.wholes import wholes
from inventory.many import parts
from inventory.models import Asset, AssetMark, NetworkDevice, NetworkMac
from inventory.updating import update


def follow(site_id: str, devices: Collection[str] | None = None) -> int:
    """Bind these devices, or all of the school; how many changed."""
    rows = NetworkDevice.objects.filter(site_id=site_id).exclude(asset_by="person")
    found = rows if devices is None else rows.filter(id__in=sorted(devices))
    wanted = list(found)
    entries = entries_of(site_id, {key for row in wanted for key in row.keys})
    macs = _macs(site_id, wanted)
    cards = entries_by_mac(site_id, {mac for one in macs.values() for mac in one})
    changed = [row for row in wanted if _bind(row, entries, macs[row.id], cards)]
    fields = ["asset", "asset_by", "asset_doubt"]
    update(changed, fields)
    return len(changed)


def follow_entries(site_id: str) -> int:
    """What people bound follows its entry: into the one it was merged into, and off one that was
    taken out of the register; how many changed."""
    changed = 0
    for model in (NetworkMac, NetworkDevice):
        rows = model._base_manager.filter(site_id=site_id, asset__state__in=("merged", "withdrawn"))
        bound = list(rows.values_list("id", "asset_id"))
        into = wholes(Asset.objects.only("state", "merged_into"), {asset for _, asset in bound})
        for row_id, asset_id in bound:
            entry = into[asset_id]
            row = model._base_manager.filter(id=row_id)
            if entry.state != "withdrawn":
                changed += row.update(asset=entry)
            elif model is NetworkMac:
                changed += row.update(asset=None, trust="", reason="", until="")
            else:
                changed += row.update(asset=None, asset_by="")
    return changed


def entries_of(site_id: str, keys: Collection[str]) -> dict[str, list[str]]:
    """Serial number as it is compared → the entries that have it and still count."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in parts(keys):
        marks = AssetMark.objects.filter(
            site_id=site_id, kind="serial", value__in=part, resting=False
        ).exclude(asset__state__in=GONE)
        for value, asset_id in marks.values_list("value", "asset_id"):
            found[value].add(asset_id)
    whole = wholes(Asset.objects.only("state", "merged_into"), _ids(found))
    return {value: sorted({whole[one].id for one in ids}) for value, ids in found.items()}


def _ids(found: dict[str, set[str]]) -> set[str]:
    return {one for ids in found.values() for one in ids}


def _macs(site_id: str, rows: Collection[NetworkDevice]) -> dict[str, list[str]]:
    """Device → its own addresses on the wire."""
    found: dict[str, list[str]] = {row.id: [] for row in rows}
    for part in parts(found):
        own = NetworkMac.objects.filter(site_id=site_id, device__in=part).exclude(address="")
        for mac, device_id in own.order_by("address").values_list("address", "device_id"):
            found[device_id or ""].append(mac)
    return found


def _bind(
    row: NetworkDevice,
    entries: dict[str, list[str]],
    macs: Collection[str],
    cards: dict[str, list[str]],
) -> bool:
    """Whether anything changed. The entry of a stack is that of its first member that has one; a
    card may have been moved from one thing to another, so it counts only without a number."""
    before = (row.asset_id, row.asset_by, row.asset_doubt)
    fitting = [entries[key] for key in row.keys if entries.get(key)]
    unclear = any(len(ids) > 1 for ids in fitting)
    mine = next((ids[0] for ids in fitting if len(ids) == 1), None)
    by = "serial" if mine else ""
    if not fitting:
        carded = {one for mac in macs for one in cards.get(mac, ())}
        unclear = len(carded) > 1
        mine, by = (min(carded), "mac") if len(carded) == 1 else (None, "")
    row.asset_doubt = "ambiguous" if unclear and mine is None else ""
    row.asset_id, row.asset_by = mine, by
    return (row.asset_id, row.asset_by, row.asset_doubt) != before


def entries_by_mac(site_id: str, macs: Collection[str]) -> dict[str, list[str]]:
    """Address → the entries it is a mark of and that still count."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in parts(macs):
        marks = AssetMark.objects.filter(
            site_id=site_id, kind="mac", value__in=part, resting=False
        ).exclude(asset__state__in=GONE)
        for value, asset_id in marks.values_list("value", "asset_id"):
            found[value].add(asset_id)
    return {value: sorted(ids) for value, ids in found.items()}
