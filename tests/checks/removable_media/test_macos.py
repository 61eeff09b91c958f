"""macOS removable media where recordings do not reach: who decides, and what a drive is."""

import datetime
import json
import plistlib
from typing import Any

import msgspec
import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.judging import Moment
from checks.removable_media import macos, macos_control
from checks.removable_media.facts import Kind, RemovableMediaFacts, RemovableMediaNow, Rule
from checks.removable_media.judges import SeenSettings, storage_control, storage_seen
from checks.unseen import BlindError, Unseen, known

DECLARED = "/private/var/db/ManagedConfigurationFiles/DiskManagement/DiskManagement_Settings.plist"
SYNCED = "/private/var/db/santa/sync-state.plist"
PROFILES = "/Library/Managed Preferences"
SANTA = f"{PROFILES}/com.northpolesec.santa.plist"
OLD_SANTA = f"{PROFILES}/com.google.santa.plist"
DEFENDER = f"{PROFILES}/com.microsoft.wdav.plist"
WINDOWS = "com.apple.systemuiserver.plist"
MAYA = {
    "name": "maya",
    "uid": "501",
    "alias": "00000000000000a1",
    "home": "/Users/maya",
    "shell": "/bin/zsh",
    "kind": "human",
}
IN_SYSTEM = "/Library/SystemExtensions/00000000-0000-4000-8000-000000000002"
SANTA_RUNS = f"{IN_SYSTEM}/com.northpolesec.santa.daemon.systemextension/Contents/MacOS/santad"
OLD_SANTA_RUNS = f"{IN_SYSTEM}/com.google.santa.daemon.systemextension/Contents/MacOS/santad"
DEFENDER_RUNS = f"{IN_SYSTEM}/com.microsoft.wdav.epsext.systemextension/Contents/MacOS/epsext"
VERSION = ["run", "/usr/bin/sw_vers", "-productVersion"]


def mac(*answers: Answer, programs: tuple[str, ...] = (), files: Any = None) -> RecordedHost:
    """`files`: property lists by path, None for one nobody may read; others are not there."""
    rows = [
        {"pid": pid, "name": exe.rpartition("/")[2], "exe": exe, "user": "0" * 16}
        for pid, exe in enumerate(("/sbin/launchd", *programs), 1)
    ]
    given = [
        Answer(ask=["processes"], gives=rows),
        Answer(ask=["users"], gives=[MAYA]),
        *answers,
    ]
    files = files or {}
    for path, value in files.items():
        if value is None:
            given.append(Answer(ask=["read", path], cannot="denied"))
        else:
            given.append(Answer(ask=["read", path], gives=plistlib.dumps(value).decode()))
    asked = (
        *(DECLARED, SYNCED, SANTA, OLD_SANTA, DEFENDER),
        *(f"{PROFILES}/{WINDOWS}", f"{PROFILES}/maya/{WINDOWS}"),
    )
    absent = [["read", path] for path in asked if path not in files]
    given.append(Answer(asks=absent, absent=True))
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="written by hand",
        platform="macos",
        os="macOS",
        build="25B78",
        date="2026-11-22",
        at=1_795_336_200,
        privileged=True,
        answers=given,
    )
    return RecordedHost(recording, strict=False)


def rule(kind: Kind = "usb-storage", *answers: Answer, **about: Any) -> str:
    """What may be done, and by whom; or why nobody could look."""
    found = macos_control.rules(mac(*answers, **about), [kind])[0]
    if isinstance(found.use, Unseen):
        return f"unseen {found.use.unseen}"
    return f"{found.use} {known(found.by)}"


def declared(word: object) -> dict[str, Any]:
    return {DECLARED: {"Restrictions": {"ExternalStorage": word}}}


@pytest.mark.parametrize(
    ("kind", "word", "told"),
    [
        ("usb-storage", "Disallowed", "deny mdm"),
        ("usb-storage", "ReadOnly", "read-only mdm"),
        ("usb-storage", "Allowed", "allow default"),
        ("usb-storage", "Sometimes", "unseen parse-error"),
        ("optical", "Disallowed", "deny mdm"),
        ("sd", "Disallowed", "unseen unsupported"),
        ("sd", "Allowed", "allow default"),
    ],
)
def test_what_device_management_declared(kind: Kind, word: str, told: str) -> None:
    assert rule(kind, files=declared(word)) == told


