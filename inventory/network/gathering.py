"""The facts of a school's network for the checks (`checks.records.network`): no judging here."""

import ipaddress
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import QuerySet

from checks.facts import Facts
from checks.judging import Body
from checks.policy import Ssid
from checks.records.network.facts import (
    AirRecordFacts,
    Door,
    Gear,
    Heard,
    Named,
    RoundFacts,
    Server,
    SetUp,
    Stranger,
    WireFacts,
)
from inventory.models import (
    Asset,
    Bss,
    DhcpServer,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    OpenDoor,
    SectionTold,
    Survey,
    Wlan,
)
from inventory.network import binding, queries
from inventory.network.bounds import DAY, LINK_DAYS
from inventory.network.queries import Thing

TKIP: Final = 2
"""The number of TKIP among cipher suites (IEEE 802.11)."""
LATELY: Final = 3 * DAY
"""Telephones heard within this time are counted together."""
WALKED: Final = 7 * DAY
"""A subnet that nobody has walked for so long is not known any more."""
MOVED: Final = 7 * DAY
"""For so long it is told that something hangs off another port."""
KEY_CHANGED: Final = "host-key-changed"
_CASES: Final = {"games-console"}
_MANAGED: Final = frozenset(
    {"switch", "router", "access-point", "wireless-controller", "firewall", "printer", "ups", "pdu"}
)


class Others(msgspec.Struct, frozen=True):
    """Equipment that somebody else runs, as a scope names it: never judged, shown with the day of
    that somebody's word (S31). `addresses`: of a thing, a subnet, or the beginning of a MAC."""

    what: str
    by: str
    statement_on: str
    addresses: tuple[str, ...]

    def has(self, mac: str, ip: str) -> bool:
        """Whether a thing is one of theirs."""
        return any(_covers(one, mac, ip) for one in self.addresses)


def facts(
    site_id: str, ssids: Sequence[Ssid], others: Sequence[Others], at: int, today: str
) -> dict[type[Facts], Body]:
    """All of them. `at` and `today`: now, at the school."""
    newest = Survey.objects.filter(site_id=site_id).order_by("-ended_at", "-id")
    # A report without the wire's own section (it was too large, or its first piece was lost) saw
    # nothing of the wire: what it leaves out is no sign that nothing is there.
    walks = newest.filter(refused="").exclude(segments=[])
    went = walks.first()
    return {
        RoundFacts: _rounds(went, newest.first(), _unwalked(walks, at)),
        WireFacts: _wire(site_id, others, went, today, at),
        AirRecordFacts: _air(site_id, ssids, at),
    }


def _unwalked(walks: "QuerySet[Survey]", at: int) -> list[str]:
    """Subnets of any scanner's newest round that nobody has walked of late: a scanner that fell
    silent is not made good by another one elsewhere."""
    newest: dict[str, Survey] = {}
    for row in walks.filter(ended_at__gte=at - LINK_DAYS * DAY):
        newest.setdefault(row.scanner, row)
    told = [(row.ended_at >= at - WALKED, one) for row in newest.values() for one in row.segments]
    seen = {one["subnet"] for lately, one in told if lately and not one["unseen"]}
    return sorted({one["subnet"] for _, one in told} - seen)


def _rounds(went: Survey | None, newest: Survey | None, unwalked: Sequence[str]) -> RoundFacts:
    blind = [one["subnet"] for one in went.segments if one["unseen"]] if went else []
    own = {one["subnet"] for one in went.segments} if went else set()
    blind += [subnet for subnet in unwalked if subnet not in own]
    lost = went.counts.get("left_out", 0) + went.counts.get("unclear", 0) if went else 0
    return RoundFacts(
        at=went.ended_at if went else None,
        blind=blind[:64],
        left_out=lost,
        refused=newest.refused if newest else "",
    )


def _wire(
    site_id: str, others: Sequence[Others], went: Survey | None, today: str, at: int
) -> WireFacts:
    segments = went.segments if went else []
    doors = OpenDoor.objects.filter(site_id=site_id)
    tried = doors.order_by("-last_at").values_list("last_at", flat=True).first()
    return WireFacts(
        strangers=_strangers(site_id, others, today, at),
        private=sum(one["private"] or 0 for one in segments),
        gear=_gear(site_id, others, _pins(went), at),
        servers=_servers(site_id),
        asked_for_offers=any(one["offers"] is not None for one in segments),
        doors=_doors(site_id, others),
        doors_at=tried,
    )


