"""macOS wireless where recordings do not reach: words for security, odd names, real dumps."""

import json
import plistlib
from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.facts import encode_section
from checks.unseen import NotHere, Unseen, known
from checks.wireless import macos
from checks.wireless.facts import Link, Profile, WirelessFacts
from tests.checks import corpus

SYSTEM = "/Library/Preferences/SystemConfiguration"
CARDS = f"{SYSTEM}/NetworkInterfaces.plist"
KNOWN = "/Library/Preferences/com.apple.wifi.known-networks.plist"
BEFORE = f"{SYSTEM}/com.apple.airport.preferences.plist"
PREFERRED = ["run", "/usr/sbin/networksetup", "-listpreferredwirelessnetworks", "en0"]
AIRPORT = ["run", "/usr/sbin/system_profiler", "-json", "SPAirPortDataType"]
PROFILES = ["run", "/usr/bin/profiles", "-P", "-o", "stdout-xml"]
CARD = {"BSD Name": "en0", "SCNetworkInterfaceType": "IEEE80211", "Active": True}


def file(path: str, content: dict[str, Any]) -> Answer:
    return Answer(ask=["read", path], gives=plistlib.dumps(content).decode())


def ran(ask: list[str], out: str, code: int = 0) -> Answer:
    return Answer(ask=ask, gives={"code": code, "out": out})


def machine(*answers: Answer, cards: tuple[dict[str, Any], ...] = (CARD,)) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="macos",
            os="macOS 26.1",
            build="25B78",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=True,
            answers=[file(CARDS, {"Interfaces": list(cards)}), *answers],
        )
    )


def saved(*answers: Answer) -> list[Profile]:
    found = macos.read(machine(*answers))
    assert isinstance(found, WirelessFacts)
    return known(found.sources[0].profiles)


def one(types: object, **more: object) -> Profile:
    network = {"SSID": b"x", "SupportedSecurityTypes": types, **more}
    answers = [file(KNOWN, {"wifi.network.ssid.x": network}), ran(PROFILES, "")]
    return saved(*answers)[0]


@pytest.mark.parametrize(
    ("types", "security", "legacy"),
    [
        ("Open", "open", False),
        ("WEP", "wep", False),
        ("WPA Personal", "wpa-psk", True),
        ("WPA/WPA2 Personal", "wpa2-psk", False),
        ("WPA2/WPA3 Personal", "wpa3-transition", False),
        ("WPA3 Personal", "wpa3-sae", False),
        ("WPA Enterprise", "unknown", True),
        ("WPA2/WPA3 Enterprise", "wpa2-enterprise", False),
        ("WPA3 Enterprise", "wpa3-enterprise", False),
        ("Enhanced Open", "owe", False),
        ("Something new", "unknown", False),
        (["WPA3 Personal", "Open"], "open", False),
        (["WPA3 Personal", "Something new"], "unknown", False),
        (7, "unknown", False),
    ],
    ids=str,
)
def test_the_weakest_network_a_profile_would_join_counts(
    types: object, security: str, legacy: bool
) -> None:
    found = one(types)
    assert (found.security, found.legacy) == (security, legacy)


def test_a_network_without_any_word_on_its_security_is_unknown() -> None:
    found = saved(file(KNOWN, {"wifi.network.ssid.x": {"SSID": b"x"}}))
    assert found[0].security == "unknown"


def test_a_mac_joins_by_itself_until_somebody_says_otherwise() -> None:
    assert one("Open").autoconnect
    assert one("Open", AutoJoinDisabled=False).autoconnect
    assert one("Open", AutoJoin=True).autoconnect
    assert not one("Open", AutoJoinDisabled=True).autoconnect
    assert not one("Open", AutoJoin=False).autoconnect


def test_what_is_no_network_is_passed_over() -> None:
    found = saved(
        file(KNOWN, {"Version": 3, "other": {"a": 1}, "wifi.network.ssid.x": {"SSID": b"x"}})
    )
    assert len(found) == 1


