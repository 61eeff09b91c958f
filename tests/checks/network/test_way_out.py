"""Ways out: what is said of one, when, and how each system tells of them."""

import datetime
import zoneinfo
from typing import Any

import pytest

from checks.formats import arp_table, netstat_routes, resolv_conf
from checks.formats.errors import ParseError
from checks.judging import Moment
from checks.network.facts import NetworkFacts, Place, Uplink, Way
from checks.network.judges import UplinkSettings, way_out
from checks.unseen import BlindError, Maybe, Unseen
from tests.checks.network import made

LONDON = zoneinfo.ZoneInfo("Europe/London")
ANY = UplinkSettings(resolvers=[], begins_seconds=510 * 60, ends_seconds=930 * 60)
OURS = UplinkSettings(resolvers=["10.20.0.*"], begins_seconds=510 * 60, ends_seconds=930 * 60)


def at(wall: str) -> Moment:
    return Moment.at(int(datetime.datetime.fromisoformat(wall).replace(tzinfo=LONDON).timestamp()))


LESSON = at("2026-11-24 10:00:00")


def facts(*ways: tuple[Way, Maybe[Place]], **changes: Any) -> NetworkFacts:
    uplinks = [Uplink(by, "0" * 16, place) for by, place in ways]
    return made.facts(**{"uplinks": uplinks, **changes})


def said(
    network: NetworkFacts, moment: Moment = LESSON, settings: UplinkSettings = ANY
) -> tuple[str, str]:
    finding = way_out(network, settings, moment)
    return finding.status, finding.says


@pytest.mark.parametrize(
    ("ways", "status", "says"),
    [
        ([], "pass", "no-way-out"),
        ([("wired", "school")], "pass", "school"),
        ([("wired", "school"), ("wireless", "school")], "pass", "school"),
        ([("wireless", "elsewhere")], "warn", "elsewhere"),
        ([("mobile", "elsewhere")], "warn", "mobile"),
        ([("wired", "school"), ("mobile", "elsewhere")], "warn", "both"),
        ([("wired", "unlisted")], "not-applicable", "no-list"),
        ([("wired", "school"), ("tunnel", Unseen("unsupported"))], "pass", "school"),
    ],
)
def test_what_is_said_of_ways_out_in_a_lesson(
    ways: list[tuple[Way, Maybe[Place]]], status: str, says: str
) -> None:
    assert said(facts(*ways)) == (status, says)


@pytest.mark.parametrize(
    "network",
    [
        facts(uplinks=Unseen("denied")),
        facts(("wired", Unseen("deferred"))),
        facts(("tunnel", Unseen("unsupported"))),
        facts(("wired", "school"), ("wired", Unseen("denied"))),
    ],
)
def test_a_way_out_that_nobody_could_tell_is_no_pass(network: NetworkFacts) -> None:
    with pytest.raises(BlindError):
        said(network)


def test_a_certain_one_is_said_although_another_could_not_be_told() -> None:
    network = facts(("wired", Unseen("denied")), ("wireless", "elsewhere"))
    assert said(network) == ("warn", "elsewhere")


@pytest.mark.parametrize(
    ("moment", "in_hours"),
    [
        (at("2026-11-24 08:29:59"), False),
        (at("2026-11-24 08:30:00"), True),
        (at("2026-11-24 15:29:59"), True),
        (at("2026-11-24 15:30:00"), False),
        (at("2026-11-24 01:00:00"), False),
        (at("2026-11-27 12:00:00"), True),
        (at("2026-11-28 12:00:00"), False),
        (at("2026-11-29 12:00:00"), False),
        (at("2026-11-30 12:00:00"), True),
        (at("2026-07-03 08:29:59"), False),
        (at("2026-07-03 08:30:00"), True),
        (at("2026-03-30 08:30:00"), True),
        (at("2026-10-26 08:29:59"), False),
        (at("2026-10-26 08:30:00"), True),
    ],
    ids=lambda value: str(value.seen) if isinstance(value, Moment) else str(value),
)
def test_only_school_hours_count_by_the_clock_on_the_wall(moment: Moment, in_hours: bool) -> None:
    expected = ("warn", "elsewhere") if in_hours else ("not-applicable", "out-of-hours")
    assert said(facts(("wireless", "elsewhere")), moment) == expected
    assert said(facts(("wireless", "school")), moment) == ("pass", "school")