def test_nothing_declared_leaves_drives_open_and_a_file_nobody_may_read_leaves_them_unseen() -> (
    None
):
    assert rule() == "allow default"
    assert rule(files={DECLARED: {}}) == "allow default"
    assert rule(files={DECLARED: None}) == "unseen denied"
    assert rule(files={DECLARED: {"Restrictions": []}}) == "unseen parse-error"


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"RemovableMediaAction": "Block"}, "deny mdm"),
        ({"RemovableMediaAction": "Allow"}, "allow default"),
        (
            {"RemovableMediaAction": "Remount", "RemovableMediaRemountFlags": ["rdonly"]},
            "read-only mdm",
        ),
        (
            {"RemovableMediaAction": "Remount", "RemovableMediaRemountFlags": ["noexec"]},
            "allow default",
        ),
        ({"RemovableMediaAction": "Remount"}, "unseen parse-error"),
        ({"RemovableMediaAction": 2}, "unseen parse-error"),
        (
            {"RemovableMediaAction": "Block", "EncryptedRemovableMediaAction": "Allow"},
            "unseen unsupported",
        ),
        (
            {"RemovableMediaAction": "Block", "EncryptedRemovableMediaAction": "Block"},
            "deny mdm",
        ),
        ({"BlockUSBMount": True}, "deny mdm"),
        ({"BlockUSBMount": True, "RemountUSBMode": ["rdonly", "noexec"]}, "read-only mdm"),
        ({"BlockUSBMount": True, "RemountUSBMode": ["noexec"]}, "allow default"),
        ({"BlockUSBMount": False}, "allow default"),
        ({"BlockUSBMount": "yes"}, "unseen parse-error"),
        ({}, "allow default"),
    ],
    ids=str,
)
def test_what_santa_does_with_a_drive(profile: dict[str, Any], told: str) -> None:
    assert rule(programs=(SANTA_RUNS,), files={SANTA: profile}) == told


def test_santas_server_comes_before_the_profile() -> None:
    profile = {"BlockUSBMount": True, "SyncBaseURL": "https://santa.example/"}
    files = {SYNCED: {"BlockUSBMount": False}, OLD_SANTA: profile}
    assert rule(programs=(OLD_SANTA_RUNS,), files=files) == "allow default"
    hidden = {SYNCED: None, OLD_SANTA: profile}
    assert rule(programs=(OLD_SANTA_RUNS,), files=hidden) == "unseen denied"


def test_what_a_former_server_of_santas_said_stops_nothing() -> None:
    files: dict[str, Any] = {SYNCED: {"BlockUSBMount": True}, OLD_SANTA: {"ClientMode": 1}}
    assert rule(programs=(OLD_SANTA_RUNS,), files=files) == "allow default"


def test_settings_of_a_santa_that_does_not_run_stop_nothing() -> None:
    files = {SANTA: {"RemovableMediaAction": "Block"}}
    assert rule(files=files) == "allow default"
    assert rule(programs=("/Users/maya/com.northpolesec.santa.daemon",), files=files) == (
        "allow default"
    )
    assert rule(programs=(OLD_SANTA_RUNS,), files=files) == "allow default"


def test_the_older_santa_does_not_know_the_newer_keys() -> None:
    both = {"RemovableMediaAction": "Block", "BlockUSBMount": False}
    assert rule(programs=(OLD_SANTA_RUNS,), files={OLD_SANTA: both}) == "allow default"
    assert rule(programs=(SANTA_RUNS,), files={SANTA: both}) == "deny mdm"


def test_santa_is_not_believed_to_stop_discs() -> None:
    files = {SANTA: {"RemovableMediaAction": "Block"}}
    assert rule("optical", programs=(SANTA_RUNS,), files=files) == "allow default"
    assert rule("sd", programs=(SANTA_RUNS,), files=files) == "deny mdm"


def test_rules_of_defenders_device_control_are_not_read() -> None:
    files = {DEFENDER: {"deviceControl": {"policy": "{}"}}}
    assert rule(programs=(DEFENDER_RUNS,), files=files) == "unseen unsupported"
    assert rule(files=files) == "allow default"
    both = {**files, **declared("Disallowed")}
    assert rule(programs=(DEFENDER_RUNS,), files=both) == "deny mdm"


