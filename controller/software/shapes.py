"""What the pages of programs, requests and licences show; every string may be shown as it is."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.register.said import money
from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.licences.queries import Overview
from inventory.software.queries import Listed, Place, Spelling
from inventory.software.requests import Listed as ListedRequests
from inventory.software.requests import Request

SHOWS: Final = ("", "undecided", "not", "approved", "asked", "watched", "ended", "eye", "gone")
SOON_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One title in the list."""

    id: str
    title: str
    maker: str
    computers: int
    versions: int
    label: Label
    wish: str
    watch: list[str]
    ended: bool
    ends: str
    first_seen_at: int
    last_seen_at: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list. `every`: computers that count, `cut`: those whose list is not whole."""

    rows: list[Row]
    previous: str
    next: str
    total: int
    tabs: list[tuple[str, str, int]]
    here: int
    narrowed: bool
    every: int
    cut: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version and what it is called where."""

    version: str
    name: str
    platform: str
    computers: int
    ended: bool
    ends: str


@dataclass(frozen=True, slots=True)
class Where:
    """One computer."""

    id: str
    name: str
    platform: str
    versions: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    id: str
    seq: int
    title: str
    name: str
    purpose: str
    how_many: int
    used_by: str
    link: str
    cost: str
    personal_data: str
    age_from: int | None
    state: str
    label: Label
    asked_at: int
    asked_by: str
    looked_at: int | None
    looked_by: str
    decided_at: int | None
    decided_by: str
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The page of one title."""

    row: Row
    site: str
    wished_by: str
    wished_at: int | None
    needs: str
    bought: bool
    versions: list[Version]
    where: list[Where]
    asked: list[Ask]
    licences: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Requests:
    """A page of requests."""

    rows: list[Ask]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence in the list. `left`: seats free, negative where too many have it."""

    id: str
    name: str
    titles: str
    counts: str
    seats: int | None
    used: int | None
    left: int | None
    supplier: str
    expires: str
    label: Label


@dataclass(frozen=True, slots=True)
class Licences:
    """The page of licences. `bare`: titles that should have one (id, title, computers)."""

    rows: list[LicenceRow]
    bare: list[tuple[str, str, int]]


def listing(
    found: Listed,
    *,
    today: str,
    counts: Mapping[str, int],
    waiting: int,
    total: int | None,
    every: int,
    cut: int,
) -> Listing:
    """Put the list together. `total`: how many were found, None where nothing was asked for."""
    told = {**counts, "asked": waiting}
    labels = words().software.shows
    return Listing(
        rows=[_row(row, today) for row in found.rows],
        previous=found.previous,
        next=found.next,
        total=counts[""] if total is None else total,
        tabs=[(show, labels[show or "all"], told[show]) for show in SHOWS],
        here=counts[""],
        narrowed=total is not None,
        every=every,
        cut=cut,
    )


def title_page(
    row: Mapping[str, Any],
    spelt: Sequence[Spelling],
    places: Sequence[Place],
    *,
    today: str,
    computers: Mapping[str, str],
    people: Mapping[str, str],
    asked: Sequence[Request],
    licences: Sequence[Mapping[str, Any]],
) -> TitlePage:
    """Put the page of a title together."""
    return TitlePage(
        row=_row(row, today),
        site=row["site"],
        wished_by=shown(people.get(row["wish_by"], "")),
        wished_at=row["wish_at"],
        needs=row["needs_licence"],
        bought=row["paid"],
        versions=[_version(one, today) for one in spelt if one.computers or not row["computers"]],
        where=sorted(
            (_where(place, computers) for place in places), key=lambda one: one.name.casefold()
        ),
        asked=[_ask(one, people, "") for one in asked],
        licences=[(one["id"], shown(one["name"])) for one in licences],
    )


def requests(found: ListedRequests, people: Mapping[str, str], actor: str) -> Requests:
    """Put a page of requests together."""
    rows = [_ask(row, people, actor) for row in found.rows]
    return Requests(rows, found.previous, found.next)


