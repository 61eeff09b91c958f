"""When a log of sign-ins is enough, at each side of its size and of its reach."""

import datetime

import pytest

from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.judges import EARLIEST, AuditSettings, BannerSettings, audit, notice
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding

SEEN = 1_795_305_600
DAY = 86_400
MIB = 1 << 20
ENOUGH, REACH = 192 * MIB, 90 * DAY
DENIED = Unseen("denied")


def trail(
    *,
    success: Maybe[bool] = True,
    failure: Maybe[bool] = True,
    size: Maybe[int | None] = ENOUGH,
    age: Maybe[int | None] = 0,
) -> Trail:
    """Its oldest record is `age` seconds old."""
    oldest = SEEN - age if isinstance(age, int) else age
    return Trail("journal", success, failure, size, oldest)


def judged(*trails: Trail, kept: Maybe[bool] = True, body: Body | None = None) -> tuple[str, str]:
    facts = LoggingFacts(list(trails), kept, DENIED)
    sections: dict[type[Facts], Body] = {LoggingFacts: facts if body is None else body}
    moment = Moment.at(SEEN, datetime.date(2026, 11, 22))
    found = run(audit, sections, AuditSettings(ENOUGH, REACH), Device("linux"), moment)
    return found.status, found.says


@pytest.mark.parametrize(
    ("size", "age", "status"),
    [
        (ENOUGH, 0, "pass"),
        (ENOUGH + 1, None, "pass"),
        (ENOUGH - 1, 0, "fail"),
        (0, 0, "fail"),
        (ENOUGH - 1, REACH, "pass"),
        (ENOUGH - 1, REACH + 1, "pass"),
        (ENOUGH - 1, REACH - 1, "fail"),
        (None, REACH, "pass"),
        (None, REACH - 1, "fail"),
        (None, -DAY, "fail"),
        (None, None, "fail"),
        (DENIED, REACH, "unknown"),
        (ENOUGH, DENIED, "pass"),
        (DENIED, 0, "unknown"),
        (0, DENIED, "unknown"),
        (0, SEEN - EARLIEST + 1, "unknown"),
        (0, SEEN - EARLIEST, "pass"),
    ],
)
def test_size_or_reach_is_enough(
    size: Maybe[int | None], age: Maybe[int | None], status: str
) -> None:
    says = {"pass": "recorded", "fail": "too-short"}.get(status, "could-not-look")
    assert judged(trail(size=size, age=age)) == (status, says)


def test_both_halves_are_asked_for() -> None:
    assert judged(trail(success=False)) == ("fail", "half")
    assert judged(trail(failure=False)) == ("fail", "half")
    assert judged(trail(success=False, failure=False)) == ("fail", "nothing")
    assert judged(trail(failure=DENIED))[0] == "unknown"


def test_nothing_at_all_fails() -> None:
    assert judged() == ("fail", "nothing")
    assert judged(body=LoggingFacts(DENIED, True, DENIED))[0] == "unknown"
    assert judged(body=DENIED)[0] == "unknown"


def test_one_good_log_is_enough_whatever_the_others_are() -> None:
    assert judged(trail(size=0), trail(), trail(success=DENIED)) == ("pass", "recorded")
    assert judged(trail(size=0), trail(success=DENIED))[0] == "unknown"
    assert judged(trail(success=False, failure=False), trail(size=0)) == ("fail", "too-short")


def test_a_clock_that_nothing_keeps_spoils_the_times() -> None:
    assert judged(trail(), kept=False) == ("warn", "clock-not-kept")
    assert judged(trail(), kept=DENIED)[0] == "unknown"
    assert judged(trail(size=0), kept=DENIED) == ("fail", "too-short")


def told(banner: Maybe[Banner], *accepted: str) -> Finding:
    banners = banner if isinstance(banner, Unseen) else [banner]
    sections: dict[type[Facts], Body] = {LoggingFacts: LoggingFacts([], True, banners)}
    moment = Moment.at(SEEN, datetime.date(2026, 11, 22))
    return run(notice, sections, BannerSettings(list(accepted)), Device("linux"), moment)


@pytest.mark.parametrize(
    ("banner", "accepted", "wanted"),
    [
        (Banner("console", True, "a"), [], ("pass", "shown")),
        (Banner("console", True, DENIED), [], ("pass", "shown")),
        (Banner("console", True, "a"), ["b", "a"], ("pass", "as-agreed")),
        (Banner("console", True, "c"), ["b", "a"], ("fail", "other-words")),
        (Banner("console", True, None), ["a"], ("fail", "other-words")),
        (Banner("console", True, DENIED), ["a"], ("unknown", "could-not-look")),
        (Banner("console", False, None), [], ("fail", "none")),
        (Banner("console", DENIED, DENIED), [], ("unknown", "could-not-look")),
        (DENIED, [], ("unknown", "could-not-look")),
    ],
)
def test_each_notice(banner: Maybe[Banner], accepted: list[str], wanted: tuple[str, str]) -> None:
    found = told(banner, *accepted)
    assert (found.status, found.says) == wanted
