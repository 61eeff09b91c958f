"""Searches worth keeping: one's own, and those that colleagues share."""

from typing import Final
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.register.editing.inputs import harmless, sentence
from controller.register.editing.queries import EditingQueries, queries
from inventory.assets.errors import RegisterError
from inventory.assets.queries import read
from inventory.searches import services

_LONGEST: Final = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def searches(request: HttpRequest) -> HttpResponse:
    """All of them; one's own are renamed, shared and deleted here."""
    school, rows = school_of(request), queries(actor_of(request))
    if request.method == "POST":
        filter_id = str(request.POST.get("search", ""))[:32].replace("\0", "")
        site = rows.site_of_search(filter_id)
        if site is None:
            raise Http404
        try:
            messages.success(request, _changed(request, rows, site, filter_id))
        except RegisterError as error:
            messages.error(request, sentence(error))
        return redirect("register_searches")
    found = rows.searches(school.id if school else "")
    return render(request, "register/editing/searches.html", {"searches": found})


@require_POST
@needs(Ability.SEE_COMPUTERS)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the search that is looked at."""
    actor, post = actor_of(request), request.POST
    school = actor.school(str(post.get("school", "")))
    if school is None or not school.allows(Ability.SEE_COMPUTERS):
        raise Http404
    search = harmless(str(post.get("search", ""))[:_LONGEST])
    name, shared = str(post.get("name", "")), post.get("shared") == "1"
    try:
        asked, by = read(dict(parse_qsl(search))), queries(actor).by()
        services.keep(school.id, name, asked, by=by, shared=shared)
        messages.success(request, "Kept. It stands above the list from now on.")
    except RegisterError as error:
        messages.error(request, sentence(error))
        kept = {"search": search, "name": harmless(name[:_LONGEST]), "shared": shared}
        there = {"searches": queries(actor).searches(school.id), "school": school}
        return render(request, "register/editing/searches.html", {"kept": kept} | there)
    return redirect(f"{_LIST}?{search}" if search else _LIST)


_LIST: Final = "/register/"


def _changed(request: HttpRequest, rows: EditingQueries, site: str, filter_id: str) -> str:
    if "delete" in request.POST:
        services.delete(site, filter_id, by=rows.by())
        return "The search is deleted."
    name, shared = str(request.POST.get("name", "")), request.POST.get("shared") == "1"
    services.change(site, filter_id, name=name, shared=shared, by=rows.by())
    return "Saved."
