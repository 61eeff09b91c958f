"""Addresses that were seen, into one row each: whoever saw them, in whatever order, however often.

A row changes only by what is newer than it says. Of a guest only the time is kept. Called inside
the transaction of whoever records, with the school's turn taken.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.db.models import Count

from checks.surveys.lan import Heard
from inventory.ids import new_id
from inventory.inserting import insert
from inventory.many import parts
from inventory.models import MacSighting, NetworkMac
from inventory.network import bounds
from inventory.network.addresses import digest_of, on_wire, vendor_of
from inventory.network.likely import guess
from inventory.updating import update
from wire.text import clean

_LONGEST_WORD = 64


class Glimpse(msgspec.Struct, frozen=True):
    """One address seen once. `device` and `port`: the switch that learnt it and where; `own`: the
    equipment whose own it is; `told_by`: the school's computer that has it as a card."""

    mac: str
    source: str
    at: int
    ip: str = ""
    heard: Heard | None = None
    device: str = ""
    port: int = 0
    own: str = ""
    told_by: str = ""
    by: str = ""
    """The computer that saw it."""


class Kept(msgspec.Struct, frozen=True):
    """What came of them: rows by address, and how many there was no room for."""

    rows: Mapping[str, NetworkMac]
    left_out: int


def take(site_id: str, seen: Iterable[Glimpse], *, round_at: int | None) -> Kept:
    """Record what was seen. `round_at`: when the round was; None for no round."""
    found: dict[str, list[Glimpse]] = defaultdict(list)
    for one in seen:
        if plain := on_wire(one.mac):
            found[plain].append(one)
    rows = known(site_id, found)
    strange = sorted(found.keys() - rows.keys())
    new = _new_rows(site_id, {mac: found[mac] for mac in strange})
    changed = [row for mac, row in rows.items() if _update(row, found[mac], round_at)]
    for row in new:
        _update(row, found[row.address], round_at)
        rows[row.address] = row
    insert(new)
    update(changed, _FIELDS)
    _sight(site_id, {rows[mac].id: found[mac] for mac in found if mac in rows}, rows)
    return Kept(rows, len(strange) - len(new))


def known(site_id: str, macs: Iterable[str]) -> dict[str, NetworkMac]:
    """The rows of these addresses, also of those kept as a digest only."""
    wanted = set(macs)
    rows = {
        row.address: row
        for part in parts(wanted)
        for row in NetworkMac.objects.filter(site_id=site_id, address__in=part)
    }
    hidden = NetworkMac.objects.filter(site_id=site_id).exclude(digest="")
    by_digest = {row.digest: row for row in hidden}
    if by_digest:
        for mac in wanted - rows.keys():
            row = by_digest.get(digest_of(site_id, mac))
            if row is not None:
                rows[mac] = row
    return rows


_FIELDS = (
    *("address", "digest", "vendor", "device", "told_by", "likely", "sure", "because"),
    *("vendor_class", "model", "ip", "first_at", "last_at", "rounds", "round_at"),
)


def _new_rows(site_id: str, seen: Mapping[str, Sequence[Glimpse]]) -> list[NetworkMac]:
    """Rows for addresses that nobody saw before, as far as there is room: in all, and of what one
    computer tells alone."""
    if not seen:
        return []
    rows = NetworkMac.objects.filter(site_id=site_id)
    room = bounds.MOST_MACS - rows.count()
    tellers = {mac: min(many, key=lambda one: (one.at, one.by)).by for mac, many in seen.items()}
    alone = rows.filter(first_by__in=sorted(set(tellers.values())), rounds__lte=1)
    counted = alone.values_list("first_by").annotate(n=Count("id")).order_by()
    told = Counter(dict(counted))
    new: list[NetworkMac] = []
    for mac, by in tellers.items():
        if len(new) < room and told[by] < bounds.MOST_OF_ONE:
            told[by] += 1
            new.append(_new(site_id, mac, seen[mac], by))
    return new


