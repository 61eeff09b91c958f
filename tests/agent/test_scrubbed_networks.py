"""Whose network a computer was on leaves no recording, and what answers for what still shows."""

from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from agent.hosts.scrubbing import Scrubber, leaks, secrets_of
from checks.network import linux_uplinks

ROUTE = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "wlan0\t00000000\t0132A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0",
    "wlan0\t0032A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0",
]
ARP = [
    "IP address       HW type     Flags       HW address            Mask     Device",
    "192.168.50.1     0x1         0x2         8c:16:45:aa:bb:cc     *        wlan0",
]
RESOLV = ["search stmarys.sch.uk lan", "nameserver 192.168.50.1"]
CARD = {"permanent": True, "kind": "wireless", "up": True}
GIVES: list[tuple[list[str], Any]] = [
    (["read", "/proc/net/route"], ROUTE),
    (["read", "/proc/net/arp"], ARP),
    (["read", "/etc/resolv.conf"], RESOLV),
    (["run", "hostname"], "pc-7.stmarys.sch.uk\n"),
    (["run", "hostnamectl"], "Domain: stmarys.sch.uk on lan\n"),
    (["interfaces"], [{"name": "wlan0", "mac": "02:00:00:00:00:09", **CARD}]),
    (["link", "/sys/class/net/wlan0/device/driver"], "../../iwlwifi"),
]


def machine(answers: list[Answer]) -> RecordedHost:
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="made for this test",
        platform="linux",
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_320_000,
        privileged=True,
        answers=answers,
    )
    return RecordedHost(recording, strict=False)


def given() -> RecordedHost:
    return machine([Answer(ask=ask, gives=gives) for ask, gives in GIVES])


def test_the_gateway_is_nobodys_and_still_the_one_that_answers() -> None:
    host = given()
    scrubbed = machine(Scrubber(host).answers(host.recording.answers))
    route = scrubbed.read("/proc/net/route") or b""
    assert b"A8C0" not in route
    assert b"00FFFFFF" in route
    (before,), (after,) = linux_uplinks.uplinks(host), linux_uplinks.uplinks(scrubbed)
    assert isinstance(before.gateway, str)
    assert isinstance(after.gateway, str)


def test_scrubbing_routes_twice_changes_nothing_more() -> None:
    scrubber = Scrubber(given())
    once = scrubber.text("\n".join(ROUTE))
    assert scrubber.text(once) == once


def test_more_neighbours_than_there_are_addresses_for_documentation_still_have_some() -> None:
    scrubber = Scrubber(given())
    told = scrubber.text("\n".join(f"10.9.{n >> 8}.{n & 255}" for n in range(700))).split()
    assert len(set(told)) == 700
    assert all(int(part) < 256 for one in told for part in one.split("."))


def test_a_domain_names_are_looked_for_in_is_replaced_wherever_it_stands() -> None:
    host = given()
    before = host.recording
    after = machine(Scrubber(host).answers(before.answers)).recording
    assert "stmarys.sch.uk" in leaks(before, secrets_of(host))
    assert leaks(after, secrets_of(host)) == []
    told = machine(after.answers).run(["hostnamectl"]).out
    assert told == b"Domain: domain2.example.org on lan\n"


ROUTER = "fe80::21b:2ff:fe03:40f"
HOME = "2a02:8010:6789:1::1"


@pytest.mark.parametrize(
    ("told", "leaks_by"),
    [
        (f"nameserver {ROUTER}%wlan0", "21b:2ff"),
        (f"default {HOME} UG en0", "8010"),
        ("2a02:8010:6789::/48 dev wlan0", "8010"),
        ("inet6 fd12:3456:789a:1::77/64", "3456"),
        (f'{{"addr":"[{HOME}]"}}', "6789"),
    ],
)
def test_an_address_of_ipv6_tells_neither_a_card_nor_a_household(told: str, leaks_by: str) -> None:
    scrubber = Scrubber(given())
    once = scrubber.text(told)
    assert leaks_by not in once
    assert scrubber.text(once) == once
    assert scrubber.text(f"{told} {told}") == f"{once} {once}"


@pytest.mark.parametrize(
    "told",
    [
        *("::", "::1", "fe80::1", "fe80::/10", "fc00::/7", "fd00::/8", "2000::/3", "ff02::1"),
        *("2001:db8::7", "std::string", "10:41:07", "::ffff:0:0/96", "2001:db8::/32"),
    ],
)
def test_what_is_everybodys_stays(told: str) -> None:
    assert Scrubber(given()).text(told) == told
