"""The page of a disposal says how long each of its records is kept (spec of retention, I11)."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from controller.disposal.headline import Moment
from controller.disposal.keeping import kept
from tests.inventory.disposal.telling import HDD, approved, received

LONDON = "Europe/London"


def says(note: str, **changes: Any) -> dict[str, str]:
    story = received(HDD)
    now = msgspec.structs.replace(story.now, **changes)
    return dict(kept(now, note, Moment(now.at, LONDON)))


def at(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(datetime.datetime(year, month, day, hour, tzinfo=ZoneInfo(LONDON)).timestamp())


@pytest.mark.parametrize(
    ("note", "title", "until"),
    [
        ("transfer", "Waste transfer note", "at least until 1 March 2030"),
        ("consignment", "Hazardous waste consignment note", "at least until 1 March 2031"),
        ("", "Waste note", "at least until 1 March 2031, as its kind is not entered"),
    ],
)
def test_a_waste_note_stands_with_its_last_day(note: str, title: str, until: str) -> None:
    assert says(note, collected_at=at(2028, 2, 29))[title] == until


def test_papers_count_from_the_end_and_serial_numbers_stay() -> None:
    running = says("transfer", ended_at=None)
    assert "in which it ends" in running["Receipts, certificates, reports"]
    ended = says("transfer", ended_at=at(2026, 12, 31, 23))
    assert ended["Receipts, certificates, reports"].startswith("31 December 2032;")
    assert ended["Serial numbers and digests"].startswith("for good")


def test_what_no_company_took_has_no_waste_note() -> None:
    story = approved(HDD)
    titles = [title for title, _ in kept(story.now, "", Moment(story.now.at, LONDON))]
    assert not any("note" in title for title in titles)