def _new(site_id: str, mac: str, seen: Sequence[Glimpse], by: str) -> NetworkMac:
    first = min(one.at for one in seen)
    return NetworkMac(
        id=new_id("mac", first),
        site_id=site_id,
        address=mac,
        vendor=vendor_of(mac),
        first_by=by,
        first_at=first,
        last_at=first,
    )


def _update(row: NetworkMac, seen: Sequence[Glimpse], round_at: int | None) -> bool:
    before = _said(row)
    row.first_at = min(row.first_at, *(one.at for one in seen))
    newest = max(one.at for one in seen)
    fresh, row.last_at = newest >= row.last_at, max(row.last_at, newest)
    if round_at is not None and (row.round_at is None or round_at > row.round_at):
        row.rounds, row.round_at = row.rounds + 1, round_at
    if row.trust in ("guest", "ignored"):
        return _said(row) != before
    if not row.address:  # what a person said of it no longer holds
        row.address, row.digest = on_wire(seen[0].mac), ""
    for one in sorted(seen, key=lambda one: (one.at, one.source, one.ip)):
        if fresh:
            row.ip = clean(one.ip, 45) or row.ip
            row.device_id = one.own or row.device_id
            row.told_by = one.told_by or row.told_by
        if fresh and one.heard is not None:
            _looks(row, one.heard)
    return _said(row) != before


def _looks(row: NetworkMac, heard: Heard) -> None:
    """An empty word erases none, and a surer guess stands."""
    row.vendor_class = clean(heard.vendor_class, _LONGEST_WORD) or row.vendor_class
    row.model = clean(heard.model, _LONGEST_WORD) or row.model
    found = guess(heard, row.vendor)
    if found.likely and (found.sure == "high" or row.sure != "high"):
        row.likely, row.sure, row.because = found.likely, found.sure, found.because[:120]


def _said(row: NetworkMac) -> tuple[object, ...]:
    return tuple(getattr(row, f"{name}_id" if name == "device" else name) for name in _FIELDS)


def _sight(
    site_id: str, seen: Mapping[str, Sequence[Glimpse]], rows: Mapping[str, NetworkMac]
) -> None:
    """Where each was seen. A card that a computer tells of itself is no sighting of it."""
    shown = {row.id for row in rows.values() if row.address}
    wanted = {
        (mac, one.source, one.device, one.port): one.at
        for mac, many in seen.items()
        if mac in shown
        for one in sorted(many, key=lambda one: one.at)
        if not one.own and not one.told_by
    }
    held = {
        (row.mac_id, row.source, row.device_id or "", row.port): row
        for part in parts({mac for mac, *_ in wanted})
        for row in MacSighting.objects.filter(site_id=site_id, mac__in=part)
    }
    new, changed = [], []
    for key, at in wanted.items():
        row = held.get(key)
        if row is None:
            mac, source, device, port = key
            where = {"device_id": device or None, "port": port, "source": source}
            new.append(MacSighting(site_id=site_id, mac_id=mac, first_at=at, last_at=at, **where))
        elif row.last_at < at:
            row.last_at, row.n = at, row.n + 1
            changed.append(row)
    insert(new)
    update(changed, ["last_at", "n"])
    if new:
        _make_room({row.mac_id for row in new})


def _make_room(macs: Iterable[str]) -> None:
    """An address that is seen everywhere forgets where it was longest ago."""
    for part in parts(set(macs)):
        counted = MacSighting.objects.filter(mac__in=part).values("mac").annotate(n=Count("id"))
        for mac in counted.filter(n__gt=bounds.MOST_SIGHTINGS).values_list("mac", flat=True):
            rows = MacSighting.objects.filter(mac=mac).order_by("-last_at", "-id")
            stay = list(rows.values_list("id", flat=True)[: bounds.MOST_SIGHTINGS])
            MacSighting.objects.filter(mac=mac).exclude(id__in=stay).delete()
