"""No record of a disposal is given up early, also from a 29th of February."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.disposal.keeping import (
    NOTE_YEARS,
    Note,
    day_of,
    goes_at,
    note_until,
    proof_until,
)

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 12, 31))
LEAP = datetime.date(2028, 2, 29)
ZONES = st.sampled_from(["Europe/London", "Pacific/Auckland", "America/New_York"])


@given(day=DAYS, note=st.sampled_from(["transfer", "consignment"]))
@example(day=LEAP, note="transfer")
def test_a_waste_note_is_kept_for_all_its_years_and_no_day_longer_than_one(
    day: datetime.date, note: Note
) -> None:
    last, years = note_until(note, day), NOTE_YEARS[note]
    assert (last.year, (last.month, last.day) >= (day.month, day.day)) == (day.year + years, True)
    assert last <= day + datetime.timedelta(days=365 * years + 2)


@given(day=DAYS)
@example(day=LEAP)
def test_proof_is_kept_for_six_years_and_the_running_one(day: datetime.date) -> None:
    last = proof_until(day)
    assert (last.month, last.day, last.year - day.year) == (12, 31, 6)


@pytest.mark.parametrize(
    ("note", "day", "last"),
    [
        ("transfer", datetime.date(2026, 11, 23), datetime.date(2028, 11, 23)),
        ("consignment", datetime.date(2026, 11, 23), datetime.date(2029, 11, 23)),
        ("transfer", LEAP, datetime.date(2030, 3, 1)),
        ("consignment", LEAP, datetime.date(2031, 3, 1)),
    ],
)
def test_a_note_has_its_last_day(note: Note, day: datetime.date, last: datetime.date) -> None:
    assert note_until(note, day) == last


@given(day=DAYS, zone=ZONES)
def test_the_last_day_is_kept_to_its_end_where_the_school_is(day: datetime.date, zone: str) -> None:
    gone = goes_at(day, zone)
    assert day_of(gone - 1, zone) == day
    assert day_of(gone, zone) == day + datetime.timedelta(days=1)
    local = datetime.datetime.fromtimestamp(gone, ZoneInfo(zone))
    assert (local.hour, local.minute) == (0, 0)
