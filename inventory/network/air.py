"""Wireless networks: as their controller has them set up, and as radios hear them.

Of networks that are neither the school's nor look like it nothing is kept but a number. Called
inside the transaction of whoever records, with the school's turn taken.
"""

from collections.abc import Sequence
from typing import Any, Final

from checks.hardware import placeholders
from checks.surveys import air, equipment
from checks.surveys.equipment import Equipment, Rogue, Ssid
from checks.unseen import Unseen
from inventory.inserting import insert
from inventory.models import Bss, NetworkDevice, Wlan
from inventory.network import bounds
from inventory.updating import update
from wire.text import clean

_SSID: Final = 128
_HEARD: Final = (
    *("likeness", "security", "akms", "pairwise", "group", "pmf", "wps", "wpa1", "hidden"),
    "channel",
    *("strong", "heard_by", "heard_at", "last_at"),
)
_TOLD: Final = ("on_wire", "verdict", "told_at", "likeness", "last_at")


def set_up(row: NetworkDevice, told: Equipment, at: int) -> None:
    """What a controller, or an access point, says of its networks and of foreign ones."""
    wireless = told.wireless
    if wireless is None:
        return
    if not isinstance(wireless.ssids, Unseen):
        _networks(row, wireless.ssids, at)
    if not isinstance(wireless.rogues, Unseen):
        _rogues(row, wireless.rogues, at)


def heard(site_id: str, computer: str, facts: Sequence[air.Bss], at: int) -> int:
    """What one radio heard; how many there was no room for. Loudest news last: an older report
    changes nothing that a newer one said."""
    told = {(_bssid(one.bssid), clean(one.ssid, _SSID)): one for one in facts[: air.MOST_HEARD]}
    told.pop(("", ""), None)
    held = _held(site_id, told)
    room = _room(site_id, computer)
    new: list[Bss] = []
    changed, left_out = [], 0
    for key, one in sorted(told.items()):
        row = held.get(key)
        if not key[0] or (row is None and len(new) >= room):
            left_out += 1
        elif row is None:
            row = Bss(site_id=site_id, bssid=key[0], ssid=key[1], first_by=computer, first_at=at)
            row.last_at = at
            _hear(row, one, computer, at)
            new.append(row)
        elif _hear(row, one, computer, at):
            changed.append(row)
    insert(new)
    update(changed, _HEARD)
    return left_out


def _networks(row: NetworkDevice, told: Sequence[Ssid], at: int) -> None:
    held = {one.ssid: one for one in Wlan.objects.filter(device=row)}
    for one in told[: equipment.MOST_SSIDS]:
        name = clean(one.ssid, _SSID)
        wlan = held.get(name)
        if wlan is None:
            if len(held) >= bounds.MOST_WLANS:
                continue
            wlan = Wlan(site_id=row.site_id, device=row, ssid=name, first_at=at, last_at=0)
            held[name] = wlan
        if wlan.last_at < at:
            wlan.enabled = _or_none(one.enabled)
            wlan.security = _or_none(one.security) or ""
            wlan.tkip = _or_none(one.tkip)
            wlan.pmf = _or_none(one.pmf) or ""
            wlan.hidden = _or_none(one.hidden)
            wlan.last_at = at
            wlan.save()


def _rogues(row: NetworkDevice, told: Sequence[Rogue], at: int) -> None:
    wanted = {(_bssid(one.bssid), ""): one for one in told[: equipment.MOST_ROGUES]}
    wanted.pop(("", ""), None)
    held = _held(row.site_id, wanted)
    room = max(0, bounds.MOST_BSS - Bss.objects.filter(site_id=row.site_id).count())
    new: list[Bss] = []
    changed = []
    for key, one in sorted(wanted.items()):
        bss = held.get(key)
        if bss is None and len(new) >= room:
            continue
        if bss is None:
            bss = Bss(site_id=row.site_id, bssid=key[0], first_by=row.id, first_at=at)
            bss.last_at = 0
            new.append(bss)
        elif (bss.told_at or 0) >= at:
            continue
        else:
            changed.append(bss)
        bss.on_wire, bss.verdict, bss.told_at = _or_none(one.on_wire), one.verdict, at
        bss.likeness = "same" if one.ours else ""
        bss.last_at = max(at, bss.last_at)
    insert(new)
    update(changed, _TOLD)


def _hear(row: Bss, one: air.Bss, computer: str, at: int) -> bool:
    """Whether it is news."""
    if (row.heard_at or 0) > at or ((row.heard_at or 0) == at and computer in row.heard_by):
        return False
    row.likeness, row.security = one.likeness, one.security
    row.akms = _list(one.akms)
    row.pairwise = _list(one.pairwise)
    row.group = _or_none(one.group)
    row.pmf = _or_none(one.pmf) or ""
    row.wps, row.wpa1 = _or_none(one.wps), _or_none(one.wpa1)
    row.hidden, row.channel, row.strong = one.hidden, _or_none(one.channel), _or_none(one.strong)
    others = [other for other in row.heard_by if other != computer]
    row.heard_by = [computer, *others][: bounds.MOST_HEARD_BY]
    row.heard_at, row.last_at = at, max(at, row.last_at)
    return True


def _held(site_id: str, keys: Any) -> dict[tuple[str, str], Bss]:
    rows = Bss.objects.filter(site_id=site_id, bssid__in=sorted({bssid for bssid, _ in keys}))
    return {(row.bssid, row.ssid): row for row in rows}


def _room(site_id: str, computer: str) -> int:
    rows = Bss.objects.filter(site_id=site_id)
    mine = rows.filter(first_by=computer).count()
    return max(0, min(bounds.MOST_BSS - rows.count(), bounds.MOST_BSS_OF_ONE - mine))


def _bssid(text: str) -> str:
    """Many access points make theirs up, so that is no reason to leave one out."""
    plain = placeholders.mac_key(text)
    return "" if plain is None or int(plain[:2], 16) & 1 else plain


def _or_none(value: Any) -> Any:
    return None if isinstance(value, Unseen) else value


def _list(value: Any) -> Any:
    return None if isinstance(value, Unseen) else [int(one) for one in value[:16]]
