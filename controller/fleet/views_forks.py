"""One computer or two, and computers that are alive though they were taken out of service."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.fleet.deciding import decide
from controller.fleet.forks import cures
from controller.fleet.forms import CureForm
from controller.fleet.queries import queries
from controller.fleet.services import FleetError
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability


@require_POST
@needs(Ability.LET_IN)
def say(request: HttpRequest, device_id: str) -> HttpResponse:
    """Say whether it is one computer or two; it follows within the hour by itself."""
    actor = actor_of(request)
    if not queries(actor).may_decide([device_id]):
        raise Http404
    form = CureForm(request.POST)
    if form.is_valid():
        try:
            cures.say(device_id, form.cleaned_data["said"], actor=actor.id, at=clock.now())
            messages.success(request, "Noted. The computer asks again within an hour and goes on.")
        except FleetError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, "Say whether it is one computer or two.")
    return redirect("computer", device_id)


@require_POST
@needs(Ability.LET_IN)
def known(request: HttpRequest, device_id: str) -> HttpResponse:
    """Somebody knows why a withdrawn computer reports."""
    done = "Noted. It is said again if it appears after a week of silence."
    decide(request, device_id, cures.know_sighting, done)
    return redirect("computer", device_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def proof(request: HttpRequest, device_id: str) -> HttpResponse:
    """Both reports of every fork, to be checked by anybody without this controller."""
    found = queries(actor_of(request)).proof(device_id)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="proof-{device_id}.zip"'
    return response