def test_a_clock_that_shows_no_night_is_no_answer() -> None:
    moment = Moment(seen=LESSON.seen, today=LESSON.today, nights=())
    with pytest.raises(BlindError):
        said(facts(("wireless", "elsewhere")), moment)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (["10.20.0.53"], "pass"),
        (["10.20.0.53", "10.20.0.54"], "pass"),
        (["10.20.0.53", "8.8.8.8"], "warn"),
        (["10.20.1.53"], "warn"),
    ],
)
def test_name_servers_are_the_schools_where_it_named_them(asked: list[str], status: str) -> None:
    network = facts(("wired", "school"), resolvers=asked)
    assert said(network, settings=OURS)[0] == status
    assert said(network) == ("pass", "school")


@pytest.mark.parametrize(
    "asked", [[], ["127.0.0.53"], ["10.20.0.53", "::1"], Unseen("withheld"), Unseen("denied")]
)
def test_name_servers_that_nobody_knows_are_no_pass(asked: Maybe[list[str]]) -> None:
    with pytest.raises(BlindError):
        said(facts(("wired", "school"), resolvers=asked), settings=OURS)


def test_a_modem_is_told_and_no_fault() -> None:
    assert said(facts(("wired", "school"), modems=1)) == ("pass", "modem")
    assert said(facts(("wired", "school"), modems=Unseen("denied"))) == ("pass", "school")


def test_resolv_conf_gives_addresses_once_and_passes_over_all_else() -> None:
    data = b"""; nameserver 1.1.1.1
# nameserver 1.1.1.1
search a.example
nameserver 10.0.0.1
nameserver\t10.0.0.1 # twice
nameserver fe80::1%eth0
nameserver not-an-address
nameserver
options edns0
"""
    assert resolv_conf.parse(data) == ["10.0.0.1", "fe80::1"]
    many = b"".join(b"nameserver 10.0.%d.%d\n" % divmod(n, 256) for n in range(500))
    assert len(resolv_conf.parse(many)) == 64


TODAY = b"""Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.0.2.1          UGScg                 en0
default            link#22            UCSIg             bridge100      !
127                127.0.0.1          UCS                   lo0
192.0.2.1/32       link#11            UCS                   en0      !
224.0.0/4          link#11            UmCS                  en0      !
"""
YEARS_AGO = b"""Routing tables

Internet:
Destination        Gateway            Flags        Refs      Use   Netif Expire
default            10.1.1.1           UGSc           83        0     en0
10.1.1.1           0:1b:2:3:4:5       UHLWIir        90      160     en0   1187
default            10.8.0.5           UGScI           0        0   utun1
"""


def test_routes_of_a_mac_are_read_with_and_without_counters() -> None:
    assert [
        (route.gateway, route.interface)
        for route in netstat_routes.parse(TODAY)
        if route.destination == "default"
    ] == [("192.0.2.1", "en0"), ("link#22", "bridge100")]
    assert [(route.destination, route.interface) for route in netstat_routes.parse(YEARS_AGO)] == [
        ("default", "en0"),
        ("10.1.1.1", "en0"),
        ("default", "utun1"),
    ]
    for data in (b"", b"netstat: illegal option", b"Ziel Gateway Flags"):
        with pytest.raises(ParseError):
            netstat_routes.parse(data)


def test_who_answers_on_a_mac_has_all_its_zeros() -> None:
    data = b"""? (192.0.2.1) at 0:1b:2:3:4:f on en0 ifscope [ethernet]
? (192.0.2.9) at (incomplete) on en0 ifscope [ethernet]
router.lan (192.0.2.1) at aa:aa:aa:aa:aa:aa on en1 ifscope [ethernet]
"""
    assert arp_table.parse(data) == {"192.0.2.1": "00:1b:02:03:04:0f"}
