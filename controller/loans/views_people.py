"""People who have things of the school's: the list, one of them, those who leave."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.fleet.views import sites_asked
from controller.loans import doing
from controller.loans.forms import PersonForm
from controller.loans.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of, school_for, school_of
from controller.people.roles import Ability
from controller.register.said import title_of
from inventory.allocation import importing, people
from inventory.allocation.queries import read_people
from inventory.assets.errors import RegisterError, StaleError
from inventory.imports.sheets import SheetError


@require_safe
@needs(Ability.SEE_COMPUTERS)
def register_people(request: HttpRequest) -> HttpResponse:
    """The people who are known, by name."""
    school, asked = school_of(request), read_people(request.GET.dict(), people.KINDS)
    page = queries(actor_of(request)).people(
        sites_asked(request), asked, school.timezone if school else ""
    )
    may_change = bool(school and school.allows(Ability.EDIT_REGISTER))
    there = {"page": page, "asked": asked, "may_change": may_change}
    return render(request, "loans/people.html", there)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    school = school_for(request, Ability.EDIT_REGISTER)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = people.add_person(school.id, by=doing.by(request), **form.cleaned_data)
            return redirect("register_person", made)
        except RegisterError as error:
            form.add_error(error.field or None, ValidationError(error.sentence))
    return render(request, "loans/person_form.html", {"form": form, "school": school})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def register_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """One person, what they have and had."""
    page, school = doing.person_page(request, person_id)
    may_change = school.allows(Ability.EDIT_REGISTER)
    there = {"page": page, "school": school, "timezone": school.timezone, "may_change": may_change}
    return render(request, "loans/person.html", there)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def change_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Change what is known of them; two people at once lose nothing."""
    page, _ = doing.person_page(request, person_id)
    school = doing.keeper_of(request, page.person.site)
    values = queries(actor_of(request)).stands(person_id)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=values)
    seen = {name: request.POST.get(f"seen-{name}", "") for name in values}
    if form.is_bound and form.is_valid():
        try:
            people.change(school.id, person_id, form.cleaned_data, seen=seen, by=doing.by(request))
            messages.success(request, "Saved.")
            return redirect("register_person", person_id)
        except StaleError as error:
            fields = ", ".join(title_of(name) for name in error.fields).lower()
            said = f"Somebody else changed this meanwhile: {fields}. Save again to keep yours."
            form.add_error(None, ValidationError(said))
        except RegisterError as error:
            form.add_error(error.field or None, ValidationError(error.sentence))
    there = {"form": form, "person": page.person, "school": school, "seen": values}
    return render(request, "loans/person_form.html", there)


@require_POST
@needs(Ability.EDIT_REGISTER)
def leaves(request: HttpRequest, person_id: str) -> HttpResponse:
    """Say when they leave, or that they stay."""
    page, _ = doing.person_page(request, person_id)
    school = doing.keeper_of(request, page.person.site)
    day = request.POST.get("left_on", "")[:10].replace("\0", "")
    try:
        people.leaves(school.id, person_id, day, by=doing.by(request))
        messages.success(request, "Saved. What they have is listed under who leaves.")
    except RegisterError:
        messages.error(request, "Write the day like 2026-09-01.")
    return redirect("register_person", person_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def erase(request: HttpRequest, person_id: str) -> HttpResponse:
    """Forget who they were."""
    page, _ = doing.person_page(request, person_id)
    school = doing.keeper_of(request, page.person.site)
    try:
        if request.POST.get("sure") != "yes":
            raise RegisterError("unsure", "Tick that you mean it: it cannot be taken back.")
        people.erase(school.id, person_id, by=doing.by(request))
        messages.success(request, "Their name is erased. What was lent stays in the history.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("register_person", person_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def leavers(request: HttpRequest) -> HttpResponse:
    """Who leaves with things of the school's, and what else is late."""
    school = school_of(request)
    page = queries(actor_of(request)).leavers(
        sites_asked(request), school.timezone if school else ""
    )
    may_change = bool(school and school.allows(Ability.EDIT_REGISTER))
    return render(request, "loans/leavers.html", {"page": page, "may_change": may_change})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def import_people(request: HttpRequest) -> HttpResponse:
    """People from a sheet: first what would happen, then done."""
    school = school_for(request, Ability.EDIT_REGISTER)
    there: dict[str, object] = {"school": school}
    if request.method == "POST":
        text = request.POST.get("text", "")
        sheet = request.FILES.get("sheet")
        try:
            data = sheet.read(importing.LARGEST + 1) if sheet else text.encode()
            plan = importing.plan(school.id, data)
            there |= {"plan": plan, "text": importing.as_text(plan)}
            if request.POST.get("step") == "do":
                done = importing.apply(school.id, plan, by=doing.by(request))
                messages.success(request, f"{done} brought in or changed.")
                return redirect("register_people")
        except (SheetError, RegisterError) as error:
            there |= {"problem": getattr(error, "sentence", str(error)), "text": text}
    return render(request, "loans/import.html", there)
