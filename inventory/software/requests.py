"""Somebody asks for a program, somebody looks at it, somebody else decides.

Whoever asked does not decide, whatever they may do otherwise: in a school of three the teacher or
technician asks, the head or the business manager decides; what the head asks for, the business
manager decides, and the other way round.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from django.db import transaction

from checks.words import clean
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.installed.naming import named
from inventory.ledger import services as ledger
from inventory.models import SoftwareRequest, SoftwareTitle
from inventory.paging import Key, page
from inventory.software.queries import OPEN

PAGE: Final = 50
MOST_OPEN: Final = 500
"""Open requests of one school; more is somebody's script."""
_MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "looked_at": ("asked",),
    "approved": OPEN,
    "refused": OPEN,
    "withdrawn": OPEN,
}
_WISHES: Final = {"approved": "approve", "refused": "refuse"}


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for; days and money as in the register. `personal_data`: yes, no, unknown."""

    name: str
    purpose: str
    how_many: int
    used_by: str = ""
    link: str = ""
    cost_pence: int | None = None
    personal_data: str = "unknown"
    age_from: int | None = None


class Request(msgspec.Struct, frozen=True):
    """A request as it stands."""

    id: str
    site: str
    seq: int
    title: str
    name: str
    purpose: str
    how_many: int
    used_by: str
    link: str
    cost_pence: int | None
    personal_data: str
    age_from: int | None
    state: str
    asked_at: int
    asked_by: str
    looked_at: int | None
    looked_by: str
    decided_at: int | None
    decided_by: str
    reason: str


class Listed(msgspec.Struct, frozen=True):
    """One page."""

    rows: list[Request]
    previous: str
    next: str


def ask(site_id: str, wanted: Wanted, *, by: By) -> str:
    """Ask for a program; the request's id. Raises RegisterError."""
    name = clean(wanted.name, 120).strip()
    if not name:
        raise RegisterError("empty", "Say which program it is.", "name")
    with transaction.atomic():
        told = named(name)
        waiting = SoftwareRequest.objects.filter(site_id=site_id, state__in=OPEN)
        if waiting.filter(key=told.key).exists():
            raise RegisterError(
                "asked_already", "Somebody asked for this program already; look at theirs.", "name"
            )
        if waiting.count() >= MOST_OPEN:
            raise RegisterError("too_many", "Too many requests are open; decide those first.")
        title = SoftwareTitle.objects.filter(site_id=site_id, key=told.key).first()
        row = SoftwareRequest.objects.create(
            id=new_id("ask", by.at),
            site_id=site_id,
            title=title,
            key=told.key,
            name=name,
            purpose_text=wanted.purpose,
            how_many=wanted.how_many,
            used_by=wanted.used_by,
            link=wanted.link,
            cost_pence=wanted.cost_pence,
            personal_data=wanted.personal_data,
            age_from=wanted.age_from,
            asked_at=by.at,
            asked_by=by.actor,
        )
        _record(row, "", by)
    return row.id


def move(site_id: str, request_id: str, state: str, *, seen: int, by: By, reason: str = "") -> None:
    """Take a request to another state. A refusal says why. Raises RegisterError; StaleError where
    somebody else was faster."""
    with transaction.atomic():
        rows = SoftwareRequest.objects.select_for_update().filter(site_id=site_id, id=request_id)
        row = rows.first()
        if row is None:
            raise RegisterError("not_found", "There is no such request here.")
        if row.seq != seen:
            raise StaleError(["state"])
        _check(row, state, by, reason)
        before, row.state, row.seq = row.state, state, row.seq + 1
        if state == "looked_at":
            row.looked_at, row.looked_by = by.at, by.actor
        else:
            row.decided_at, row.decided_by, row.reason = by.at, by.actor, clean(reason, 500)
        row.save()
        _record(row, before, by)
        if state in _WISHES:
            # The request's own way through: it was asked by one and decided by another, so the
            # wish for the policy is the asker's.
            SoftwareTitle.objects.filter(site_id=site_id, key=row.key).update(
                wish=_WISHES[state], wish_at=by.at, wish_by=row.asked_by
            )


def _check(row: SoftwareRequest, state: str, by: By, reason: str) -> None:
    if row.state not in _MOVES.get(state, ()):
        raise RegisterError("bad_move", "This request was decided already.")
    if state in _WISHES and row.asked_by == by.actor:
        raise RegisterError(
            "own", "You asked for it yourself, so somebody else who decides about software does."
        )
    if state == "withdrawn" and row.asked_by != by.actor:
        raise RegisterError("not_own", "Only whoever asked can withdraw it; refuse it instead.")
    if state == "refused" and not reason.strip():
        raise RegisterError("no_reason", "Say why, so that whoever asked knows.", "reason")


def requests(sites: Collection[str], *, opened: bool, after: str = "", before: str = "") -> Listed:
    """Those that are open, oldest first; or those that are not, newest first."""
    rows = SoftwareRequest.objects.filter(site__in=sites)
    rows = rows.filter(state__in=OPEN) if opened else rows.exclude(state__in=OPEN)
    order = [Key("id", str, descending=not opened)]
    found = page(rows, order, PAGE, after=after, before=before)
    return Listed([_request(row) for row in found.rows], found.previous, found.next)


def request(sites: Collection[str], request_id: str) -> Request | None:
    """One; None where it is not theirs."""
    row = SoftwareRequest.objects.filter(site__in=sites, id=request_id).first()
    return _request(row) if row else None


def of_title(site_id: str, key: str) -> list[Request]:
    """Every request for a title, newest first; the last twenty."""
    rows = SoftwareRequest.objects.filter(site_id=site_id, key=key).order_by("-id")[:20]
    return [_request(row) for row in rows]


def waiting(sites: Collection[str]) -> int:
    """How many are open."""
    return SoftwareRequest.objects.filter(site__in=sites, state__in=OPEN).count()


def _request(row: SoftwareRequest) -> Request:
    own: dict[str, Any] = {
        "site": row.site_id,
        "title": row.title_id or "",
        "purpose": row.purpose_text,
    }
    names = (name for name in Request.__struct_fields__ if name not in own)
    return Request(**own, **{name: getattr(row, name) for name in names})


def _record(row: SoftwareRequest, before: str, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb="software.request",
        subject=row.id,
        before={"state": before} if before else None,
        after={"state": row.state, "key": row.key},
        reason=row.reason,
    )
