"""Collections: the list, booking one, putting its list together, calling it off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.collections import forms
from controller.collections.forms import BookForm, ChangeForm
from controller.collections.listing import Page, waste_codes
from controller.collections.queries import queries, view_of
from controller.people.access import needs
from controller.people.actor import School, actor_of, school_for
from controller.people.roles import Ability
from controller.wording.words import words
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import services

STALE = "Somebody else changed this meanwhile. What it says now is below; do it again if you must."


@require_safe
@needs(Ability.SEE_COMPUTERS)
def collections(request: HttpRequest) -> HttpResponse:
    """The list."""
    school = school_for(request, Ability.SEE_COMPUTERS)
    view = view_of(request.GET.get("show", ""))
    rows, counts = queries(actor_of(request)).page(school.id, view)
    tabs = [(name, words().collections.views[name], counts[name]) for name in counts]
    names = {"rows": rows, "views": tabs, "show": view}
    return render(
        request,
        "collections/list.html",
        names | {"may_edit": school.allows(Ability.EDIT_REGISTER)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """Book a day with a company."""
    school, found = school_for(request, Ability.EDIT_REGISTER), queries(actor_of(request))
    today = found.today(school.id)
    firms = found.firms(school.id, today)
    sent = request.POST if request.method == "POST" else None
    form = BookForm(sent, firms=[one[:2] for one in firms], initial={"handover": "recycle"})
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.book(
                school.id,
                told["firm"],
                told["handover"],
                form.wanted(),
                by=by(request),
                today=today,
            )
            messages.success(request, "Booked. Now say what goes along.")
            return redirect("collection_choose", made)
        except RegisterError as error:
            put_error(form, error)
    names = {"form": form, "school": school, "firms": firms, "offsite": found.offsite(school.id)}
    return render(request, "collections/new.html", names, status=422 if form.errors else 200)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """One collection."""
    page, school = found_with(request, collection_id)
    names = shared(page, school) | {"wastes": waste_codes()}
    names["batteries"] = words().collections.batteries
    return render(request, "collections/collection.html", names)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def change(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Another day or place, or the note that came beforehand."""
    page, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    if not page.booked:
        return redirect("collection", collection_id)
    initial = {name: getattr(page, name) for name in services.LONGEST} | {"day": page.day_iso}
    initial |= {"seq": page.seq, "note_kind": page.note_kind}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        told: dict[str, Any] = {"seen": form.cleaned_data["seq"], "by": by(request)}
        told["today"] = queries(actor_of(request)).today(school.id)
        try:
            services.change(school.id, collection_id, form.wanted(), **told)
            messages.success(request, "Saved.")
            return redirect("collection", collection_id)
        except RegisterError as error:
            put_error(form, error)
    names = shared(page, school) | {"form": form}
    return render(request, "collections/change.html", names, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def choose(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Tick what goes along."""
    page, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    if request.method == "POST":
        ticked = forms.chosen(request.POST.getlist("disposal"))
        seen = forms.number(request.POST.get("seq", ""))
        try:
            services.choose(school.id, collection_id, ticked, seen=seen, by=by(request))
        except StaleError:
            messages.error(request, STALE)
        except RegisterError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, "The list is put together.")
            return redirect("collection", collection_id)
        page, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    if not page.booked:
        return redirect("collection", collection_id)
    names = shared(page, school) | {"choices": queries(actor_of(request)).choices(page)}
    return render(request, "collections/choose.html", names)


@require_POST
@needs(Ability.EDIT_REGISTER)
def describe(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Waste code, battery and seal of each thing."""
    page, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    said, seen = forms.described(request.POST.dict()), forms.number(request.POST.get("seq", ""))
    try:
        services.describe(school.id, collection_id, said, seen=seen, by=by(request))
    except RegisterError as error:
        stale = isinstance(error, StaleError)
        messages.error(request, STALE if stale else error.sentence)
        names = shared(page, school) | {"wastes": waste_codes(), "typed": request.POST.dict()}
        names["batteries"] = words().collections.batteries
        status = 200 if stale else 422
        return render(request, "collections/collection.html", names, status=status)
    messages.success(request, "Saved.")
    return redirect("collection", collection_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def cancel(request: HttpRequest, collection_id: str) -> HttpResponse:
    """It does not take place."""
    _, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    seen = forms.number(request.POST.get("seq", ""))
    try:
        services.cancel(school.id, collection_id, seen=seen, by=by(request))
        messages.success(request, "Called off. What was on its list can go on another.")
    except RegisterError as error:
        messages.error(request, STALE if isinstance(error, StaleError) else error.sentence)
    return redirect("collection", collection_id)


def found_with(
    request: HttpRequest, collection_id: str, *abilities: Ability
) -> tuple[Page, School]:
    """A collection and its school, where this person has one of the abilities. Raises Http404."""
    actor = actor_of(request)
    page = queries(actor).one(collection_id)
    school = actor.school(page.site) if page else None
    if page is None or school is None:
        raise Http404
    if abilities and not any(school.allows(one) for one in abilities):
        raise Http404
    return page, school


def shared(page: Page, school: School) -> dict[str, Any]:
    """What every page of one collection is given."""
    edit, signs = Ability.EDIT_REGISTER, Ability.RECEIVE_DISPOSAL
    return {
        "page": page,
        "school": school,
        "timezone": school.timezone,
        "may_edit": school.allows(edit) and page.booked,
        "may_hand": (school.allows(edit) or school.allows(signs)) and page.booked,
        "may_forget": school.allows(edit),
    }


def by(request: HttpRequest) -> By:
    """Who does it, now."""
    return By(actor_of(request).id, clock.now())


def put_error(form: Any, error: RegisterError) -> None:
    """Say a refusal at the field it is about, or else at the head of the form."""
    said = STALE if isinstance(error, StaleError) else error.sentence
    form.add_error(error.field if error.field in form.fields else None, ValidationError(said))
