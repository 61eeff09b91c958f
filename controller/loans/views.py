"""What is out, giving and taking back, one handover with its signature and receipt."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.fleet.views import sites_asked
from controller.loans import doing
from controller.loans.forms import ExtendForm, GiveForm, ReturnForm
from controller.loans.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of, school_for, school_of
from controller.people.roles import Ability
from controller.wording.words import count, words
from inventory.allocation import handovers, services
from inventory.allocation.queries import read
from inventory.assets.errors import RegisterError
from inventory.documents import signatures


@require_safe
@needs(Ability.SEE_COMPUTERS)
def loans(request: HttpRequest) -> HttpResponse:
    """What is out, the longest overdue first."""
    school, asked = school_of(request), read(request.GET.dict())
    page = queries(actor_of(request)).page(
        sites_asked(request), asked, school.timezone if school else ""
    )
    known = words().loans.views
    views = [(name, known[name], number) for name, number in page.counts.items()]
    may_change = bool(school and school.allows(Ability.EDIT_REGISTER))
    there = {"page": page, "asked": asked, "views": views, "may_change": may_change}
    return render(request, "loans/loans.html", there)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def give(request: HttpRequest) -> HttpResponse:
    """Give things out: named from anywhere by `?thing=…`, to somebody by `?to=…`."""
    school, found = school_for(request, Ability.EDIT_REGISTER), queries(actor_of(request))
    today, there = doing.known(found, school)
    groups, texts = found.holders(school.id), found.texts(school.id)
    posted = request.POST if request.method == "POST" else None
    initial = {"to": request.GET.get("to", "")}
    form = GiveForm(posted, groups=groups, texts=texts, initial=initial)
    source = posted if posted is not None else request.GET
    things = doing.gathered(request, school.id, source.get("tags", "")[:70_000])
    if posted is not None and posted.get("step") == "give" and form.is_valid():
        batch = doing.give(form, things, school, doing.by(request), today)
        if batch:
            return redirect("handover", batch)
    there |= {"form": form, "groups": groups, "texts": texts, "problem": things.problem}
    there["checks"] = posted is not None and posted.get("step") == "give"
    there["chosen"] = found.things(school.id, things.ids)
    there["matches"] = found.search(school.id, source.get("q", ""))
    return render(request, "loans/give.html", there)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def take_back(request: HttpRequest) -> HttpResponse:
    """Take things back, many in one step."""
    school, found = school_for(request, Ability.EDIT_REGISTER), queries(actor_of(request))
    _, there = doing.known(found, school)
    posted = request.POST if request.method == "POST" else None
    form = ReturnForm(posted)
    source = posted if posted is not None else request.GET
    things = doing.gathered(request, school.id, source.get("tags", "")[:70_000])
    if posted is not None and posted.get("step") == "return" and form.is_valid():
        batch = doing.receive(request, form, things, school, doing.by(request))
        if batch:
            return redirect("handover", batch)
    rows = found.back(school.id, things.ids)
    there |= {"form": form, "rows": rows, "problem": things.problem}
    there["nobody_has"] = len(things.ids) - len(rows)
    there["asks_scan"] = any(row.asks_scan for row in rows)
    return render(request, "loans/return.html", there)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def handover(request: HttpRequest, batch: str) -> HttpResponse:
    """What went out or came back in one step: its receipt, and the pad to sign on."""
    actor = actor_of(request)
    page = queries(actor).handover(batch)
    school = actor.school(page.site) if page else None
    if page is None or school is None:
        raise Http404
    there = {"page": page, "school": school, "timezone": school.timezone}
    there["may_change"] = school.allows(Ability.EDIT_REGISTER)
    return render(request, "loans/handover.html", there)


@require_POST
@needs(Ability.EDIT_REGISTER)
def sign(request: HttpRequest, batch: str) -> HttpResponse:
    """Keep the signature under a handover: one for everything in it."""
    page = queries(actor_of(request)).handover(batch)
    if page is None:
        raise Http404
    school, by = doing.keeper_of(request, page.site), doing.by(request)
    try:
        if page.signed:
            raise RegisterError("signed", "This is signed already.")
        data = signatures.from_form(request.POST.dict())
        handovers.sign_with(school.id, batch, data, by=by)
        messages.success(request, "Signed.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("handover", batch)


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, batch: str) -> HttpResponse:
    """Take a mistaken give back."""
    page = queries(actor_of(request)).handover(batch)
    if page is None or page.back:
        raise Http404
    school = doing.keeper_of(request, page.site)
    done = handovers.undo(school.id, batch, by=doing.by(request))
    if done.done:
        were = count(done.done, "thing is", "things are")
        messages.success(request, f"{were} as before, with whoever had it then.")
    if done.kept:
        kept = count(len(done.kept), "thing was", "things were")
        messages.error(request, f"{kept} returned or changed since, and stays as it is.")
    return redirect("handover", batch)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def loan(request: HttpRequest, loan_id: str) -> HttpResponse:
    """One thing with one holder."""
    actor = actor_of(request)
    found = queries(actor).loan(loan_id)
    school = actor.school(found[1]) if found else None
    if found is None or school is None:
        raise Http404
    there = {"loan": found[0], "school": school, "timezone": school.timezone}
    there["may_change"] = school.allows(Ability.EDIT_REGISTER)
    return render(request, "loans/loan.html", there)


@require_POST
@needs(Ability.EDIT_REGISTER)
def extend(request: HttpRequest, loan_id: str) -> HttpResponse:
    """Lend it for longer, or until an earlier day."""
    found = queries(actor_of(request))
    row = found.loan(loan_id)
    if row is None:
        raise Http404
    school, form = doing.keeper_of(request, row[1]), ExtendForm(request.POST)
    try:
        if not form.is_valid():
            raise RegisterError("bad_value", "Say until which day it is lent.")
        day = form.cleaned_data["due_on"]
        if day < found.today(school.timezone):
            raise RegisterError("bad_value", "That day is over. Choose today or later.")
        services.extend(school.id, loan_id, day, by=doing.by(request))
        messages.success(request, "Saved.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("loan", loan_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def declare(request: HttpRequest, loan_id: str) -> HttpResponse:
    """Note what the person says about use of their own."""
    row = queries(actor_of(request)).loan(loan_id)
    if row is None:
        raise Http404
    school = doing.keeper_of(request, row[1])
    try:
        said = request.POST.get("personal_use", "")
        handovers.declare(school.id, loan_id, said, by=doing.by(request))
        messages.success(request, "Saved.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("loan", loan_id)
