"""The day of a collection: the printed list, what went, the signature."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.collections.forms import DayForm
from controller.collections.listing import Page
from controller.collections.queries import queries
from controller.collections.views import by, found_with, put_error, shared
from controller.people.access import needs
from controller.people.actor import School, actor_of
from controller.people.roles import Ability
from controller.printing.making import PrintingError
from controller.wording.words import count
from inventory.assets.errors import RegisterError
from inventory.collections import leaving
from inventory.documents import signatures


@require_safe
@needs(Ability.SEE_COMPUTERS)
def sheet(request: HttpRequest, collection_id: str) -> HttpResponse:
    """The list as a page to print."""
    page, school = found_with(request, collection_id)
    return render(request, "collections/sheet.html", shared(page, school))


@require_safe
@needs(Ability.SEE_COMPUTERS)
def pdf(request: HttpRequest, collection_id: str) -> HttpResponse:
    """The list as PDF."""
    page, _ = found_with(request, collection_id)
    try:
        made = queries(actor_of(request)).pdf(page)
    except PrintingError as error:
        messages.error(request, str(error))
        return redirect("collection", collection_id)
    answer = HttpResponse(made, content_type="application/pdf")
    name = f"collection-{page.day_iso}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def day(request: HttpRequest, collection_id: str) -> HttpResponse:
    """They came: what went, who drove, signed by the school."""
    page, school = found_with(request, collection_id)
    names = shared(page, school)
    if not page.booked:
        return redirect("collection", collection_id)
    if not names["may_hand"]:
        raise PermissionDenied
    today = queries(actor_of(request)).today(school.id)
    form = DayForm(request.POST if request.method == "POST" else None, initial=_first(page, today))
    problem: dict[str, str] = {}
    if form.is_bound and form.is_valid():
        number, problem = _handed_over(request, form, page, school, today)
        if number:
            were = count(number, "thing", "things")
            messages.success(request, f"Handed over: {were}. The receipt comes next.")
            return redirect("collection", collection_id)
    names |= {"form": form, "typed": request.POST.dict(), "bound": form.is_bound} | problem
    return render(request, "collections/day.html", names, status=422 if form.errors else 200)


@require_POST
@needs(Ability.EDIT_REGISTER)
def forget_driver(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Erase who drove, because they asked for it."""
    _, school = found_with(request, collection_id, Ability.EDIT_REGISTER)
    if request.POST.get("sure") != "yes":
        messages.error(request, "Tick that you mean it: it cannot be taken back.")
        return redirect("collection", collection_id)
    try:
        leaving.forget_driver(school.id, collection_id, by=by(request))
        messages.success(request, "The driver’s name and the number plate are erased.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("collection", collection_id)


def _first(page: Page, today: str) -> dict[str, Any]:
    names = ("seq", "note_kind", "note_number", "tracking", "seals")
    return {name: getattr(page, name) for name in names} | {"day": today}


def _handed_over(
    request: HttpRequest, form: DayForm, page: Page, school: School, today: str
) -> tuple[int, dict[str, str]]:
    """How many went; 0 with the form, or what stands beside the signature, saying why."""
    typed = request.POST.dict()
    named = {"sign_name": typed.get(signatures.TYPED, "")[: signatures.LONGEST_NAME]}
    try:
        signature = signatures.from_form(typed)
        done, seen = form.done(typed), form.cleaned_data["seq"]
        gone = leaving.collect(
            school.id, page.id, done, signature, seen=seen, by=by(request), today=today
        )
    except RegisterError as error:
        if error.code == "no_signature":
            form.add_error(None, "It is not signed yet: see below.")
            return 0, named | {"sign_error": error.sentence}
        put_error(form, error)
        return 0, named
    return gone, {}
