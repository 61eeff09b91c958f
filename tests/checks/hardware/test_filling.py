"""When a drive is full, from the days an agent remembers: steady, by leaps, and by too little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.hardware.facts import Volume
from checks.hardware.filling import (
    LEAST_DAYS,
    SMALLEST_OTHER,
    SOON_DAYS,
    counts,
    forecast,
    named,
)
from checks.host import CannotLook
from checks.room import REMEMBERED_DAYS, Room

TODAY = 20_779
"""22 November 2026, a Sunday."""
MONDAY = TODAY - 6
GIB = 1 << 30
SYSTEM = "system:500:0"
DATA = "other:900:0"


def days(*free: int, name: str = SYSTEM) -> list[Room]:
    """One look a day until yesterday."""
    first = TODAY - len(free)
    return [Room(first + place, {name: left}) for place, left in enumerate(free)]


def falling(now: int, pace: int, count: int = 28) -> list[Room]:
    return days(*(now + pace * (count - place) for place in range(count)))


def left(days_left: int) -> int | None:
    """The forecast of a drive that loses a GiB a day and has this many left."""
    return forecast(falling(days_left * GIB, GIB), {SYSTEM: days_left * GIB}, TODAY)


def test_a_steady_pace_is_followed_to_its_end() -> None:
    assert left(90) == TODAY + 90 - (TODAY + 90 - MONDAY) % 7
    assert left(0) == MONDAY


@pytest.mark.parametrize("ahead", [1, 5, 6, 7, 89, 90, 91, 180])
def test_a_forecast_is_a_monday_and_never_late(ahead: int) -> None:
    found = left(ahead)
    assert found is not None
    assert (found - MONDAY) % 7 == 0
    assert TODAY + ahead - 6 <= found <= TODAY + ahead


def test_what_is_further_than_half_a_year_is_not_told() -> None:
    assert left(SOON_DAYS) is not None
    assert left(SOON_DAYS + 1) is None


@pytest.mark.parametrize("pace", [0, -GIB], ids=["still", "emptying"])
def test_a_drive_that_does_not_fill_is_never_full(pace: int) -> None:
    assert forecast(falling(100 * GIB, pace), {SYSTEM: 100 * GIB}, TODAY) is None


def test_one_large_copy_is_no_pace() -> None:
    before = days(*[400 * GIB] * 20, *[100 * GIB] * 8)
    assert forecast(before, {SYSTEM: 100 * GIB}, TODAY) is None


def test_backups_that_come_and_go_by_the_week_are_no_pace() -> None:
    before = days(*((200 - 20 * (day % 7)) * GIB for day in range(28)))
    assert forecast(before, {SYSTEM: 200 * GIB}, TODAY) is None


def test_backups_that_come_and_go_hide_no_drive_that_fills() -> None:
    before = days(*((400 - 10 * day - (day % 7)) * GIB for day in range(28)))
    found = forecast(before, {SYSTEM: 120 * GIB}, TODAY)
    assert found is not None
    assert found <= TODAY + 15


def blind(before: list[Room], free: dict[str, int] | None = None) -> str:
    with pytest.raises(CannotLook) as raised:
        forecast(before, {SYSTEM: GIB} if free is None else free, TODAY)
    return raised.value.reason


def test_too_few_days_say_nothing() -> None:
    assert blind([]) == "deferred"
    assert blind(falling(GIB, GIB, 20)) == "deferred"
    assert forecast(falling(GIB, GIB, 21), {SYSTEM: GIB}, TODAY) is not None


@pytest.mark.parametrize(("looks", "enough"), [(LEAST_DAYS - 1, True), (LEAST_DAYS - 2, False)])
def test_a_server_that_is_mostly_off_says_nothing_for_longer(looks: int, enough: bool) -> None:
    month = falling(GIB, GIB, 28)
    seen = [month[0], *month[-looks:]]
    if enough:
        assert forecast(seen, {SYSTEM: GIB}, TODAY) is not None
    else:
        assert blind(seen) == "deferred"


def test_days_too_long_ago_and_days_that_lie_ahead_do_not_count() -> None:
    old = [Room(one.day - REMEMBERED_DAYS, one.free) for one in falling(GIB, GIB)]
    ahead = [Room(one.day + 60, one.free) for one in falling(GIB, GIB)]
    assert blind([*old, *ahead]) == "deferred"


def test_no_drive_that_counts_is_no_forecast() -> None:
    assert blind(falling(GIB, GIB), {}) == "unsupported"


def test_a_drive_of_another_size_has_no_past() -> None:
    assert blind(falling(GIB, GIB), {"system:501:0": GIB}) == "deferred"


def test_a_new_drive_hides_no_other_that_fills() -> None:
    found = forecast(falling(10 * GIB, GIB), {SYSTEM: 10 * GIB, DATA: 900 * GIB}, TODAY)
    assert found is not None
    assert blind(falling(900 * GIB, 0), {SYSTEM: 900 * GIB, DATA: 1}) == "deferred"


def test_the_first_drive_to_be_full_is_told() -> None:
    both = [Room(one.day, {**one.free, DATA: 400 * GIB}) for one in falling(10 * GIB, GIB)]
    found = forecast(both, {SYSTEM: 10 * GIB, DATA: 400 * GIB}, TODAY)
    assert found is not None
    assert found <= TODAY + 10


def test_volumes_are_named_by_what_they_are() -> None:
    alike = Volume("other", SMALLEST_OTHER, 5)
    rows = [Volume("system", 100, 40), alike, Volume("other", SMALLEST_OTHER, 6)]
    small = [Volume("boot", 100, 1), Volume("other", SMALLEST_OTHER - 1, 1), Volume("home", 0, 0)]
    assert named([*rows, *small]) == {
        "system:100:0": 40,
        f"other:{SMALLEST_OTHER}:0": 5,
        f"other:{SMALLEST_OTHER}:1": 6,
    }
    assert not any(counts(one) for one in small)


@given(
    st.lists(
        st.builds(
            Room,
            st.integers(TODAY - 40, TODAY + 10),
            st.dictionaries(st.sampled_from([SYSTEM, DATA]), st.integers(-5, 1 << 60)),
        ),
        max_size=40,
    ),
    st.integers(0, 1 << 60),
)
def test_any_record_gives_a_monday_soon_nothing_or_a_refusal(before: list[Room], now: int) -> None:
    try:
        found = forecast(before, {SYSTEM: now}, TODAY)
    except CannotLook:
        return
    assert found is None or (MONDAY <= found <= TODAY + SOON_DAYS and (found - MONDAY) % 7 == 0)
