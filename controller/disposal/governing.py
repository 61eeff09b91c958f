"""The governors' page: how the school's equipment leaves, in counts only (§5.4).

No tag, serial number or name; and where a count is so small that somebody could be told by it, it
is not given: fewer than five, but nought.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from controller.disposal.board import DAY, in_cupboard, overdue
from controller.disposal.words import words
from controller.people.actor import School
from controller.wording import moments
from inventory.contractors import queries as contractors
from inventory.contractors.standing import SOON_DAYS
from inventory.disposal import lists
from inventory.disposal.waiting import CUPBOARD_DAYS

FEWEST: Final = 5
"""A smaller count tells of somebody."""
TERM_DAYS: Final = 120


class Figure(msgspec.Struct, frozen=True):
    """One number with what it says; `text` is the number, or that it is too small to give."""

    title: str
    text: str
    note: str = ""
    tone: str = "grey"


class Page(msgspec.Struct, frozen=True):
    """What governors read. `questions`: what they might ask."""

    since: int
    until: int
    figures: list[Figure]
    routes: list[tuple[str, str]]
    questions: list[str]


def page(school: School, now: int) -> Page:
    """Of the last 120 days, and how things stand today."""
    since = now - TERM_DAYS * DAY
    ended = lists.ended_since(school.id, since, now + 1)
    running = lists.listed({school.id}, lists.Asked(), now)
    today = moments.local(now, school.timezone).date()
    expiring = len(contractors.expiring({school.id}, today.isoformat()))
    return put_together(ended, running, expiring, now, since)


def put_together(
    ended: Sequence[Mapping[str, Any]],
    running: Sequence[Mapping[str, Any]],
    expiring: int,
    now: int,
    since: int,
) -> Page:
    """Pure: what there is, as counts."""
    gone = [row for row in ended if row["state"] not in ("reinstated", "reused")]
    late = sum(overdue(row, now) for row in running)
    standing = sum(in_cupboard(row, now) for row in running)
    open_ones = sum(bool(row["n_exceptions"]) for row in running)
    missing = sum(row["state"] == "missing" for row in running)
    figures = [
        Figure("Left the school", few(len(gone)), "all ways out together"),
        Figure("Every drive accounted for", *_proved(gone)),
        Figure("Days from cupboard to certificate", _days(gone), "on average"),
        Figure(
            f"Out of use for more than {CUPBOARD_DAYS} days with data on it",
            few(standing),
            "the commonest way to lose data",
            "bad" if standing else "good",
        ),
        Figure("Certificates overdue", few(late), "", "bad" if late else "good"),
        Figure("Things that do not fit", few(open_ones), "", "bad" if open_ones else "good"),
        Figure("Lost or stolen, not settled", few(missing), "", "bad" if missing else "good"),
        Figure(
            f"Waste companies’ papers that end within {SOON_DAYS} days",
            str(expiring),
            "",
            "warn" if expiring else "good",
        ),
    ]
    return Page(since, now, figures, _routes(gone), _questions(standing, late, open_ones, missing))


def few(number: int) -> str:
    """A count that tells of nobody."""
    return str(number) if number == 0 or number >= FEWEST else f"fewer than {FEWEST}"


def _proved(gone: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    if not gone:
        return "–", "nothing left", "grey"
    open_ones = sum(bool(row["n_media_left"]) for row in gone)
    if any(row["n_lost"] for row in gone):
        return "not all", "a drive was given up as lost", "bad"
    if not open_ones:
        return "100 %", "wiped or destroyed here or by certificate, or kept", "good"
    return "not all", "of what was written off some is not", "bad"


def _days(gone: Sequence[Mapping[str, Any]]) -> str:
    """The average; none where it would be somebody’s."""
    if len(gone) < FEWEST:
        return "–"
    days = [(row["closed_at"] - row["opened_at"]) // DAY for row in gone]
    return str(round(sum(days) / len(days)))


def _routes(gone: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """By way out, where no single count tells of somebody; together they would tell the rest."""
    counted = Counter(row["route"] for row in gone)
    if any(0 < number < FEWEST for number in counted.values()):
        return []
    return [(words().routes[route], str(number)) for route, number in counted.most_common()]


def _questions(standing: int, late: int, open_ones: int, missing: int) -> list[str]:
    asked = (
        (standing, "Why does equipment with data on it stand about for more than a month?"),
        (late, "What did the waste company answer about the certificates that are overdue?"),
        (open_ones, "Who clears up what does not fit, and by when?"),
        (missing, "Was the ICO told within 72 hours, or why did it not have to be?"),
    )
    return [question for applies, question in asked if applies]
