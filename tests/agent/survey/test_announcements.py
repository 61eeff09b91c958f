"""What things announce of themselves: kinds and models, never names; whatever bytes they send."""

import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSRR
from scapy.layers.inet6 import (
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6ND_NA,
    ICMPv6NDOptDstLLAddr,
    IPv6,
)
from scapy.layers.l2 import Ether
from scapy.packet import fuzz
from scapy.utils import RawPcapReader

from agent.survey.worker import dissecting, layers
from agent.survey.worker.walk import Walk
from tests.checks import corpus
from tests.frames import LINK_LOCAL, OURS, packed, task_of, udp

PHONE = "3c:2e:f9:00:00:07"
CONSOLE = "00:d9:d1:00:00:08"
SERVER = "00:1b:a9:00:00:01"
NUMBER = 0x1234_5678
CANARY = "Mayas-Canary"


def walk() -> Walk:
    """One that hears everything."""
    task = task_of(offers=True, clients=True, names=True, six_sources=[LINK_LOCAL], offer_seconds=3)
    made = Walk(task, layers, number=NUMBER, port=40_000)
    assert [*made.due(0.0)]
    return made


def heard(*frames: bytes) -> list[dict[str, Any]]:
    one = walk()
    for frame in frames:
        one.take(frame)
    return [line["heard"] for line in one.lines() if "heard" in line]


def offered(*frames: bytes) -> list[dict[str, Any]]:
    one = walk()
    for frame in frames:
        one.take(frame)
    return [line["offer"] for line in one.lines() if "offer" in line]


def discover(*options: object, kind: str = "discover", **fields: Any) -> bytes:
    """What a client shouts when it starts."""
    told = [("message-type", kind), *options, "end"]
    said = BOOTP(chaddr=packed(CONSOLE), **fields) / DHCP(options=told)
    nobody = "0.0.0.0"  # noqa: S104  (an address field, no socket)
    return udp(CONSOLE, nobody, (68, 67), bytes(said), "255.255.255.255")


def offer(*options: object, mac: str = SERVER, **fields: Any) -> bytes:
    told = [("message-type", "offer"), *options, "end"]
    said = BOOTP(**{"op": 2, "xid": NUMBER, **fields}) / DHCP(options=told)
    return udp(mac, "10.20.0.1", (67, 68), bytes(said), "255.255.255.255")


def test_a_console_is_known_by_what_it_asks_for_and_not_by_its_name() -> None:
    told = heard(
        discover(
            ("vendor_class_id", b"PS5"),
            ("param_req_list", [1, 3, 15, 6]),
            ("hostname", CANARY.encode()),
            ("client_FQDN", CANARY.encode()),
        )
    )
    assert told == [
        {
            "mac": CONSOLE,
            "by": ["dhcp"],
            "addresses": [],
            "services": [],
            "vendor_class": "PS5",
            "asked": [1, 3, 15, 6],
        }
    ]


@pytest.mark.parametrize("kind", ["request", "inform"])
def test_what_asks_again_is_heard_too(kind: str) -> None:
    assert heard(discover(("vendor_class_id", b"PS5"), kind=kind))[0]["vendor_class"] == "PS5"


@pytest.mark.parametrize("kind", ["offer", "ack", "nak", "release", "decline"])
def test_other_messages_of_clients_and_servers_tell_nothing_of_a_client(kind: str) -> None:
    assert heard(discover(("vendor_class_id", b"PS5"), kind=kind)) == []


def test_a_card_that_is_no_ethernet_is_passed_over() -> None:
    assert heard(discover(("vendor_class_id", b"PS5"), hlen=16)) == []
    assert heard(discover(("vendor_class_id", b"PS5"), htype=6)) == []


def test_every_server_that_offers_is_told_once_with_what_it_would_hand_out() -> None:
    one = offer(("server_id", "10.20.0.1"), ("router", "10.20.0.1"), ("name_server", "10.20.0.1"))
    rogue = offer(("server_id", "10.20.0.66"), ("router", "10.20.0.66"), mac=PHONE)
    assert offered(one, one, rogue) == [
        {
            "server": "10.20.0.1",
            "mac": SERVER,
            "relayed": False,
            "router": "10.20.0.1",
            "resolvers": ["10.20.0.1"],
        },
        {
            "server": "10.20.0.66",
            "mac": PHONE,
            "relayed": False,
            "router": "10.20.0.66",
            "resolvers": [],
        },
    ]


