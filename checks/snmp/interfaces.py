"""A device's interfaces: IF-MIB, with names where it has them."""

from typing import Final, Literal

import msgspec

from checks.formats.snmp_values import Value
from checks.snmp import columns, values
from checks.snmp.asking import CannotAsk, Row, Snmp

Shape = Literal["wired", "wireless", "group", "virtual", "other"]
_SHAPES: Final[dict[int, Shape]] = {
    6: "wired",
    26: "wired",
    56: "wired",
    62: "wired",
    69: "wired",
    117: "wired",
    71: "wireless",
    54: "group",
    161: "group",
    24: "virtual",
    53: "virtual",
    131: "virtual",
    135: "virtual",
    136: "virtual",
    209: "virtual",
}
"""By IANA's ifType: Ethernet of all ages, 802.11, aggregates, loopbacks, tunnels and VLANs."""
_UP: Final = {1: True, 2: False, 7: False}
"""ifOperStatus: up, down, lowerLayerDown; the others say nothing."""


class Interface(msgspec.Struct, frozen=True):
    """One of them, before anything learnt is hung on it."""

    index: int
    name: str
    alias: str
    up: bool | None
    own_mac: str
    shape: Shape


def read(snmp: Snmp) -> dict[int, Interface]:
    """By ifIndex. Raises CannotAsk where the device does not say what there is."""
    kinds = _numbered(snmp.walk(columns.IF_TYPE))
    macs = _numbered(snmp.walk(columns.IF_PHYS_ADDRESS))
    states = _numbered(snmp.walk(columns.IF_OPER_STATUS))
    names = _numbered(_lacking(snmp, columns.IF_NAME))
    nameless = not names or any(not values.name(name) for name in names.values())
    descriptions = _numbered(_lacking(snmp, columns.IF_DESCR)) if nameless else {}
    aliases = _numbered(_lacking(snmp, columns.IF_ALIAS))
    found = {}
    for index in sorted({*kinds, *macs, *states, *names, *descriptions}):
        found[index] = Interface(
            index=index,
            name=values.name(names.get(index)) or values.name(descriptions.get(index)),
            alias=values.name(aliases.get(index)),
            up=_UP.get(values.number(states.get(index)) or 0),
            own_mac=values.mac(macs.get(index)),
            shape=_SHAPES.get(values.number(kinds.get(index)) or 0, "other"),
        )
    return found


def _lacking(snmp: Snmp, column: str) -> list[Row]:
    """A column that helps, and whose lack leaves the rest as it is."""
    try:
        return snmp.walk(column)
    except CannotAsk as error:
        return error.rows


def _numbered(rows: list[Row]) -> dict[int, Value]:
    return {index[0]: value for index, value in rows if len(index) == 1 and index[0] > 0}
