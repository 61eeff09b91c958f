"""A computer's neighbours: told at school, of the school's own network, and nowhere else (O19)."""

from pathlib import Path
from typing import Final

import pytest

from agent.collect.places import placed
from agent.collect.reading import read_domain
from agent.hosts.recorded import RecordedHost
from checks.catalogue import catalogue
from checks.facts import encode_section
from checks.formats import arp_table
from checks.host import Platform
from checks.neighbours.telling import MOST, Row, plain, told
from checks.surveys.lan import WITHHELD, Neighbours
from checks.unseen import Unseen

RECORDINGS: Final = Path(__file__).parents[1] / "recordings" / "neighbours"
GATEWAY: Final = "00:00:5e:00:53:01"
PRINTER: Final = "00:00:5e:00:53:03"
HOTSPOT: Final = "00:00:5e:00:53:50"
MADE_UP: Final = "02:00:5e:10:00:51"


def recorded(name: str) -> Neighbours | Unseen:
    with RecordedHost.open(RECORDINGS / f"{name}.json") as host:
        domain = next(one for one in catalogue().domains if one.name == "neighbours")
        asks = host.recording.policy
        assert asks is not None
        body = placed(host, read_domain(host, domain, asks), asks.gateways)[Neighbours]
    assert isinstance(body, Neighbours | Unseen)
    return body


def hosts(found: Neighbours | Unseen) -> dict[str, list[str]]:
    assert isinstance(found, Neighbours)
    assert not isinstance(found.hosts, Unseen)
    assert all(one.by == ["cache"] for one in found.hosts)
    return {one.mac: one.addresses for one in found.hosts}


@pytest.mark.parametrize("platform", ["linux", "macos", "windows"])
def test_at_school_each_system_tells_those_on_the_schools_card_alone(platform: Platform) -> None:
    found = recorded(f"{platform}-at-school-good")
    printer = ["192.0.2.20", "fe80::1b"] if platform == "windows" else ["192.0.2.20"]
    assert hosts(found) == {GATEWAY: ["192.0.2.1"], PRINTER: printer}
    assert isinstance(found, Neighbours)
    assert found.private == (1 if platform == "linux" else 0)


@pytest.mark.parametrize("platform", ["linux", "macos", "windows"])
def test_elsewhere_nothing_is_told_not_even_how_many(platform: Platform) -> None:
    found = recorded(f"{platform}-at-home-bad")
    assert found == WITHHELD
    assert encode_section(found) == Neighbours.resting


def test_where_the_school_has_listed_no_way_out_nothing_is_even_read() -> None:
    assert recorded("linux-nothing-listed-good") == WITHHELD


@pytest.mark.parametrize("name", ["linux-denied", "macos-no-arp", "windows-denied"])
def test_a_list_that_could_not_be_read_is_not_an_empty_one(name: str) -> None:
    assert recorded(f"{name}-blind") in (Unseen("denied"), Unseen("tool-missing"))


def test_on_two_networks_at_once_the_other_one_stays_untold() -> None:
    rows = [
        Row("eth0", "192.0.2.1", GATEWAY),
        Row("eth0", "192.0.2.20", PRINTER),
        Row("wlan0", "192.0.2.1", HOTSPOT),
        Row("wlan0", "192.0.2.21", MADE_UP),
    ]
    found = told(rows, [GATEWAY.upper().replace(":", "-")])
    assert hosts(found) == {GATEWAY: ["192.0.2.1"], PRINTER: ["192.0.2.20"]}
    assert found.private == 0


@pytest.mark.parametrize(
    ("address", "mac"),
    [
        ("192.0.2.255", "ff:ff:ff:ff:ff:ff"),
        ("224.0.0.251", "01:00:5e:00:00:fb"),
        ("224.0.0.251", PRINTER),
        ("192.0.2.9", "00:00:00:00:00:00"),
        ("192.0.2.9", ""),
        ("192.0.2.9", "00:1b:a9:00:00"),
        ("192.0.2.9", "00:1b:a9:00:00:0g"),
        ("192.0.2.9", "00:1b:a9:00:00:003"),
        ("x", PRINTER),
        ("", PRINTER),
        ("::", PRINTER),
    ],
)
def test_what_is_no_thing_is_left_out(address: str, mac: str) -> None:
    rows = [Row("eth0", "192.0.2.1", GATEWAY), Row("eth0", address, mac)]
    assert hosts(told(rows, [GATEWAY])) == {GATEWAY: ["192.0.2.1"]}


def test_the_list_is_bounded_and_in_one_order() -> None:
    rows = [Row("eth0", f"192.0.2.{n}", f"00:1b:a9:00:00:{n:02x}") for n in range(250, 1, -1)]
    found = told([*rows, Row("eth0", "192.0.2.1", GATEWAY)], [GATEWAY])
    assert [*hosts(found).values()] == [[f"192.0.2.{n}"] for n in range(1, MOST + 1)]
    assert told([*rows[::-1], Row("eth0", "192.0.2.1", GATEWAY)], [GATEWAY]) == found


@pytest.mark.parametrize("text", ["", "\0" * 6, ":::::", "0:0:0:0:0:0", "é:1:2:3:4:5"])
def test_a_mac_that_is_none_is_none(text: str) -> None:
    assert plain(text) == ""


def test_arp_tells_the_card_too() -> None:
    rows = arp_table.rows(b"? (192.0.2.1) at 0:0:5e:0:53:1 on en0\n? (x) at y on z")
    assert [(one.card, one.address, one.mac) for one in rows] == [("en0", "192.0.2.1", GATEWAY)]
