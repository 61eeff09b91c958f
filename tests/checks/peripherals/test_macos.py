"""Bluetooth and cameras as system_profiler and property lists tell; constructed, never recorded."""

import json
import plistlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.host import RUN_TIMEOUT, CannotLook, Ran, User, Users
from checks.peripherals import macos
from checks.peripherals.facts import PeripheralsFacts, Radio
from checks.peripherals.radios import NEITHER, OFF
from checks.unseen import Unseen
from tests.checks.rooted import RootedHost

UUID = "00000000-0000-4000-8000-000000000001"
MANAGED = "/Library/Managed Preferences"
OWN = "/Users/maya/Library/Preferences"
RESTRICTIONS = "com.apple.applicationaccess.plist"
CARD = {"controller_state": "attrib_on", "controller_discoverable": "attrib_off"}
HIDDEN = Radio(powered=True, discoverable=False)


class Mac(RootedHost):
    """A Mac of files, system_profiler and ioreg."""

    profiler: dict[str, object]

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        del timeout, as_user
        if argv[0] == "/usr/sbin/system_profiler" and self.profiler:
            return Ran(0, json.dumps(self.profiler).encode())
        if argv[0] == "/usr/sbin/ioreg":
            return Ran(0, plistlib.dumps([{"IOPlatformUUID": UUID}]))
        raise CannotLook("tool-missing", argv[0])

    def users(self) -> Users:
        return [User("maya", "501", "0123456789abcdef", "/Users/maya", "/bin/zsh", "human")]

    def plist(self, path: str, **values: object) -> None:
        self.put(path, plistlib.dumps(values), 0o644)


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    host = Mac(tmp_path, cards=[])
    host.profiler = of(CARD, "FaceTime HD Camera")
    return host


def of(card: dict[str, str] | None, *cameras: str) -> dict[str, object]:
    rows = [] if card is None else [{"controller_properties": card}]
    lenses = [{"_name": name} for name in cameras]
    return {"SPBluetoothDataType": rows, "SPCameraDataType": lenses}


def test_where_no_account_is_listed_nobody_knows_who_takes_files(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(mac), "users", lambda _: [])
    assert facts(mac).takes_files == Unseen("unsupported")
    mac.plist(f"{MANAGED}/{RESTRICTIONS}", allowAirDrop=False)
    assert facts(mac).takes_files == "nothing"


def facts(mac: Mac) -> PeripheralsFacts:
    found = macos.read(mac)
    assert isinstance(found, PeripheralsFacts)
    return found


def test_a_mac_mini_without_either_is_not_asked(mac: Mac) -> None:
    mac.profiler = of(None)
    assert macos.read(mac) == NEITHER


def test_without_system_profiler_all_is_unseen(mac: Mac) -> None:
    mac.profiler = {}
    blind = Unseen("tool-missing")
    assert facts(mac) == PeripheralsFacts(blind, blind, blind, blind, blind)


@pytest.mark.parametrize(
    ("card", "radio"),
    [
        (CARD, HIDDEN),
        ({**CARD, "controller_discoverable": "attrib_on"}, Radio(True, True)),
        ({**CARD, "controller_state": "attrib_off"}, OFF),
        ({**CARD, "controller_state": "attrib_Off"}, OFF),
        ({"controller_state": "attrib_on"}, Radio(True, Unseen("parse-error"))),
        ({**CARD, "controller_state": "an"}, Radio(Unseen("parse-error"), False)),
    ],
)
def test_what_the_card_says_of_itself(mac: Mac, card: dict[str, str], radio: Radio) -> None:
    mac.profiler = of(card)
    assert facts(mac).radios == [radio]


def test_an_older_macos_that_answers_otherwise_is_unseen(mac: Mac) -> None:
    mac.profiler = {"SPBluetoothDataType": [{"local_device_title": {"general_power": "on"}}]}
    found = facts(mac)
    assert found.radios == Unseen("unsupported")
    assert found.camera == Unseen("unsupported")


def test_a_profile_that_forbids_bluetooth_switches_it_off(mac: Mac) -> None:
    mac.plist(f"{MANAGED}/com.apple.MCXBluetooth.plist", DisableBluetooth=True)
    assert facts(mac).radios == [OFF]


@pytest.mark.parametrize(
    ("mode", "takes"),
    [
        (None, "known"),
        ("Contacts Only", "known"),
        ("Off", "nothing"),
        ("Everyone", "anybody"),
        ("Somebody", Unseen("parse-error")),
        (7, Unseen("parse-error")),
    ],
)
def test_airdrop_as_the_account_set_it(mac: Mac, mode: object, takes: object) -> None:
    if mode is not None:
        mac.plist(f"{OWN}/com.apple.sharingd.plist", DiscoverableMode=mode)
    assert facts(mac).takes_files == takes


@pytest.mark.parametrize("place", [MANAGED, f"{MANAGED}/maya"])
def test_a_profile_beats_what_the_account_set(mac: Mac, place: str) -> None:
    mac.plist(f"{OWN}/com.apple.sharingd.plist", DiscoverableMode="Everyone")
    mac.plist(f"{place}/{RESTRICTIONS}", allowAirDrop=False)
    assert facts(mac).takes_files == "nothing"


def test_an_account_cannot_claim_to_be_restricted(mac: Mac) -> None:
    mac.plist(f"{OWN}/com.apple.sharingd.plist", DiscoverableMode="Everyone")
    mac.plist(f"{OWN}/{RESTRICTIONS}", allowAirDrop=False, allowCamera=False)
    found = facts(mac)
    assert found.takes_files == "anybody"
    assert found.camera == "open"


def test_bluetooth_sharing_takes_files_even_without_airdrop(mac: Mac) -> None:
    mac.plist(f"{MANAGED}/{RESTRICTIONS}", allowAirDrop=False)
    here = f"{OWN}/ByHost/com.apple.Bluetooth.{UUID}.plist"
    mac.plist(here, PrefKeyServicesEnabled=True)
    assert facts(mac).takes_files == "anybody"
    mac.plist(here, PrefKeyServicesEnabled=False)
    assert facts(mac).takes_files == "nothing"


def test_whether_something_uses_a_camera_cannot_be_told(mac: Mac) -> None:
    found = facts(mac)
    assert found.camera == "open"
    assert found.camera_held == Unseen("unsupported")
    assert found.held_since == Unseen("unsupported")


def test_a_denied_camera_is_not_used(mac: Mac) -> None:
    mac.plist(f"{MANAGED}/{RESTRICTIONS}", allowCamera=False)
    found = facts(mac)
    assert (found.camera, found.camera_held, found.held_since) == ("denied", False, None)


def test_a_broken_profile_is_no_permission(mac: Mac) -> None:
    mac.put(f"{MANAGED}/{RESTRICTIONS}", b"\xff\x00", 0o644)
    found = facts(mac)
    assert found.camera == Unseen("parse-error")
    assert found.takes_files == Unseen("parse-error")
