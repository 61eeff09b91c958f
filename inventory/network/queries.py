"""What others may read of a school's network: its equipment and cables, what nobody knows, its
wireless networks, its rounds. As many questions for a thousand rows as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from django.db.models import Case, Count, F, Q, QuerySet, When

from inventory.models import (
    Bss,
    DhcpServer,
    Link,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    OpenDoor,
    SectionTold,
    Survey,
    SwitchPort,
    Wlan,
)
from inventory.network.places import Place, place

View = Literal["", "known", "guest", "ignored"]
"""What people said of a thing: nothing yet, or nothing that holds any more; and their words."""
VIEWS: Final[tuple[View, ...]] = get_args(View)
NAMELESS: Final = frozenset({"unknown", "computer", "server", "phone"})
"""Kinds of which nobody expects an entry because they were asked."""
MOST: Final = 1_000
MOST_SURVEYS: Final = 400
_PLAIN: Final = {field.attname for field in NetworkDevice._meta.concrete_fields}


class Hanging(msgspec.Struct, frozen=True):
    """The port a thing hangs off. `behind`: how many addresses were learnt there."""

    device: str
    device_name: str
    device_location: str
    port: str
    alias: str
    behind: int
    by_radio: bool
    """The port leads to an access point, so the thing is somewhere in its reach."""


class Thing(msgspec.Struct, frozen=True):
    """One address on the wire, with where it hangs, and which port of the scope's list answered."""

    row: Mapping[str, Any]
    place: Hanging | None
    doors: tuple[str, ...] = ()


class Map(msgspec.Struct, frozen=True):
    """Equipment with `behind` (addresses learnt on ports that lead nowhere), and its cables:
    (device, far device, port's name)."""

    devices: list[dict[str, Any]]
    cables: list[tuple[str, str, str]]


class Air(msgspec.Struct, frozen=True):
    """The wireless networks of a school: as heard (with `point_id` and `point`, the access point it
    is of by its controller's list), as set up, and what else is in the air."""

    heard: list[dict[str, Any]]
    set_up: list[dict[str, Any]]
    points: int
    """Networks of the school's own access points, by the lists of their controllers."""
    listeners: int
    """Computers with a radio that told what they hear."""
    blind: int
    """Of those, the ones that could not look."""
    others: int | None
    """Networks that are not the school's: the most that any one computer hears."""
    hotspots: int | None


def whole_map(sites: Collection[str]) -> Map:
    """All equipment of a school and the cables between."""
    rows = NetworkDevice.objects.filter(site__in=sites).order_by("id")
    devices = list(rows.values(*_PLAIN, "asset__tag", "asset__name")[:MOST])
    behind = _behind(sites)
    for row in devices:
        row["behind"] = behind.get(row["id"], 0)
    links = Link.objects.filter(site__in=sites, far__isnull=False).order_by("id")
    names = _port_names(sites, {one.device_id for one in links})
    return Map(
        devices,
        [
            (one.device_id, one.far_id, names.get((one.device_id, one.port), ""))
            for one in links
            if one.far_id is not None
        ],
    )


def device(sites: Collection[str], device_id: str) -> dict[str, Any] | None:
    """One piece of equipment; None where it is not theirs."""
    rows = NetworkDevice.objects.filter(site__in=sites, id=device_id)
    named = rows.values(*_PLAIN, "asset__tag", "asset__name", "looked_after_by__name")
    return next(iter(_plain(named)), None)


def ports(sites: Collection[str], device_id: str) -> list[dict[str, Any]]:
    """Its ports by index."""
    rows = SwitchPort.objects.filter(site__in=sites, device=device_id).order_by("index")
    return _plain(rows.values()[:MOST])


def cables(sites: Collection[str], device_id: str) -> list[dict[str, Any]]:
    """What its neighbours say they are, by port."""
    rows = Link.objects.filter(site__in=sites, device=device_id).order_by("port", "id")
    return _plain(
        rows.values("port", "name", "chassis", "far_id", "far__name", "capabilities")[:MOST]
    )


def hanging_off(sites: Collection[str], device_id: str) -> list[dict[str, Any]]:
    """Addresses learnt behind its ports, with whose they are."""
    rows = MacSighting.objects.filter(site__in=sites, device=device_id, source="fdb")
    named = rows.annotate(
        address=F("mac__address"),
        vendor=F("mac__vendor"),
        trust=F("mac__trust"),
        asset=F("mac__asset"),
        told_by=F("mac__told_by"),
        equipment=F("mac__device"),
    )
    ordered = named.order_by("port", "mac_id")
    fields = ("port", "last_at", "mac_id", "address", "vendor", "trust", "asset", "told_by")
    return list(ordered.values(*fields, "equipment")[:MOST])


def things(sites: Collection[str], view: View, today: str) -> list[Thing]:
    """What is no school computer's and no equipment's, by what people said of it; the newest first.
    A word that ran out by `today` counts as none."""
    rows = _things(sites).filter(_said(view, today)).order_by("-first_at", "id")
    return _hung(sites, _plain(rows.values()[:MOST]))


def suspects(sites: Collection[str], today: str, since: int) -> list[Thing]:
    """Those of whom nobody said anything and that were seen `since`: consoles first, then what most
    rounds met. So addresses that one computer invents push none of them off the list, and whatever
    answers to a community that it only had to hear is no less strange for it."""
    rows = _things(sites).filter(_said("", today), last_at__gte=since)
    console = Case(When(likely="games-console", then=0), default=1)
    ordered = rows.order_by(console, "-rounds", "first_at", "id")
    return _hung(sites, _plain(ordered.values()[:MOST]))


def counts(sites: Collection[str], today: str) -> dict[View, int]:
    """How many each view has."""
    views = {f"n{view}": Count("id", filter=_said(view, today)) for view in VIEWS}
    found = _things(sites).aggregate(**views)
    return {view: found[f"n{view}"] for view in VIEWS}


