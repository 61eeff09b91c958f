"""Which evenings count as left on, and how many of them are too many."""

import datetime
from collections.abc import Sequence
from typing import cast

import pytest

from agent.hosts.local import LocalHost
from checks.facts import Facts
from checks.host import CannotLook, Host
from checks.judging import Body, Device, Moment, run
from checks.online import Stretch
from checks.policy import Profile
from checks.power import linux, macos, windows
from checks.power.evenings import AWAKE_SECONDS, BEGINS, DAY, LASTS, evenings_on
from checks.power.facts import PowerFacts
from checks.power.judges import PowerSettings, off, school_nights
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding

TODAY = datetime.date(2026, 11, 22)  # a Sunday
NUMBER = (TODAY - datetime.date(1970, 1, 1)).days
NOW = NUMBER * DAY + 12 * 3_600
LAST_NIGHT = (NUMBER - 1) * DAY + BEGINS
DENIED = Unseen("denied")


def awake(begins: int, ends: int, seconds: int | None = None) -> Stretch:
    return Stretch(begins, ends, ends - begins if seconds is None else seconds)


@pytest.mark.parametrize(
    ("begins", "ends", "on"),
    [
        (LAST_NIGHT, LAST_NIGHT + AWAKE_SECONDS, True),
        (LAST_NIGHT, LAST_NIGHT + AWAKE_SECONDS - 1, False),
        (LAST_NIGHT - 3_600, LAST_NIGHT + AWAKE_SECONDS, True),
        (LAST_NIGHT - 3_600, LAST_NIGHT + AWAKE_SECONDS - 1, False),
        (LAST_NIGHT + LASTS - AWAKE_SECONDS, LAST_NIGHT + LASTS + 9_000, True),
        (LAST_NIGHT + LASTS - AWAKE_SECONDS + 1, LAST_NIGHT + LASTS + 9_000, False),
        (LAST_NIGHT - 9 * 3_600, LAST_NIGHT, False),
    ],
)
def test_an_hour_awake_between_eight_and_six_is_a_night_on(
    begins: int, ends: int, on: bool
) -> None:
    assert evenings_on([awake(begins, ends)], NOW) == ([NUMBER - 1] if on else [])


def test_several_short_stretches_add_up() -> None:
    half = AWAKE_SECONDS // 2
    parts = [awake(LAST_NIGHT, LAST_NIGHT + half), awake(LAST_NIGHT + 9_000, LAST_NIGHT + 10_800)]
    assert evenings_on(parts, NOW) == [NUMBER - 1]


def test_a_computer_that_slept_may_have_been_awake_by_day() -> None:
    day = LAST_NIGHT - 10 * 3_600
    whole = 10 * 3_600 + LASTS
    asleep = awake(day, day + whole, seconds=10 * 3_600 + AWAKE_SECONDS - 1)
    assert evenings_on([asleep], NOW) == []
    more = awake(day, day + whole, seconds=10 * 3_600 + AWAKE_SECONDS)
    assert evenings_on([more], NOW) == [NUMBER - 1]


def test_a_machine_that_is_never_off_has_eight_evenings_at_most() -> None:
    found = evenings_on([awake(NOW - 60 * DAY, NOW)], NOW)
    assert found == list(range(NUMBER - 7, NUMBER))
    assert evenings_on([], NOW) == []


def test_a_stretch_that_runs_backwards_is_none() -> None:
    assert evenings_on([Stretch(NOW, LAST_NIGHT, 99_999)], NOW) == []


def test_school_nights_leave_out_the_weekend_and_tonight() -> None:
    assert school_nights(TODAY) == {NUMBER - back for back in (2, 3, 4, 5, 6)}
    wednesday = TODAY + datetime.timedelta(days=3)
    assert school_nights(wednesday) == {NUMBER + 2, NUMBER + 1, NUMBER - 2, NUMBER - 3, NUMBER - 4}


def judged(
    evenings: Maybe[list[int]], *, profile: Maybe[Profile] = "pupil", since: Maybe[int] = 0
) -> Finding:
    sections: dict[type[Facts], Body] = {PowerFacts: PowerFacts(evenings, since)}
    moment = Moment.at(NOW, TODAY)
    return run(off, sections, PowerSettings(2), Device("linux", profile), moment)


@pytest.mark.parametrize(
    ("count", "wanted"),
    [(0, "pass"), (1, "pass"), (2, "pass"), (3, "warn"), (5, "warn")],
)
def test_more_than_two_of_five_school_nights_are_too_many(count: int, wanted: str) -> None:
    found = judged([NUMBER - 2 - back for back in range(count)])
    assert found.status == wanted
    assert found.args == ({"count": count} if wanted == "warn" else {})


def test_a_weekend_and_long_ago_do_not_count() -> None:
    assert judged([NUMBER - 1, NUMBER, NUMBER - 7, NUMBER - 8]).status == "pass"


def test_what_nobody_remembers_is_not_a_pass() -> None:
    assert judged(DENIED).status == "unknown"


def test_a_computer_that_may_be_a_server_is_asked_about_first() -> None:
    unset = Unseen("unsupported")
    found = judged([NUMBER - 2, NUMBER - 3, NUMBER - 4], profile=unset)
    assert (found.status, found.says) == ("unknown", "profile-unset")
    assert judged([], profile=unset).status == "pass"


@pytest.mark.parametrize(
    ("back", "evenings", "status"),
    [(4, [], "pass"), (3, [], "unknown"), (4, [NUMBER - 2], "unknown"), (4, [NUMBER - 6], "pass")],
)
def test_nights_nobody_watched_may_have_been_left_on(
    back: int, evenings: list[int], status: str
) -> None:
    since = (NUMBER - back) * DAY + BEGINS
    assert judged(evenings, since=since).status == status
    assert judged(evenings, since=DENIED).status == "unknown"


def test_nights_left_on_are_told_whoever_watched_before() -> None:
    assert judged([NUMBER - 2, NUMBER - 3, NUMBER - 4], since=DENIED).status == "warn"


class Door:
    """Remembers what a test gives it."""

    def __init__(self, stretches: Sequence[Stretch] | CannotLook, enrolled: int | None = 7) -> None:
        self.stretches, self.enrolled = stretches, enrolled

    def online(self) -> list[Stretch]:
        if isinstance(self.stretches, CannotLook):
            raise self.stretches
        return list(self.stretches)

    def clock(self) -> int:
        return NOW

    def enrolled_at(self) -> int | None:
        return self.enrolled


@pytest.mark.parametrize("reader", [linux, windows, macos], ids=["linux", "windows", "macos"])
def test_every_reader_asks_the_agents_memory(reader: object) -> None:
    read = reader.read  # type: ignore[attr-defined]  # a reader module
    night = awake(LAST_NIGHT, LAST_NIGHT + LASTS)
    assert read(cast("Host", Door([night]))) == PowerFacts([NUMBER - 1], 7)
    blind = PowerFacts(Unseen("unsupported"), 7)
    assert read(cast("Host", Door(CannotLook("unsupported")))) == blind
    assert read(cast("Host", Door([], None))) == PowerFacts([], Unseen("deferred"))


def test_this_very_machine_is_seen() -> None:
    assert isinstance(linux.read(LocalHost(b"k" * 32)).evenings_on, list)
