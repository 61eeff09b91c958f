"""Locking on Windows: the machine's limit, the account's own screen saver, and who is signed in."""

import msgspec
import pytest

from checks.judging import Moment
from checks.layers import Layer
from checks.locking.facts import LockingFacts, LockingNow, Rule, Session
from checks.locking.judges import (
    IdleSettings,
    ResumeSettings,
    UnattendedSettings,
    idle_timeout,
    on_resume,
    unattended,
)
from checks.unseen import BlindError, Unseen
from checks.verdicts import Finding

LIMIT = IdleSettings(limit_seconds=900)
GRACE = ResumeSettings(grace_seconds=5)
IDLE = UnattendedSettings(idle_seconds=960)
MOMENT = Moment.at(1_795_336_200)
AWAY = Unseen("deferred")
SAVER = Rule("u", "windows", 600, True, 5, True, False, "group-policy", True, 0)
"""An account whose screen saver is set by policy and asks for the password."""
BARE = msgspec.structs.replace(SAVER, idle_seconds=0, changeable=True, decided_by="default")
"""An account as Windows makes it: no screen saver."""
NOT_IN = Rule("v", "windows", AWAY, AWAY, 5, True, AWAY, AWAY, AWAY, AWAY, loaded=False)


def facts(*rules: Rule, machine: int | None = None, by: Layer | None = None) -> LockingFacts:
    return LockingFacts(list(rules), machine, by)


def idle(lock: LockingFacts) -> tuple[str, str]:
    return said(idle_timeout(lock, LIMIT))


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


def rule(**changes: object) -> Rule:
    return msgspec.structs.replace(SAVER, **changes)


@pytest.mark.parametrize(
    ("machine", "status", "says"),
    [
        (1, "pass", "machine-locks-by"),
        (899, "pass", "machine-locks-by"),
        (900, "pass", "machine-locks-by"),
        (901, "fail", "too-late-by"),
        (0, "fail", "never-idle"),
        (None, "fail", "never-idle"),
    ],
)
def test_a_limit_on_the_machine_locks_within_it_and_zero_is_no_limit(
    machine: int | None, status: str, says: str
) -> None:
    assert idle(facts(BARE, machine=machine, by="group-policy")) == (status, says)


@pytest.mark.parametrize(
    ("saver", "grace", "status", "says"),
    [
        (895, 5, "pass", "locks-by"),
        (895, 6, "fail", "too-late-by"),
        (1, 0, "pass", "locks-by"),
        (0, 0, "fail", "never-idle"),
    ],
)
def test_without_one_the_screen_saver_and_its_grace_count(
    saver: int, grace: int, status: str, says: str
) -> None:
    assert idle(facts(rule(idle_seconds=saver, grace_seconds=grace))) == (status, says)


def test_a_screen_saver_that_asks_no_password_locks_nothing() -> None:
    assert idle(facts(rule(locks=False))) == ("fail", "never-idle")
    assert idle(facts(rule(locks=False), machine=900, by="mdm")) == ("pass", "machine-locks-by")


def test_a_saver_the_user_can_change_is_a_warning_unless_the_machine_locks_anyway() -> None:
    loose = rule(changeable=True, decided_by="user")
    assert idle(facts(loose)) == ("warn", "user-can-change")
    assert idle(facts(loose, machine=900, by="mdm")) == ("pass", "machine-locks-by")
    assert idle(facts(loose, machine=901, by="mdm")) == ("warn", "user-can-change")


def test_a_screen_that_cannot_be_locked_at_all_fails_whatever_the_limit() -> None:
    assert idle(facts(rule(possible=False), machine=60, by="mdm")) == ("fail", "never-locks")


@pytest.mark.parametrize(
    ("lock", "by"),
    [
        (facts(BARE, machine=600, by="mdm"), "mdm"),
        (facts(SAVER), "group-policy"),
        (facts(rule(idle_seconds=1_200, decided_by="user")), "user"),
        (facts(rule(idle_seconds=1_200), machine=1_000, by="mdm"), "mdm"),
        (facts(NOT_IN, machine=1_000, by="mdm"), "mdm"),
    ],
    ids=["machine", "saver", "late-saver", "late-machine", "nobody-in"],
)
def test_the_finding_says_who_decided(lock: LockingFacts, by: str) -> None:
    assert idle_timeout(lock, LIMIT).args["by"] == by


def test_an_account_that_is_not_signed_in_is_judged_when_it_is() -> None:
    assert idle(facts(SAVER, NOT_IN)) == ("pass", "locks-by")
    assert idle(facts(BARE, NOT_IN)) == ("fail", "never-idle")
    assert said(on_resume(facts(SAVER, NOT_IN), GRACE)) == ("pass", "asks")


def test_with_nobody_signed_in_only_the_machines_own_rules_speak() -> None:
    assert idle(facts(NOT_IN, machine=900, by="mdm")) == ("pass", "machine-locks-by")
    assert idle(facts(NOT_IN, machine=901, by="mdm")) == ("fail", "too-late-by")
    for nothing in (None, 0):
        with pytest.raises(BlindError) as blind:
            idle_timeout(facts(NOT_IN, machine=nothing), LIMIT)
        assert (blind.value.reason, blind.value.says) == ("deferred", "nobody-loaded")
    assert said(on_resume(facts(NOT_IN), GRACE)) == ("pass", "asks-nobody-in")
    never = msgspec.structs.replace(NOT_IN, on_resume=False)
    assert said(on_resume(facts(never), GRACE)) == ("fail", "open-on-wake")
    with pytest.raises(BlindError):
        on_resume(facts(msgspec.structs.replace(NOT_IN, on_resume=Unseen("denied"))), GRACE)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"grace_seconds": 5}, "asks"),
        ({"grace_seconds": 6}, "asks-late"),
        ({"grace_seconds": 6, "idle_seconds": 0}, "asks"),
        ({"wake_grace_seconds": 5}, "asks"),
        ({"wake_grace_seconds": 6}, "asks-late"),
        ({"locks": False}, "never-asks"),
        ({"locks": False, "idle_seconds": 0}, "asks"),
        ({"on_resume": False}, "open-on-wake"),
        ({"possible": False}, "never-asks"),
    ],
    ids=["five", "six", "no-saver", "wake-5", "wake-6", "off", "no-saver-off", "wake", "cannot"],
)
def test_waking_and_the_end_of_a_screen_saver_ask(changes: dict[str, object], says: str) -> None:
    assert on_resume(facts(rule(**changes)), GRACE).says == says


@pytest.mark.parametrize("field", ["possible", "idle_seconds", "grace_seconds", "locks"])
def test_what_nobody_could_see_of_an_account_is_unknown(field: str) -> None:
    with pytest.raises(BlindError):
        idle_timeout(facts(rule(**{field: Unseen("denied")})), LIMIT)


def test_a_locked_screen_needs_no_idle_time_and_an_open_one_stays_unknown_without_it() -> None:
    blind = Unseen("unsupported")
    one = Session("u", False, True, blind, 1_000)
    assert said(unattended(LockingNow([one]), facts(SAVER), IDLE)) == ("pass", "locked")
    for locked in (False, blind):
        left = msgspec.structs.replace(one, locked=locked)
        with pytest.raises(BlindError):
            unattended(LockingNow([left]), facts(SAVER), IDLE)
