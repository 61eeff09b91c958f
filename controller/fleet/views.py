"""The list of computers, one computer, and what it is for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from checks.catalogue import catalogue
from controller import clock
from controller.fleet import csv_out, services
from controller.fleet.deciding import decide
from controller.fleet.forms import ProfileForm
from controller.fleet.listing import Filters
from controller.fleet.queries import queries
from controller.fleet.results import title_of
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at, school_of
from controller.people.roles import Ability


def sites_asked(request: HttpRequest) -> frozenset[str]:
    """The schools a list covers: the one looked at, or with `?school=all` all of this person's."""
    if request.GET.get("school") == "all":
        return frozenset(school.id for school in actor_of(request).schools)
    school = school_of(request)
    return frozenset({school.id}) if school else frozenset()


@require_safe
@needs(Ability.SEE_COMPUTERS)
def computers(request: HttpRequest) -> HttpResponse:
    """The list: searched, filtered, sorted, one page at a time."""
    filters = Filters.read(request.GET.dict())
    page = queries(actor_of(request)).page(sites_asked(request), filters)
    names = {
        "page": page,
        "filters": filters,
        "areas": [domain.name for domain in catalogue().domains if domain.checks],
        "check_title": title_of(filters.check) if filters.check else "",
        "every_school": request.GET.get("school") == "all",
    }
    return render(request, "fleet/computers.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def computers_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a file, all of it."""
    school = school_of(request)
    rows = queries(actor_of(request)).every_row(
        sites_asked(request), Filters.read(request.GET.dict())
    )
    timezone = school.timezone if school else "Europe/London"
    response = StreamingHttpResponse(
        csv_out.lines(rows, timezone), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="computers.csv"'
    return response


@require_safe
@needs(Ability.SEE_COMPUTERS)
def computer(request: HttpRequest, device_id: str) -> HttpResponse:
    """One computer."""
    actor = actor_of(request)
    page = queries(actor).detail(device_id)
    if page is None:
        raise Http404
    school = actor.school(page.row.site)
    may_change = bool(school and school.allows(Ability.LET_IN))
    form = ProfileForm(initial={"profile": page.row.profile})
    names = {"page": page, "may_change": may_change, "form": form, "timezone": page.timezone}
    names["may_say_entry"] = bool(school and school.allows(Ability.EDIT_REGISTER))
    # Words and rights are those held at the computer's own school, not at the one looked at before.
    there = {"school": school, "audience": audience_at(school)}
    return render(request, "fleet/computer.html", names | there)


@require_POST
@needs(Ability.LET_IN)
def set_purpose(request: HttpRequest, device_id: str) -> HttpResponse:
    """Say what a computer is for."""
    actor = actor_of(request)
    if not queries(actor).may_decide([device_id]):
        raise Http404
    form = ProfileForm(request.POST)
    if form.is_valid():
        profile = form.cleaned_data["profile"]
        services.set_profile(device_id, profile, actor=actor.id, at=clock.now())
        messages.success(request, "Saved. Its results follow within a minute.")
    return redirect("computer", device_id)


@require_POST
@needs(Ability.LET_IN)
def withdraw(request: HttpRequest, device_id: str) -> HttpResponse:
    """Take a computer out that is lost, sold or broken; its reports stay as evidence."""
    done = "The computer is withdrawn and no longer counted."
    decide(request, device_id, services.revoke, done)
    return redirect("computer", device_id)
