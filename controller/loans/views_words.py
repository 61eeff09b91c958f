"""The words a school lends on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.loans import doing
from controller.loans.forms import TextForm
from controller.loans.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of, school_for, school_of
from controller.people.roles import Ability
from inventory.allocation import conditions as texts
from inventory.assets.errors import RegisterError


@require_safe
@needs(Ability.SEE_COMPUTERS)
def conditions(request: HttpRequest) -> HttpResponse:
    """The texts of a school, with every version."""
    school = school_of(request)
    rows = queries(actor_of(request)).texts(school.id if school else "", every=True)
    may_change = bool(school and school.allows(Ability.EDIT_REGISTER))
    return render(request, "loans/conditions.html", {"rows": rows, "may_change": may_change})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def add_conditions(request: HttpRequest) -> HttpResponse:
    """A new text."""
    school = school_for(request, Ability.EDIT_REGISTER)
    form = TextForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            texts.add(school.id, by=doing.by(request), **form.cleaned_data)
            return redirect("conditions")
        except RegisterError as error:
            form.add_error(error.field or None, ValidationError(error.sentence))
    return render(request, "loans/text.html", {"form": form, "school": school})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def revise_conditions(request: HttpRequest, text_id: str) -> HttpResponse:
    """The next version of one."""
    row = queries(actor_of(request)).text(text_id)
    if row is None:
        raise Http404
    school = doing.keeper_of(request, row.site)
    initial = {"name": row.name, "text": row.text, "asks_scan": row.asks_scan}
    posted = {**request.POST.dict(), "name": row.name} if request.method == "POST" else None
    form = TextForm(posted, initial=initial)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            texts.revise(
                school.id, text_id, told["text"], by=doing.by(request), asks_scan=told["asks_scan"]
            )
            messages.success(request, "Saved. Who agreed to the words before still did.")
            return redirect("conditions")
        except RegisterError as error:
            form.add_error(error.field or None, ValidationError(error.sentence))
    return render(request, "loans/text.html", {"form": form, "row": row, "school": school})


@require_POST
@needs(Ability.EDIT_REGISTER)
def end_conditions(request: HttpRequest, text_id: str) -> HttpResponse:
    """Give a text out no more."""
    row = queries(actor_of(request)).text(text_id)
    if row is None:
        raise Http404
    school = doing.keeper_of(request, row.site)
    try:
        texts.end(school.id, text_id, by=doing.by(request))
        messages.success(request, "These conditions are given out no more.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("conditions")
