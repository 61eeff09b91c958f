"""The network against the register: boundaries, and never fine where nobody looked."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.judging import Device, Moment, run
from checks.records.catalogue import records
from checks.records.network import wire
from checks.records.network.facts import (
    AirRecordFacts,
    Door,
    Gear,
    Heard,
    Named,
    RoundFacts,
    Server,
    SetUp,
    Stranger,
    WireFacts,
)
from checks.verdicts import Finding
from checks.words import sentence

NOW, DAY = 1_795_332_720, 86_400
MOMENT = Moment.at(NOW, datetime.date(2026, 11, 22), "Europe/London")
NAMED = [Named("Hill Staff", "staff"), Named("Hill Pupils", "pupil")]


def rounds(**more: Any) -> RoundFacts:
    told: dict[str, Any] = {"at": NOW - DAY, "blind": [], "left_out": 0, "refused": ""}
    return RoundFacts(**(told | more))


def on_wire(**more: Any) -> WireFacts:
    told: dict[str, Any] = {
        "strangers": [],
        "private": 4,
        "gear": [gear()],
        "servers": [],
        "asked_for_offers": True,
        "doors": [],
        "doors_at": NOW - DAY,
    }
    return WireFacts(**(told | more))


def stranger(**more: Any) -> Stranger:
    told: dict[str, Any] = {
        "id": "mac_1",
        "name": "Ralink",
        "place": "hall 9",
        "first_at": NOW - 3 * DAY,
        "last_at": NOW - DAY,
        "rounds": 3,
        "console": "",
        "because": "",
    }
    return Stranger(**(told | more))


def gear(**more: Any) -> Gear:
    told: dict[str, Any] = {
        "id": "net_1",
        "name": "hall",
        "kind": "switch",
        "model": "2530-24G",
        "firmware": "YA.16.11.0002",
        "way": "snmp-v3",
        "community": "none",
        "entry": True,
        "key_changed": False,
        "moved": "",
        "asked_at": NOW - DAY,
        "firmware_at": NOW - DAY,
    }
    return Gear(**(told | more))


def air(*heard: Heard, **more: Any) -> AirRecordFacts:
    told: dict[str, Any] = {
        "named": NAMED,
        "heard": list(heard),
        "set_up": [],
        "listened_at": NOW - DAY,
        "hotspots": 0,
    }
    return AirRecordFacts(**(told | more))


def heard(ssid: str = "Hill Staff", **more: Any) -> Heard:
    told: dict[str, Any] = {
        "ssid": ssid,
        "bssid": "00:1b:17:00:00:30",
        "likeness": "same",
        "security": "wpa2-enterprise",
        "akms": [1],
        "tkip": False,
        "pmf": "",
        "wps": False,
        "ours": True,
        "strong": True,
        "observers": 1,
        "on_wire": None,
        "verdict": "",
        "at": NOW - DAY,
    }
    return Heard(**(told | more))


def pupils(**more: Any) -> Heard:
    return heard("Hill Pupils", **more)


def set_up(ssid: str, security: Any, **more: Any) -> SetUp:
    told: dict[str, Any] = {"by": "zd", "enabled": True, "tkip": False, "at": NOW - DAY}
    return SetUp(ssid=ssid, security=security, **(told | more))


def judged(check: str, *facts: Any, **wishes: list[str]) -> Finding:
    domain = next(one for one in records().domains if one.name == "network")
    kind = domain.judges[check].settings
    values = {one.name: one.default for one in domain.thresholds[check]}
    number = kind(**{**values, **wishes}) if kind else None
    sections = {type(one): one for one in facts}
    found = run(domain.judges[check], sections, number, Device("linux"), MOMENT)
    words = records().check(check)
    assert "{" not in sentence(words, found.says, found.args), found
    return found


def says(check: str, *facts: Any, **more: Any) -> tuple[str, str]:
    found = judged(check, *facts, **more)
    return found.status, found.says


GOOD = (heard(), pupils(security="wpa3-sae", akms=[8], tkip=None))


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (air(*GOOD), "pass", "kept"),
        (air(*GOOD, named=[]), "unknown", "names-unset"),
        (air(listened_at=None), "unknown", "nobody-listened"),
        (air(listened_at=NOW - 7 * DAY - 1), "unknown", "nobody-listened"),
        (air(heard()), "unknown", "not-seen"),
        (air(GOOD[0], pupils(security="open", akms=[])), "fail", "open"),
        (air(GOOD[0], pupils(security="wep")), "fail", "wep"),
        (air(GOOD[0], pupils(security="wpa-psk")), "fail", "tkip"),
        (air(GOOD[0], pupils(security="wpa2-psk", tkip=True)), "fail", "tkip"),
        (air(GOOD[0], pupils(security="wpa2-psk", tkip=None)), "unknown", "ciphers-unseen"),
        (air(GOOD[0], pupils(security="wpa2-psk", wps=True)), "fail", "wps"),
        (air(GOOD[0], pupils(security="unknown")), "unknown", "not-understood"),
        (air(GOOD[0], pupils(security="owe", tkip=None)), "pass", "kept"),
        (air(GOOD[0], pupils(security="wpa3-transition")), "pass", "kept-transition"),
        (air(GOOD[0], set_up=[set_up("Hill Pupils", "wpa2-psk")]), "pass", "kept"),
        (air(GOOD[0], set_up=[set_up("Hill Pupils", "")]), "unknown", "not-seen"),
        (air(GOOD[0], set_up=[set_up("Hill Pupils", "open")]), "fail", "open"),
        (air(*GOOD, set_up=[set_up("Hill Pupils", "wpa2-psk")]), "warn", "not-as-set-up"),
        (air(*GOOD, pupils(security="open", ours=False)), "pass", "kept"),
        (air(GOOD[0], pupils(security="open", at=NOW - 8 * DAY)), "unknown", "not-seen"),
    ],
)
def test_encryption(found: AirRecordFacts, status: str, key: str) -> None:
    assert says("net-wifi-encryption", found) == (status, key)


def test_an_open_network_is_critical_and_tkip_less_so() -> None:
    assert judged("net-wifi-encryption", air(pupils(security="open"))).severity == "critical"
    both = air(pupils(security="wpa-psk"), heard(security="wpa2-psk", wps=True))
    assert judged("net-wifi-encryption", both).severity == "high"


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (air(*GOOD), "warn", "shared-key"),
        (air(heard(), pupils()), "pass", "asks"),
        (air(heard(akms=[2]), pupils()), "fail", "staff-shared-key"),
        (air(heard(akms=[1, 2]), pupils()), "fail", "staff-shared-key"),
        (air(heard(akms=None, security="wpa3-enterprise"), pupils()), "pass", "asks"),
        (air(pupils()), "unknown", "not-seen"),
        (air(pupils(), named=NAMED[1:]), "not-applicable", "no-staff-network"),
        (air(pupils(), set_up=[set_up("Hill Staff", "wpa2-enterprise")]), "pass", "asks"),
    ],
)
def test_enterprise(found: AirRecordFacts, status: str, key: str) -> None:
    assert says("net-wifi-enterprise", found) == (status, key)


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (air(*GOOD), "pass", "none-strange"),
        (air(*GOOD, heard(ours=False)), "fail", "name-borrowed"),
        (air(heard(ours=None)), "unknown", "points-unknown"),
        (air(*GOOD, heard("Hill 5taff", likeness="near", ours=False)), "warn", "name-near"),
        (air(*GOOD, heard("", ours=False, verdict="malicious", likeness="")), "fail", "malicious"),
        (air(*GOOD, heard("", verdict="unclassified", on_wire=True)), "fail", "on-wire"),
        (air(named=[], listened_at=None), "unknown", "names-unset"),
        (
            air(listened_at=None, set_up=[set_up("Hill Staff", "wpa2-enterprise")]),
            "unknown",
            "nobody-listened",
        ),
        (air(heard("", verdict="malicious", on_wire=True), named=[]), "fail", "on-wire"),
        (air(*GOOD, hotspots=3), "warn", "hotspots"),
        (air(*GOOD, heard(ours=False, at=NOW - 8 * DAY)), "pass", "none-strange"),
    ],
)
def test_rogues(found: AirRecordFacts, status: str, key: str) -> None:
    assert says("net-rogue-ap", found) == (status, key)


def test_access_points_that_the_school_lists_are_its_own() -> None:
    told = {"known": ["00:1B:17:*"]}
    assert says("net-rogue-ap", air(heard(ours=None), pupils(ours=False)), **told)[0] == "pass"
    strange = heard(ours=None, bssid="00:0c:43:00:00:01")
    assert says("net-rogue-ap", air(strange), **told) == ("fail", "name-borrowed")


def test_whether_guests_are_kept_apart_is_never_fine_by_itself() -> None:
    guests = [*NAMED, Named("Hill Guests", "guest")]
    assert says("net-guest-isolation", air(*GOOD, named=guests)) == ("unknown", "no-probe")
    assert says("net-guest-isolation", air(*GOOD, named=[])) == ("unknown", "no-probe")
    assert says("net-guest-isolation", air(*GOOD)) == ("not-applicable", "no-guests")


@pytest.mark.parametrize(
    ("told", "found", "status", "key"),
    [
        (rounds(), on_wire(), "pass", "all-known"),
        (rounds(at=None), on_wire(), "unknown", "never"),
        (rounds(at=None, refused="expired"), on_wire(), "unknown", "refused"),
        (rounds(at=None, refused="new-code"), on_wire(), "unknown", "refused"),
        (rounds(at=NOW - 7 * DAY), on_wire(), "pass", "all-known"),
        (rounds(at=NOW - 7 * DAY - 1), on_wire(strangers=[stranger()]), "unknown", "too-long-ago"),
        (rounds(blind=["10.30.0.0/24"]), on_wire(), "unknown", "partly"),
        (rounds(left_out=3), on_wire(), "unknown", "left-out"),
        (rounds(blind=["x"]), on_wire(strangers=[stranger()]), "fail", "unknown"),
        (rounds(), on_wire(strangers=[stranger(first_at=NOW - DAY)]), "pass", "all-known"),
        (rounds(), on_wire(strangers=[stranger(first_at=NOW - DAY - 1)]), "fail", "unknown"),
        (rounds(), on_wire(strangers=[stranger(rounds=1)]), "pass", "all-known"),
        (rounds(), on_wire(strangers=[stranger(rounds=2)]), "fail", "unknown"),
        (rounds(), on_wire(strangers=[stranger(console="high")]), "pass", "all-known"),
        (rounds(), on_wire(gear=[gear(entry=False)]), "fail", "no-entry"),
        (rounds(), on_wire(gear=[gear(moved="core 3")]), "warn", "moved"),
    ],
)
def test_unknown_things(told: RoundFacts, found: WireFacts, status: str, key: str) -> None:
    assert says("net-unknown-device", told, found) == (status, key)


def test_somebody_who_hands_out_addresses_is_worst_of_all() -> None:
    server = Server("dhcp_1", "10.20.0.66", "10.20.0.0/24", "00:0c:43:00:00:01", "", False, NOW)
    found = on_wire(servers=[server], strangers=[stranger()], gear=[gear(entry=False)])
    one = judged("net-unknown-device", rounds(), found)
    assert (one.says, one.severity) == ("hands-out-addresses", "critical")
    ours = on_wire(servers=[msgspec.structs.replace(server, known=True)])
    assert says("net-unknown-device", rounds(), ours) == ("pass", "all-known")


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (on_wire(), "pass", "no-console"),
        (on_wire(strangers=[stranger(console="high", because="it says PS5")]), "fail", "console"),
        (on_wire(strangers=[stranger(console="medium", rounds=1)]), "warn", "maybe-console"),
    ],
)
def test_consoles(found: WireFacts, status: str, key: str) -> None:
    assert says("net-games-console", rounds(), found) == (status, key)
    assert says("net-games-console", rounds(at=None), found) == ("unknown", "never")


TELNET = Door("hall", "telnet", 23, True, NOW - DAY)


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (on_wire(), "pass", "well-kept"),
        (on_wire(gear=[]), "unknown", "nothing-asked"),
        (on_wire(gear=[gear(way="")]), "unknown", "nothing-asked"),
        (on_wire(gear=[gear(asked_at=NOW - 40 * DAY)]), "unknown", "nothing-asked"),
        (on_wire(gear=[gear(community="public", way="snmp-v2c")]), "fail", "known-community"),
        (on_wire(gear=[gear(way="snmp-v2c")]), "warn", "v2c"),
        (on_wire(gear=[gear(community=None)]), "unknown", "not-tried"),
        (on_wire(gear=[gear(community=None, way="ssh")]), "pass", "well-kept"),
        (on_wire(gear=[gear(key_changed=True)]), "fail", "key-changed"),
        (on_wire(doors=[TELNET]), "fail", "open-telnet"),
        (on_wire(doors_at=None), "unknown", "doors-untried"),
        (on_wire(doors=[msgspec.structs.replace(TELNET, managed=False)]), "pass", "well-kept"),
    ],
)
def test_management(found: WireFacts, status: str, key: str) -> None:
    assert says("net-weak-management", rounds(), found) == (status, key)


@pytest.mark.parametrize(
    ("found", "status", "key"),
    [
        (on_wire(), "pass", "none-open"),
        (on_wire(doors_at=None), "unknown", "none-tried"),
        (on_wire(doors=[Door("office", "vnc", 5900, False, NOW - DAY)]), "fail", "open"),
        (on_wire(doors=[Door("office", "https", 443, False, NOW - DAY)]), "pass", "none-open"),
    ],
)
def test_services(found: WireFacts, status: str, key: str) -> None:
    assert says("net-insecure-services", rounds(), found) == (status, key)


@pytest.mark.parametrize(
    ("minimum", "gears", "status", "key"),
    [
        ([], [gear()], "unknown", "no-minimum"),
        (["2530* YA.16.11"], [gear()], "pass", "new-enough"),
        (["2530* YA.16.12"], [gear()], "fail", "too-old"),
        (["2530* YA.16.9"], [gear()], "pass", "new-enough"),
        (["2530*"], [gear()], "unknown", "no-minimum"),
        (["R510 200.7"], [gear()], "unknown", "no-minimum"),
        (["2530* YA.16.12"], [gear(firmware=None)], "unknown", "version-unseen"),
        (["2530* YA.16.9"], [gear(firmware_at=NOW - 123 * DAY)], "unknown", "version-unseen"),
        ([], [gear(way="")], "unknown", "nothing-asked"),
    ],
)
def test_firmware(minimum: list[str], gears: list[Gear], status: str, key: str) -> None:
    found = on_wire(gear=gears)
    assert says("net-firmware-supported", rounds(), found, minimum=minimum) == (status, key)


@pytest.mark.parametrize(
    ("one", "least", "is_older"),
    [
        ("16.9", "16.11", True),
        ("16.11", "16.11", False),
        ("16.11", "16.11.1", True),
        ("YA.16.11", "ya.16.11", False),
        ("15.2(7)E3", "15.2(7)E4", True),
        ("", "1", True),
        ("9" * 5_000, "1", False),
    ],
)
def test_versions(one: str, least: str, is_older: bool) -> None:
    assert wire.older(one, least) is is_older


WIRE = ("net-unknown-device", "net-games-console", "net-weak-management", "net-insecure-services")


@given(
    st.sampled_from([*WIRE, "net-firmware-supported"]),
    st.sampled_from([rounds(at=None), rounds(at=NOW - 400 * DAY), rounds(at=None, refused="x")]),
    st.lists(st.builds(stranger, console=st.sampled_from(["", "high", "medium"])), max_size=2),
)
def test_without_a_round_lately_nothing_is_fine_and_nothing_is_red(
    check: str, told: RoundFacts, some: list[Stranger]
) -> None:
    assert judged(check, told, on_wire(strangers=some)).status == "unknown"


def test_a_few_are_named_and_all_are_counted() -> None:
    many = [stranger(id=f"mac_{n}", name=f"Maker {n} {'x' * 80}", place="") for n in range(9)]
    found = judged("net-unknown-device", rounds(), on_wire(strangers=many))
    assert found.args["count"] == 9
    assert str(found.args["names"]).endswith(" and 6 more")
