"""A recording of a Mac carries no network's name and no password, however a list hides them."""

import json
import plistlib
from pathlib import Path

import pytest

from agent.hosts.property_lists import scrubbed
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording, load
from agent.hosts.scrubbing import Scrubber
from agent.hosts.tape import Tape
from checks.unseen import NotHere, known
from checks.wireless import macos
from checks.wireless.facts import WirelessFacts

CARDS = "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist"
KNOWN = "/Library/Preferences/com.apple.wifi.known-networks.plist"
PROFILES = ["run", "/usr/bin/profiles", "-P", "-o", "stdout-xml"]
AIRPORT = ["run", "/usr/sbin/system_profiler", "-json", "SPAirPortDataType"]
SECRETS = (
    "Okonkwo Towers",
    "Nextdoor Netgear",
    "School Staff",
    "correct horse",
    "a4:b1:c1:01:02:03",
)


def same(text: str) -> str:
    return text


def air() -> str:
    card = {
        "_name": "en0",
        "spairport_status_information": "spairport_status_connected",
        "spairport_current_network_information": {
            "_name": "Okonkwo Towers",
            "spairport_security_mode": "spairport_security_mode_wpa2_personal",
        },
        "spairport_airport_other_local_wireless_networks": [{"_name": "Nextdoor Netgear"}],
    }
    return json.dumps({"SPAirPortDataType": [{"spairport_airport_interfaces": [card]}]})


@pytest.fixture
def host() -> RecordedHost:
    network = {
        "SSID": b"Okonkwo Towers",
        "SupportedSecurityTypes": "WPA2 Personal",
        "BSSList": [{"LEAKY_AP_BSSID": "a4:b1:c1:01:02:03"}],
        "Bookmark": b"\xff\xfe Okonkwo Towers",
    }
    staff = {"SSID": b"School Staff", "SupportedSecurityTypes": "WPA2 Enterprise"}
    saved = {"wifi.network.ssid.Okonkwo Towers": network, "wifi.network.ssid.School Staff": staff}
    content = {"SSID_STR": "School Staff", "Password": "correct horse"}
    item = {"PayloadType": "com.apple.wifi.managed", "PayloadContent": content}
    profiles = plistlib.dumps({"_computerlevel": [{"ProfileItems": [item]}]}).decode()
    cards = {"Interfaces": [{"BSD Name": "en0", "SCNetworkInterfaceType": "IEEE80211"}]}
    binary = plistlib.dumps(saved, fmt=plistlib.FMT_BINARY).hex()
    answers = [
        Answer(ask=["users"], gives=[]),
        Answer(ask=["read", CARDS], gives=plistlib.dumps(cards).decode()),
        Answer(ask=["read", KNOWN], gives={"hex": binary}),
        Answer(ask=PROFILES, gives={"code": 0, "out": profiles}),
        Answer(ask=AIRPORT, gives={"code": 0, "out": air()}),
    ]
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="written by hand",
        platform="macos",
        os="macOS 26.1",
        build="25B78",
        date="2026-11-22",
        at=1_795_336_200,
        privileged=True,
        answers=answers,
    )
    return RecordedHost(recording, strict=False)


def test_a_macs_recording_holds_no_name_and_still_reads_alike(
    host: RecordedHost, tmp_path: Path
) -> None:
    tape = Tape(host)
    facts, now = macos.read(tape), macos.read_now(tape)
    tape.save(tmp_path / "mac.json", "a test")
    text = (tmp_path / "mac.json").read_text(encoding="utf-8")
    for secret in SECRETS:
        assert secret not in text, secret
        assert secret.encode().hex() not in text, secret
    again = RecordedHost(load(tmp_path / "mac.json"))
    assert securities(macos.read(again)) == securities(facts) == ["wpa2-enterprise", "wpa2-psk"]
    assert [one.security for one in known(macos.read_now(again).links)] == ["wpa2-psk"]
    assert len(known(now.links)) == 1


def securities(facts: WirelessFacts | NotHere) -> list[str]:
    assert isinstance(facts, WirelessFacts)
    return sorted(one.security for one in known(facts.sources[0].profiles))


def test_a_list_keeps_its_shape_and_loses_what_is_no_text() -> None:
    tree = {"a": [1, True, 2.5, "x"], "key": b"\x00\xff", "name": b"Mac14,2\0", "on": {"b": "y"}}
    for form in (plistlib.FMT_BINARY, plistlib.FMT_XML):
        found = scrubbed(plistlib.dumps(tree, fmt=form), same)
        assert found is not None
        assert plistlib.loads(found.encode()) == {**tree, "key": bytes(2)}


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"bplist00", b"<?xml version=", b"{a=1;}", b"\xff\xfe<"], ids=repr
)
def test_what_is_no_property_list_is_left_to_others(data: bytes) -> None:
    assert scrubbed(data, same) is None


def test_a_password_in_a_list_goes_whatever_its_form(host: RecordedHost) -> None:
    scrub = Scrubber(host)
    for value in ("correct horse", b"correct horse"):
        shown = plistlib.dumps({"Password": value}).decode()
        told = scrub.answers([Answer(ask=["read", "/x"], gives=shown)])[0].gives
        assert "correct" not in str(told)
        assert "Y29ycmVjd" not in str(told)


def drives() -> dict[str, object]:
    """What `diskutil` and `ioreg` tell of a stick somebody named after themselves."""
    part = {"VolumeName": "MAYA PATEL", "MountPoint": "/Volumes/MAYA PATEL"}
    return {
        "AllDisksAndPartitions": [{"Partitions": [part]}],
        "USB Serial Number": "4C530001230",
        "kUSBSerialNumberString": "4C530001230",
        "device_serial": "S3Z9NB0K, also",
        "idProduct": 5,
        "USB Product Name": "Ultra",
    }


def test_numbers_of_sticks_and_what_people_call_them_stay_at_home(host: RecordedHost) -> None:
    given = plistlib.dumps(drives(), fmt=plistlib.FMT_BINARY)
    told = scrubbed(given, Scrubber(host).text)
    assert told is not None
    for secret in ("MAYA", "4C530001230", "S3Z9NB0K"):
        assert secret not in told
    found = plistlib.loads(told.encode())
    assert found["USB Serial Number"] == found["kUSBSerialNumberString"] != ""
    assert (found["idProduct"], found["USB Product Name"]) == (5, "Ultra")
    again = scrubbed(told.encode(), Scrubber(host).text)
    assert again is not None
    assert "4C53" not in again


def test_what_people_call_a_card_is_learned_where_it_is_mounted() -> None:
    told = json.dumps({"_name": "MAYA PATEL", "mount_point": "/Volumes/MAYA PATEL"})
    mac = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="a test",
        platform="macos",
        os="macOS 26",
        build="26.1",
        date="2026-11-22",
        at=0,
        privileged=True,
        answers=[Answer(ask=["list", "/Volumes"], gives=["Macintosh HD", "MAYA PATEL"])],
    )
    assert "MAYA" not in Scrubber(RecordedHost(mac, strict=False)).text(told)


def test_a_drives_number_is_taken_out_of_json_too(host: RecordedHost) -> None:
    told = json.dumps({"device_serial": "S3Z9NB0K", "serial_num": "4C530001230"}, indent=2)
    seen = Scrubber(host).text(told)
    assert json.loads(seen).keys() == {"device_serial", "serial_num"}
    assert "S3Z9NB0K" not in seen
    assert "4C530001230" not in seen