def _strangers(site_id: str, others: Sequence[Others], today: str, at: int) -> list[Stranger]:
    """What nobody said anything of, or what they said ran out; seen within the last week of
    rounds."""
    found = queries.suspects([site_id], today, at - 7 * DAY)
    known = _entries_of(site_id, [one.row["address"] for one in found])
    return [
        _stranger(one)
        for one in found
        if one.row["address"] not in known
        and not any(theirs.has(one.row["address"], one.row["ip"]) for theirs in others)
    ]


def _stranger(one: Thing) -> Stranger:
    row = one.row
    console: Any = row["sure"] if row["likely"] in _CASES else ""
    return Stranger(
        id=row["id"],
        name=row["vendor"] or row["address"][:8] or "a thing",
        place=_where(one),
        first_at=row["first_at"],
        last_at=row["last_at"],
        rounds=row["rounds"],
        console=console,
        because=row["because"],
    )


def _where(one: Thing | None) -> str:
    place = one.place if one else None
    return f"{place.device_name or place.device_location} {place.port}".strip() if place else ""


def _entries_of(site_id: str, macs: Collection[str]) -> set[str]:
    """Those that are marks of an entry: cards of computers that report, or typed by a person."""
    return set(binding.entries_by_mac(site_id, [mac for mac in macs if mac]))


def _pins(went: Survey | None) -> set[str]:
    """Addresses at which the newest round met another SSH key than the one it holds, and so asked
    nothing."""
    problems = went.problems if went else []
    return {about for about, _, code in problems if code == KEY_CHANGED}


def _gear(site_id: str, others: Sequence[Others], changed: Collection[str], at: int) -> list[Gear]:
    rows = list(NetworkDevice.objects.filter(site_id=site_id, last_at__gte=at - LINK_DAYS * DAY))
    macs: dict[str, list[str]] = defaultdict(list)
    owned = NetworkMac.objects.filter(site_id=site_id, device__isnull=False)
    for device_id, address in owned.values_list("device_id", "address"):
        macs[str(device_id)].append(address)
    provided = _provided([row.asset_id for row in rows if row.asset_id])
    entries = binding.entries_of(site_id, {key for row in rows for key in row.keys})
    moved = _moved(site_id, {row.id: set(macs[row.id]) for row in rows}, at)
    return [
        _one(row, entries, moved.get(row.id, ""), row.address in changed)
        for row in rows
        if row.asset_id not in provided and not _theirs(row, macs[row.id], others)
    ]


def _one(
    row: NetworkDevice, entries: Mapping[str, Sequence[str]], moved: str, changed: bool
) -> Gear:
    # Each member of a stack is a thing of its own, with an entry of its own.
    members = all(entries.get(key) for key in row.keys) if row.keys else bool(row.asset_id)
    told = row.kind in queries.NAMELESS
    return Gear(
        id=row.id,
        name=row.name or row.address,
        kind=row.kind,
        model=row.model,
        firmware=row.firmware or None,
        way=row.way,
        community=_community(row.community),
        entry=told or row.asset_by == "person" or members,
        key_changed=changed or bool(row.host_key_before),
        moved=moved,
        asked_at=row.last_at,
        firmware_at=row.seen_at.get("parts"),
    )


def _community(text: str) -> Any:
    return text if text in ("none", "public", "private") else None


def _provided(asset_ids: Iterable[str]) -> set[str]:
    rows = Asset.objects.filter(id__in=sorted(set(asset_ids)), ownership="provided")
    return set(rows.values_list("id", flat=True))


def _theirs(row: NetworkDevice, macs: Sequence[str], others: Sequence[Others]) -> bool:
    return any(one.has(mac, row.address) for one in others for mac in (*macs, ""))


def _moved(site_id: str, own: Mapping[str, set[str]], at: int) -> dict[str, str]:
    """Device → the port it hung off before, where its own address was learnt on another lately;
    only what ports that lead nowhere said, and only once the old one was looked at again."""
    device_of = {mac: device for device, macs in own.items() for mac in macs}
    rows = MacSighting.objects.filter(
        site_id=site_id, source="fdb", device__isnull=False, mac__address__in=list(device_of)
    )
    seen: dict[str, list[MacSighting]] = defaultdict(list)
    for row in rows.select_related("mac", "device").order_by("last_at", "id"):
        seen[device_of[row.mac.address]].append(row)
    found = {}
    for device, places in seen.items():
        newest, before = places[-1], [one for one in places[:-1] if one.device_id != device]
        gone = [one for one in before if _is_elsewhere(one, newest)]
        if gone and at - newest.first_at <= MOVED:
            switch = gone[-1].device
            found[device] = f"{switch.name if switch else ''} {gone[-1].port}".strip()
    return found


