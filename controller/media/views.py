"""Drives: the list, one of them, decisions, and the list that computers are told."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.media.forms import DecideForm, EndForm, MediumForm
from controller.media.listing import Row
from controller.media.queries import queries, view_of
from controller.people.access import needs
from controller.people.actor import School, actor_of, audience_at
from controller.people.roles import Ability
from controller.policy import putting
from controller.policy.publishing import PublishError
from controller.software.views import at_school
from controller.wording.words import count
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.media import services


@require_safe
@needs(Ability.SEE_COMPUTERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The list, and what of it computers are not told yet."""
    school = at_school(request, Ability.SEE_COMPUTERS)
    view, search = view_of(request.GET.get("show", "")), request.GET.get("q", "")[:100]
    page = queries(actor_of(request)).page(school.id, view, search)
    names = {"page": page, "show": view, "search": search, "may": _may(school)}
    return render(request, "media/list.html", names | putting.signing())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a drive."""
    school = at_school(request, Ability.EDIT_REGISTER)
    form = MediumForm(request.POST or None, holders=queries(actor_of(request)).holders(school.id))
    if request.method == "POST" and form.is_valid() and _saved(request, form, school.id):
        messages.success(request, "Entered. Somebody else decides about it now.")
        return redirect("media")
    return _page(request, form, school, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def medium(request: HttpRequest, medium_id: str) -> HttpResponse:
    """One drive, to read or to change."""
    found, told, school = _found(request, medium_id)
    if request.method == "POST" and not school.allows(Ability.EDIT_REGISTER):
        raise PermissionDenied
    holders = queries(actor_of(request)).holders(school.id)
    if found.holder_id:
        holders.setdefault(found.holder_id, found.holder)
    first = told | {"holder": found.holder_id}
    form = MediumForm(request.POST or None, holders=holders, initial=first)
    if request.method == "POST" and form.is_valid() and _saved(request, form, school.id, medium_id):
        messages.success(request, "Saved.")
        return redirect("medium", medium_id)
    return _page(request, form, school, found)


@require_POST
@needs(Ability.DECIDE_SOFTWARE)
def decide(request: HttpRequest, medium_id: str) -> HttpResponse:
    """Approve or refuse."""
    _, _, school = _found(request, medium_id, Ability.DECIDE_SOFTWARE)
    form, today = DecideForm(request.POST), queries(actor_of(request)).today(school.id)
    if not form.is_valid():
        return _refused(request, medium_id, "Say whether it is approved or refused.")
    told = form.cleaned_data
    wish = {"seen": told["seq"], "reason": told["reason"], "today": today}
    try:
        services.decide(school.id, medium_id, told["decision"], by=_by(request), **wish)
    except RegisterError as error:
        return _refused(request, medium_id, error.sentence)
    approved = "Approved. It counts once the list is put in force."
    messages.success(request, approved if told["decision"] == "approved" else "Refused.")
    return redirect("media")


@require_POST
@needs(Ability.EDIT_REGISTER)
def end(request: HttpRequest, medium_id: str) -> HttpResponse:
    """A drive is back, lost or gone."""
    _, _, school = _found(request, medium_id, Ability.EDIT_REGISTER)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _refused(request, medium_id, "Say whether it is back, lost or gone.")
    told = form.cleaned_data
    try:
        services.end(school.id, medium_id, told["how"], seen=told["seq"], by=_by(request))
    except RegisterError as error:
        return _refused(request, medium_id, error.sentence)
    messages.success(request, "Taken off the list; it stays on record.")
    return redirect("media")


@require_POST
@needs(Ability.DECIDE_SOFTWARE)
def publish(request: HttpRequest) -> HttpResponse:
    """Put in force what was looked at, where the controller may sign."""
    school = at_school(request, Ability.DECIDE_SOFTWARE)
    found = queries(actor_of(request)).proposal(school.id)
    if not putting.is_what_was_seen(request, found):
        return redirect("media")
    try:
        row = putting.put(school.id, found.policy, actor=actor_of(request).id, at=clock.now())
    except PublishError as error:
        messages.error(request, str(error))
        return redirect("media")
    number = count(len(found.changes), "drive", "drives")
    done = f"In force: version {row.version} of the policy, with {number} changed in it."
    messages.success(request, done)
    return redirect("media")


@require_POST
@needs(Ability.DECIDE_SOFTWARE)
def payload(request: HttpRequest) -> HttpResponse:
    """The policy as a file, for whoever signs it."""
    school = at_school(request, Ability.DECIDE_SOFTWARE)
    found = queries(actor_of(request)).proposal(school.id)
    if not putting.is_what_was_seen(request, found):
        return redirect("media")
    try:
        return putting.to_sign(school.id, found.policy, clock.now())
    except PublishError as error:
        messages.error(request, str(error))
        return redirect("media")


def _refused(request: HttpRequest, medium_id: str, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("medium", medium_id)


def _found(
    request: HttpRequest, medium_id: str, ability: Ability = Ability.SEE_COMPUTERS
) -> tuple[Row, dict[str, Any], School]:
    """A drive and its school. Raises Http404 for one they may not do this with."""
    actor = actor_of(request)
    found = queries(actor).one(medium_id)
    school = None if found is None else actor.school(found[1]["site_id"])
    if found is None or school is None or not school.allows(ability):
        raise Http404
    return (*found, school)


def _saved(request: HttpRequest, form: MediumForm, site: str, medium_id: str = "") -> bool:
    """Whether it was taken; if not the form says why."""
    today = queries(actor_of(request)).today(site)
    told: dict[str, Any] = {"today": today, "medium_id": medium_id}
    told["seen"] = form.cleaned_data["seq"] or 0
    try:
        services.keep(site, form.values(), by=_by(request), **told)
    except StaleError:
        form.add_error(None, "Somebody else changed this drive meanwhile. Open it again.")
        return False
    except RegisterError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return False
    return True


def _page(request: HttpRequest, form: MediumForm, school: School, held: Row | None) -> HttpResponse:
    names: dict[str, Any] = {"form": form, "held": held, "may": _may(school), "school": school}
    names["audience"] = audience_at(school)
    names["writes"] = school.allows(Ability.EDIT_REGISTER) and (held is None or held.open)
    return render(request, "media/medium.html", names, status=422 if form.errors else 200)


def _may(school: School) -> dict[str, bool]:
    return {
        "edit": school.allows(Ability.EDIT_REGISTER),
        "decide": school.allows(Ability.DECIDE_SOFTWARE),
    }


def _by(request: HttpRequest) -> By:
    return By(actor_of(request).id, clock.now())
