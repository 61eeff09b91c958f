"""Asking for a program, and deciding about what others asked for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.software.forms import DecideForm, RequestForm
from controller.software.queries import queries
from controller.software.views import at_school
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.software import requests
from inventory.software.requests import Wanted

_DECIDES = frozenset({"approved", "refused"})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def listed(request: HttpRequest) -> HttpResponse:
    """Requests: open ones, or those that were decided."""
    school = at_school(request, Ability.SEE_COMPUTERS)
    opened = request.GET.get("show") != "decided"
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = queries(actor_of(request)).requests(school.id, opened=opened, after=after, before=before)
    may = {
        "edit": school.allows(Ability.EDIT_REGISTER),
        "decide": school.allows(Ability.DECIDE_SOFTWARE),
    }
    return render(request, "software/requests.html", {"page": page, "opened": opened, "may": may})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a program."""
    school = at_school(request, Ability.SEE_COMPUTERS)
    form = RequestForm(request.POST or None, initial={"name": request.GET.get("name", "")[:120]})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        cost = told.pop("cost")
        wanted = Wanted(**told, cost_pence=None if cost is None else int(cost * 100))
        try:
            requests.ask(school.id, wanted, by=By(actor_of(request).id, clock.now()))
        except RegisterError as error:
            form.add_error(error.field or None, error.sentence)
        else:
            messages.success(request, "Asked for. You see here what becomes of it.")
            return redirect("software_requests")
    return render(request, "software/ask.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@needs(Ability.SEE_COMPUTERS)
def decide(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take a request to its next state. Looking at it is the technician's, deciding the school's,
    withdrawing whoever's asked."""
    actor, form = actor_of(request), DecideForm(request.POST)
    found = queries(actor).request(request_id)
    if found is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, "Say what is to happen with it, in at most 500 characters.")
        return redirect("software_requests")
    state = form.cleaned_data["state"]
    needed = {"looked_at": Ability.EDIT_REGISTER, "withdrawn": Ability.SEE_COMPUTERS}
    ability = needed.get(state, Ability.DECIDE_SOFTWARE)
    if found.site not in actor.sites(ability):
        messages.error(request, "Somebody who decides about software has to do that.")
        return redirect("software_requests")
    try:
        requests.move(
            found.site,
            request_id,
            state,
            seen=form.cleaned_data["seq"],
            by=By(actor.id, clock.now()),
            reason=form.cleaned_data["reason"],
        )
    except RegisterError as error:
        messages.error(request, _sentence(error))
    else:
        messages.success(request, _DONE[state])
    return redirect("software_requests")


_DONE = {
    "looked_at": "Noted: somebody is looking at it.",
    "approved": "Approved. It is in the proposal for the list of approved software now.",
    "refused": "Refused, and why is kept with it.",
    "withdrawn": "Withdrawn.",
}


def _sentence(error: RegisterError) -> str:
    if error.code == "stale":
        return "Somebody else moved this request meanwhile. Look at it again, then decide."
    return error.sentence