@pytest.mark.parametrize(
    ("version", "controls", "told"),
    [
        ("13.7.8\n", {"harddisk-external": "deny"}, "deny mdm"),
        ("13.7.8\n", {"harddisk-external": ["alert", "eject"]}, "deny mdm"),
        ("13.7.8\n", {"harddisk-external": ["authenticate", "read-only"]}, "read-only mdm"),
        ("13.7.8\n", {"harddisk-external": ["authenticate"]}, "allow default"),
        ("13.7.8\n", {"dvd": ["deny"]}, "allow default"),
        ("13.7.8\n", {"harddisk-external": 1}, "unseen parse-error"),
        ("14.0\n", {"harddisk-external": ["deny"]}, "allow default"),
        ("junk\n", {"harddisk-external": ["deny"]}, "unseen parse-error"),
    ],
    ids=str,
)
def test_mount_controls_count_only_where_macos_heeds_them(
    version: str, controls: dict[str, Any], told: str
) -> None:
    release = Answer(ask=VERSION, gives={"code": 0, "out": version})
    files = {f"{PROFILES}/{WINDOWS}": {"mount-controls": controls}}
    assert rule("usb-storage", release, files=files) == told


def kinds(*answers: Answer) -> list[Kind]:
    return macos_control.kinds(mac(*answers))


@pytest.mark.parametrize(
    ("cards", "discs", "found"),
    [
        ([], [], ["usb-storage"]),
        ([{"_name": "spcardreader", "spcardreader_vendor-id": "1"}], [], ["usb-storage", "sd"]),
        ([], [{"_name": "DVD", "device_burnsupport": "yes"}], ["usb-storage", "optical"]),
    ],
    ids=["usb", "card", "disc"],
)
def test_what_a_mac_has_a_socket_or_drive_for(
    cards: list[Any], discs: list[Any], found: list[Kind]
) -> None:
    told = json.dumps({"SPCardReaderDataType": cards, "SPDiscBurningDataType": discs})
    asked = ["/usr/sbin/system_profiler", "-json", "SPCardReaderDataType", "SPDiscBurningDataType"]
    assert kinds(Answer(ask=["run", *asked], gives={"code": 0, "out": told})) == found


SETTINGS = SeenSettings(approved=[], otherwise="refuse", look_back_seconds=36 * 3600)
MOMENT = Moment.at(1_795_336_200, datetime.date(2026, 11, 22))


def test_a_mac_that_is_watched_cannot_say_what_was_plugged_in_before() -> None:
    blind = Unseen("unsupported")
    now = RemovableMediaNow([], blind, blind, 1_788_000_000, [])
    with pytest.raises(BlindError) as raised:
        storage_seen(now, SETTINGS, MOMENT)
    assert raised.value.says == "no-history"
    background = msgspec.structs.replace(now, watching_since=None)
    assert storage_seen(background, SETTINGS, MOMENT).says == "none-now"


def facts(*rules: Rule) -> RemovableMediaFacts:
    blind = Unseen("unsupported")
    own: list[Kind] = [one.kind for one in rules]
    return RemovableMediaFacts(
        *(own, blind, blind, blind, blind, blind, blind), rules=list(rules), only_encrypted=False
    )


def test_a_mac_without_phones_among_its_kinds_does_not_claim_to_stop_them() -> None:
    sticks, cards = Rule("usb-storage", "deny", "mdm"), Rule("sd", "deny", "mdm")
    finding = storage_control(facts(sticks, cards))
    assert (finding.status, finding.says) == ("pass", "drives-blocked-by")
    phones = Rule("phone", "deny", "mdm")
    assert storage_control(facts(sticks, cards, phones)).says == "blocked-by"
    unseen = Rule("sd", Unseen("denied"), Unseen("denied"))
    with pytest.raises(BlindError):
        storage_control(facts(sticks, unseen))


def test_the_whole_reader_leaves_no_guess_where_nothing_answers() -> None:
    silent = macos.read(mac(Answer(ask=["enrolled_at"], absent=True)))
    assert isinstance(silent.kinds, Unseen)
    assert isinstance(silent.rules, Unseen)
