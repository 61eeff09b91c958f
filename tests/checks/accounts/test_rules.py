"""Passwords and guessing, at, below and above each number, and for 0, never, absent and unseen."""

from typing import Any

import pytest

from checks.accounts.rules import LockoutSettings, PasswordSettings, lockout, password_policy
from tests.checks.accounts.good import DENIED, account, facts, judged, said

PASSWORDS = PasswordSettings(min_length=12, min_length_helped=8)
LOCKOUT = LockoutSettings(attempts=10, window_seconds=300, pin_length=6)


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