def _is_elsewhere(one: MacSighting, newest: MacSighting) -> bool:
    """It was there, was looked for there again, and is not."""
    if (one.device_id, one.port) == (newest.device_id, newest.port) or one.device is None:
        return False
    walked: int = one.device.seen_at.get("ports", 0)
    return one.last_at < walked and one.last_at < newest.first_at


def _servers(site_id: str) -> list[Server]:
    """Known: a person said so, or it is equipment that has an entry."""
    rows = list(DhcpServer.objects.filter(site_id=site_id))
    found = NetworkMac.objects.filter(
        site_id=site_id, address__in=[row.mac for row in rows if row.mac]
    )
    entries = {row.address for row in found.filter(device__asset__isnull=False)}
    entries |= {row.address for row in found.filter(trust="known")}
    places = {row.address: _where(queries.thing([site_id], row.id)) for row in found}
    entries |= set(binding.entries_by_mac(site_id, [row.mac for row in rows if row.mac]))
    return [
        Server(
            id=row.id,
            server=row.server,
            subnet=row.subnet,
            mac=row.mac,
            place="" if row.relayed else places.get(row.mac, ""),
            known=row.trust == "known" or (row.mac in entries and not row.relayed),
            at=row.last_at,
        )
        for row in rows
    ]


def _doors(site_id: str, others: Sequence[Others]) -> list[Door]:
    rows = OpenDoor.objects.filter(site_id=site_id, open=True)
    found = []
    for row in rows.select_related("mac", "mac__device"):
        device = row.mac.device if row.mac else None
        mac = row.mac.address if row.mac else ""
        if any(one.has(mac, row.address) for one in others):
            continue
        found.append(
            Door(
                name=(device.name if device else "") or row.address,
                service=row.name.casefold(),
                port=row.port,
                managed=device is not None and device.kind in _MANAGED,
                at=row.last_at,
            )
        )
    return found


def _air(site_id: str, ssids: Sequence[Ssid], at: int) -> AirRecordFacts:
    told = SectionTold.objects.filter(site_id=site_id, section="air_now")
    listened = told.filter(unseen="").order_by("-at").values_list("at", flat=True).first()
    phones = told.filter(hotspots__gt=0, at__gte=at - LATELY)
    counts = sorted(number or 0 for number in phones.values_list("hotspots", flat=True))
    own = _own_points(site_id)
    rows = Wlan.objects.filter(site_id=site_id).select_related("device").order_by("id")
    return AirRecordFacts(
        named=[Named(one.ssid, one.role) for one in ssids],
        heard=[_heard(row, own) for row in Bss.objects.filter(site_id=site_id).order_by("id")],
        set_up=[_set_up(row) for row in rows if row.last_at == row.device.seen_at.get("ssids")],
        listened_at=listened,
        hotspots=counts[-1] if len(counts) > 1 else 0,
    )


def _own_points(site_id: str) -> set[str]:
    """Networks' addresses of the school's access points, as their controller tells them, and the
    first eleven digits of their own: their radios share those."""
    points = NetworkDevice.objects.filter(site_id=site_id, kind="access-point")
    found = {bssid for row in points for bssid in row.facts.get("bssids", ())}
    macs = NetworkMac.objects.filter(site_id=site_id, device__in=points).exclude(address="")
    return found | {mac[:-1] for mac in macs.values_list("address", flat=True)}


def _heard(row: Bss, own: Collection[str]) -> Heard:
    ours = (row.bssid in own or row.bssid[:-1] in own) if own else None
    tkip = None if row.pairwise is None else TKIP in row.pairwise or bool(row.wpa1)
    return Heard(
        ssid=row.ssid,
        bssid=row.bssid,
        likeness=row.likeness,  # type: ignore[arg-type]  # a closed set, written by us
        security=row.security,  # type: ignore[arg-type]  # likewise
        akms=row.akms,
        tkip=tkip,
        pmf=row.pmf,
        wps=row.wps,
        ours=True if row.point_id or row.verdict == "friendly" else ours,
        strong=row.strong,
        observers=len(row.heard_by),
        on_wire=row.on_wire,
        verdict="" if row.verdict == "friendly" else row.verdict,
        at=row.last_at,
    )


def _set_up(row: Wlan) -> SetUp:
    return SetUp(
        ssid=row.ssid,
        by=row.device.name,
        enabled=row.enabled,
        security=row.security,  # type: ignore[arg-type]  # a closed set, written by us
        tkip=row.tkip,
        at=row.last_at,
    )


def _covers(place: str, mac: str, ip: str) -> bool:
    if ":" in place and mac and mac.startswith(place.casefold()):
        return True
    try:
        return bool(ip) and ipaddress.ip_address(ip) in ipaddress.ip_network(place, strict=False)
    except ValueError:
        return False
