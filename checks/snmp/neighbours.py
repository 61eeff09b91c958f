"""What hangs at the other end of each cable, by LLDP and CDP.

Names and descriptions are those of bridges, routers and access points only: a telephone's or a
laptop's is often a person's, so it is not even asked for. Traps: LLDP numbers its own ports as it
likes (`_Ports`); a time stands before the port in an index; texts are padded with NULs.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from checks.formats.snmp_values import Oid, Value
from checks.snmp import columns, values
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.denied import below
from checks.snmp.identity import chassis
from checks.snmp.interfaces import Interface
from checks.surveys.equipment import MOST_NEIGHBOURS, Capability, Neighbour

_LLDP: Final[tuple[Capability, ...]] = (
    "other",
    "repeater",
    "bridge",
    "access-point",
    "router",
    "phone",
    "docsis",
    "station",
)
_CDP: Final[dict[int, Capability]] = {
    0x01: "router",
    0x02: "bridge",
    0x04: "bridge",
    0x08: "bridge",
    0x10: "station",
    0x40: "repeater",
    0x80: "phone",
}
_EQUIPMENT: Final = frozenset({"bridge", "router", "access-point", "repeater"})
_PERSONS: Final = frozenset({"phone", "station"})


def equipment(capabilities: Iterable[Capability]) -> bool:
    """Whether a name is a thing's rather than, most likely, a person's."""
    found = set(capabilities)
    return bool(found & _EQUIPMENT) and not found & _PERSONS


def read(snmp: Snmp, interfaces: dict[int, Interface], ports: dict[int, int]) -> list[Neighbour]:
    """All of them, by port. `ports`: bridge port → ifIndex. Raises CannotAsk."""
    told = [*_lldp(snmp, interfaces, ports), *_cdp(snmp)]
    found = {(one.port, one.protocol, one.chassis, one.far_port): one for one in told}
    if len(found) > MOST_NEIGHBOURS:
        raise CannotAsk("budget")
    return [found[key] for key in sorted(found)]


def capable(value: Value | None) -> list[Capability]:
    """LLDP's capabilities, in the order of their bits."""
    return [_LLDP[bit] for bit in sorted(values.bits(value)) if bit < len(_LLDP)]


def _lldp(snmp: Snmp, interfaces: dict[int, Interface], ports: dict[int, int]) -> list[Neighbour]:
    names = dict(snmp.walk(columns.LLDP_CHASSIS))
    if not names:
        return []
    kinds = dict(snmp.walk(columns.LLDP_CHASSIS_SUBTYPE))
    far_kinds = dict(snmp.walk(columns.LLDP_PORT_SUBTYPE))
    far = dict(snmp.walk(columns.LLDP_PORT))
    enabled = dict(snmp.walk(columns.LLDP_ENABLED) or snmp.walk(columns.LLDP_CAPABLE))
    places = _Ports(snmp, interfaces, ports)
    found = []
    for index, name in names.items():
        if len(index) < 2:
            continue
        capabilities = capable(enabled.get(index))
        port_kind = values.number(far_kinds.get(index))
        told = _texts(snmp, index) if equipment(capabilities) else {}
        found.append(
            _decent(
                Neighbour(
                    port=places.of(index[-2]),
                    protocol="lldp",
                    chassis=chassis(name, values.number(kinds.get(index))),
                    far_port=_far(far.get(index), port_kind, told),
                    name=values.name(told.get(columns.LLDP_NAME)),
                    description=values.text(told.get(columns.LLDP_DESCR)),
                    capabilities=capabilities,
                )
            )
        )
    return found


def _far(value: Value | None, kind: int | None, told: dict[str, Value]) -> str:
    """The port at the other end: a name, or a MAC (kind 3), or an address (4). Of a bare number of
    its own (7) the description beside it, which is what is printed on the front."""
    said = chassis(value, {3: 4, 4: 5}.get(kind or 0))
    printed = values.name(told.get(columns.LLDP_PORT_DESCR))
    return printed if kind == 7 and said.isdecimal() and printed else said


def _texts(snmp: Snmp, index: Oid) -> dict[str, Value]:
    wanted = (columns.LLDP_NAME, columns.LLDP_DESCR, columns.LLDP_PORT_DESCR)
    asked = {below(column, index): column for column in wanted}
    return {asked[oid]: value for oid, value in snmp.get(list(asked)).items()}


def _decent(found: Neighbour) -> Neighbour:
    """Without what may be a person's: of a telephone or a laptop only a MAC that its maker gave
    it."""
    if equipment(found.capabilities):
        return found
    return msgspec.structs.replace(
        found, chassis=_public(found.chassis), far_port=_public(found.far_port)
    )


