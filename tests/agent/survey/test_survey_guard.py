"""Nothing leaves that the task does not allow, whoever made the frame."""

import ipaddress
import json
from typing import Any

import pytest

from agent.survey.worker import arp, layers, names
from agent.survey.worker.dhcp import Offers
from agent.survey.worker.dissecting import Dissector
from agent.survey.worker.guard import Guard, OutOfScopeError
from agent.survey.worker.six import Six
from agent.survey.worker.task import FASTEST, MOST_TARGETS, BadTaskError, read
from agent.survey.worker.walk import Walk
from tests.frames import LINK_LOCAL, OURS, SOURCE, packed, task_line, task_of

ALL = {"offers": True, "clients": True, "names": True, "six_sources": [LINK_LOCAL]}
US, THEM = packed(OURS), ipaddress.IPv4Address(SOURCE).packed


def made() -> dict[str, bytes]:
    """One frame of each kind that is ever sent."""
    search = [*names.questions(layers, US, SOURCE, 40_000)]
    return {
        "arp": arp.question(US, THEM, ipaddress.IPv4Address("10.20.0.1").packed),
        "dhcp": Offers(layers, US, 7, Dissector()).discover(),
        "mdns": search[0],
        "ssdp": search[1],
        "ndp": Six(layers, US, [LINK_LOCAL], 7).greetings()[0],
    }


def passes(frame: bytes, **changes: Any) -> bool:
    try:
        Guard(task_of(**changes)).check(frame)
    except OutOfScopeError:
        return False
    return True


@pytest.mark.parametrize("kind", ["arp", "dhcp", "mdns", "ssdp", "ndp"])
def test_each_kind_goes_out_where_the_task_says_so(kind: str) -> None:
    assert passes(made()[kind], **ALL)


@pytest.mark.parametrize("kind", ["dhcp", "mdns", "ssdp", "ndp"])
def test_none_goes_out_where_the_task_does_not(kind: str) -> None:
    assert not passes(made()[kind])


def test_no_address_is_asked_for_that_was_not_named() -> None:
    for address in ("10.20.0.4", "10.20.1.1", "192.168.0.1", "8.8.8.8", "255.255.255.255"):
        asked = arp.question(US, THEM, ipaddress.IPv4Address(address).packed)
        assert not passes(asked, **ALL), address


def test_no_frame_goes_out_in_another_name() -> None:
    stranger = packed("02:00:00:00:00:99")
    target = ipaddress.IPv4Address("10.20.0.1").packed
    assert not passes(arp.question(stranger, THEM, target), **ALL)
    assert not passes(arp.question(US, target, target), **ALL)


@pytest.mark.parametrize("kind", ["arp", "dhcp", "mdns", "ssdp", "ndp"])
def test_no_frame_goes_out_after_its_destination_was_changed(kind: str) -> None:
    """Every bit of the addresses it goes to, of Ethernet and of IP."""
    frame = made()[kind]
    spans = {"arp": [(0, 6), (38, 42)], "ndp": [(0, 6), (38, 54)]}
    for start, end in spans.get(kind, [(0, 6), (30, 34)]):
        for at in range(start, end):
            for bit in range(8):
                changed = bytearray(frame)
                changed[at] ^= 1 << bit
                # The three targets differ in their last two bits only.
                if kind == "arp" and bytes(changed[38:42]) in (b"\n\x14\0\x02", b"\n\x14\0\x03"):
                    continue
                assert not passes(bytes(changed), **ALL), (kind, at, bit)


def test_a_dhcp_request_or_an_answer_to_an_arp_question_never_goes_out() -> None:
    dhcp, question = bytearray(made()["dhcp"]), bytearray(made()["arp"])
    for kind in range(256):
        dhcp[284] = kind
        assert passes(bytes(dhcp), **ALL) == (kind == 1)
    question[21] = 2
    assert not passes(bytes(question), **ALL)


@pytest.mark.parametrize("kind", ["arp", "dhcp", "mdns", "ssdp", "ndp"])
def test_a_frame_cut_short_does_not_break_the_guard(kind: str) -> None:
    frame = made()[kind]
    for length in range(len(frame)):
        passes(frame[:length], **ALL)
    assert not passes(frame[:41], **ALL)


def test_the_discover_is_one_frame_with_the_broadcast_flag_and_our_own_address() -> None:
    walk = Walk(task_of(**ALL, offer_seconds=3), layers, number=7, port=40_000)
    sent = [*walk.due(0.0), *walk.due(1.0), *walk.due(9.0)]
    asked = [frame for frame in sent if frame[34:38] == b"\0\x44\0\x43"]
    assert len(asked) == 1
    assert asked[0][52:54] == b"\x80\0"
    assert asked[0][70:76] == US


def test_what_a_whole_walk_sends_passes_its_own_guard() -> None:
    task = task_of(**ALL, offer_seconds=3)
    walk, guard = Walk(task, layers, number=7, port=40_000), Guard(task)
    frames = [frame for now in range(9) for frame in walk.due(float(now))]
    assert len(frames) == 1 + 2 + 1 + 2 * 3
    for frame in frames:
        guard.check(frame)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"v": 2}, "v"),
        ({"targets": ["8.8.8.8"]}, "targets"),
        ({"targets": ["10.20.1.1"]}, "targets"),
        ({"targets": ["fe80::1"]}, "address"),
        ({"targets": ["10.20.0.1/24"]}, "address"),
        ({"targets": ["10.20.0.1"] * (MOST_TARGETS + 1)}, "targets"),
        ({"targets": "10.20.0.1"}, "targets"),
        ({"targets": [1]}, "targets"),
        ({"networks": ["0.0.0.0/0"]}, "networks"),
        ({"networks": ["10.0.0.0/7"]}, "networks"),
        ({"networks": ["::/0"]}, "networks"),
        ({"networks": ["10.20.0.1/24"]}, "address"),
        ({"source": "8.8.8.8"}, "source"),
        ({"source": ""}, "source"),
        ({"source": "\n"}, "address"),
        ({"per_second": 0}, "per_second"),
        ({"per_second": FASTEST + 1}, "per_second"),
        ({"per_second": True}, "per_second"),
        ({"tries": 3}, "tries"),
        ({"listen_seconds": 601}, "listen_seconds"),
        ({"six_sources": ["2001:db8::1"]}, "six_sources"),
        ({"card": "../eth0"}, "card"),
        ({"card": "eth0\n"}, "card"),
        ({"card": ""}, "card"),
        ({"mac": "02:00:00:00:00:0G"}, "card"),
        ({"surprise": 1}, "fields"),
    ],
)
def test_a_task_that_nobody_may_ask_is_refused(change: dict[str, object], part: str) -> None:
    with pytest.raises(BadTaskError, match=f"^{part}$"):
        read(task_line(**change))


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"1" * 200_000])
def test_what_is_no_task_is_refused(line: bytes) -> None:
    with pytest.raises(BadTaskError):
        read(line)


def test_a_task_that_lacks_a_field_is_refused() -> None:
    whole = json.loads(task_line())
    for name in whole:
        part = {key: value for key, value in whole.items() if key != name}
        with pytest.raises(BadTaskError):
            read(json.dumps(part).encode())
