"""The board of what leaves the school: what waits for the reader, and everything by where it is,
the oldest first. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from controller.disposal.words import words
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, count
from inventory.assets.kinds import kind_of
from inventory.disposal.states import HERE
from inventory.disposal.waiting import CUPBOARD_DAYS

DAY: Final = 86_400
ON_LANE: Final = 40
"""Cards that one lane shows; the register has all."""
ON_MINE: Final = 50


class Viewer(msgspec.Struct, frozen=True):
    """Who reads, and what they may do there."""

    id: str
    requests: bool = False
    approves: bool = False
    receives: bool = False
    holds: bool = False


class Card(msgspec.Struct, frozen=True):
    """One thing on the board; every string may be shown as it is. `late`: something about it is
    overdue; `soon`: it has stood for long."""

    id: str
    seq: int
    name: str
    tag: str
    kind: str
    label: Label
    route: str
    since: int
    days: int
    next: str
    flags: list[str]
    late: bool
    soon: bool


class Mine(msgspec.Struct, frozen=True):
    """Something that waits for the reader. `tick`: it may be approved with others in one step."""

    card: Card
    what: str
    step: str
    tick: bool


class Lane(msgspec.Struct, frozen=True):
    """Where things are, and how many of them."""

    name: str
    title: str
    hint: str
    cards: list[Card]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.cards)


class Board(msgspec.Struct, frozen=True):
    """The page."""

    mine: list[Mine]
    lanes: list[Lane]
    total: int
    approvable: int


LANES: Final[tuple[tuple[str, tuple[str, ...], str, str], ...]] = (
    ("out", ("withdrawn",), "Out of use", "in the cupboard, nobody asked yet"),
    ("asked", ("requested",), "Waits for a yes", "asked for, not approved"),
    ("wiping", ("approved", "sanitising"), "To be wiped", "approved, data still on it"),
    ("ready", ("ready",), "Ready to go", "its data is accounted for"),
    ("gone", ("collected", "received"), "Gone, papers to come", "receipt or certificate missing"),
    ("missing", ("missing",), "Lost or stolen", "with its 72-hour clock"),
)
"""Name, states, title, hint."""


def board(rows: Sequence[Mapping[str, Any]], viewer: Viewer, now: int) -> Board:
    """Put it together. A row has the columns of a disposal and of its entry, `verified` (drives
    that wait to be accepted), `unconfirmed` and `witness` (drives that wait for the witness of
    their destruction, and for the reader as that) and `mine` (exceptions the reader owns); oldest
    first."""
    cards = [(row, card(row, now)) for row in rows]
    lanes = [_lane(one, cards) for one in LANES]
    mine = [found for row, told in cards if (found := _mine(row, told, viewer, now))]
    mine.sort(key=lambda one: (not one.card.late, one.card.since))
    return Board(
        mine=mine[:ON_MINE],
        lanes=[lane for lane in lanes if lane.total or lane.name != "missing"],
        total=len(rows),
        approvable=sum(one.tick for one in mine[:ON_MINE]),
    )


def card(row: Mapping[str, Any], now: int) -> Card:
    """One thing in words."""
    days = max(0, (now - row["since"]) // DAY)
    flags = _flags(row, now)
    return Card(
        id=row["id"],
        seq=row["seq"],
        name=name_of(row),
        tag=shown(row["tag"]),
        kind=kind_of(row["kind"]).title,
        label=words().states[row["state"]],
        route=words().routes.get(row["route"], ""),
        since=row["since"],
        days=days,
        next=_next(row),
        flags=flags,
        late=bool(flags),
        soon=days >= CUPBOARD_DAYS // 2,
    )


def _flags(row: Mapping[str, Any], now: int) -> list[str]:
    found = [f"stopped for {words().holds.get(one, one)}" for one in row["holds"]]
    if row["n_exceptions"]:
        found.append(count(row["n_exceptions"], "thing does not fit", "things do not fit"))
    if overdue(row, now):
        found.append("certificate overdue")
    if in_cupboard(row, now):
        found.append(f"data on it, out of use for {(now - row['opened_at']) // DAY} days")
    return found


def overdue(row: Mapping[str, Any], now: int) -> bool:
    """Whether the waste company’s certificate is late (I9)."""
    due = row["certificate_due_at"]
    return due is not None and due < now and row["state"] in ("collected", "received")


def in_cupboard(row: Mapping[str, Any], now: int) -> bool:
    """Whether it stands about for long with drives that nobody proved empty."""
    unproved = row["n_media_left"] or (not row["n_media"] and row["personal_data"] != "no")
    old = now - row["opened_at"] > CUPBOARD_DAYS * DAY
    return bool(old and unproved and row["state"] in HERE and row["state"] != "ready")


def _next(row: Mapping[str, Any]) -> str:
    left = count(row["n_media_left"], "drive", "drives")
    return {
        "withdrawn": "say where it should go",
        "requested": "approve or refuse",
        "approved": f"{left} to account for",
        "sanitising": f"{left} to account for",
        "ready": "book a collection" if row["route"] == "waste" else "hand it over",
        "collected": "enter the receipt",
        "received": "enter the certificate",
        "missing": "look for it; mind the clock",
    }.get(row["state"], "")


def _lane(
    told: tuple[str, tuple[str, ...], str, str],
    cards: Sequence[tuple[Mapping[str, Any], Card]],
) -> Lane:
    name, states, title, hint = told
    here = [one for row, one in cards if row["state"] in states]
    return Lane(name, title, hint, here[:ON_LANE], len(here))


def _mine(row: Mapping[str, Any], told: Card, viewer: Viewer, now: int) -> Mine | None:
    """The first thing of one row that this reader should do."""
    for waits, what, step in _WAITS:
        if waits(row, viewer, now):
            stopped = bool(row["holds"] or row["n_exceptions"])
            return Mine(told, what, step, tick=step == "approve" and not stopped)
    return None


Waits = Callable[[Mapping[str, Any], Viewer, int], bool]
_WIPING: Final = ("approved", "sanitising")
_WAITS: Final[tuple[tuple[Waits, str, str], ...]] = (
    (lambda row, _viewer, _now: bool(row["mine"]), "You clear up what does not fit", ""),
    (
        lambda row, _viewer, _now: bool(row["witness"]),
        "Say whether you saw a drive destroyed",
        "witness",
    ),
    (
        lambda row, viewer, _now: (
            row["state"] == "requested" and viewer.approves and row["requested_by"] != viewer.id
        ),
        "Approve or refuse it",
        "approve",
    ),
    (
        lambda row, viewer, _now: (
            row["state"] in _WIPING and viewer.approves and bool(row["verified"])
        ),
        "Accept or refuse a wipe",
        "validate",
    ),
    (
        lambda row, viewer, _now: (
            row["state"] == "collected" and viewer.receives and row["requested_by"] != viewer.id
        ),
        "Enter the waste company’s receipt",
        "receive",
    ),
    (
        lambda row, viewer, now: overdue(row, now) and (viewer.requests or viewer.receives),
        "Ask for the certificate: it is overdue",
        "certify",
    ),
    (
        lambda row, viewer, now: in_cupboard(row, now) and viewer.requests,
        "It stands about with data on it",
        "",
    ),
    (
        lambda row, viewer, _now: (
            row["state"] in _WIPING
            and viewer.requests
            and row["n_media_left"] > row["verified"] + row["unconfirmed"]
        ),
        "Wipe it, or read it back",
        "sanitise",
    ),
)
"""What may wait for somebody, the weightiest first."""
