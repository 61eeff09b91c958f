"""Companies that take equipment away: the list, one of them, and whether they may on a day."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.contractors.forms import FirmForm, number
from controller.contractors.queries import queries
from controller.people.access import needs
from controller.people.actor import School, actor_of, school_for
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.contractors import services
from inventory.contractors.kinds import known
from inventory.contractors.services import FIELDS

STALE = "Somebody else changed this meanwhile. Open it again and look, then change it."


@require_safe
@needs(Ability.SEE_COMPUTERS)
def contractors(request: HttpRequest) -> HttpResponse:
    """The list."""
    school = school_for(request, Ability.SEE_COMPUTERS)
    here, gone = queries(actor_of(request)).page(school.id)
    names = {"rows": here, "gone": gone, "may_edit": school.allows(Ability.EDIT_REGISTER)}
    return render(request, "contractors/list.html", names)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a company."""
    school = school_for(request, Ability.EDIT_REGISTER)
    form = FirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := _saved(request, form, school)):
        messages.success(request, "Entered. Now enter its papers.")
        return redirect("contractor", made)
    names = {"form": form, "held": None, "school": school}
    return render(request, "contractors/form.html", names, status=422 if form.errors else 200)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def contractor(request: HttpRequest, contractor_id: str) -> HttpResponse:
    """One company with its papers, as it stands on a day that may be asked for."""
    school = school_of_firm(request, contractor_id, Ability.SEE_COMPUTERS)
    found, on = queries(actor_of(request)), _asked_day(request)
    page = found.firm(contractor_id, on)
    if page is None:
        raise Http404
    today = found.today(school.id)
    may_edit = school.allows(Ability.EDIT_REGISTER) and page.firm.left_at is None
    names = {"page": page, "on": on or today, "today_iso": today, "kinds": known().kinds.items()}
    there = {"school": school, "may_edit": may_edit, "may": school.allows(Ability.EDIT_REGISTER)}
    return render(request, "contractors/firm.html", names | there)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def change(request: HttpRequest, contractor_id: str) -> HttpResponse:
    """Change who a company is."""
    school = school_of_firm(request, contractor_id, Ability.EDIT_REGISTER)
    held = queries(actor_of(request)).values(contractor_id)
    form = FirmForm(request.POST or None, initial=held)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(request, form, school, contractor_id)
    ):
        messages.success(request, "Saved.")
        return redirect("contractor", contractor_id)
    names = {"form": form, "held": held, "school": school}
    return render(request, "contractors/form.html", names, status=422 if form.errors else 200)


@require_POST
@needs(Ability.EDIT_REGISTER)
def leave(request: HttpRequest, contractor_id: str) -> HttpResponse:
    """A company is used no more, or again."""
    school = school_of_firm(request, contractor_id, Ability.EDIT_REGISTER)
    again = request.POST.get("then") == "back"
    do, seen = (services.back if again else services.leave), number(request.POST.get("seq", ""))
    try:
        do(school.id, contractor_id, seen=seen, by=by(request))
    except StaleError:
        messages.error(request, STALE)
    except RegisterError as error:
        messages.error(request, error.sentence)
    else:
        left = "It is not used any more; everything about it stays on record."
        messages.success(request, "It is in use again." if again else left)
    return redirect("contractor", contractor_id)


def school_of_firm(request: HttpRequest, contractor_id: str, ability: Ability) -> School:
    """The school of a company, where this person has the ability. Raises Http404."""
    actor = actor_of(request)
    held = queries(actor).values(contractor_id)
    school = actor.school(held["site_id"]) if held else None
    if school is None or not school.allows(ability):
        raise Http404
    return school


def by(request: HttpRequest) -> By:
    """Who does it, now."""
    return By(actor_of(request).id, clock.now())


def put_error(form: Any, error: RegisterError) -> None:
    """Say a refusal at the field it is about, or else at the head of the form."""
    if isinstance(error, StaleError):
        form.add_error(None, STALE)
        return
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


def _saved(request: HttpRequest, form: FirmForm, school: School, contractor_id: str = "") -> str:
    """The company's id, or "" with the form saying why."""
    told = {name: form.cleaned_data[name] for name in FIELDS}
    seen = form.cleaned_data["seq"] or 0
    try:
        return services.keep(
            school.id, told, by=by(request), contractor_id=contractor_id, seen=seen
        )
    except RegisterError as error:
        put_error(form, error)
        return ""


def _asked_day(request: HttpRequest) -> str:
    """The day that is asked about; "" for today, or for what is no day."""
    try:
        return datetime.date.fromisoformat(request.GET.get("on", "")[:10]).isoformat()
    except ValueError:
        return ""
