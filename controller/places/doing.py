"""Shows places and does what was asked of them; refused, a page comes back as it was filled in."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from controller import clock
from controller.fleet.forms import profile_choices
from controller.people.actor import School, actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.places.queries import queries
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By

Deed = Callable[[str, By], str]
"""Does something at a school and says in a sentence what was done."""


def show_all(request: HttpRequest, problem: RegisterError | None = None) -> HttpResponse:
    """The page of all places; with what was typed and why it was refused."""
    school = school_of(request)
    page = queries(actor_of(request)).page(school.id if school else "")
    names = {"page": page, "may_edit": may_edit(school), "profiles": profile_choices("Not said")}
    return render(request, "places/places.html", names | typed(request, problem))


def show_one(
    request: HttpRequest, place_id: str, problem: RegisterError | None = None
) -> HttpResponse:
    """The page of one place; with what was typed and why it was refused."""
    actor, asked = actor_of(request), request.GET
    found = queries(actor).inside(place_id, asked.get("after", ""), asked.get("before", ""))
    if found is None:
        raise Http404
    school = actor.school(found.site)
    names = {"page": found, "place": found.place, "may_edit": may_edit(school)}
    names |= {"profiles": profile_choices("Not said"), "school": school}
    names |= {"audience": audience_at(school)}
    return render(request, "places/place.html", names | typed(request, problem))


def do(request: HttpRequest, place_id: str, deed: Deed, after: str = "") -> HttpResponse:
    """Do it and show what came of it; refused, the page comes back as it was filled in."""
    site = queries(actor_of(request)).site_of(place_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    try:
        said = deed(site, by(request))
    except RegisterError as problem:
        return show_one(request, place_id, problem)
    messages.success(request, said)
    return redirect(after) if after else redirect("place", place_id)


def by(request: HttpRequest) -> By:
    """Whoever is signed in, now."""
    return By(actor_of(request).id, clock.now())


def editing(request: HttpRequest) -> str:
    """The school looked at, where this person may change its register."""
    school = school_of(request)
    if school is None or not may_edit(school):
        raise PermissionDenied
    return school.id


def may_edit(school: School | None) -> bool:
    """Whether they may change the register there."""
    return bool(school and school.allows(Ability.EDIT_REGISTER))


def typed(request: HttpRequest, problem: RegisterError | None) -> dict[str, object]:
    """What was sent, for a form that comes back."""
    kept = request.POST if request.method == "POST" else {}
    return {"problem": problem, "typed": kept, "form": request.path.rstrip("/").split("/")[-1]}
