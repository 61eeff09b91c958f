"""Locking at the edges: zero is never, the limit itself is kept, one second more is not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.judging import Moment
from checks.locking.facts import LockingFacts, LockingNow, Rule, Session
from checks.locking.judges import (
    IdleSettings,
    OvernightSettings,
    ResumeSettings,
    UnattendedSettings,
    idle_timeout,
    on_resume,
    overnight,
    unattended,
)
from checks.unseen import BlindError, Unseen
from checks.words import remedy

GOOD = Rule("u", "gnome", 300, True, 0, True, False)
LIMIT = IdleSettings(limit_seconds=900)
RANK = {"pass": 0, "warn": 1, "fail": 2}


def facts(*rules: Rule, machine: int | None = None) -> LockingFacts:
    return LockingFacts(rules=list(rules), machine_idle_seconds=machine)


def rule(**changes: object) -> Rule:
    return msgspec.structs.replace(GOOD, **changes)


@pytest.mark.parametrize(
    ("idle", "grace", "status", "says"),
    [
        (900, 0, "pass", "locks"),
        (901, 0, "fail", "too-late"),
        (895, 5, "pass", "locks"),
        (895, 6, "fail", "too-late"),
        (1, 0, "pass", "locks"),
        (0, 0, "fail", "never-idle"),
        (-1, 0, "fail", "never-idle"),
    ],
)
def test_the_time_until_locked_is_idle_and_grace_and_zero_is_never(
    idle: int, grace: int, status: str, says: str
) -> None:
    finding = idle_timeout(facts(rule(idle_seconds=idle, grace_seconds=grace)), LIMIT)
    assert (finding.status, finding.says) == (status, says)


def test_a_right_value_that_the_user_can_change_is_a_warning() -> None:
    assert idle_timeout(facts(rule(changeable=True)), LIMIT).status == "warn"


def test_one_bad_account_decides_for_the_computer() -> None:
    assert idle_timeout(facts(GOOD, rule(idle_seconds=0)), LIMIT).status == "fail"


@pytest.mark.parametrize(
    ("changes", "machine", "says"),
    [
        ({"grace_seconds": 3_600}, 600, "machine-locks"),
        ({"grace_seconds": 3_600}, 601, "too-late"),
        ({"grace_seconds": 300}, 300, "locks"),
        ({"grace_seconds": 301}, 300, "machine-locks"),
        ({"grace_seconds": 3_600, "changeable": True}, 600, "user-can-change"),
        ({"idle_seconds": 0}, 60, "never-idle"),
        ({"grace_seconds": 3_600, "locker": "xfce"}, 60, "too-late"),
    ],
    ids=["limit", "late", "as-late", "later", "changeable", "never", "silent"],
)
def test_a_machine_limit_begins_when_the_desktop_says_it_is_idle(
    changes: dict[str, object], machine: int, says: str
) -> None:
    assert idle_timeout(facts(rule(**changes), machine=machine), LIMIT).says == says


def test_a_machine_limit_does_not_help_where_locking_is_switched_off() -> None:
    assert idle_timeout(facts(rule(locks=False), machine=60), LIMIT).says == "never-locks"


def test_a_desktop_nobody_can_sign_in_to_is_not_applicable() -> None:
    assert idle_timeout(facts(), LIMIT).status == "not-applicable"


def test_an_unseen_grace_is_never_a_pass() -> None:
    with pytest.raises(BlindError):
        idle_timeout(facts(rule(grace_seconds=Unseen("denied"))), LIMIT)


@given(st.integers(0, 4_000), st.integers(0, 4_000), st.integers(60, 3_600))
def test_locking_sooner_is_never_worse(one: int, other: int, limit: int) -> None:
    early, late = sorted((one or 1, other or 1))
    numbers = IdleSettings(limit_seconds=limit)
    sooner = idle_timeout(facts(rule(idle_seconds=early)), numbers)
    later = idle_timeout(facts(rule(idle_seconds=late)), numbers)
    assert RANK[sooner.status] <= RANK[later.status]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"grace_seconds": 5}, "asks"),
        ({"grace_seconds": 6}, "asks-late"),
        ({"locks": False}, "never-asks"),
        ({"on_resume": False}, "open-on-wake"),
    ],
    ids=["five", "six", "off", "wake"],
)
def test_waking_up_asks_within_five_seconds(changes: dict[str, object], says: str) -> None:
    assert on_resume(facts(rule(**changes)), ResumeSettings(grace_seconds=5)).says == says


def session(**changes: object) -> Session:
    return msgspec.structs.replace(Session("u", False, False, 0, 1_000), **changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"idle_seconds": 960}, "attended"),
        ({"idle_seconds": 961}, "left-open"),
        ({"idle_seconds": 961, "locked": True}, "locked"),
    ],
    ids=["limit", "over", "locked"],
)
def test_a_session_is_unattended_when_open_and_idle_for_longer(
    changes: dict[str, object], says: str
) -> None:
    now = LockingNow(sessions=[session(**changes)])
    assert unattended(now, facts(GOOD), UnattendedSettings(idle_seconds=960)).says == says


def test_a_locker_that_does_not_tell_is_unknown_not_open_and_not_locked() -> None:
    now = LockingNow(sessions=[session(idle_seconds=5_000, locked=Unseen("unsupported"))])
    with pytest.raises(BlindError):
        unattended(now, facts(GOOD), UnattendedSettings(idle_seconds=960))


@pytest.mark.parametrize("delay", [0, 961])
def test_a_desktop_that_says_idle_too_late_or_never_is_not_called_attended(
    delay: int,
) -> None:
    late = facts(rule(idle_seconds=delay))
    with pytest.raises(BlindError):
        unattended(LockingNow(sessions=[session()]), late, UnattendedSettings(idle_seconds=960))
    shut = LockingNow(sessions=[session(locked=True)])
    assert unattended(shut, late, UnattendedSettings(idle_seconds=960)).status == "pass"
    other = facts(rule(idle_seconds=delay, user="somebody-else"))
    numbers = UnattendedSettings(idle_seconds=960)
    assert unattended(LockingNow(sessions=[session()]), other, numbers).status == "pass"


def test_a_desktop_that_says_idle_just_in_time_is_called_attended() -> None:
    just = facts(rule(idle_seconds=960))
    numbers = UnattendedSettings(idle_seconds=960)
    assert unattended(LockingNow(sessions=[session()]), just, numbers).says == "attended"


MOMENT = Moment.at(1_795_336_200)  # 22 November 2026, 08:30 in London
TWO = MOMENT.nights[0]


@pytest.mark.parametrize(
    ("logon", "status", "says"),
    [
        (TWO, "pass", "today-only"),
        (TWO - 1, "warn", "one-night"),
        (TWO - 86_400, "warn", "one-night"),
        (TWO - 86_401, "warn", "nights"),
        (TWO - 2 * 86_400 - 1, "fail", "nights"),
    ],
)
def test_a_session_older_than_two_in_the_morning_stayed_over_night(
    logon: int, status: str, says: str
) -> None:
    finding = overnight(
        LockingNow(sessions=[session(logon_at=logon)]), OvernightSettings(nights=3), MOMENT
    )
    assert (finding.status, finding.says) == (status, says)


def test_an_empty_computer_is_attended_and_went_to_bed() -> None:
    now = LockingNow(sessions=[])
    assert unattended(now, facts(GOOD), UnattendedSettings(idle_seconds=960)).status == "pass"
    assert overnight(now, OvernightSettings(nights=3), MOMENT).status == "pass"


@pytest.mark.parametrize(
    "changes",
    [{"idle_seconds": 301}, {"idle_seconds": 0}, {"locks": False}, {"changeable": True}],
    ids=["late", "never", "off", "changeable"],
)
def test_the_remedy_names_the_limit_that_holds_for_this_computer(
    changes: dict[str, object],
) -> None:
    finding = idle_timeout(facts(rule(**changes)), IdleSettings(limit_seconds=300))
    check = catalogue().check("lock-idle-timeout")
    said = {name: remedy(check, name, finding.args) for name in ("windows", "macos", "linux")}
    assert finding.status != "pass"
    assert "inactivity limit' to 300 seconds or less" in said["windows"]
    assert "idleTime 300 or less" in said["macos"]
    assert "idle-delay=uint32 300," in said["linux"]
    assert "Timeout[$i]=5," in said["linux"]


def test_a_result_from_before_limits_were_told_has_a_remedy_without_the_number() -> None:
    said = remedy(catalogue().check("lock-idle-timeout"), "windows", {})
    assert "to (as the school asks) seconds or less" in said


def test_braces_of_the_system_itself_stay_in_a_remedy() -> None:
    said = remedy(catalogue().check("av-removable-scan"), "linux", {})
    assert "ENV{ID_BUS}" in said
