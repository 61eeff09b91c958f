"""Pages that say how true the register is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.records.queries import queries


@require_safe
@needs(Ability.SEE_COMPUTERS)
def record_checks(request: HttpRequest) -> HttpResponse:
    """Every check of the register with its counts."""
    school = school_of(request)
    if school is None:
        raise Http404
    page = queries(actor_of(request)).overall(school.id)
    return render(request, "records/checks.html", {"page": page})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def record_check(request: HttpRequest, check_id: str) -> HttpResponse:
    """One check: which entries, and why."""
    school = school_of(request)
    found = queries(actor_of(request))
    page = found.behind(school.id, check_id, request.GET.dict()) if school else None
    if page is None:
        raise Http404
    return render(request, "records/check.html", {"page": page})