def licences(found: Overview, today: str) -> Licences:
    """Put the page of licences together."""
    return Licences(
        rows=[_licence(held.values, held.titles, held.used, today) for held in found.held],
        bare=[(one, shown(title), number) for one, title, number in found.bare],
    )


def _row(row: Mapping[str, Any], today: str) -> Row:
    known = words().software
    standing = row["standing"]
    return Row(
        id=row["id"],
        title=shown(row["title"]),
        maker=shown(row["maker"]),
        computers=row["computers"],
        versions=row["versions"],
        label=known.standings[standing],
        wish=known.wishes.get(row["wish"], ""),
        watch=[known.watched.get(one, one) for one in row["watch"].split()],
        ended=bool(row["ends_on"]) and row["ends_on"] <= today,
        ends=_ends(row["ends_on"]),
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
    )


def _ends(ends_on: str) -> str:
    """`ends_on` is the first day without fixes, people are told the last with; year 1 says only
    that it is long past."""
    if not ends_on or ends_on < "1990":
        return ""
    last = datetime.date.fromisoformat(ends_on) - datetime.timedelta(days=1)
    return day(last.isoformat())


def _version(one: Spelling, today: str) -> Version:
    return Version(
        version=shown(one.version),
        name=shown(one.name),
        platform=words().platforms.get(one.platform, shown(one.platform)),
        computers=one.computers,
        ended=bool(one.ends_on) and one.ends_on <= today,
        ends=_ends(one.ends_on),
    )


def _where(place: Place, computers: Mapping[str, str]) -> Where:
    versions = ", ".join(shown(one, 30) for one in place.versions[:3] if one)
    return Where(
        place.computer,
        shown(computers.get(place.computer, "")) or "a computer without a name",
        words().platforms.get(place.platform, shown(place.platform)),
        versions,
    )


def _ask(row: Request, people: Mapping[str, str], actor: str) -> Ask:
    known = words().software
    return Ask(
        id=row.id,
        seq=row.seq,
        title=row.title,
        name=shown(row.name),
        purpose=shown(row.purpose, 500),
        how_many=row.how_many,
        used_by=shown(row.used_by),
        link=shown(row.link, 300),
        cost="" if row.cost_pence is None else money(row.cost_pence),
        personal_data=known.personal_data.get(row.personal_data, ""),
        age_from=row.age_from,
        state=row.state,
        label=known.requests.get(row.state, known.requests["other"]),
        asked_at=row.asked_at,
        asked_by=shown(people.get(row.asked_by, "")) or "somebody who has left",
        looked_at=row.looked_at,
        looked_by=shown(people.get(row.looked_by, "")),
        decided_at=row.decided_at,
        decided_by=shown(people.get(row.decided_by, "")),
        reason=shown(row.reason, 500),
        own=row.asked_by == actor,
    )


def _licence(
    values: Mapping[str, Any], titles: Mapping[str, str], used: int, today: str
) -> LicenceRow:
    by_user = values["counts"] == "user"
    counted = values["given"] if by_user else used
    left = None if values["seats"] is None or counted is None else values["seats"] - counted
    known = words().software.licences
    return LicenceRow(
        id=values["id"],
        name=shown(values["name"]),
        titles=", ".join(shown(one) for one in titles.values()),
        counts=words().software.counts[values["counts"]],
        seats=values["seats"],
        used=counted,
        left=left,
        supplier=shown(values["supplier"]),
        expires=day(values["expires_on"]) if values["expires_on"] else "",
        label=known[_standing(values, left, today)],
    )


def _standing(values: Mapping[str, Any], left: int | None, today: str) -> str:
    ends = values["expires_on"]
    if ends and ends < today:
        return "expired"
    if left is not None and left < 0:
        return "over"
    if ends and (datetime.date.fromisoformat(ends) - datetime.date.fromisoformat(today)).days <= (
        SOON_DAYS
    ):
        return "soon"
    if left is not None and left * 2 > (values["seats"] or 0) and left > 1:
        return "idle"
    return "good"
