"""Off the school's networks the agent tells how a Wi-Fi is protected, never which it is (O19)."""

import pytest

from agent.collect.budget import Sections
from agent.collect.places import gateways_of, off_site, withheld
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer
from checks.unseen import Unseen
from checks.wireless.facts import Link, WirelessFacts, WirelessNow
from tests.agent.conftest import machine

SCHOOL = "AA:BB:CC:00:11:22"
ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
wlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0
wlan0 0001A8C0 00000000 0001 0 0 600 00FFFFFF 0 0 0
"""
NEIGHBOURS = """IP address HW type Flags HW address Mask Device
192.168.1.1 0x1 0x2 aa:bb:cc:00:11:22 * wlan0
192.168.1.7 0x1 0x2 aa:bb:cc:99:99:99 * wlan0
"""
HOME = NEIGHBOURS.replace("aa:bb:cc:00:11:22", "de:ad:be:ef:00:01")


def at(routes: str, neighbours: str) -> RecordedHost:
    host = machine()
    host.recording.answers = [
        Answer(ask=["read", "/proc/net/route"], gives=routes),
        Answer(ask=["read", "/proc/net/arp"], gives=neighbours),
    ]
    return RecordedHost(host.recording, strict=False)


def test_the_way_out_is_known_by_its_card() -> None:
    assert gateways_of(at(ROUTES, NEIGHBOURS)) == {SCHOOL.lower()}


@pytest.mark.parametrize(
    ("host", "off"),
    [
        (at(ROUTES, NEIGHBOURS), False),
        (at(ROUTES, HOME), True),
        (at(ROUTES, ""), True),
        (at("", NEIGHBOURS), True),
        (at("x\nwlan0 00000000 zz 0003", NEIGHBOURS), True),
        (machine(), True),
    ],
    ids=["at school", "at home", "way out unseen", "no way out", "unreadable", "cannot look"],
)
def test_off_site_is_wherever_no_way_out_of_the_school_is_seen(
    host: RecordedHost, off: bool
) -> None:
    assert off_site(host, [SCHOOL]) is off


def test_a_school_that_listed_nothing_has_no_off_site() -> None:
    assert not off_site(machine(), [])


def test_off_site_the_protection_is_told_and_the_name_is_not() -> None:
    steady = WirelessFacts(radios=1, sources=[])
    now = WirelessNow(links=[Link("wlan0", "0123456789abcdef", "open")])
    told = withheld({WirelessFacts: steady, WirelessNow: now})
    assert told == {
        WirelessFacts: steady,
        WirelessNow: WirelessNow(links=[Link("wlan0", Unseen("withheld"), "open")]),
    }
    blind: Sections = {WirelessNow: WirelessNow(links=Unseen("denied"))}
    assert withheld(blind) == blind
    assert withheld({}) == {}
