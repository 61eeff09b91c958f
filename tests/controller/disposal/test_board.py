"""The board: what waits for whom, the oldest first, and nothing that is late goes unsaid."""

from typing import Any

import pytest

from controller.disposal.board import ON_LANE, Board, Viewer, board
from inventory.disposal.waiting import CUPBOARD_DAYS
from tests.controller.web.school import DAY, NOW

HEAD = Viewer("user_helen", approves=True, receives=True)
TECHNICIAN = Viewer("user_tariq", requests=True)


def row(**told: Any) -> dict[str, Any]:
    """One disposal and its entry, as the register keeps them."""
    usual: dict[str, Any] = {
        "id": "disp_1",
        "seq": 3,
        "state": "requested",
        "since": NOW - 2 * DAY,
        "opened_at": NOW - 3 * DAY,
        "route": "waste",
        "requested_by": "user_tariq",
        "personal_data": "yes",
        "certificate_due_at": None,
        "holds": [],
        "n_media": 2,
        "n_media_left": 2,
        "n_exceptions": 0,
        "verified": 0,
        "unconfirmed": 0,
        "witness": 0,
        "mine": 0,
        "name": "Office laptop 3",
        "make": "HP",
        "model": "ProBook",
        "tag": "WB-3",
        "serial": "5CD1",
        "kind": "laptop",
    }
    return usual | told


def of(viewer: Viewer, *rows: dict[str, Any]) -> Board:
    return board(rows, viewer, NOW)


def waits(viewer: Viewer, **told: Any) -> str:
    return next((one.what for one in of(viewer, row(**told)).mine), "")


@pytest.mark.parametrize(
    ("told", "viewer", "what"),
    [
        ({}, HEAD, "Approve or refuse it"),
        ({}, TECHNICIAN, ""),
        ({"requested_by": "user_helen"}, HEAD, ""),
        ({"state": "sanitising", "verified": 1}, HEAD, "Accept or refuse a wipe"),
        ({"state": "sanitising"}, HEAD, ""),
        ({"state": "sanitising"}, TECHNICIAN, "Wipe it, or read it back"),
        (
            {"state": "sanitising", "n_media_left": 1, "verified": 1},
            TECHNICIAN,
            "",
        ),
        (
            {"state": "sanitising", "unconfirmed": 1, "witness": 1},
            HEAD,
            "Say whether you saw a drive destroyed",
        ),
        ({"state": "sanitising", "unconfirmed": 2}, TECHNICIAN, ""),
        ({"state": "sanitising", "unconfirmed": 1}, TECHNICIAN, "Wipe it, or read it back"),
        ({"state": "collected"}, HEAD, "Enter the waste company’s receipt"),
        ({"state": "collected", "requested_by": "user_helen"}, HEAD, ""),
        (
            {"state": "received", "certificate_due_at": NOW - 1},
            TECHNICIAN,
            "Ask for the certificate: it is overdue",
        ),
        ({"state": "received", "certificate_due_at": NOW}, TECHNICIAN, ""),
        ({"state": "disposed", "certificate_due_at": NOW - 1}, TECHNICIAN, ""),
        ({"mine": 1, "state": "ready"}, TECHNICIAN, "You clear up what does not fit"),
    ],
)
def test_what_waits_for_somebody_is_what_they_may_do_and_nobody_else_must(
    told: dict[str, Any], viewer: Viewer, what: str
) -> None:
    assert waits(viewer, **told) == what


@pytest.mark.parametrize(
    ("told", "late"),
    [
        ({}, True),
        ({"opened_at": NOW - CUPBOARD_DAYS * DAY}, False),
        ({"n_media_left": 0}, False),
        ({"n_media": 0, "n_media_left": 0}, True),
        ({"n_media": 0, "n_media_left": 0, "personal_data": "no"}, False),
        ({"state": "ready"}, False),
        ({"state": "collected"}, False),
    ],
)
def test_what_stands_about_for_more_than_thirty_days_with_data_on_it_is_said(
    told: dict[str, Any], late: bool
) -> None:
    usual = {"state": "withdrawn", "opened_at": NOW - CUPBOARD_DAYS * DAY - 1}
    found = of(TECHNICIAN, row(**(usual | told)))
    flags = [flag for lane in found.lanes for card in lane.cards for flag in card.flags]
    assert [flag for flag in flags if "data on it" in flag] == (
        ["data on it, out of use for 30 days"] if late else []
    )
    assert any("stands about" in one.what for one in found.mine) == late


def test_what_is_late_comes_first_and_then_the_oldest() -> None:
    rows = [
        row(id="old", since=NOW - 90 * DAY),
        row(id="late", since=NOW - DAY, n_exceptions=2),
        row(id="new", since=NOW),
    ]
    assert [one.card.id for one in of(HEAD, *rows).mine] == ["late", "old", "new"]


@pytest.mark.parametrize("stopped", [{"holds": ["legal"]}, {"n_exceptions": 1}])
def test_what_is_stopped_or_does_not_fit_is_never_approved_in_bulk(
    stopped: dict[str, Any],
) -> None:
    found = of(HEAD, row(**stopped), row())
    assert [one.tick for one in found.mine] == [False, True]
    assert found.approvable == 1


def test_a_lane_says_how_many_more_there_are_and_an_empty_board_is_empty() -> None:
    found = of(HEAD, *(row(id=f"disp_{n}") for n in range(ON_LANE + 3)))
    lane = next(lane for lane in found.lanes if lane.name == "asked")
    assert (len(lane.cards), lane.more, lane.total) == (ON_LANE, 3, ON_LANE + 3)
    assert [lane.name for lane in of(HEAD).lanes] == ["out", "asked", "wiping", "ready", "gone"]


def test_what_a_label_says_is_shown_harmless() -> None:
    card = of(HEAD, row(name="\u202e<b>\x1b", tag="\x07=1")).lanes[1].cards[0]
    assert (card.name, card.tag) == ("<b>", "=1")
