"""The inbox of jobs told by labels, and saying that one is done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.fleet.views import sites_asked
from controller.jobs.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError


@require_safe
@needs(Ability.SEE_COMPUTERS)
def jobs(request: HttpRequest) -> HttpResponse:
    """What is open, or what was done."""
    done, school = request.GET.get("state") == "done", school_of(request)
    rows = queries(actor_of(request)).page(sites_asked(request), done=done)
    may_change = bool(school and school.allows(Ability.EDIT_REGISTER))
    names = {"rows": rows, "done": done, "may_change": may_change}
    return render(request, "jobs/jobs.html", names)


@require_POST
@needs(Ability.EDIT_REGISTER)
def finish(request: HttpRequest, job_id: str) -> HttpResponse:
    """One is done, with a note."""
    try:
        was_open = queries(actor_of(request)).finish(job_id, request.POST.get("note", ""))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return redirect("jobs")
    if was_open is None:
        raise Http404
    messages.success(request, "Done." if was_open else "Somebody else said it is done already.")
    return redirect("jobs")