def _public(said: str) -> str:
    mac = values.mac(said.encode())
    return mac if mac and not values.private(mac) else ""


class _Ports:
    """Which of the device's interfaces LLDP means by a number of its own.

    In this order: the name it gives the port (ifName, ifDescr, a MAC, ifAlias), the port's
    description, the bridge's numbering, ifIndex itself; 0 where two of those could be meant.
    """

    def __init__(self, snmp: Snmp, interfaces: dict[int, Interface], ports: dict[int, int]) -> None:
        self._snmp = snmp
        self._ports = ports
        self._interfaces = interfaces
        self._known = dict[int, int]()
        real = [one for one in interfaces.values() if one.shape != "virtual"]
        self._real = frozenset(one.index for one in real)
        self._names = _unique((one.name, one.index) for one in real)
        self._descriptions: dict[str, int] | None = None
        self._aliases = _unique((one.alias, one.index) for one in real)
        self._macs = _unique((one.own_mac, one.index) for one in real)

    def of(self, number: int) -> int:
        """The interface's ifIndex, or 0."""
        if number not in self._known:
            self._known[number] = self._found(number)
        return self._known[number]

    def _found(self, number: int) -> int:
        asked = {
            column: below(column, (number,))
            for column in (
                columns.LLDP_OWN_PORT_SUBTYPE,
                columns.LLDP_OWN_PORT,
                columns.LLDP_OWN_PORT_DESCR,
            )
        }
        said = self._snmp.get(list(asked.values()))
        kind = values.number(said.get(asked[columns.LLDP_OWN_PORT_SUBTYPE]))
        own = said.get(asked[columns.LLDP_OWN_PORT])
        name = _key(values.name(own))
        descr = _key(values.name(said.get(asked[columns.LLDP_OWN_PORT_DESCR])))
        by_mac = self._macs.get(values.mac(own), 0) if kind == 3 else 0
        by_index = int(name) if kind == 7 and name.isdecimal() and len(name) < 11 else 0
        return (
            by_mac
            or self._names.get(name, 0)
            or (self._aliases.get(name, 0) if kind == 1 else 0)
            or self._names.get(descr, 0)
            or self._described(name)
            or self._described(descr)
            or self._aliases.get(descr, 0)
            or (by_index if by_index in self._interfaces else 0)
            or self._numbered(number)
        )

    def _described(self, text: str) -> int:
        """By ifDescr, asked for when a name does not do."""
        if not text:
            return 0
        if self._descriptions is None:
            rows = self._snmp.walk(columns.IF_DESCR)
            pairs = ((values.name(value), index[0]) for index, value in rows if len(index) == 1)
            self._descriptions = _unique(pair for pair in pairs if pair[1] in self._real)
        return self._descriptions.get(text, 0)

    def _numbered(self, number: int) -> int:
        of_bridge = self._ports.get(number)
        of_index = number if number in self._interfaces else None
        meant = {one for one in (of_bridge, of_index) if one}
        return meant.pop() if len(meant) == 1 else 0


def _key(text: str) -> str:
    return text.casefold()


def _unique(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Of texts that several interfaces have, none."""
    found = dict[str, int]()
    for text, index in pairs:
        key = _key(text)
        if key:
            found[key] = index if found.get(key, index) == index else 0
    return {key: index for key, index in found.items() if index}


def _cdp(snmp: Snmp) -> list[Neighbour]:
    devices = dict(snmp.walk(columns.CDP_DEVICE))
    if not devices:
        return []
    abilities = dict(snmp.walk(columns.CDP_CAPABILITIES))
    far = dict(snmp.walk(columns.CDP_PORT))
    found = []
    for index, device in devices.items():
        capabilities = _of_cdp(abilities.get(index))
        known = equipment(capabilities)
        platform = below(columns.CDP_PLATFORM, index)
        found.append(
            _decent(
                Neighbour(
                    port=index[0] if len(index) == 2 else 0,
                    protocol="cdp",
                    chassis=values.mac(device) or values.name(device),
                    far_port=values.mac(far.get(index)) or values.name(far.get(index)),
                    name="" if values.mac(device) or not known else values.name(device),
                    description=values.text(snmp.get([platform]).get(platform)) if known else "",
                    capabilities=capabilities,
                )
            )
        )
    return found


def _of_cdp(value: Value | None) -> list[Capability]:
    """Four bytes, or a number from those who read the MIB otherwise."""
    flags = int.from_bytes(value[-4:], "big") if isinstance(value, bytes) else value
    if not isinstance(flags, int):
        return []
    return sorted({kind for bit, kind in _CDP.items() if flags & bit})
