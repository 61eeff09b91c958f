"""A new entry, and one that is changed: one form for both."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from controller.people.access import needs
from controller.people.actor import School, actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.register.editing.inputs import sections
from controller.register.editing.queries import EditingQueries, queries
from controller.register.editing.saving import NotAFormError, Outcome, add, change
from controller.wording.entries import name_of
from inventory.assets.fields import DEFAULTS, FIELDS
from inventory.assets.states import GONE

_OWN = frozenset({"tag", "name", "serial", "uuid", "imei", "security_mark", "notes"})
"""What another one like it has its own of."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """A new entry, empty or like another one."""
    school, rows = school_of(request), queries(actor_of(request))
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise PermissionDenied
    held = {**DEFAULTS, **_like(rows, school.id, request.GET.get("like", ""))}
    outcome = None
    if request.method == "POST":
        outcome = add(rows, school.id, held, request.POST)
        if outcome.saved:
            messages.success(request, "It is in the register.")
            if "again" in request.POST:
                return redirect(f"{request.path}?like={outcome.asset_id}")
            return redirect("register_entry", outcome.asset_id)
    places, names = rows.places(school.id), rows.names(school.id, held)
    typed = outcome.typed if outcome else None
    page = sections(held, places, names, typed=typed)
    return render(request, "register/editing/edit.html", _page(page, outcome))


def _like(rows: EditingQueries, site: str, asset_id: str) -> dict[str, Any]:
    found = rows.entry(asset_id[:32]) if asset_id.isascii() and asset_id.isprintable() else None
    if found is None or found["site"] != site:
        return {}
    return {name: found[name] for name in FIELDS if name not in _OWN}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def edit(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Change one entry."""
    rows = queries(actor_of(request))
    held, outcome = rows.entry(asset_id), None
    if held is None:
        raise Http404
    if held["state"] in GONE:
        messages.error(request, "This entry counts no more, so it is not changed either.")
        return redirect("register_entry", asset_id)
    if request.method == "POST":
        try:
            outcome = change(rows, asset_id, request.POST)
        except NotAFormError as error:
            raise Http404 from error
        if outcome.saved:
            done = "Saved." if outcome.changed else "Nothing was different, so nothing was changed."
            messages.success(request, done)
            return redirect("register_entry", asset_id)
    return _edit_page(request, rows, held, outcome)


def _edit_page(
    request: HttpRequest, rows: EditingQueries, held: dict[str, Any], outcome: Outcome | None
) -> HttpResponse:
    site = held["site"]
    typed = outcome.typed if outcome else None
    page = sections(
        held,
        rows.places(site),
        rows.names(site, held),
        typed=typed,
        fixed=held["fixed_by_person"] if rows.reports(held["id"]) else (),
        released=outcome.released if outcome else (),
    )
    met = outcome.meeting if outcome else None
    template = "register/editing/meeting.html" if met else "register/editing/edit.html"
    seq = request.POST.get("seq", "") if outcome else held["seq"]
    about = {"asset_id": held["id"], "name": name_of(held), "seq": seq, "meeting": met}
    about |= {"released": outcome.released} if outcome else {}
    there = actor_of(request).school(site)
    return render(request, template, _page(page, outcome) | about | at(there))


def at(school: School | None) -> dict[str, Any]:
    """Words and times are those of the entry's own school, not of the one looked at before."""
    zone = {"timezone": school.timezone} if school else {}
    return {"school": school, "audience": audience_at(school), **zone}


def _page(page: Any, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"sections": page}
    wrong = [(one.name, one.title, one.error) for part in page for one in part.inputs if one.error]
    return {"sections": page, "wrong": wrong, "faults": outcome.faults, "typed": outcome.typed.raw}