def test_a_name_is_the_same_alias_in_a_profile_and_in_a_link_whatever_its_bytes() -> None:
    names = ["School", "Caf\u00e9 \U0001f600", "deadbeef", "a:b\nc"]
    networks = {
        f"wifi.network.ssid.{name}": {
            "SSID": name.encode(),
            "SupportedSecurityTypes": "WPA3 Personal",
        }
        for name in names
    }
    found = {profile.ssid for profile in saved(file(KNOWN, networks))}
    assert found == {link(name, "spairport_security_mode_wpa3_personal").ssid for name in names}
    assert len(found) == len(names)


def test_a_name_of_no_text_is_its_bytes() -> None:
    network = {"SSID": b"\xff\xfe", "SupportedSecurityTypes": "Open"}
    host = machine(file(KNOWN, {"wifi.network.ssid.??": network}))
    found = macos.read(host)
    assert isinstance(found, WirelessFacts)
    assert known(found.sources[0].profiles)[0].ssid == host.alias("ssid", "fffe")


@pytest.mark.parametrize(
    ("eap", "check"),
    [
        ({"TLSTrustedServerNames": ["radius.example.org"]}, "name"),
        ({"PayloadCertificateAnchorUUID": ["a"]}, "authority"),
        ({"TLSTrustedServerNames": []}, "anybody"),
        ({}, "anybody"),
        (None, "anybody"),
    ],
    ids=str,
)
def test_an_enterprise_network_checks_its_server_as_its_profile_says(
    eap: dict[str, object] | None, check: str
) -> None:
    content = {"SSID_STR": "x"} | ({} if eap is None else {"EAPClientConfiguration": eap})
    item = {"PayloadType": "com.apple.wifi.managed", "PayloadContent": content}
    other = {"PayloadType": "com.apple.wifi.managed", "PayloadContent": {"SSID_STR": "y"}}
    told = plistlib.dumps({"_computerlevel": [{"ProfileItems": [other, item]}]}).decode()
    network = {"SSID": b"x", "SupportedSecurityTypes": "WPA2 Enterprise"}
    found = saved(file(KNOWN, {"wifi.network.ssid.x": network}), ran(PROFILES, told))
    assert found[0].server_check == check


def test_who_may_not_see_the_profiles_does_not_call_a_server_checked_or_not() -> None:
    network = {"SSID": b"x", "SupportedSecurityTypes": "WPA2 Enterprise"}
    found = macos.read(
        machine(file(KNOWN, {"wifi.network.ssid.x": network}), ran(PROFILES, "", code=77))
    )
    assert isinstance(found, WirelessFacts)
    assert isinstance(found.sources[0].profiles, Unseen)


def test_no_network_is_believed_only_where_macos_itself_knows_none() -> None:
    absent = Answer(asks=[["read", KNOWN], ["read", BEFORE]], absent=True)
    empty = macos.read(machine(absent, ran(PREFERRED, "Preferred networks on en0:\n")))
    assert empty == WirelessFacts(radios=1, sources=[])
    for out, code in (("Preferred networks on en0:\n\tSchool\n", 0), ("error", 4)):
        found = macos.read(machine(absent, ran(PREFERRED, out, code)))
        assert isinstance(found, WirelessFacts)
        assert isinstance(found.sources[0].profiles, Unseen)


def test_a_mac_without_a_card_has_no_wireless_and_asks_nothing_more() -> None:
    absent = Answer(asks=[["read", KNOWN], ["read", BEFORE]], absent=True)
    gone = {**CARD, "Active": False}
    wired = {"BSD Name": "en1", "SCNetworkInterfaceType": "Ethernet"}
    assert isinstance(macos.read(machine(absent, cards=(gone, wired))), NotHere)
    assert macos.read_now(machine(cards=(wired,))).links == []


def test_a_card_that_is_listed_as_gone_is_asked_for_all_the_same() -> None:
    gone = {**CARD, "Active": False}
    answer = heard({"_name": "x", "spairport_security_mode": "spairport_security_mode_none"})
    found = macos.read_now(machine(answer, cards=(gone,)))
    assert [one.security for one in known(found.links)] == ["open"]
    nothing = macos.read_now(machine(ran(AIRPORT, "{}"), cards=(gone,)))
    assert nothing.links == []


