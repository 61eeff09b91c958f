"""macOS releases and updates where recordings do not reach: versions, stale entries, layers."""

import datetime
import plistlib
from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.operating_system import macos, macos_updates
from checks.operating_system.facts import Automatic, OperatingSystemFacts, OperatingSystemNow
from checks.unseen import Unseen, known

HELD = "/Library/Preferences/com.apple.SoftwareUpdate.plist"
PROFILE = "/Library/Managed Preferences/com.apple.SoftwareUpdate.plist"
DECLARED = "/private/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist"
HISTORY = "/Library/Receipts/InstallHistory.plist"
ON = {"AutomaticallyInstallMacOSUpdates": True, "AutomaticDownload": 1}
DAY_1 = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC).replace(tzinfo=None)
DAY_2 = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC).replace(tzinfo=None)
AT_1, AT_2 = 1_793_534_400, 1_793_620_800
NOTHING = Unseen("unsupported")


def machine(
    version: str = "26.1", build: str = "25B78", extra: str = "", **files: Any
) -> RecordedHost:
    """`held`, `profile`, `declared`, `history`: property lists; None or left out: no such file."""
    says = f"ProductName:\tmacOS\nProductVersion:\t{version}\n{extra}BuildVersion:\t{build}\n"
    paths = {"held": HELD, "profile": PROFILE, "declared": DECLARED, "history": HISTORY}
    paths["restrictions"] = "/Library/Managed Preferences/com.apple.applicationaccess.plist"
    system = {"code": 1, "out": "hw.machine: x86_64\nkern.osrelease: 25.1.0\n"}
    boot = {"code": 0, "out": "kern.boottime: { sec = 1795300000, usec = 1 } Sun Nov 22\n"}
    answers = [
        Answer(ask=["run", "/usr/bin/sw_vers"], gives={"code": 0, "out": says}),
        Answer(
            asks=[
                ["run", "/usr/sbin/sysctl", "kern.osrelease"],
                ["run", "/usr/sbin/sysctl", "hw.machine", "hw.optional.arm64"],
            ],
            gives=system,
        ),
        Answer(ask=["run", "/usr/sbin/sysctl", "kern.boottime"], gives=boot),
    ]
    for name, path in paths.items():
        if files.get(name) is None:
            answers.append(Answer(ask=["read", path], absent=True))
        else:
            shown = plistlib.dumps(files[name]).decode()
            answers.append(Answer(ask=["read", path], gives=shown))
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="macos",
            os="macOS",
            build=build,
            date="2026-11-22",
            at=1_795_336_200,
            privileged=True,
            answers=answers,
        )
    )


def facts(**files: Any) -> OperatingSystemFacts:
    return macos.read(machine(**files))


def now(version: str = "26.1", build: str = "25B78", **files: Any) -> OperatingSystemNow:
    return macos.read_now(machine(version, build, **files))


def offer(key: str, name: str = "macOS", version: object = "1") -> dict[str, object]:
    return {"Identifier": key, "Display Name": name, "Display Version": version}


@pytest.mark.parametrize(
    ("version", "release"),
    [("26.1", "26"), ("15.7.9", "15"), ("26", "26"), ("10.15.7", "10.15"), ("11.7.10", "11")],
)
def test_the_number_a_release_is_sold_under(version: str, release: str) -> None:
    found = macos.read(machine(version))
    assert (found.product, found.release, found.point) == ("macos", release, version)
    assert found.architecture == "x86_64"


def test_a_quick_response_is_part_of_the_name() -> None:
    found = macos.read(machine("13.4.1", "22F770820d", "ProductVersionExtra:\t(c)\n"))
    assert (found.name, found.point) == ("macOS 13.4.1 (c)", "13.4.1 (c)")


def way(**files: Any) -> Automatic:
    return known(facts(**files).automatic)[0]


