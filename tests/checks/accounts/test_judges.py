"""Accounts at the edges: at, below and above each number, and for 0, never, absent and unseen."""

import datetime
from typing import Any

import msgspec
import pytest

from checks.accounts import judges
from checks.accounts.facts import Account, AccountsFacts, Admin, AdminSource, Autologon, Share
from checks.accounts.judges import ApprovedSettings, StaleSettings
from checks.accounts.rules import (
    LockoutSettings,
    PasswordSettings,
    lockout,
    password_policy,
)
from checks.judging import Device, Judge, Moment, run
from checks.unseen import Unseen
from checks.verdicts import Finding

NOW = 1_795_336_200
DAY = 86_400
DENIED = Unseen("denied")
MOMENT = Moment.at(NOW, datetime.date(2026, 11, 22))
MAYA = Account("m", "person", "person", "local", True, "asked", "week", None)
CLASS = Account("c", "pupil", "class", "local", True, "asked", "week", None)
GOOD = AccountsFacts(
    accounts=[MAYA],
    cut=0,
    admins=[AdminSource("group", [Admin("i", "administration")])],
    guest_enabled=False,
    autologon=[],
    rules_by="local-policy",
    min_length=12,
    deny_list=False,
    second_factor=False,
    max_age_days=None,
    lockout_attempts=10,
    lockout_window_seconds=900,
    lockout_seconds=900,
    pin_min_length=None,
    homes=1,
    homes_open=0,
    shares=[],
)
AGREED = ApprovedSettings(["builtin", "administration", "directory-admins", "cloud-admins"])
PASSWORDS = PasswordSettings(min_length=12, min_length_helped=8)
LOCKOUT = LockoutSettings(attempts=10, window_seconds=300, pin_length=6)
STALE = StaleSettings(unused_seconds=90 * DAY)


def facts(**changes: Any) -> AccountsFacts:
    return msgspec.structs.replace(GOOD, **changes)


def account(base: Account = MAYA, **changes: Any) -> Account:
    return msgspec.structs.replace(base, **changes)


def judged(
    judge: Judge, body: AccountsFacts, settings: Any = None, profile: Any = DENIED
) -> Finding:
    return run(judge, {AccountsFacts: body}, settings, Device("linux", profile), MOMENT)


def said(*args: Any, **kwargs: Any) -> tuple[str, str]:
    finding = judged(*args, **kwargs)
    return finding.status, finding.says


def members(*labels: str) -> list[AdminSource]:
    return [AdminSource("group", [Admin(f"a{i}", one) for i, one in enumerate(labels)])]  # type: ignore[arg-type]  # labels of the test


# --- account-local-admins ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "status", "says"),
    [
        ([], "pass", "only-agreed"),
        (["builtin", "administration", "directory-admins", "cloud-admins"], "pass", "only-agreed"),
        (["person"], "fail", "others"),
        (["builtin", "group"], "fail", "others"),
        (["everyone"], "fail", "others"),
        (["class"], "fail", "others"),
    ],
    ids=["nobody", "agreed", "person", "group", "everyone", "class"],
)
def test_only_agreed_kinds_are_administrators(labels: list[str], status: str, says: str) -> None:
    assert said(judges.local_admins, facts(admins=members(*labels)), AGREED) == (status, says)


@pytest.mark.parametrize(
    ("profile", "status", "says"),
    [
        ("staff", "pass", "only-agreed"),
        ("pupil", "fail", "person-on-pupils"),
        (DENIED, "unknown", "profile-unset"),
    ],
    ids=["staff", "pupil", "unset"],
)
def test_an_agreed_person_is_still_none_on_a_pupils_computer(
    profile: Any, status: str, says: str
) -> None:
    settings = ApprovedSettings(["a0"])
    body = facts(admins=members("person"))
    assert said(judges.local_admins, body, settings, profile) == (status, says)


def test_the_same_person_in_two_places_is_one() -> None:
    twice = [
        AdminSource("group", [Admin("p", "person")]),
        AdminSource("rules", [Admin("p", "person")]),
    ]
    assert judged(judges.local_admins, facts(admins=twice), AGREED).args == {"count": 1}