def thing(sites: Collection[str], mac_id: str) -> Thing | None:
    """One of them; None where it is not theirs."""
    rows = NetworkMac.objects.filter(site__in=sites, id=mac_id)
    return next(iter(_hung(sites, _plain(rows.values()))), None)


def air(sites: Collection[str]) -> Air:
    """The wireless networks."""
    heard = _plain(Bss.objects.filter(site__in=sites).order_by("ssid", "bssid").values()[:MOST])
    points = _points(sites)
    for row in heard:
        row["point_id"], row["point"] = points.get(row["bssid"], (None, ""))
    set_up = Wlan.objects.filter(site__in=sites).order_by("ssid", "device_id")
    told = list(SectionTold.objects.filter(site__in=sites, section="air_now").values())
    seen = [one for one in told if not one["unseen"]]
    return Air(
        heard=heard,
        set_up=list(set_up.values(*_of(Wlan), "device__name", "device__make")[:MOST]),
        points=len(points),
        listeners=len(told),
        blind=len(told) - len(seen),
        others=_most(one["others"] for one in seen),
        hotspots=_most(one["hotspots"] for one in seen),
    )


def servers(sites: Collection[str]) -> list[dict[str, Any]]:
    """Who offered addresses, by subnet."""
    rows = DhcpServer.objects.filter(site__in=sites).order_by("subnet", "server", "id")
    return _plain(rows.values()[:MOST])


def surveys(sites: Collection[str]) -> list[dict[str, Any]]:
    """Rounds, the newest first."""
    rows = Survey.objects.filter(site__in=sites).order_by("-began_at", "-id")
    return _plain(rows.values()[:MOST_SURVEYS])


def survey(sites: Collection[str], survey_id: str) -> dict[str, Any] | None:
    """One round; None where it is not theirs."""
    rows = Survey.objects.filter(site__in=sites, id=survey_id)
    return next(iter(_plain(rows.values())), None)


def _things(sites: Collection[str]) -> "QuerySet[NetworkMac]":
    nobodys = Q(device=None) | Q(device__kind__in=NAMELESS, device__asset=None)
    return NetworkMac.objects.filter(nobodys, site__in=sites, told_by="", asset=None)


def is_settled(row: NetworkMac) -> bool:
    """Whether an address is a school computer's or its equipment's, and nobody need say more."""
    device = row.device
    nobodys = device is None or (device.kind in NAMELESS and device.asset_id is None)
    return bool(row.told_by) or not nobodys


def _said(view: View, today: str) -> Q:
    holds = Q(until="") | Q(until__gte=today)
    return Q(trust=view) & holds if view else Q(trust="") | ~holds


def _hung(sites: Collection[str], rows: list[dict[str, Any]]) -> list[Thing]:
    ids = [row["id"] for row in rows]
    learnt: dict[str, list[Place]] = defaultdict(list)
    seen = MacSighting.objects.filter(site__in=sites, mac__in=ids, source="fdb")
    wanted = list(seen.exclude(device=None).values_list("mac_id", "device_id", "port"))
    known = _ports_of(sites, {device for _, device, _ in wanted})
    for mac, on, index in wanted:
        if (port := known.get((on, index))) is not None:
            held = Place(on, index, port["macs"], port["uplink"], port["leads_to"])
            learnt[mac].append(held)
    doors: dict[str, list[str]] = defaultdict(list)
    answered = OpenDoor.objects.filter(site__in=sites, mac__in=ids, open=True).order_by("port")
    for door in answered:
        doors[door.mac_id or ""].append(door.name)
    return [
        Thing(row, _hanging(place(learnt[row["id"]]), known), tuple(doors[row["id"]]))
        for row in rows
    ]


def _hanging(
    at: Place | None, known: Mapping[tuple[str, int], Mapping[str, Any]]
) -> Hanging | None:
    if at is None:
        return None
    port = known[at.device, at.port]
    return Hanging(
        device=at.device,
        device_name=port["device__name"],
        device_location=port["device__location"],
        port=port["name"] or str(at.port),
        alias=port["alias"],
        behind=at.macs,
        by_radio=at.leads_to == "access-point",
    )


def _ports_of(
    sites: Collection[str], devices: Collection[str]
) -> dict[tuple[str, int], dict[str, Any]]:
    rows = SwitchPort.objects.filter(site__in=sites, device__in=devices)
    found = rows.values(*_of(SwitchPort), "device__name", "device__location")
    return {(row["device_id"], row["index"]): row for row in found}


def _port_names(sites: Collection[str], devices: Collection[str]) -> dict[tuple[str, int], str]:
    rows = SwitchPort.objects.filter(site__in=sites, device__in=devices)
    return {(d, index): name for d, index, name in rows.values_list("device_id", "index", "name")}


def _behind(sites: Collection[str]) -> dict[str, int]:
    """Device → addresses learnt on its ports that are not known to lead on."""
    found: dict[str, int] = defaultdict(int)
    rows = SwitchPort.objects.filter(site__in=sites).exclude(uplink=True)
    for on, n in rows.values_list("device_id", "macs"):
        found[on] += n
    return found


def _points(sites: Collection[str]) -> dict[str, tuple[str, str]]:
    """Network sent → the access point it is of: its id and name."""
    rows = NetworkDevice.objects.filter(site__in=sites, facts__has_key="bssids").order_by("id")
    return {
        bssid: (device_id, name)
        for device_id, name, facts in rows.values_list("id", "name", "facts")
        for bssid in facts["bssids"]
    }


def _plain(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _of(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _most(numbers: Iterable[int | None]) -> int | None:
    return max((one for one in numbers if one is not None), default=None)
