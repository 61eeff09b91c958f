"""What was seen though it is gone: listed, looked at, answered, proved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.ghosts.listing import Row
from controller.ghosts.queries import may_answer, queries
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at, school_for
from controller.people.roles import SEE_DISPOSAL, Ability
from inventory.ghosts.services import LONGEST_ANSWER, GhostError


@require_safe
@needs(Ability.SEE_COMPUTERS)
def ghosts(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, or those that have one."""
    school, found = school_for(request, SEE_DISPOSAL), queries(actor_of(request))
    done = request.GET.get("state") == "answered"
    rows = found.answered(school.id) if done else found.waiting(school.id)
    return render(request, "ghosts/ghosts.html", {"rows": rows, "done": done})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def ghost(request: HttpRequest, alarm_id: str) -> HttpResponse:
    """One alarm with its evidence."""
    return _show(request, _row(request, alarm_id))


@require_POST
@needs(Ability.SEE_COMPUTERS)
def answer(request: HttpRequest, alarm_id: str) -> HttpResponse:
    """Somebody says why it was seen."""
    row = _row(request, alarm_id)
    if not may_answer(actor_of(request).school(row.site)):
        raise PermissionDenied
    try:
        queries(actor_of(request)).answer(row, request.POST.get("reason", ""))
    except GhostError as problem:
        return _show(request, row, problem)
    messages.success(request, "Kept. It is said again if something new is seen of it.")
    return redirect("ghost", alarm_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def proof(request: HttpRequest, alarm_id: str) -> HttpResponse:
    """The signed report behind it, to be checked by anybody without this controller."""
    found = queries(actor_of(request)).proof(alarm_id)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="proof-{alarm_id}.zip"'
    return response


def _row(request: HttpRequest, alarm_id: str) -> Row:
    row = queries(actor_of(request)).one(alarm_id)
    if row is None:
        raise Http404
    return row


def _show(request: HttpRequest, row: Row, problem: GhostError | None = None) -> HttpResponse:
    school = actor_of(request).school(row.site)
    names: dict[str, object] = {"row": row, "problem": problem, "may_answer": may_answer(school)}
    names |= {"typed": request.POST.get("reason", ""), "longest": LONGEST_ANSWER}
    names |= {"school": school, "audience": audience_at(school)}
    return render(request, "ghosts/ghost.html", names)
