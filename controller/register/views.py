"""The list of what a school owns, and one entry of it; both are read, and changed elsewhere."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller.care.queries import queries as care_queries
from controller.fleet.views import sites_asked
from controller.ghosts.queries import queries as ghosts
from controller.jobs.queries import queries as jobs
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.records.queries import queries as records
from controller.register.editing.queries import queries as editing
from controller.register.editing.views import at
from controller.register.queries import queries
from controller.register.tabs import school_allows
from inventory.assets.queries import read, written
from inventory.assets.several import MOST
from inventory.assets.states import GONE


@require_safe
@needs(Ability.SEE_COMPUTERS)
def register(request: HttpRequest) -> HttpResponse:
    """The list: searched, filtered, sorted, one page at a time."""
    school, asked = school_of(request), read(request.GET.dict())
    timezone = school.timezone if school else "Europe/London"
    page = queries(actor_of(request)).page(sites_asked(request), asked, timezone)
    every_school = request.GET.get("school") == "all"
    may_change = school is not None and school.allows(Ability.EDIT_REGISTER)
    names = {"page": page, "asked": asked, "every_school": every_school, "may_change": may_change}
    names |= {"search": urlencode(written(asked)), "most": MOST}
    names["searches"] = editing(actor_of(request)).searches(school.id if school else "")
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
    may_edit = school_allows(school, Ability.EDIT_REGISTER)
    care, cared = care_queries(actor).entry(asset_id)
    names = {
        "page": page,
        "care": care,
        "cared": cared,
        "may_edit": may_edit,
        "may_change": may_edit and page.state not in GONE,
        "may_report_loss": page.state not in GONE and school_allows(school, Ability.REPORT_LOSS),
        "management": queries(actor).management(asset_id),
        "told": records(actor).of_entry(page.site, asset_id),
        "jobs": jobs(actor).of_entry(page.site, asset_id),
        "ghosts": ghosts(actor).of_entry(page.site, asset_id),
        "leaving": queries(actor).leaving(asset_id),
        "origin": queries(actor).origin(asset_id),
    }
    return render(request, "register/entry.html", names | at(school))
