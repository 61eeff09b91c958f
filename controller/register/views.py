"""The list of what a school owns, and one entry of it; both are read, nothing is changed here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.register.queries import queries
from inventory.assets.queries import read


@require_safe
@needs(Ability.SEE_COMPUTERS)
def register(request: HttpRequest) -> HttpResponse:
    """The list: searched, filtered, sorted, one page at a time."""
    school, asked = school_of(request), read(request.GET.dict())
    timezone = school.timezone if school else "Europe/London"
    page = queries(actor_of(request)).page(sites_asked(request), asked, timezone)
    every_school = request.GET.get("school") == "all"
    names = {"page": page, "asked": asked, "every_school": every_school}
    return render(request, "register/register.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def entry(request: HttpRequest, asset_id: str) -> HttpResponse:
    """One entry."""
    actor = actor_of(request)
    page = queries(actor).entry(asset_id)
    if page is None:
        raise Http404
    # Words are those of the entry's own school, not of the one looked at before.
    school = actor.school(page.site)
    there = {"school": school, "audience": audience_at(school)}
    timezone = {"timezone": school.timezone} if school else {}
    return render(request, "register/entry.html", {"page": page} | there | timezone)