def test_a_relay_is_told_as_one_and_a_server_without_its_option_by_its_sender() -> None:
    assert offered(offer(giaddr="10.20.0.1"))[0] == {
        "server": "10.20.0.1",
        "mac": SERVER,
        "relayed": True,
        "router": "",
        "resolvers": [],
    }


def test_offers_to_others_are_nobodys_business() -> None:
    assert offered(offer(xid=NUMBER + 1), offer(op=1)) == []
    ack = BOOTP(op=2, xid=NUMBER) / DHCP(options=[("message-type", "ack"), "end"])
    assert offered(udp(SERVER, "10.20.0.1", (67, 68), bytes(ack))) == []


def mdns(*records: Any, **fields: Any) -> bytes:
    said = DNS(**{"qr": 1, "qd": [], "an": [*records], **fields})
    return udp(PHONE, "10.20.0.9", (5353, 5353), bytes(said))


def test_a_casting_box_tells_its_kind_and_model_and_its_name_is_not_kept() -> None:
    name = f"{CANARY}._googlecast._tcp.local"
    told = heard(
        mdns(
            DNSRR(rrname="_googlecast._tcp.local", type="PTR", rdata=name),
            DNSRR(rrname=name, type="TXT", rdata=[f"fn={CANARY}".encode(), b"md=Chromecast"]),
            DNSRR(rrname=f"{CANARY}.local", type="A", rdata="10.20.0.9"),
        )
    )
    assert told == [
        {
            "mac": PHONE,
            "by": ["mdns"],
            "addresses": ["10.20.0.9"],
            "services": ["_googlecast._tcp"],
            "model": "Chromecast",
        }
    ]


def test_the_list_of_services_tells_kinds() -> None:
    listed = "_services._dns-sd._udp.local"
    kinds = ("_ipp._tcp.local", "_printer._tcp.local", f"{CANARY}.local")
    told = heard(mdns(*[DNSRR(rrname=listed, type="PTR", rdata=kind) for kind in kinds]))
    assert told[0]["services"] == ["_ipp._tcp", "_printer._tcp"]


def test_a_question_says_nothing_of_who_asks_it() -> None:
    assert heard(mdns(DNSRR(rrname="x._ipp._tcp.local", type="TXT", rdata=b"ty=X"), qr=0)) == []


def test_a_name_that_imitates_a_service_is_cut_down_to_the_service() -> None:
    name = f"{CANARY}._x._tcp.local.{CANARY}._ipp._tcp.local"
    told = heard(mdns(DNSRR(rrname="a.local", type="PTR", rdata=name)))
    assert told[0]["services"] == ["_ipp._tcp"]


def ssdp(*lines: str, head: str = "NOTIFY * HTTP/1.1") -> bytes:
    text = "\r\n".join([head, *lines, "", ""]).encode()
    return udp(PHONE, "10.20.0.9", (1900, 1900), text)


def test_ssdp_tells_kinds_and_the_maker_but_no_place_and_no_number() -> None:
    told = heard(
        ssdp(
            f"LOCATION: http://10.20.0.9/{CANARY}.xml",
            "nt: urn:dial-multiscreen-org:service:dial:1",
            f"USN: uuid:{CANARY}",
            f"X-Friendly-Name: {CANARY}",
            "SERVER: Roku/9.4 UPnP/1.0",
        )
    )
    assert told == [
        {
            "mac": PHONE,
            "by": ["ssdp"],
            "addresses": ["10.20.0.9"],
            "services": ["urn:dial-multiscreen-org:service:dial:1"],
            "model": "Roku/9.4 UPnP/1.0",
        }
    ]


@pytest.mark.parametrize("head", ["M-SEARCH * HTTP/1.1", "HTTP/1.1 404 X", "", "NOTIFY"])
def test_other_heads_tell_nothing(head: str) -> None:
    assert heard(ssdp("SERVER: X", head=head)) == []


def test_a_kind_that_is_a_number_of_its_own_is_not_kept() -> None:
    assert heard(ssdp(f"NT: uuid:{CANARY}", "ST: upnp:rootdevice"))[0]["services"] == []


def ndp(kind: Any, source: str = "fe80::9", hlim: int = 255) -> bytes:
    way = IPv6(src=source, dst=LINK_LOCAL, hlim=hlim)
    return bytes(Ether(src=PHONE, dst=OURS) / way / kind)


def test_who_answers_the_greeting_is_heard() -> None:
    frame = ndp(ICMPv6EchoReply(id=NUMBER & 0xFFFF, seq=1))
    assert heard(frame)[0] | {"services": 0} == {
        "mac": PHONE,
        "by": ["ndp"],
        "addresses": ["fe80::9"],
        "services": 0,
    }


