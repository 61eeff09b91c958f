"""Times as a school says them, in its own timezone, both clock-change nights included."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.wording import moments
from tests.controller.web.school import DAY, NOW

LONDON = "Europe/London"


def at(text: str) -> int:
    """Epoch seconds of a UTC time."""
    return int(datetime.datetime.fromisoformat(f"{text}+00:00").timestamp())


@pytest.mark.parametrize(
    ("epoch", "said"),
    [
        (NOW, "today 07:32"),
        (NOW - 9 * 3600, "yesterday 22:32"),
        (NOW - 3 * DAY, "Thu 07:32"),
        (NOW - 9 * DAY, "Fri 13 Nov"),
        (NOW - 400 * DAY, "18 October 2025"),
        (NOW + 2 * DAY, "Tue 24 Nov"),
    ],
)
def test_a_moment_is_said_as_people_say_it(epoch: int, said: str) -> None:
    assert moments.when(epoch, NOW, LONDON) == said


def test_midnight_is_the_schools_and_not_greenwichs() -> None:
    now = at("2026-07-01T06:00:00")
    assert moments.when(at("2026-06-30T23:30:00"), now, LONDON) == "today 00:30"
    assert moments.when(at("2026-06-30T22:30:00"), now, LONDON) == "yesterday 23:30"


def test_both_nights_when_the_clocks_change() -> None:
    spring, autumn = at("2026-03-29T08:00:00"), at("2026-10-25T08:00:00")
    assert moments.when(at("2026-03-29T00:30:00"), spring, LONDON) == "today 00:30"
    assert moments.when(at("2026-03-29T01:30:00"), spring, LONDON) == "today 02:30"
    assert moments.when(at("2026-10-25T00:30:00"), autumn, LONDON) == "today 01:30"
    assert moments.when(at("2026-10-25T01:30:00"), autumn, LONDON) == "today 01:30"
    assert moments.when(at("2026-10-24T22:59:00"), autumn, LONDON) == "yesterday 23:59"


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from([LONDON, "Mars/Olympus", "", "UTC"]))
def test_no_time_a_computer_may_send_breaks_a_page(epoch: int, timezone: str) -> None:
    assert moments.when(epoch, NOW, timezone)
    assert moments.day(epoch, NOW, timezone)
    assert moments.exact(epoch, timezone)
