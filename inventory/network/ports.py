"""Ports of a switch, its neighbours, and what was learnt behind each. A walk that failed leaves
everything as it was (network §5)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from checks.surveys.equipment import Equipment, Neighbour
from checks.unseen import Unseen
from inventory.inserting import insert
from inventory.models import Link, NetworkDevice, SwitchPort
from inventory.network import bounds
from inventory.network.addresses import of_one
from inventory.network.glimpses import Glimpse
from inventory.network.places import Seen, judge
from inventory.updating import update
from wire.text import clean

_NAMELESS = frozenset({"phone", "station"})
"""Neighbours that are called after people: their names are not kept."""
_EQUIPMENT = frozenset({"bridge", "router", "access-point", "repeater"})
_WORD = 64


def take(row: NetworkDevice, told: Equipment, at: int) -> list[Glimpse]:
    """Write ports and links of one device, and say what was learnt behind which."""
    if not isinstance(told.ports, Unseen):
        _ports(row, told, at)
    if not isinstance(told.neighbours, Unseen):
        _links(row, told.neighbours, at)
    leads = judged(row)
    return [] if isinstance(told.ports, Unseen) else list(_learnt(row, told, leads, at))


def judged(row: NetworkDevice) -> set[int]:
    """Judge the ports anew by what was last seen of them and of the neighbours; the indices of
    those that lead on."""
    near: dict[int, list[Collection[str]]] = defaultdict(list)
    looked = row.seen_at.get("neighbours")
    for link in Link.objects.filter(device=row, last_at=looked or -1):
        near[link.port].append(link.capabilities)
    changed, leading = [], set()
    for port in SwitchPort.objects.filter(device=row):
        told = None if looked is None else near[port.index]
        found = judge(Seen(port.macs, told))
        if found.uplink:
            leading.add(port.index)
        if (port.uplink, port.leads_to) != (found.uplink, found.leads_to):
            port.uplink, port.leads_to = found.uplink, found.leads_to
            changed.append(port)
    update(changed, ["uplink", "leads_to"])
    return leading


def _ports(row: NetworkDevice, told: Equipment, at: int) -> None:
    if isinstance(told.ports, Unseen):
        return
    held = {port.index: port for port in SwitchPort.objects.filter(device=row)}
    new: dict[int, SwitchPort] = {}
    changed = []
    for one in told.ports[: bounds.MOST_PORTS]:
        says = {
            "name": clean(one.name, _WORD),
            "alias": clean(one.alias, _WORD),
            "up": one.up,
            "macs": max(0, min(one.count, 1_000_000)),
            "private": max(0, min(one.private, 1_000_000)),
            "last_at": at,
        }
        port = held.get(one.index)
        if port is None and len(held) + len(new) < bounds.MOST_PORTS:
            new[one.index] = SwitchPort(site_id=row.site_id, device=row, index=one.index, **says)
        elif port is not None and port.last_at < at:
            for name, value in says.items():
                setattr(port, name, value)
            changed.append(port)
    insert(list(new.values()))
    fields = ["name", "alias", "up", "macs", "private", "last_at"]
    update(changed, fields)


def _links(row: NetworkDevice, told: Sequence[Neighbour], at: int) -> None:
    held = {
        (one.port, one.protocol, one.chassis, one.far_port): one
        for one in Link.objects.filter(device=row)
    }
    new: dict[tuple[int, str, str, str], Link] = {}
    changed = []
    for one in told[: bounds.MOST_LINKS]:
        key = (one.port, one.protocol, _chassis(one.chassis), clean(one.far_port, _WORD))
        link = held.get(key)
        if link is None and len(held) + len(new) < 2 * bounds.MOST_LINKS:
            new[key] = _link(row, one, key, at)
        elif link is not None and link.last_at < at:
            link.last_at, link.name, link.capabilities = at, _name(one), sorted(one.capabilities)
            changed.append(link)
    insert(list(new.values()))
    update(changed, ["last_at", "name", "capabilities"])


def _link(row: NetworkDevice, one: Neighbour, key: tuple[int, str, str, str], at: int) -> Link:
    port, protocol, chassis, far_port = key
    return Link(
        site_id=row.site_id,
        device=row,
        port=port,
        protocol=protocol,
        chassis=chassis,
        far_port=far_port,
        name=_name(one),
        capabilities=sorted(one.capabilities),
        first_at=at,
        last_at=at,
    )


def _chassis(text: str) -> str:
    """An address in our spelling; of what is none, or made up, what it says is not kept: it may be
    a telephone's name."""
    return of_one(text)


def _name(one: Neighbour) -> str:
    says = set(one.capabilities)
    return clean(one.name, _WORD) if says & _EQUIPMENT and not says & _NAMELESS else ""


def _learnt(
    row: NetworkDevice, told: Equipment, leads: Collection[int], at: int
) -> Iterator[Glimpse]:
    if isinstance(told.ports, Unseen):
        return
    for one in told.ports[: bounds.MOST_PORTS]:
        # What leads on learns everything there is, and says of nothing where it hangs.
        where, port = ("", 0) if one.index in leads else (row.id, one.index)
        for mac in one.macs:
            yield Glimpse(mac, "fdb", at, device=where, port=port)