def test_answers_to_others_and_from_the_internet_are_not() -> None:
    ours = ICMPv6EchoReply(id=NUMBER & 0xFFFF, seq=1)
    assert heard(ndp(ICMPv6EchoReply(id=1, seq=1))) == []
    assert heard(ndp(ICMPv6EchoRequest(id=NUMBER & 0xFFFF))) == []
    assert heard(ndp(ours, "2001:db8::9")) == []


def test_an_announced_address_counts_only_from_the_link_itself() -> None:
    said = ICMPv6ND_NA(tgt="fe80::77") / ICMPv6NDOptDstLLAddr(lladdr=PHONE)
    assert heard(ndp(said))[0]["addresses"] == ["fe80::77"]
    assert heard(ndp(said, hlim=254)) == []


KINDS = ["dhcp", "offer", "mdns", "ssdp", "ndp"]


def example(kind: str) -> bytes:
    return {
        "dhcp": discover(("vendor_class_id", b"PS5"), ("param_req_list", [1, 3])),
        "offer": offer(("server_id", "10.20.0.1"), ("router", "10.20.0.1")),
        "mdns": mdns(DNSRR(rrname="x._ipp._tcp.local", type="TXT", rdata=b"ty=HP")),
        "ssdp": ssdp("NT: urn:a:device:b:1", "SERVER: X"),
        "ndp": ndp(ICMPv6EchoReply(id=NUMBER & 0xFFFF)),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_that_is_cut_or_changed_anywhere_never_breaks_the_walk(kind: str) -> None:
    frame, one = example(kind), walk()
    draw = random.Random(7)
    for at in range(14, len(frame), max(1, len(frame) // 60)):
        one.take(frame[:at])
        changed = bytearray(frame)
        changed[at] = draw.randrange(256)
        one.take(bytes(changed))
    assert [*one.lines()]


@settings(max_examples=40)
@given(payload=st.binary(max_size=600), ports=st.sampled_from([67, 68, 5353, 1900]))
def test_no_bytes_at_all_break_the_walk(payload: bytes, ports: int) -> None:
    one = walk()
    one.take(udp(PHONE, "10.20.0.9", (ports, ports), payload))
    assert len([*one.lines()]) <= 3


def test_what_scapy_makes_up_never_breaks_the_walk() -> None:
    one = walk()
    for _ in range(20):
        for said in (fuzz(DNS()), BOOTP() / fuzz(DHCP()), fuzz(DNS(qr=1, ancount=40))):
            payload = bytes(said)[:1_400]
            one.take(udp(PHONE, "10.20.0.9", (5353, 5353), payload))
            one.take(udp(PHONE, "10.20.0.9", (67, 68), payload))
            one.take(udp(PHONE, "10.20.0.9", (68, 67), payload))
    assert [*one.lines()]


def test_a_name_that_points_at_itself_ends() -> None:
    loop = bytes(DNS(qr=1, qd=[], ancount=100)) + b"\xc0\x0c" * 600
    began = time.monotonic()
    one = walk()
    one.take(udp(PHONE, "10.20.0.9", (5353, 5353), loop))
    assert time.monotonic() - began < 2
    assert [*one.lines()]


@pytest.mark.parametrize("name", corpus.names("tcpdump"))
def test_malformed_frames_of_other_peoples_collections_do_no_harm(name: str) -> None:
    path: Path = corpus.need(f"tcpdump/{name}")
    one = walk()
    with RawPcapReader(str(path)) as frames:
        for data, _ in frames:
            one.take(data[:1_514])
            # The same bytes behind ports that are listened to.
            for port in (67, 68, 5353, 1900):
                one.take(udp(PHONE, "10.20.0.9", (port, port), data[42:1_400]))
    for line in one.lines():
        assert "done" in line or len(str(line)) < 10_000


def test_one_that_never_stops_talking_does_not_silence_the_others() -> None:
    one = walk()
    loud = mdns(DNSRR(rrname="x._a._tcp.local", type="TXT", rdata=b"ty=Loud"))
    for _ in range(dissecting.MOST_EACH + 50):
        one.take(loud)
    one.take(discover(("vendor_class_id", b"PS5")))
    *things, done = one.lines()
    assert [line["heard"].get("vendor_class") for line in things] == [None, "PS5"]
    assert done["done"]["passed_over"]


def test_a_dissector_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissecting, "SECONDS", 0.02)

    def hangs() -> None:
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: BLE001, S110  (what a library would do)
                pass

    began = time.monotonic()
    assert dissecting.Dissector().take(b"", hangs) is None
    assert time.monotonic() - began < 1
