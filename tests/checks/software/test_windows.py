"""Programs on Windows: what decides whether they start, and titles that are no strangers."""

from typing import cast

import pytest

from checks.host import RegistryKey, RegistryValue
from checks.judging import Device, Moment
from checks.software.facts import Control, SoftwareFacts, SoftwareNow, Starting, Strength, Title
from checks.software.judges import UnapprovedSettings, exec_control, unapproved
from checks.software.shared import tidy
from checks.software.watchlists import watched
from checks.software.windows_titles import _title
from checks.unseen import BlindError, Maybe, Unseen
from checks.verdicts import Finding

BLIND = Unseen("unsupported")
DENIED = Unseen("denied")
PUPIL = Device("windows", "pupil")
SEEN = 1_795_336_200
DAY = 86_400
NOW = SoftwareNow([], 0, [])


def facts(
    *starting: Starting, titles: list[Title] | None = None, elevated: Maybe[bool] = False
) -> SoftwareFacts:
    return SoftwareFacts(
        *(titles or [], 0, [], [], [], [], BLIND, BLIND),
        starting=list(starting),
        installs_elevated=elevated,
    )


def control(name: str, strength: Maybe[Strength]) -> Starting:
    return Starting(cast("Control", name), strength, "group-policy")


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


@pytest.mark.parametrize(
    ("starting", "expected"),
    [
        ([("applocker", "enforcing")], ("pass", "controlled")),
        ([("s-mode", "enforcing"), ("applocker", DENIED)], ("pass", "controlled")),
        ([("applocker", "watching")], ("fail", "only-watched")),
        ([("applocker", "off"), ("smartscreen", "asks")], ("fail", "uncontrolled")),
        ([("smartscreen", "enforcing"), ("applocker", "off")], ("warn", "downloads-only")),
        ([("smartscreen", "enforcing"), ("applocker", "watching")], ("warn", "downloads-only")),
        ([("smartscreen", "enforcing"), ("app-control", "enforcing")], ("pass", "controlled")),
        ([], ("fail", "uncontrolled")),
    ],
)
def test_a_control_that_enforces_passes_and_one_that_only_looks_does_not(
    starting: list[tuple[str, Strength]], expected: tuple[str, str]
) -> None:
    found = facts(*(control(*one) for one in starting))
    assert said(exec_control(found, NOW, PUPIL)) == expected


def test_a_control_nobody_could_see_is_no_failure_and_no_pass() -> None:
    with pytest.raises(BlindError):
        exec_control(facts(control("applocker", DENIED)), NOW, PUPIL)
    with pytest.raises(BlindError):
        exec_control(facts(control("applocker", "enforcing"), elevated=DENIED), NOW, PUPIL)


def test_installing_with_an_administrators_rights_fails_whatever_else_is_controlled() -> None:
    found = facts(control("applocker", "enforcing"), elevated=True)
    assert said(exec_control(found, NOW, PUPIL)) == ("fail", "installs-elevated")


def test_only_pupils_computers_are_asked() -> None:
    assert exec_control(facts(), NOW, Device("windows", "staff")).status == "not-applicable"


def entry(**values: str | int) -> RegistryKey:
    return RegistryKey(
        {
            name.lower(): RegistryValue("dword" if isinstance(data, int) else "sz", data)
            for name, data in values.items()
        },
        [],
    )


@pytest.mark.parametrize(
    ("values", "system"),
    [
        ({"DisplayName": "Microsoft Edge", "Publisher": "Microsoft Corporation"}, True),
        ({"DisplayName": "Microsoft Edge", "Publisher": "A Friend"}, False),
        ({"DisplayName": "Minecraft Launcher", "Publisher": "Microsoft Studios"}, False),
        ({"DisplayName": "Pilote audio", "Publisher": "Realtek Semiconductor Corp."}, True),
        ({"DisplayName": "Intelligent Tutor", "Publisher": "Intelligent Ltd"}, False),
        ({"DisplayName": "Something"}, False),
    ],
)
def test_windows_own_parts_and_drivers_are_no_strangers(
    values: dict[str, str | int], system: bool
) -> None:
    title = _title(entry(**values))
    assert title is not None
    assert title.system is system


def test_updates_and_keys_without_a_name_are_no_titles() -> None:
    assert _title(entry(DisplayVersion="1")) is None
    assert _title(entry(DisplayName="\u202e \x07")) is None
    assert _title(entry(DisplayName="KB1", ParentKeyName="Office")) is None
    assert _title(entry(DisplayName="KB1", ReleaseType="Security Update")) is None


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("20261121", 1_795_219_200),
        ("20261332", None),
        ("21/11/2026", None),
        ("", None),
        ("2026112", None),
        (20261121, None),
    ],
)
def test_only_eight_digits_are_a_day(written: str | int, at: int | None) -> None:
    title = _title(entry(DisplayName="Thing", InstallDate=written))
    assert title is not None
    assert title.installed_at == at


def test_a_hidden_part_is_no_stranger_and_a_day_it_came_is_counted_for_others() -> None:
    settings = UnapprovedSettings(approved=[], new_seconds=28 * DAY)
    moment = Moment.at(SEEN)
    hidden = Title("Part", "1", "registry", installed_at=SEEN - DAY, hidden=True)
    shown = Title("Thing", "1", "registry", installed_at=SEEN - DAY)
    assert said(unapproved(facts(titles=[hidden]), settings, moment)) == ("pass", "all-agreed")
    assert said(unapproved(facts(titles=[hidden, shown]), settings, moment)) == (
        *("fail", "new-stranger"),
    )


def test_names_of_folders_leave_only_where_a_watch_list_knows_them() -> None:
    assert watched("windows", "Discord")
    assert watched("windows", "roblox")
    assert not watched("windows", "Maya's diary")
    assert tidy("a\x1b[31m\u202eb" + "c" * 500, 20) == "a[31mbcccccccccccccc"