def link(name: str | None, mode: str | None, **card: object) -> Link:
    network: dict[str, object] = {} if name is None else {"_name": name}
    if mode is not None:
        network["spairport_security_mode"] = mode
    return known(macos.read_now(machine(heard(network, **card))).links)[0]


def heard(network: dict[str, object] | None, **card: object) -> Answer:
    shown: dict[str, object] = {
        "_name": "en0",
        "spairport_status_information": "spairport_status_connected",
        **card,
    }
    if network is not None:
        shown["spairport_current_network_information"] = network
    tree = {"SPAirPortDataType": [{"spairport_airport_interfaces": [shown]}]}
    return ran(AIRPORT, json.dumps(tree))


@pytest.mark.parametrize(
    ("mode", "security"),
    [
        ("spairport_security_mode_none", "open"),
        ("spairport_security_mode_wep", "wep"),
        ("spairport_security_mode_wpa_personal", "wpa-psk"),
        ("spairport_security_mode_wpa2_personal_mixed", "wpa2-psk"),
        ("pairport_security_mode_wpa3_transition", "wpa3-transition"),
        ("spairport_security_mode_wpa3_enterprise", "wpa3-enterprise"),
        ("spairport_security_mode_owe_transition", "unknown"),
        ("spairport_security_mode_from_next_year", "unknown"),
    ],
)
def test_how_the_network_is_secured_is_told_by_a_key_of_no_language(
    mode: str, security: str
) -> None:
    assert link("School", mode).security == security


def test_a_hidden_name_leaves_the_security() -> None:
    found = link("<redacted>", "spairport_security_mode_none")
    assert (isinstance(found.ssid, Unseen), found.security) == (True, "open")


@pytest.mark.parametrize("mode", [None, "WPA2 Personal", "x" * 4000], ids=["none", "text", "long"])
def test_a_link_that_says_nothing_of_its_security_is_unseen(mode: str | None) -> None:
    assert isinstance(link("School", mode).security, Unseen)


def test_a_card_on_no_network_has_no_link() -> None:
    for state in ("disassociated", "off"):
        answer = heard(None, spairport_status_information=f"spairport_status_{state}")
        assert macos.read_now(machine(answer)).links == []


@pytest.mark.parametrize("state", ["spairport_status_from_next_year", "", 1])
def test_a_state_nobody_knows_is_not_being_on_no_network(state: object) -> None:
    answer = heard(None, spairport_status_information=state)
    assert isinstance(macos.read_now(machine(answer)).links, Unseen)
    network: dict[str, object] = {"spairport_security_mode": "spairport_security_mode_none"}
    (found,) = known(
        macos.read_now(machine(heard(network, spairport_status_information=state))).links
    )
    assert found.security == "open"


def test_an_answer_without_any_card_is_no_answer() -> None:
    for out in ("{}", '{"SPAirPortDataType":[]}', "nothing"):
        assert isinstance(macos.read_now(machine(ran(AIRPORT, out))).links, Unseen)


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("mac-sp_15.5.json", ["open"]),
        ("mac-sp_15.5-on-iPhone.json", ["wpa2-psk"]),
        ("mac-sp_15.5-no-iPhone.json", []),
        ("mac-sp_12.7.2-no-AP.json", []),
    ],
)
def test_real_macs_are_read_as_what_they_were_on(name: str, links: list[str]) -> None:
    out = corpus.need(f"wifi-heatmapper/{name}").read_text(encoding="utf-8")
    found = macos.read_now(machine(ran(AIRPORT, out))).links
    assert [one.security for one in known(found)] == links


def test_no_name_of_a_network_leaves() -> None:
    network = {"SSID": b"Grandma", "SupportedSecurityTypes": "WPA2 Personal"}
    host = machine(
        file(KNOWN, {"wifi.network.ssid.Grandma": network}),
        heard({"_name": "Grandma", "spairport_security_mode": "spairport_security_mode_none"}),
    )
    told = encode_section(macos.read(host)) + encode_section(macos.read_now(host))
    assert b"Grandma" not in told
    assert b"Grandma".hex().encode() not in told
