"""The addresses under `/api/v1/`, as docs/api-openapi.yaml describes them."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from controller import clock
from controller.api.answering import Way, address, bad, body, parameters, told
from controller.api.problems import ProblemError
from controller.api.scopes import Scope
from controller.api.tokens import Caller
from controller.wording import moments
from inventory.allocation import feeds
from inventory.assets import queries, services
from inventory.assets.errors import StaleError
from inventory.assets.fields import FIELDS
from inventory.assets.kinds import kinds
from inventory.assets.queries import DUES, GAPS, LONGEST_SEARCH, SORTS
from inventory.assets.states import STATES
from inventory.assets.writing import By
from inventory.documents import queries as documents
from inventory.places import queries as places

MOST: Final = 200
USUAL: Final = 100
PAST: Final = 100
"""Events of one entry's newest history."""
_PAGED: Final = {"after": 2_000, "limit": 3}
_ASKED: Final = {
    "q": LONGEST_SEARCH,
    "kind": 300,
    "state": 200,
    "room": 32,
    "pool": 32,
    "holder": 32,
    "in": 32,
    "gap": 20,
    "due": 20,
    "sort": 20,
    **_PAGED,
}
_CLOSED_SETS: Final[Mapping[str, frozenset[str]]] = {
    "state": frozenset(STATES),
    "gap": frozenset(GAPS),
    "due": frozenset(DUES),
    "sort": frozenset(SORTS),
}
_SEQ: Final = re.compile(r'"(\d{1,9})"')


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new entry, or what changes of one."""

    fields: dict[str, str | int | None]


def listed(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A page of entries."""
    given = parameters(request, _ASKED)
    for name, known in {**_CLOSED_SETS, "kind": frozenset(kinds())}.items():
        values = given.get(name, "").split(",") if name in given else []
        if not known.issuperset(values) or (name in ("gap", "due", "sort") and len(values) > 1):
            raise bad(name)
    asked = queries.read(given)
    if not queries.knows(asked):
        raise bad("after")
    found = queries.listed({caller.site}, asked, _today(caller), _limit(given))
    return told({"entries": [_entry(row) for row in found.rows], "next": found.next or None})


def one(request: HttpRequest, caller: Caller, asset_id: str) -> HttpResponse:
    """One entry with its newest history and its papers."""
    parameters(request, {})
    return _whole(caller, asset_id)


def add(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A new entry."""
    parameters(request, {})
    wanted = body(request, Fields)
    made = services.add(caller.site, wanted.fields, by=_by(caller))
    return _whole(caller, made, 201, Location=f"/api/v1/entries/{made}")


def change(request: HttpRequest, caller: Caller, asset_id: str) -> HttpResponse:
    """Change fields of the entry that was seen, and of no later one."""
    parameters(request, {})
    seen, wanted = _seen(request), body(request, Fields)
    try:
        services.change(caller.site, asset_id, wanted.fields, by=_by(caller), seen=seen)
    except StaleError as stale:
        raise _changed(caller, asset_id, seen, stale) from stale
    return _whole(caller, asset_id)


def rooms(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The rooms there are, in walking order."""
    parameters(request, {})
    found = places.rooms({caller.site})
    return told(
        {"rooms": [{"id": one.id, "name": one.name, "number": one.number} for one in found]}
    )


def pools(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The sets there are, by name."""
    parameters(request, {})
    found = places.pools({caller.site})
    return told(
        {"pools": [{"id": one.id, "name": one.name, "number": one.number} for one in found]}
    )


def people(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The people who have, or had, something."""
    given = parameters(request, _PAGED)
    found = feeds.people({caller.site}, given.get("after", ""), _limit(given))
    if found is None:
        raise bad("after")
    return told({"people": found.rows, "next": found.next or None})


def loans(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What is given out now."""
    given = parameters(request, _PAGED)
    found = feeds.loans({caller.site}, given.get("after", ""), _limit(given))
    if found is None:
        raise bad("after")
    return told({"loans": found.rows, "next": found.next or None})


def token(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What the token itself is good for."""
    parameters(request, {})
    scopes = sorted(caller.scopes)
    facts = {"id": caller.id, "name": caller.name, "school": caller.site, "scopes": scopes}
    return told({**facts, "expires_at": caller.expires_at})


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The description of all this; it holds nothing of a school."""
    return HttpResponse(_description(), "application/yaml")


@cache
def _description() -> bytes:
    return files("controller.api").joinpath("openapi.yaml").read_bytes()


LISTED: Final = address(GET=Way(Scope.REGISTER_READ, listed), POST=Way(Scope.REGISTER_WRITE, add))
ONE: Final = address(GET=Way(Scope.REGISTER_READ, one), PATCH=Way(Scope.REGISTER_WRITE, change))
ROOMS: Final = address(GET=Way(Scope.REGISTER_READ, rooms))
POOLS: Final = address(GET=Way(Scope.REGISTER_READ, pools))
PEOPLE: Final = address(GET=Way(Scope.PEOPLE_READ, people))
LOANS: Final = address(GET=Way(Scope.LOANS_READ, loans))
TOKEN: Final = address(GET=Way(None, token))


def _whole(caller: Caller, asset_id: str, status: int = 200, **headers: str) -> HttpResponse:
    sites = {caller.site}
    values = queries.one(sites, asset_id)
    if values is None:
        raise ProblemError(404, "not_found", "There is no such entry in this school's register.")
    past = queries.history(sites, asset_id)
    papers = documents.listed(sites, asset_id)
    names = ("id", "kind", "name", "media_type", "sha256", "size", "added_at")
    more = {
        "papers": [{name: getattr(paper, name) for name in names} for paper in papers],
        "history": past[:PAST],
        "earlier_events": max(0, len(past) - PAST),
    }
    return told({**_entry(values), **more}, status, ETag=f'"{values["seq"]}"', **headers)


def _entry(values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "seq", "created_at", "state", "holder", "due_on", "merged_into")
    return {name: values[name] for name in names} | {"fields": {n: values[n] for n in FIELDS}}


def _seen(request: HttpRequest) -> int:
    given = request.headers.get("If-Match", "")
    if not given:
        raise ProblemError(
            428, "no_if_match", "Say which version you saw: If-Match with the entry's ETag."
        )
    told_seq = _SEQ.fullmatch(given.strip())
    if told_seq is None:
        raise ProblemError(400, "bad_if_match", 'If-Match is the entry\'s ETag, such as "7".')
    return int(told_seq[1])


def _changed(caller: Caller, asset_id: str, seen: int, stale: StaleError) -> ProblemError:
    """What was changed since, so that a program can put both together."""
    past = queries.history({caller.site}, asset_id)
    later = [event for event in reversed(past) if event.seq > seen]
    told_names = {*FIELDS, "state", "holder", "due_on"}
    since = {n: value for event in later for n, value in event.after.items() if n in told_names}
    seq = past[0].seq if past else 0
    more = {"seq": seq, "changed_since": since, "both": stale.fields}
    return ProblemError(412, "stale", stale.sentence, **more)


def _limit(given: Mapping[str, str]) -> int:
    text = given.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST:
        raise bad("limit")
    return int(text)


def _by(caller: Caller) -> By:
    return By(caller.id, clock.now(), "import")


def _today(caller: Caller) -> str:
    return moments.local(clock.now(), caller.timezone).date().isoformat()