def test_a_place_nobody_could_see_hides_that_nobody_else_is_one_but_no_finding() -> None:
    blind = AdminSource("rules", DENIED)
    assert said(judges.local_admins, facts(admins=[*members("builtin"), blind]), AGREED) == (
        "unknown",
        "could-not-look",
    )
    assert judged(judges.local_admins, facts(admins=[blind, *members("person")]), AGREED).says == (
        "others"
    )


# --- account-guest and account-shared ------------------------------------------------------------


@pytest.mark.parametrize(
    ("enabled", "status"), [(True, "fail"), (False, "pass"), (DENIED, "unknown")]
)
def test_a_guest_that_can_sign_in_fails(enabled: Any, status: str) -> None:
    assert judged(judges.guest, facts(guest_enabled=enabled)).status == status


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"used": "week"}, "fail", "in-use"),
        ({"used": "month"}, "fail", "in-use"),
        ({"used": "before"}, "warn", "waiting"),
        ({"used": "never"}, "warn", "waiting"),
        ({"enabled": False}, "pass", "none"),
        ({"enabled": DENIED}, "unknown", "could-not-look"),
        ({"used": DENIED}, "unknown", "could-not-look"),
    ],
    ids=["week", "month", "before", "never", "off", "unseen", "use-unseen"],
)
def test_a_shared_account_fails_once_it_is_used(
    changes: dict[str, Any], status: str, says: str
) -> None:
    body = facts(accounts=[MAYA, account(CLASS, **changes)])
    assert said(judges.shared, body, AGREED) == (status, says)


def test_a_class_account_that_the_school_agreed_to_is_none() -> None:
    assert said(judges.shared, facts(accounts=[CLASS]), ApprovedSettings(["class"]))[0] == "pass"
    assert said(judges.shared, facts(accounts=[CLASS]), ApprovedSettings(["c"]))[0] == "pass"


def test_a_cut_list_proves_nothing_but_what_is_in_it() -> None:
    assert said(judges.shared, facts(cut=1), AGREED)[0] == "unknown"
    assert said(judges.shared, facts(cut=1, accounts=[CLASS]), AGREED)[0] == "fail"


# --- account-password-policy ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "deny", "factor", "status", "says"),
    [
        (13, False, False, "pass", "long-enough-by"),
        (12, False, False, "pass", "long-enough-by"),
        (12, DENIED, DENIED, "pass", "long-enough-by"),
        (11, False, False, "fail", "too-short-by"),
        (11, True, DENIED, "pass", "long-enough-by"),
        (8, DENIED, True, "pass", "long-enough-by"),
        (8, False, DENIED, "unknown", "could-not-look"),
        (7, True, True, "fail", "too-short-by"),
        (0, True, True, "fail", "no-rule"),
        (None, True, True, "fail", "no-rule"),
        (DENIED, True, True, "unknown", "could-not-look"),
    ],
)
def test_twelve_characters_or_eight_with_help(
    length: Any, deny: Any, factor: Any, status: str, says: str
) -> None:
    body = facts(min_length=length, deny_list=deny, second_factor=factor)
    assert said(password_policy, body, PASSWORDS) == (status, says)


@pytest.mark.parametrize(
    ("days", "status"),
    [(None, "pass"), (0, "pass"), (1, "warn"), (365, "warn"), (DENIED, "unknown")],
)
def test_a_forced_change_is_a_warning(days: Any, status: str) -> None:
    assert judged(password_policy, facts(max_age_days=days), PASSWORDS).status == status


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"password": "blank"}, "fail", "blank"),
        ({"password": "blank", "enabled": False}, "pass", "long-enough-by"),
        ({"password": "blank", "origin": "directory"}, "pass", "long-enough-by"),
        ({"password": "blank-allowed"}, "warn", "blank-allowed"),
        ({"password": "none"}, "pass", "long-enough-by"),
        ({"password": DENIED}, "unknown", "could-not-look"),
        ({"enabled": DENIED}, "unknown", "could-not-look"),
    ],
    ids=["blank", "off", "elsewhere", "allowed", "none", "unseen", "state-unseen"],
)
def test_an_account_that_is_on_has_a_password(
    changes: dict[str, Any], status: str, says: str
) -> None:
    body = facts(accounts=[account(**changes)])
    assert said(password_policy, body, PASSWORDS) == (status, says)


