"""Licences held against installs: over, ended, not on record, soon to be renewed."""

import datetime
from typing import Any

import pytest

from checks.judging import Moment
from checks.records.licences.facts import Entitlement, Group, LicenceFacts
from checks.records.licences.judges import LicenceSettings, licensed

TODAY = datetime.date(2026, 11, 22)
MOMENT = Moment.at(1_795_332_720, TODAY, "Europe/London")
SETTINGS = LicenceSettings(warn_seconds=60 * 86_400)


def seats(number: int | None, expires_on: str = "", counts: Any = "computer") -> Entitlement:
    return Entitlement(counts, number, None, expires_on)


def users(number: int, given: int | None) -> Entitlement:
    return Entitlement("user", number, given, "")


@pytest.mark.parametrize(
    ("installs", "licences", "status", "says"),
    [
        (10, [seats(10)], "pass", "licensed"),
        (11, [seats(10)], "fail", "over"),
        (25, [seats(10), seats(15)], "pass", "licensed"),
        (26, [seats(10), seats(15)], "fail", "over"),
        (500, [seats(None, counts="site")], "pass", "licensed"),
        (500, [seats(10), seats(None, counts="site")], "pass", "licensed"),
        (0, [seats(10)], "pass", "licensed"),
        (0, [seats(10, "2020-01-01")], "pass", "licensed"),
        (3, [], "warn", "no-record"),
        (0, [], "pass", "licensed"),
        (3, [seats(10, "2026-11-21")], "fail", "expired"),
        (3, [seats(10, "2026-11-22")], "warn", "ends-soon"),
        (3, [seats(10, "2027-01-21")], "warn", "ends-soon"),
        (3, [seats(10, "2027-01-22")], "pass", "licensed"),
        (3, [seats(10, "2026-11-21"), seats(3)], "pass", "licensed"),
        (4, [seats(10, "2026-11-21"), seats(3)], "fail", "over"),
        (4, [users(30, 30)], "pass", "licensed"),
        (4, [users(30, 31)], "fail", "over"),
        (400, [users(30, None)], "pass", "licensed"),
    ],
)
def test_one_program(installs: int, licences: list[Entitlement], status: str, says: str) -> None:
    found = licensed(LicenceFacts([Group("Office", installs, licences)]), SETTINGS, MOMENT)
    assert (found.status, found.says) == (status, says)


def test_a_school_that_buys_nothing_is_not_asked() -> None:
    assert licensed(LicenceFacts([]), SETTINGS, MOMENT).status == "not-applicable"


def test_what_is_worst_is_said_and_a_few_are_named() -> None:
    bare = [Group(f"Program {n} {'x' * 50}", 1, []) for n in range(5)]
    ended = Group("Sibelius", 2, [seats(5, "2025-08-31")])
    found = licensed(LicenceFacts([*bare, ended]), SETTINGS, MOMENT)
    assert (found.says, found.args["titles"], found.args["count"]) == ("expired", "Sibelius", 1)
    found = licensed(LicenceFacts(bare), SETTINGS, MOMENT)
    assert str(found.args["titles"]).endswith(" and 2 more")
    assert len(str(found.args["titles"])) < 100
