"""When a scanner begins a survey by itself."""

import datetime
import zoneinfo
from pathlib import Path

import pytest

from agent.survey import due, scope
from agent.survey.scope import Refused, Scope
from wire import scope as signed

LONDON = zoneinfo.ZoneInfo("Europe/London")
HOUR, DAY = 3_600, 86_400


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime.datetime(2026, 11, day, hour, minute, tzinfo=LONDON).timestamp())


def held(begins: int = 18 * 60, ends: int = 6 * 60) -> Scope:
    said = signed.Scope(
        site="site_1",
        version=1,
        issued_at=at(1, 0),
        expires_at=at(30, 0),
        authorised_by="Ann Other",
        role="Head teacher",
        contact="office",
        scanner="dev_1",
        subnets=["10.20.0.0/24"],
        exclude=[],
        hours=signed.Hours(begins_minute=begins, ends_minute=ends, timezone="Europe/London"),
    )
    made = scope._understood(said, "sha256:" + "0" * 64)
    assert isinstance(made, Scope)
    return made


@pytest.mark.parametrize(
    ("now", "last", "is_due"),
    [
        (at(23, 17, 59), 0, False),  # not open yet
        (at(23, 18, 0), 0, True),
        (at(23, 18, 0), at(22, 20), True),  # that was last night
        (at(23, 23), at(23, 18, 20), False),  # tonight's is made
        (at(24, 5, 59), at(23, 18, 20), False),  # after midnight it is the same night
        (at(24, 6, 0), at(22, 18), False),  # and over
        (
            at(24, 2),
            at(23, 17, 59),
            True,
        ),  # one made by hand before is another
    ],
)
def test_once_each_time_the_hours_open(now: int, last: int, is_due: bool) -> None:
    assert due.due(held(), now, last) is is_due


def test_hours_that_never_close_are_one_survey_a_day() -> None:
    always = held(0, 24 * 60)
    now = at(23, 12)
    assert not due.due(always, now, now - DAY + HOUR)
    assert due.due(always, now, now - DAY - 60)


def test_a_clock_that_was_put_back_holds_nothing_up_for_longer_than_a_night() -> None:
    assert not due.due(held(), at(23, 19), at(29, 19))
    assert due.due(held(), at(24, 19), at(23, 19))


def test_a_scope_that_is_refused_is_told_of_once_a_day() -> None:
    refused = Refused("expired", "The scope has run out.")
    assert due.due(refused, at(23, 12), 0)
    assert not due.due(refused, at(23, 12), at(23, 0))
    assert due.due(refused, at(24, 0), at(23, 0))


@pytest.mark.parametrize("damage", [b"", b"{", b'{"v":2}', b"\xff"])
def test_what_cannot_be_read_is_none_yet(tmp_path: Path, damage: bytes) -> None:
    assert due.last(tmp_path) == 0
    due.begun(tmp_path, at(23, 18))
    assert due.last(tmp_path) == at(23, 18)
    (tmp_path / due.NAME).write_bytes(damage)
    assert due.last(tmp_path) == 0
