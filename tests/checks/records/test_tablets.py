"""iPads, Chromebooks and phones as a sheet says: what is in it, how old, and what it leaves out."""

import datetime
from typing import Any

import msgspec
import pytest

from checks.catalogue import settings
from checks.judging import Device, Moment, run
from checks.policy import DEFAULT_POLICY
from checks.records.catalogue import records
from checks.records.tablets.facts import TabletFacts
from checks.records.tablets.judges import (
    END_OF_LIFE,
    JUDGES,
    SHEET_SECONDS,
    EnrolledSettings,
    SupportedSettings,
)
from checks.unseen import Unseen

DAY = 86_400
NOW = 1_795_305_600
MOMENT = Moment.at(NOW, datetime.date(2026, 11, 22))
WELL = TabletFacts(
    imported_at=NOW - DAY,
    listed=True,
    manager="jamf",
    family="ipados",
    managed=True,
    supervised=True,
    synced_at=NOW - 2 * DAY,
    release="18.6.2",
    passcode=True,
    encrypted=None,
)
BOOK = msgspec.structs.replace(
    WELL, family="chromeos", supervised=None, passcode=None, updates_until="2028-06-01"
)
FAMILIES = {"ipad": WELL, "chromebook": BOOK}
BY_ID = {judge.check: judge for judge in JUDGES}


def judged(check: str, tablet: TabletFacts = WELL, **changes: Any) -> tuple[str, str]:
    domain = records().domain_of(check)
    assert domain is not None
    numbers = settings(domain, BY_ID[check], DEFAULT_POLICY, [])
    facts = msgspec.structs.replace(tablet, **changes)
    found = run(BY_ID[check], {TabletFacts: facts}, numbers, Device("linux"), MOMENT)
    return found.status, found.says


def test_the_numbers_are_the_catalogues() -> None:
    domain = records().domain_of("mdm-enrolled")
    assert domain is not None
    asked = settings(domain, BY_ID["mdm-enrolled"], DEFAULT_POLICY, [])
    assert asked == EnrolledSettings(14 * DAY)
    asked = settings(domain, BY_ID["os-supported"], DEFAULT_POLICY, [])
    assert asked == SupportedSettings(180 * DAY)


@pytest.mark.parametrize("check", sorted(BY_ID))
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_one_that_is_well_passes_everything_until_the_sheet_is_a_fortnight_old(
    check: str, family: str
) -> None:
    one = FAMILIES[family]
    assert judged(check, one)[0] == "pass"
    assert judged(check, one, imported_at=NOW - SHEET_SECONDS)[0] == "pass"
    old = NOW - SHEET_SECONDS - 1
    assert judged(check, one, imported_at=old) == ("unknown", "import-again")


@pytest.mark.parametrize("check", sorted(BY_ID))
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_column_that_is_not_in_the_sheet_never_passes_what_needs_it(
    check: str, family: str
) -> None:
    one = FAMILIES[family]
    bare = TabletFacts(one.imported_at, True, one.manager, one.family)
    status, _ = judged(check, bare)
    # What a Chromebook always does needs no column.
    assert status == ("pass" if (check, family) == ("disk-encrypted", "chromebook") else "unknown")


def test_what_the_sheet_does_not_list_is_not_managed_and_nothing_else_is_known() -> None:
    assert judged("mdm-enrolled", listed=False) == ("fail", "not-listed")
    assert judged("os-supported", listed=False) == ("unknown", "not-in-sheet")
    assert judged("disk-encrypted", listed=False) == ("unknown", "not-in-sheet")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"managed": False}, ("fail", "not-managed")),
        ({"supervised": False}, ("fail", "not-supervised")),
        ({"supervised": None}, ("pass", "enrolled")),
        ({"supervised": Unseen("unsupported")}, ("unknown", "could-not-look")),
        ({"synced_at": None}, ("warn", "never-reached")),
        ({"synced_at": NOW - 14 * DAY}, ("pass", "enrolled")),
        ({"synced_at": NOW - 14 * DAY - 1}, ("fail", "silent")),
        ({"synced_at": NOW + DAY}, ("pass", "enrolled")),
    ],
)
def test_enrolled_supervised_and_in_contact(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert judged("mdm-enrolled", **changes) == expected


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("26.1", "current"),
        ("18.6.2", "current"),
        ("17.7.10", "ageing"),
        ("15.8", "ageing"),
        ("14.8.1", "ended-long-ago"),
        ("9.3.5", "ended-long-ago"),
        ("27.0", "newer-than-list"),
        ("19.1", "newer-than-list"),
        (None, "no-release"),
        ("", "newer-than-list"),
        ("eighteen", "newer-than-list"),
    ],
)
@pytest.mark.parametrize("family", ["ipados", "ios"])
def test_a_release_is_current_ageing_over_or_not_known(
    family: str, release: str | None, expected: str
) -> None:
    status, says = judged("os-supported", family=family, release=release)
    assert says == expected
    assert (status == "pass") == (expected == "current")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-11-21", ("fail", "no-updates")),
        ("2026-11-22", ("warn", "ends-soon")),
        ("2027-05-20", ("warn", "ends-soon")),
        ("2027-05-21", ("pass", "updates")),
        (None, ("unknown", "no-last-day")),
    ],
)
def test_a_chromebook_has_a_last_day_of_its_own(
    until: str | None, expected: tuple[str, str]
) -> None:
    assert judged("os-supported", BOOK, updates_until=until) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"passcode": False}, ("fail", "no-code")),
        ({"passcode": None}, ("unknown", "not-said")),
        ({"family": "ios"}, ("pass", "code-set")),
        ({"family": "android", "encrypted": True}, ("pass", "encrypted")),
        ({"family": "android", "encrypted": False}, ("fail", "open")),
        ({"family": "android", "encrypted": Unseen("unsupported")}, ("unknown", "could-not-look")),
        ({"family": "other", "encrypted": None}, ("unknown", "not-said")),
    ],
)
def test_a_code_is_what_encrypts_an_ipad(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert judged("disk-encrypted", **changes) == expected


def test_android_releases_are_not_guessed() -> None:
    assert judged("os-supported", family="android") == ("unknown", "no-dates")
    assert set(END_OF_LIFE) == {"ipados", "ios"}
