"""Everything that is asked of one device, group by group: one that fails leaves the rest standing.

The order is that of worth, since a device has a budget: who it is, what hangs where, then the rest.
Of a printer only a handful of questions are asked, for some stop printing when hurried (network
§4); and of anything that has no bridge, no neighbours.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from checks.formats.snmp_values import Value
from checks.snmp import (
    bindings,
    columns,
    forwarding,
    identity,
    interfaces,
    kinds,
    neighbours,
    parts,
    power,
    printing,
    scalars,
    values,
)
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.interfaces import Interface
from checks.snmp.wireless import reading as wireless
from checks.surveys.equipment import (
    MOST_MACS,
    MOST_PORTS,
    Binding,
    Equipment,
    Identity,
    Neighbour,
    Part,
    Port,
    Power,
    Printing,
    Wireless,
)
from checks.unseen import Maybe, Unseen

T = TypeVar("T")
NOT_ASKED: Final = Unseen("deferred")
CISCO: Final = 9
"""It answers for each VLAN by itself, under a community or context of that VLAN's name."""


class _Device(msgspec.Struct):
    """What is known so far of the one being asked."""

    said: dict[str, Value]
    who: Identity
    extra: dict[str, Value]
    there: Maybe[list[Interface]]
    own: list[str]
    """Its own addresses."""
    prints: bool


def collect(snmp: Snmp) -> Equipment:
    """One device. Raises CannotAsk where it answers not even who it is.

    Address, way, credential and the default community are the caller's to fill in.
    """
    device = _begin(snmp)
    made_of = _maybe(lambda: parts.read(snmp, device.who.object_id, device.own))
    learnt = _learnt(snmp, device)
    part = made_of[0] if isinstance(made_of, list) and made_of else None
    supply, air = None, None
    far: Maybe[list[Neighbour]] = NOT_ASKED
    bound: Maybe[list[Binding]] = NOT_ASKED
    if not device.prints:
        supply, air = _power(snmp, device, part), _air(snmp, device)
        far = _maybe(lambda: _neighbours(snmp, device, learnt))
        bound = _maybe(lambda: bindings.read(snmp))
    return Equipment(
        address="",
        way="snmp-v2c",
        credential="",
        kind=kinds.kind(device.who, _signs(device, learnt, supply, air)),
        identity=device.who,
        parts=made_of,
        ports=_ports(device.there, learnt),
        neighbours=far,
        bindings=bound,
        wireless=air,
        printing=_printing(snmp, device, part),
        power=supply,
        default_community=NOT_ASKED,
        learnt=device.there if isinstance(device.there, Unseen) else learnt.whole,
    )


def _begin(snmp: Snmp) -> _Device:
    said = identity.ask(snmp)
    who = identity.read(said)
    extra = _lenient(snmp)
    there = _maybe(lambda: list(interfaces.read(snmp).values()))
    macs = set() if isinstance(there, Unseen) else {one.own_mac for one in there}
    chassis = values.mac(who.chassis.encode())
    return _Device(
        said=said,
        who=who,
        extra=extra,
        there=there,
        own=sorted((macs | {who.base_mac, chassis}) - {""}),
        prints=printing.is_printer(extra, said.get(columns.HR_DEVICE_TYPE), who.object_id),
    )


def _maybe(ask: Callable[[], T]) -> T | Unseen:
    try:
        return ask()
    except CannotAsk as error:
        return Unseen(error.reason)


def _lenient(snmp: Snmp) -> dict[str, Value]:
    """What a printer or a UPS says at once; nothing where it does not."""
    try:
        return snmp.get(printing.QUESTION + power.QUESTION)
    except CannotAsk:
        return {}


def _learnt(snmp: Snmp, device: _Device) -> forwarding.Learnt:
    if device.prints:
        return forwarding.Learnt(macs={}, whole=False, ports={})
    known = [] if isinstance(device.there, Unseen) else [one.index for one in device.there]
    return forwarding.read(
        snmp,
        known=frozenset(known),
        own=frozenset(device.own),
        bridge=_bridges(device),
        apart=scalars.number(device.who.object_id) == CISCO,
    )


def _bridges(device: _Device) -> bool:
    """Whether it says itself that it is a bridge."""
    return bool(device.who.base_mac or values.number(device.said.get(columns.BRIDGE_PORTS)))


def _neighbours(snmp: Snmp, device: _Device, learnt: forwarding.Learnt) -> list[Neighbour]:
    there = [] if isinstance(device.there, Unseen) else device.there
    return neighbours.read(snmp, {one.index: one for one in there}, learnt.ports)


def _power(snmp: Snmp, device: _Device, part: Part | None) -> Power | None:
    try:
        return power.read(snmp, device.extra, device.who.object_id, part)
    except CannotAsk:
        return None


def _air(snmp: Snmp, device: _Device) -> Wireless | None:
    try:
        return wireless.read(snmp, device.who.object_id)
    except CannotAsk as error:
        reason = Unseen(error.reason)
        return Wireless(ssids=reason, points=reason, rogues=reason, others=0)


def _printing(snmp: Snmp, device: _Device, part: Part | None) -> Printing | None:
    return printing.read(snmp, device.extra, device.own, part) if device.prints else None


def _signs(
    device: _Device, learnt: forwarding.Learnt, supply: Power | None, air: Wireless | None
) -> kinds.Signs:
    points = air.points if air is not None else []
    ssids = air.ssids if air is not None else []
    return kinds.Signs(
        prints=device.prints,
        has_battery=supply is not None,
        points=len(points) if isinstance(points, list) else 0,
        radios=isinstance(ssids, list) and bool(ssids),
        bridges=bool(learnt.macs or learnt.ports) or _bridges(device),
        forwards=values.number(device.said.get(columns.IP_FORWARDING)) == 1,
        capabilities=tuple(neighbours.capable(device.said.get(columns.LLDP_OWN_CAPABILITIES))),
    )


def _ports(there: Maybe[list[Interface]], learnt: forwarding.Learnt) -> Maybe[list[Port]]:
    """The interfaces with what hangs behind them; those that only the bridge names are added."""
    if isinstance(there, Unseen):
        return there
    known = {one.index: one for one in there}
    found = [
        _port(index, known.get(index), learnt.macs.get(index, set()))
        for index in sorted({*known, *learnt.macs})
    ]
    if len(found) > MOST_PORTS:
        found = [port for port in found if port.count or port.shape != "virtual"]
    return found if len(found) <= MOST_PORTS else Unseen("too-large")


def _port(index: int, interface: Interface | None, macs: set[str]) -> Port:
    told = sorted(mac for mac in macs if not values.private(mac))
    return Port(
        index=index,
        name=interface.name if interface else "",
        alias=interface.alias if interface else "",
        up=interface.up if interface else None,
        own_mac=interface.own_mac if interface else "",
        shape=interface.shape if interface else "other",
        macs=told[:MOST_MACS],
        count=len(macs),
        private=len(macs) - len(told),
    )