@pytest.mark.parametrize(
    ("held", "runs", "installs", "by"),
    [
        (ON, True, True, "local-policy"),
        ({**ON, "AutomaticCheckEnabled": True}, True, True, "local-policy"),
        ({**ON, "AutomaticCheckEnabled": 0}, False, False, "local-policy"),
        ({**ON, "AutomaticDownload": False}, True, False, "local-policy"),
        ({"AutomaticallyInstallMacOSUpdates": "NO"}, True, False, "local-policy"),
        ({"AutomaticCheckEnabled": True}, True, NOTHING, "default"),
        ({"CriticalUpdateInstall": True}, True, NOTHING, "default"),
        (None, True, NOTHING, "default"),
    ],
    ids=str,
)
def test_how_software_update_is_set(
    held: dict[str, object] | None, runs: bool, installs: bool | Unseen, by: str
) -> None:
    found = way(held=held)
    assert (found.runs, found.decided_by) == (runs, by)
    assert isinstance(found.installs, Unseen) is isinstance(installs, Unseen)
    assert isinstance(installs, Unseen) or found.installs is installs


def test_a_profile_beats_what_stands_on_the_mac() -> None:
    off = {"AutomaticallyInstallMacOSUpdates": False}
    found = way(held=off, profile={"AutomaticallyInstallMacOSUpdates": True})
    assert (found.installs, found.decided_by) == (True, "mdm")


def test_a_profile_that_switches_installing_off_hides_who_installs_instead() -> None:
    found = facts(held=ON, profile={"AutomaticallyInstallMacOSUpdates": False})
    assert isinstance(found.managed_by, Unseen)
    assert facts(held=ON).managed_by is None


def declaration(**found: object) -> dict[str, object]:
    return {"SUCorePersistedStatePolicyFields": found}


@pytest.mark.parametrize(("order", "installs"), [(1, True), (0, None), (2, None)])
def test_a_declaration_beats_everything_and_only_always_on_is_understood(
    order: int, installs: bool | None
) -> None:
    orders = {"automaticallyInstallOSUpdates": order}
    asked = declaration(SUCoreDDMDeclarationGlobalSettings=orders)
    found = way(held={"AutomaticallyInstallMacOSUpdates": order != 1}, declared=asked)
    assert found.decided_by == "mdm"
    assert isinstance(found.installs, Unseen) if installs is None else found.installs


@pytest.mark.parametrize(("wanted", "by"), [("26.2", "mdm"), ("26.1", None), ("26.0.1", None)])
def test_a_manager_that_asks_for_a_newer_release_installs_it(wanted: str, by: str | None) -> None:
    asked = declaration(Declarations={"one": {"TargetOSVersion": wanted}})
    assert facts(held=ON, declared=asked).managed_by == by


@pytest.mark.parametrize(
    ("key", "counts"),
    [
        ("MSU_UPDATE_25C56_patch_26.2_minor", True),
        ("MSU_UPDATE_25C56_patch_26.2", True),
        ("MSU_UPDATE_25B78_patch_26.1_minor", False),
        ("MSU_UPDATE_25A362_patch_26.0.1_minor", False),
        ("MSU_UPDATE_26A428_patch_27.0_major", False),
        ("MSU_UPDATE_26A428_patch_27.0", False),
        ("MSU_UPDATE_25B771_patch_26.1_rsr", True),
        ("MSU_UPDATE_25B78_patch_26.1_rsr", False),
        ("Command Line Tools for Xcode", False),
    ],
)
def test_only_a_newer_fix_of_this_release_waits(key: str, counts: bool) -> None:
    found = now(held={"RecommendedUpdates": [offer(key)]})
    assert found.pending_count == len(known(found.pending)) == int(counts)


def declared(**keys: object) -> dict[str, object]:
    return {"SUCorePersistedStatePolicyFields": {"SUCoreDDMDeclarationGlobalSettings": keys}}