def test_what_is_wrong_is_told_even_where_something_else_was_not_seen() -> None:
    body = facts(accounts=[account(password="blank"), account(password=DENIED)])
    assert judged(password_policy, body, PASSWORDS).says == "blank"
    assert judged(password_policy, facts(accounts=DENIED, min_length=6), PASSWORDS).says == (
        "too-short-by"
    )


@pytest.mark.parametrize(("by", "says"), [(None, "too-short"), (DENIED, "too-short")])
def test_too_short_is_told_whoever_set_it(by: Any, says: str) -> None:
    assert judged(password_policy, facts(min_length=6, rules_by=by), PASSWORDS).says == says


def test_who_set_the_length_is_told_where_it_is_known() -> None:
    assert judged(password_policy, facts(rules_by="mdm"), PASSWORDS).args["by"] == "mdm"
    assert said(password_policy, facts(rules_by=None), PASSWORDS) == ("pass", "long-enough")


def test_a_school_may_ask_for_less_or_for_nothing() -> None:
    body = facts(min_length=4, accounts=[account(password="blank")])
    assert said(password_policy, body, PasswordSettings(0, 8)) == ("pass", "not-asked")
    body = facts(min_length=4)
    assert said(password_policy, body, PasswordSettings(4, 8)) == ("pass", "long-enough-by")


# --- account-lockout -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "status", "says"),
    [
        (9, "pass", "stops"),
        (10, "pass", "stops"),
        (11, "fail", "too-many"),
        (1, "pass", "stops"),
        (0, "fail", "never"),
        (-1, "fail", "never"),
        (None, "fail", "never"),
        (DENIED, "unknown", "could-not-look"),
    ],
)
def test_ten_wrong_passwords_are_the_limit_and_zero_is_never(
    attempts: Any, status: str, says: str
) -> None:
    assert said(lockout, facts(lockout_attempts=attempts), LOCKOUT) == (status, says)


@pytest.mark.parametrize(
    ("digits", "status"),
    [(5, "fail"), (6, "pass"), (7, "pass"), (0, "fail"), (None, "pass"), (DENIED, "unknown")],
)
def test_a_pin_has_six_digits(digits: Any, status: str) -> None:
    assert judged(lockout, facts(pin_min_length=digits), LOCKOUT).status == status


@pytest.mark.parametrize(
    ("attempts", "window", "status"),
    [
        (10, 299, "warn"),
        (10, 300, "pass"),
        (10, 301, "pass"),
        (10, 0, "pass"),
        (10, None, "pass"),
        (3, 60, "pass"),
        (4, 60, "warn"),
        (10, DENIED, "unknown"),
    ],
)
def test_wrong_passwords_are_remembered_for_long_enough(
    attempts: int, window: Any, status: str
) -> None:
    body = facts(lockout_attempts=attempts, lockout_window_seconds=window)
    assert judged(lockout, body, LOCKOUT).status == status


@pytest.mark.parametrize(
    ("attempts", "seconds", "status"),
    [
        (10, 299, "warn"),
        (10, 300, "pass"),
        (5, 150, "pass"),
        (5, 149, "warn"),
        (10, 0, "pass"),
        (10, None, "pass"),
        (10, DENIED, "unknown"),
    ],
)
def test_an_account_stays_shut_for_long_enough(attempts: int, seconds: Any, status: str) -> None:
    body = facts(lockout_attempts=attempts, lockout_seconds=seconds)
    assert judged(lockout, body, LOCKOUT).status == status


# --- account-stale -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"used": "before", "since": NOW - 90 * DAY + 1}, "pass", "all-used"),
        ({"used": "before", "since": NOW - 90 * DAY}, "pass", "all-used"),
        ({"used": "before", "since": NOW - 90 * DAY - 1}, "warn", "unused"),
        ({"used": "never", "since": NOW - 90 * DAY - 1}, "warn", "unused"),
        ({"used": "never", "since": NOW - DAY}, "pass", "all-used"),
        ({"used": "never", "since": None}, "warn", "never-used"),
        ({"used": "month"}, "pass", "all-used"),
        ({"used": "before", "since": 0, "enabled": False}, "pass", "all-used"),
        ({"used": "before", "since": 0, "origin": "directory"}, "pass", "all-used"),
        ({"used": DENIED, "since": DENIED}, "unknown", "could-not-look"),
        ({"enabled": DENIED}, "unknown", "could-not-look"),
    ],
)
def test_an_account_unused_for_a_term_is_stale(
    changes: dict[str, Any], status: str, says: str
) -> None:
    assert said(judges.stale, facts(accounts=[account(**changes)]), STALE) == (status, says)


