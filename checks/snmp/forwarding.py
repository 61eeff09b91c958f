"""Which addresses a bridge has learnt behind which interface.

Q-BRIDGE first, since it has them for every VLAN, then BRIDGE. A row names the bridge's port, not
the interface: `dot1dBasePortIfIndex` joins them (network §1.1). Traps: the bridge's own addresses
stand in the table too; port 0 is one it cannot place; some number ports by ifIndex without saying
so; one address stands there once for each VLAN; Cisco's old ones tell of the first VLAN only.
"""

import collections
from collections.abc import Collection
from typing import Final

import msgspec

from checks.snmp import columns, values
from checks.snmp.asking import CannotAsk, Row, Snmp
from checks.unseen import Maybe, Unseen

_MAC: Final = 6
_RESERVED: Final = 1_002
"""The first of Cisco's VLANs for token rings, which no school has."""
MOST_VLANS: Final = 40
"""Asked for of one switch."""


class Learnt(msgspec.Struct, frozen=True):
    """Addresses by ifIndex, and whether those are all."""

    macs: dict[int, set[str]]
    whole: Maybe[bool]
    """As `Equipment.learnt`."""
    ports: dict[int, int]
    """Bridge port → ifIndex."""


def read(
    snmp: Snmp, *, known: Collection[int], own: Collection[str], bridge: bool, apart: bool
) -> Learnt:
    """What it has learnt. `known`: the interfaces there are; `own`: its own addresses; `bridge`:
    whether it says that it is one; `apart`: whether the table without VLANs is one VLAN's only.
    """
    try:
        ports = _ports(snmp.walk(columns.BASE_PORT_IF_INDEX))
    except CannotAsk as error:
        return Learnt(macs={}, whole=Unseen(error.reason), ports=_ports(error.rows))
    try:
        rows = snmp.walk(columns.VLAN_FDB_PORT)
        every_vlan = any(values.number(value) for _, value in rows)
        rows = rows if every_vlan else snmp.walk(columns.FDB_PORT) or rows
    except CannotAsk as error:
        return _placed(error.rows, ports, known, own, Unseen(error.reason))
    whole: Maybe[bool] = bool(rows or ports or bridge)
    if whole is True and apart and not every_vlan:
        return _each_vlan(snmp, _placed(rows, ports, known, own, True), known, own)
    return _placed(rows, ports, known, own, whole)


def _each_vlan(snmp: Snmp, first: Learnt, known: Collection[int], own: Collection[str]) -> Learnt:
    """What an old Cisco knows of each VLAN by itself, added to what it said of the first."""
    macs = {interface: set(found) for interface, found in first.macs.items()}
    ports, whole = dict(first.ports), first.whole
    try:
        rows = snmp.walk(columns.CISCO_VLAN_STATE)
        vlans = sorted({index[-1] for index, state in rows if index and values.number(state) == 1})
        told = [vlan for vlan in vlans if 1 < vlan < _RESERVED]
        if not vlans or len(told) > MOST_VLANS:
            whole = Unseen("unsupported" if not vlans else "too-large")
        for vlan in told[:MOST_VLANS]:
            inside = snmp.within(vlan)
            if inside is None:
                whole = Unseen("unsupported")
                break
            its_ports = _ports(inside.walk(columns.BASE_PORT_IF_INDEX))
            one = _placed(inside.walk(columns.FDB_PORT), its_ports, known, own, True)
            ports |= its_ports
            whole = one.whole if isinstance(one.whole, Unseen) else whole
            for interface, found in one.macs.items():
                macs.setdefault(interface, set()).update(found)
    except CannotAsk as error:
        whole = Unseen(error.reason)
    return Learnt(macs=macs, whole=whole, ports=ports)


def _ports(rows: list[Row]) -> dict[int, int]:
    return {
        index[0]: interface
        for index, value in rows
        if len(index) == 1 and (interface := values.number(value))
    }


def _placed(
    rows: list[Row],
    ports: dict[int, int],
    known: Collection[int],
    own: Collection[str],
    whole: Maybe[bool],
) -> Learnt:
    found = collections.defaultdict[int, set[str]](set)
    taken = set(ports.values())
    for index, value in rows:
        mac = _mac(index)
        port = values.number(value)
        if not mac or not port or port < 0 or mac in own:
            continue
        interface = ports.get(port)
        if interface is None and (not known or (port in known and port not in taken)):
            interface = port
        if interface is None:
            # On a port that the bridge does not have: somewhere, and nobody knows where.
            whole = Unseen("parse-error")
            continue
        found[interface].add(mac)
    return Learnt(macs=dict(found), whole=whole, ports=ports)


def _mac(index: tuple[int, ...]) -> str:
    """The address at the end of an index, after a VLAN's table or nothing."""
    last = index[-_MAC:]
    if not _MAC <= len(index) <= _MAC + 2 or max(last) > 255:
        return ""
    return values.spelled(bytes(last))
