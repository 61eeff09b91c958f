"""DHCP: one question who offers addresses, never an acceptance; and what clients ask for.

Of a client only its kind is kept: option 55 (what it asks for, in its order) and option 60 (what it
calls its make). Its name (option 12) is never looked at.
"""

import ipaddress
from types import ModuleType
from typing import Any, Final

from agent.survey.worker.datagram import Datagram
from agent.survey.worker.dissecting import Dissector
from agent.survey.worker.table import LONGEST, MOST_ASKED, Table

MOST_OFFERS: Final = 64
_MOST_RESOLVERS: Final = 8
_OFFER: Final = 2
_CLIENTS: Final = (1, 3, 8)
"""DISCOVER, REQUEST, INFORM."""
_NOBODY: Final = "0.0.0.0"  # noqa: S104  (an address field that says nothing, no socket's)


class Offers:
    """Asks once and collects."""

    def __init__(self, layers: ModuleType, mac: bytes, number: int, dissector: Dissector) -> None:
        """`number`: the transaction's, so that answers to others are not taken for ours."""
        self._layers, self._mac, self._number = layers, mac, number
        self._dissector = dissector
        self.found: dict[tuple[str, bytes], dict[str, Any]] = {}

    def discover(self) -> bytes:
        """The one frame. It asks for a broadcast answer, which every server's frame then is."""
        use = self._layers
        options = [("message-type", "discover"), ("param_req_list", [1, 3, 6]), "end"]
        told = use.BOOTP(chaddr=self._mac, xid=self._number, flags=0x8000)
        told = told / use.DHCP(options=options)
        way = use.IP(src=_NOBODY, dst="255.255.255.255") / use.UDP(sport=68, dport=67)
        frame = use.Ether(src=self._mac.hex(":"), dst="ff:ff:ff:ff:ff:ff") / way / told
        return bytes(frame)

    def take(self, one: Datagram) -> None:
        """An answer to ours; others' and repeated ones are passed over."""
        told = self._dissector.take(one.mac, lambda: _read(self._layers, one.payload))
        if told is None or told["op"] != 2 or told["xid"] != self._number:
            return
        options = told["options"]
        if options.get("message-type") != _OFFER:
            return
        server = _address(options.get("server_id")) or str(one.source)
        if len(self.found) < MOST_OFFERS:
            self.found.setdefault((server, one.mac), _offer(server, one.mac, told))


def _offer(server: str, mac: bytes, told: dict[str, Any]) -> dict[str, Any]:
    options = told["options"]
    resolvers = [_address(one) for one in _listed(options.get("name_server"))]
    return {
        "server": server,
        "mac": mac.hex(":"),
        "relayed": told["giaddr"] != _NOBODY,
        "router": next((_address(one) for one in _listed(options.get("router"))), ""),
        "resolvers": [one for one in resolvers if one][:_MOST_RESOLVERS],
    }


def client(layers: ModuleType, one: Datagram, table: Table, dissector: Dissector) -> None:
    """What a client says of its kind when it asks for an address."""
    told = dissector.take(one.mac, lambda: _read(layers, one.payload))
    if told is None or told["op"] != 1 or (told["htype"], told["hlen"]) != (1, 6):
        return
    options = told["options"]
    if options.get("message-type") not in _CLIENTS:
        return
    asked = [number for number in _listed(options.get("param_req_list")) if _is_number(number)]
    made = options.get("vendor_class_id")
    table.note(
        told["chaddr"],
        "dhcp",
        vendor_class=_text(made) if isinstance(made, bytes) else "",
        asked=asked[:MOST_ASKED],
    )


def _read(layers: ModuleType, payload: bytes) -> dict[str, Any]:
    """The fields and options that are used. Raises anything for what is no such message."""
    packet = layers.BOOTP(payload)
    options: dict[str, Any] = {}
    for one in packet[layers.DHCP].options:
        if isinstance(one, tuple) and len(one) >= 2:
            options.setdefault(one[0], one[1] if len(one) == 2 else [*one[1:]])
    return {
        "op": packet.op,
        "xid": packet.xid,
        "htype": packet.htype,
        "hlen": packet.hlen,
        "giaddr": packet.giaddr,
        "chaddr": bytes(packet.chaddr)[:6],
        "options": options,
    }


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= 255


def _address(value: object) -> str:
    try:
        return str(ipaddress.IPv4Address(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _text(value: bytes) -> str:
    return value[:LONGEST].decode("latin-1").rstrip("\0 ")