# --- account-autologon ---------------------------------------------------------------------------

WAY = Autologon("gdm", "c", "class", False)


@pytest.mark.parametrize(
    ("ways", "profile", "status", "says"),
    [
        ([], "pupil", "pass", "off"),
        ([WAY], "pupil", "fail", "on"),
        ([WAY], DENIED, "fail", "on"),
        ([WAY], "kiosk", "warn", "kiosk"),
        ([Autologon("gdm", "i", "administration", False)], "kiosk", "fail", "on"),
        (DENIED, "kiosk", "unknown", "could-not-look"),
    ],
    ids=["none", "pupil", "unset", "kiosk", "ruling-kiosk", "unseen"],
)
def test_signing_in_by_itself_is_for_kiosks_without_rights(
    ways: Any, profile: Any, status: str, says: str
) -> None:
    assert said(judges.autologon, facts(autologon=ways), profile=profile) == (status, says)


def test_a_readable_password_is_critical_whoever_it_belongs_to() -> None:
    kept = Autologon("winlogon", "c", "class", True)
    found = judged(judges.autologon, facts(autologon=[kept]), profile="kiosk")
    assert (found.status, found.says, found.severity) == ("fail", "password-kept", "critical")


# --- account-role-separation ---------------------------------------------------------------------

TEACHER = Account("t", "staff", "teacher", "local", True, "asked", "week", None)
ICT = Account("i", "admin", "administration", "local", True, "asked", "week", None)
RULING = [AdminSource("group", [Admin("m", "person"), Admin("i", "administration")])]


@pytest.mark.parametrize(
    ("accounts", "admins", "profile", "status", "says"),
    [
        ([MAYA], GOOD.admins, "pupil", "pass", "apart"),
        ([MAYA, TEACHER], GOOD.admins, "pupil", "fail", "staff-on-pupils"),
        ([TEACHER], GOOD.admins, "staff", "pass", "apart"),
        ([account(TEACHER, used="month")], GOOD.admins, "pupil", "pass", "apart"),
        ([MAYA], RULING, "pupil", "fail", "admin-on-pupils"),
        ([MAYA], RULING, "staff", "fail", "admin-daily"),
        ([account(used="month"), ICT], RULING, "staff", "pass", "apart"),
        ([ICT], RULING, "pupil", "pass", "apart"),
        ([account(used=DENIED)], GOOD.admins, "pupil", "unknown", "could-not-look"),
        ([MAYA], [AdminSource("rules", DENIED)], "staff", "unknown", "could-not-look"),
        ([MAYA], GOOD.admins, DENIED, "unknown", "profile-unset"),
    ],
)
def test_staff_pupils_and_administrators_keep_apart(
    accounts: Any, admins: Any, profile: Any, status: str, says: str
) -> None:
    body = facts(accounts=accounts, admins=admins)
    assert said(judges.role_separation, body, profile=profile) == (status, says)


# --- share-permissions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({}, "pass", "closed"),
        ({"homes": 0}, "not-applicable", "no-homes"),
        ({"homes_open": 1}, "fail", "homes-open"),
        ({"shares": [Share("s", "guests")]}, "fail", "open-to-guests"),
        ({"shares": [Share("s", "everyone")]}, "warn", "open-to-everyone"),
        ({"shares": DENIED}, "unknown", "could-not-look"),
        ({"shares": DENIED, "homes_open": 1}, "fail", "homes-open"),
        ({"homes_open": DENIED}, "unknown", "could-not-look"),
        ({"homes_open": DENIED, "shares": [Share("s", "guests")]}, "fail", "open-to-guests"),
    ],
)
def test_folders_are_open_to_their_owner_only(
    changes: dict[str, Any], status: str, says: str
) -> None:
    assert said(judges.share_permissions, facts(**changes)) == (status, says)
