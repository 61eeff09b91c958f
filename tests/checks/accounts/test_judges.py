"""Who signs in and who rules, at the edges: for 0, never, absent and unseen."""

from typing import Any

import pytest

from checks.accounts import judges
from checks.accounts.facts import Account, Admin, AdminSource, Autologon, Share
from checks.accounts.judges import ApprovedSettings, StaleSettings
from tests.checks.accounts.good import (
    CLASS,
    DAY,
    DENIED,
    GOOD,
    MAYA,
    NOW,
    account,
    facts,
    judged,
    said,
)

AGREED = ApprovedSettings(["builtin", "administration", "directory-admins", "cloud-admins"])
STALE = StaleSettings(unused_seconds=90 * DAY)


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
        ({"origin": "cloud", "used": "before", "enabled": DENIED}, "pass", "none"),
        ({"origin": "cloud", "used": "month", "enabled": DENIED}, "fail", "in-use"),
    ],
    ids=[
        *("week", "month", "before", "never", "off", "unseen", "use-unseen"),
        *("elsewhere-before", "elsewhere-lately"),
    ],
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


def test_only_shares_that_guests_may_open_are_counted_as_open_to_guests() -> None:
    shares = [Share("a", "guests"), Share("b", "everyone"), Share("c", "guests")]
    found = judges.share_permissions(facts(shares=shares))
    assert (found.says, found.args["count"]) == ("open-to-guests", 2)
