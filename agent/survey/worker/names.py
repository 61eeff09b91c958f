"""mDNS and SSDP: which kinds of service a thing announces, and what model it says it is.

Never what it is called: instance names and host names are people's (`Maya's iPhone`), and are not
kept even here. One question each, to everybody on the link (RFC 6762 §5.1, UPnP 1.1 §1.3.2).
"""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from agent.survey.worker.datagram import Datagram
from agent.survey.worker.dissecting import Dissector
from agent.survey.worker.table import LONGEST, Table
from agent.survey.worker.task import private

MDNS_GROUP: Final = "224.0.0.251"
SSDP_GROUP: Final = "239.255.255.250"
MDNS: Final = 5353
SSDP: Final = 1900
ASKED: Final = (
    "_services._dns-sd._udp.local",
    "_ipp._tcp.local",
    "_pdl-datastream._tcp.local",
    "_googlecast._tcp.local",
    "_airplay._tcp.local",
)
_KIND: Final = re.compile(rb"(?:^|\.)(_[a-z0-9][a-z0-9-]{0,30}\._(?:tcp|udp))\.local\.?$")
_SERVICES: Final = "_dns-sd._udp"
_TARGET: Final = re.compile(rb"urn:[A-Za-z0-9:._-]{1,60}")
_MODELS: Final = (b"md=", b"ty=")
_TXT, _PTR = 16, 12
_MOST_HEADERS: Final = 40
_SEARCH: Final = (
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n'
)


def questions(layers: ModuleType, mac: bytes, source: str, port: int) -> Iterator[bytes]:
    """Both frames; `port`: where answers to SSDP's are sent."""
    yield _mdns(layers, mac, source)
    yield _to(layers, mac, source, SSDP_GROUP, 1, (port, SSDP), _SEARCH)


def _mdns(layers: ModuleType, mac: bytes, source: str) -> bytes:
    asked = [layers.DNSQR(qname=name, qtype="PTR") for name in ASKED]
    payload = bytes(layers.DNS(id=0, qr=0, rd=0, qd=asked))
    return _to(layers, mac, source, MDNS_GROUP, 255, (MDNS, MDNS), payload)


def _to(  # noqa: PLR0917  (the fields of one frame, in its order)
    use: ModuleType,
    mac: bytes,
    source: str,
    group: str,
    ttl: int,
    ports: tuple[int, int],
    payload: bytes,
) -> bytes:
    low = bytes(int(part) for part in group.split(".")[1:])
    wire = (b"\x01\x00\x5e" + bytes([low[0] & 0x7F]) + low[1:]).hex(":")
    way = use.IP(src=source, dst=group, ttl=ttl) / use.UDP(sport=ports[0], dport=ports[1])
    return bytes(use.Ether(src=mac.hex(":"), dst=wire) / way / payload)


def mdns(layers: ModuleType, one: Datagram, table: Table, dissector: Dissector) -> None:
    """An answer or an announcement; a question tells nothing of who asks."""
    if len(one.payload) < 12 or not one.payload[2] & 0x80 or not private(one.source):
        return
    said = dissector.take(one.mac, lambda: _records(layers, one.payload))
    if said is not None:
        services, model = said
        table.note(one.mac, "mdns", one.source, services=services, model=model)


def _records(layers: ModuleType, payload: bytes) -> tuple[list[str], str]:
    packet = layers.DNS(payload)
    services: list[str] = []
    model = ""
    for record in (*(packet.an or ()), *(packet.ns or ()), *(packet.ar or ())):
        kind = getattr(record, "type", 0)
        if kind not in (_PTR, _TXT):
            continue
        names = [record.rrname, record.rdata] if kind == _PTR else [record.rrname]
        services += [found for name in names if (found := _kind(name))]
        if kind == _TXT and not model:
            model = _model(record.rdata)
    return services, model


def _kind(name: object) -> str:
    found = _KIND.search(name.lower()) if isinstance(name, bytes) else None
    kind = found[1].decode("ascii") if found else ""
    return "" if kind == _SERVICES else kind


def _model(texts: Any) -> str:
    for text in texts if isinstance(texts, list) else [texts]:
        if isinstance(text, bytes) and text[:3].lower() in _MODELS:
            return text[3:][:LONGEST].decode("utf-8", "replace").strip()
    return ""


def ssdp(one: Datagram, table: Table) -> None:
    """An announcement (NOTIFY) or an answer; lines are few and short, so no library is needed."""
    head, *lines = one.payload.split(b"\r\n", _MOST_HEADERS)
    if not head.startswith((b"NOTIFY ", b"HTTP/1.1 200")) or not private(one.source):
        return
    services, model = [], ""
    for line in lines[:_MOST_HEADERS]:
        name, colon, value = line.partition(b":")
        word = name.strip().upper()
        if not colon:
            continue
        if word in (b"NT", b"ST") and _TARGET.fullmatch(value.strip()):
            services.append(value.strip().decode("ascii"))
        elif word == b"SERVER":
            model = value.strip()[:LONGEST].decode("utf-8", "replace")
    table.note(one.mac, "ssdp", one.source, services=services, model=model)
