"""Pages that say how safe a school is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller import clock
from controller.config import current
from controller.disposal.queries import queries as disposals
from controller.fleet.queries import queries as computers
from controller.ghosts.queries import queries as ghosts
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.posture.check_page import all_checks
from controller.posture.queries import queries
from controller.selfcheck.record import self_findings
from inventory.ledger import contradictions


@require_safe
@needs(Ability.SEE_OVERVIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The front page."""
    school = school_of(request)
    if school is None:
        raise Http404
    page = queries(actor_of(request)).overview(school.id)
    can = {ability.value: school.allows(ability) for ability in Ability}
    found = self_findings(current().folder, clock.now()) if can["let_in"] else []
    told = contradictions.recent(school.id, clock.now())
    gone = ghosts(actor_of(request)).open_counts(school.id)
    alarms = computers(actor_of(request)).alarms(frozenset({school.id}), Ability.SEE_COMPUTERS)
    alarms = [one for one in alarms if one.id not in gone.sources]  # said once
    shown = {"page": page, "can": can, "own": found, "contradicted": told, "alarms": alarms}
    shown |= {"ghosts": gone, "leaving": disposals(actor_of(request)).jobs(school)}
    return render(request, "posture/overview.html", shown)


@require_safe
@needs(Ability.SEE_OVERVIEW)
def area(request: HttpRequest, domain: str) -> HttpResponse:
    """One area: each of its checks with its counts."""
    school = school_of(request)
    page = queries(actor_of(request)).area(school.id, domain) if school else None
    if page is None or school is None:
        raise Http404
    can = {ability.value: school.allows(ability) for ability in Ability}
    return render(request, "posture/area.html", {"page": page, "can": can})


@require_safe
@needs(Ability.SEE_OVERVIEW)
def checks(request: HttpRequest) -> HttpResponse:
    """Everything that is looked at."""
    if school_of(request) is None:
        raise Http404
    return render(request, "posture/checks.html", {"areas": all_checks()})


@require_safe
@needs(Ability.SEE_OVERVIEW)
def check(request: HttpRequest, check_id: str) -> HttpResponse:
    """One check: how it stands, what is asked, where it is read, how to put it right."""
    school = school_of(request)
    page = queries(actor_of(request)).check(school.id, check_id) if school else None
    if page is None or school is None:
        raise Http404
    can = {ability.value: school.allows(ability) for ability in Ability}
    return render(request, "posture/check.html", {"page": page, "can": can})
