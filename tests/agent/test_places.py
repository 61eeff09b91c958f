"""Off the school's networks the agent tells how a Wi-Fi is protected, never which it is (O19)."""

import msgspec
import pytest

from agent.collect.budget import Sections
from agent.collect.places import placed, withheld
from agent.hosts.recorded import RecordedHost, alias
from agent.hosts.recording import Answer
from checks.network.facts import NetworkFacts, Place, Uplink, Way
from checks.unseen import Maybe, Unseen, known
from checks.wireless.facts import Link, WirelessFacts, WirelessNow
from tests.agent.conftest import machine
from tests.checks.network import made

SCHOOL = "AA:BB:CC:00:11:22"
OURS = alias("gateway", SCHOOL.lower())
ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
wlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0
wlan0 0001A8C0 00000000 0001 0 0 600 00FFFFFF 0 0 0
"""
NEIGHBOURS = """IP address HW type Flags HW address Mask Device
192.168.1.1 0x1 0x2 aa:bb:cc:00:11:22 * wlan0
192.168.1.7 0x1 0x2 aa:bb:cc:99:99:99 * wlan0
"""
HOME = NEIGHBOURS.replace("aa:bb:cc:00:11:22", "de:ad:be:ef:00:01")
ON_WIFI = WirelessNow(links=[Link("wlan0", "0123456789abcdef", "open")])
NAMELESS = WirelessNow(links=[Link("wlan0", Unseen("withheld"), "open")])


def at(routes: str, neighbours: str) -> RecordedHost:
    host = machine()
    host.recording.answers = [
        Answer(ask=["read", "/proc/net/route"], gives=routes),
        Answer(ask=["read", "/proc/net/arp"], gives=neighbours),
        Answer(ask=["read", "/proc/net/ipv6_route"], absent=True),
        Answer(ask=["interfaces"], gives=[]),
    ]
    return RecordedHost(host.recording, strict=False)


@pytest.mark.parametrize(
    ("host", "off"),
    [
        (at(ROUTES, NEIGHBOURS), False),
        (at(ROUTES, HOME), True),
        (at(ROUTES, ""), True),
        (at("", NEIGHBOURS), True),
        (at("x\nwlan0 00000000 zz zz 0 0 0 00000000", NEIGHBOURS), True),
        (machine(), True),
    ],
    ids=["at school", "at home", "way out unseen", "no way out", "unreadable", "cannot look"],
)
def test_off_site_is_wherever_no_way_out_of_the_school_is_seen(
    host: RecordedHost, off: bool
) -> None:
    told = placed(host, {WirelessNow: ON_WIFI}, [SCHOOL])
    assert told == {WirelessNow: NAMELESS if off else ON_WIFI}


def test_a_school_that_listed_nothing_has_no_off_site() -> None:
    assert placed(machine(), {WirelessNow: ON_WIFI}, []) == {WirelessNow: ON_WIFI}


def test_off_site_the_protection_is_told_and_the_name_is_not() -> None:
    steady = WirelessFacts(radios=1, sources=[])
    told = withheld({WirelessFacts: steady, WirelessNow: ON_WIFI})
    assert told == {WirelessFacts: steady, WirelessNow: NAMELESS}
    blind: Sections = {WirelessNow: WirelessNow(links=Unseen("denied"))}
    assert withheld(blind) == blind
    assert withheld({}) == {}


def network(*gateways: Maybe[str | None], by: Way = "wireless") -> NetworkFacts:
    ways = [Uplink(by, gateway) for gateway in gateways]
    return made.facts(uplinks=ways, resolvers=["192.168.1.1"])


def told(facts: NetworkFacts, *gateways: str) -> NetworkFacts:
    found = placed(machine(), {NetworkFacts: facts}, gateways)[NetworkFacts]
    assert isinstance(found, NetworkFacts)
    return found


@pytest.mark.parametrize(
    ("gateway", "by", "place"),
    [
        (OURS, "wireless", "school"),
        ("77aa41c09e6f2d18", "wired", "elsewhere"),
        (None, "mobile", "elsewhere"),
        (None, "tunnel", Unseen("unsupported")),
        (Unseen("denied"), "wired", Unseen("denied")),
    ],
)
def test_each_way_out_is_told_by_whose_it_is(
    gateway: Maybe[str | None], by: Way, place: Maybe[Place]
) -> None:
    (way,) = known(told(network(gateway, by=by), SCHOOL).uplinks)
    assert way.place == place


def test_dashes_and_capitals_of_the_list_make_no_difference() -> None:
    (way,) = known(told(network(OURS), "aa-BB-cc-00-11-22").uplinks)
    assert way.place == "school"


def test_whom_it_asks_for_names_is_told_at_school_only() -> None:
    assert told(network(OURS), SCHOOL).resolvers == ["192.168.1.1"]
    assert told(network(OURS, "77aa41c09e6f2d18"), SCHOOL).resolvers == ["192.168.1.1"]
    withheld = Unseen("withheld")
    assert told(network("77aa41c09e6f2d18"), SCHOOL).resolvers == withheld
    assert told(network(), SCHOOL).resolvers == withheld
    assert told(network(OURS)).resolvers == withheld


def test_without_a_list_no_way_out_is_anybodys() -> None:
    (way,) = known(told(network(OURS)).uplinks)
    assert way.place == "unlisted"
    blind = msgspec.structs.replace(network(), uplinks=Unseen("timeout"))
    assert told(blind).uplinks == Unseen("timeout")
    assert told(blind, SCHOOL).uplinks == Unseen("timeout")