@pytest.mark.parametrize(
    ("files", "hidden"),
    [
        ({"restrictions": {"forceDelayedSoftwareUpdates": True}}, True),
        ({"restrictions": {"forceDelayedSoftwareUpdates": False}}, False),
        ({"restrictions": {"enforcedSoftwareUpdateDelay": 90}}, False),
        (
            {
                "restrictions": {
                    "forceDelayedSoftwareUpdates": 1,
                    "enforcedSoftwareUpdateDelay": 14,
                }
            },
            False,
        ),
        (
            {
                "restrictions": {
                    "forceDelayedSoftwareUpdates": 1,
                    "enforcedSoftwareUpdateDelay": 15,
                }
            },
            True,
        ),
        (
            {
                "restrictions": {
                    "forceDelayedSoftwareUpdates": 1,
                    "enforcedSoftwareUpdateMinorOSDeferredInstallDelay": 7,
                    "enforcedSoftwareUpdateDelay": 90,
                }
            },
            False,
        ),
        ({"declared": declared(minorOSDeferralPeriod=15)}, True),
        ({"declared": declared(minorOSDeferralPeriod=14)}, False),
    ],
)
def test_nothing_on_offer_proves_nothing_where_a_manager_hides_what_is_out(
    files: dict[str, Any], hidden: bool
) -> None:
    found = now(held={"RecommendedUpdates": []}, **files)
    assert found.pending == (NOTHING if hidden else [])
    assert found.pending_count == (NOTHING if hidden else 0)
    shown = now(held={"RecommendedUpdates": [offer("MSU_UPDATE_25C56_patch_26.2")]}, **files)
    assert len(known(shown.pending)) == 1


def test_safari_waits_until_that_version_was_installed() -> None:
    held = {"RecommendedUpdates": [offer("Safari27.0TahoeAuto", "Safari", 27)]}
    old = {"date": DAY_1, "displayName": "Safari", "displayVersion": "26.4"}
    assert now(held=held, history=[old]).pending_count == 1
    assert now(held=held, history=[{**old, "displayVersion": "27.0"}]).pending_count == 0


def test_an_update_waits_since_the_first_that_it_replaced() -> None:
    dates = {
        "MSU_UPDATE_25A1_patch_26.0.1_minor": datetime.datetime(2026, 1, 1),  # noqa: DTZ001  (as plistlib has dates)
        "MSU_UPDATE_25C56_patch_26.2_minor": DAY_1,
        "MSU_UPDATE_25D10_patch_26.3_minor": DAY_2,
    }
    rows = [offer("MSU_UPDATE_25D10_patch_26.3_minor", "macOS Tahoe 26.3")]
    found = known(now(held={"RecommendedUpdates": rows, "FirstOfferDateDictionary": dates}).pending)
    assert [(one.name, one.version, one.released_at) for one in found] == [
        ("macOS Tahoe 26.3", "26.3", AT_1)
    ]


def test_data_and_programs_are_no_security_update() -> None:
    macos_row = {"date": DAY_1, "displayName": "macOS 26.1", "processName": "softwareupdated"}
    data = {**macos_row, "date": DAY_2, "displayName": "XProtect", "contentType": "config-data"}
    program = {**macos_row, "date": DAY_2, "displayName": "macOS Theme", "processName": "installer"}
    found = now(history=[macos_row, data, program])
    assert (found.security_at, found.memory_at) == (AT_1, AT_1)
    assert now().security_at is None


def test_the_newest_successful_question_to_apple_counts() -> None:
    found = now(held={"LastFullSuccessfulDate": DAY_1, "LastSuccessfulMSUScanDate": DAY_2})
    assert (found.lists_at, found.automatic_at) == (AT_2, AT_2)


def test_fetching_data_for_xprotect_is_no_question_about_updates() -> None:
    background = {"LastBackgroundSuccessfulDate": DAY_2, "LastSuccessfulDate": DAY_2}
    assert now(held=background).lists_at is None
    assert now(held={"LastFullSuccessfulDate": DAY_1, **background}).lists_at == AT_1


@pytest.mark.parametrize(
    "held",
    [
        *({"RecommendedUpdates": "x"}, {"RecommendedUpdates": ["x"]}),
        {"RecommendedUpdates": [], "FirstOfferDateDictionary": []},
    ],
    ids=str,
)
def test_an_offer_in_another_form_is_unseen(held: dict[str, object]) -> None:
    assert isinstance(now(held=held).pending, Unseen)


def test_a_version_is_compared_by_its_numbers() -> None:
    assert macos_updates.numbers("26.10") > macos_updates.numbers("26.9.1")
    assert macos_updates.numbers("27.0") == macos_updates.numbers("27")
    assert macos_updates.numbers("") == []
