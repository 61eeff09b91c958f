"""Shows one entry's repairs and does what was asked; refused, the page comes back as filled in."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from controller.people.actor import actor_of, audience_at
from controller.people.roles import Ability
from controller.places.doing import by, may_edit
from controller.repairs.listing import DRIVES, Row, choices
from controller.repairs.queries import queries
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.repairs.services import Sent

Deed = Callable[[str, By], str]
_NUMBER = 9


def show(request: HttpRequest, asset_id: str, problem: RegisterError | None = None) -> HttpResponse:
    """The page of one entry's repairs."""
    actor = actor_of(request)
    page = queries(actor).entry(asset_id)
    if page is None:
        raise Http404
    school = actor.school(page.site)
    names: dict[str, object] = {"page": page, "problem": problem, "drives": DRIVES}
    names |= {"typed": request.POST, "may_edit": may_edit(school), "places": choices()}
    names["may_place"] = school is not None and school.allows(Ability.REQUEST_DISPOSAL)
    there = {"school": school, "audience": audience_at(school)}
    return render(request, "repairs/repair.html", names | there)


def do(
    request: HttpRequest, asset_id: str, deed: Deed, ability: Ability = Ability.EDIT_REGISTER
) -> HttpResponse:
    """Do it at the entry's own school."""
    site = queries(actor_of(request)).site_of(asset_id, ability)
    if site is None:
        raise Http404
    try:
        said = deed(site, by(request))
    except RegisterError as problem:
        return show(request, asset_id, problem)
    messages.success(request, said)
    return redirect("repair", asset_id)


def job_of(request: HttpRequest, asset_id: str) -> Row | None:
    """The time away that the form is about, while something of it waits."""
    page = queries(actor_of(request)).entry(asset_id)
    job = page.job if page else None
    return job if job is not None and job.id == typed(request, "away") else None


def typed(request: HttpRequest, name: str) -> str:
    """An id or a choice of a form."""
    return request.POST.get(name, "")[:32].replace("\0", "")


def sent_of(request: HttpRequest) -> tuple[Sent, int | None]:
    """What was filled in, and which event of the entry was the last on the screen."""
    form = request.POST
    seen = form.get("seen", "")
    names = ("repairer", "drive", "personal_data", "reference", "fault", "expected_on")
    number = seen.isascii() and seen.isdigit() and len(seen) <= _NUMBER
    return Sent(*(form.get(name, "") for name in names)), int(seen) if number else None
