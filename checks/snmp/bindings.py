"""A router's own list of which address speaks for which MAC: the old table and the new one."""

from typing import Final

from checks.formats.snmp_values import Value
from checks.snmp import columns, values
from checks.snmp.asking import Snmp
from checks.surveys.equipment import Binding

_LENGTHS: Final = {1: 4, 2: 16, 3: 4, 4: 16}
"""InetAddressType: bytes of an address; kinds 3 and 4 carry a zone after it."""


def read(snmp: Snmp) -> list[Binding]:
    """Bindings by address, without MACs that somebody's phone made up. Raises CannotAsk."""
    found = dict[str, str]()
    for index, value in snmp.walk(columns.ARP):
        if len(index) >= 5 and max(index[-4:]) <= 255:
            _add(found, bytes(index[-4:]), value)
    for index, value in snmp.walk(columns.NEIGHBOURS):
        raw = _address(index)
        if raw:
            _add(found, raw, value)
    return [Binding(mac=mac, address=address) for address, mac in sorted(found.items())]


def _address(index: tuple[int, ...]) -> bytes:
    """What follows the interface: kind, length and bytes; some leave the length out."""
    if len(index) < 6 or index[1] not in _LENGTHS:
        return b""
    length = _LENGTHS[index[1]]
    start = 3 if index[2] in (length, length + 4) and len(index) >= 3 + length else 2
    raw = index[start : start + length]
    return bytes(raw) if len(raw) == length and max(raw) <= 255 else b""


def _add(found: dict[str, str], raw: bytes, value: Value) -> None:
    mac = values.mac(value)
    address = values.address(raw)
    if mac and address and not values.private(mac):
        found.setdefault(address, mac)
