"""The queue of computers that ask to be let in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.fleet import services
from controller.fleet.deciding import decide
from controller.fleet.forms import LetInForm, profile_choices
from controller.fleet.queries import queries
from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.wording.words import count


@require_safe
@needs(Ability.LET_IN)
def waiting(request: HttpRequest) -> HttpResponse:
    """Who asks, and what they claim to be."""
    queue = queries(actor_of(request)).queue(sites_asked(request))
    alarms = queries(actor_of(request)).alarms(sites_asked(request), Ability.LET_IN)
    profiles = profile_choices("As its join code says")
    names = {"queue": queue, "rows": queue.rows, "profiles": profiles, "alarms": alarms}
    return render(request, "fleet/waiting.html", names)


@require_POST
@needs(Ability.LET_IN)
def let_in(request: HttpRequest) -> HttpResponse:
    """Let in the ticked computers; one that was decided elsewhere meanwhile is said, not hidden."""
    actor = actor_of(request)
    known = queries(actor).may_decide(request.POST.getlist("device"))
    form = LetInForm(request.POST, known=known)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("waiting")
    done, now = 0, clock.now()
    for device_id in form.cleaned_data["device"]:
        try:
            _let_in(device_id, form.cleaned_data["profile"], actor.id, now)
            done += 1
        except services.FleetError as error:
            messages.error(request, str(error))
    if done:
        messages.success(request, f"{count(done, 'computer is', 'computers are')} let in.")
    return redirect("waiting")


def _let_in(device_id: str, profile: str, actor: str, now: int) -> None:
    services.approve(device_id, actor=actor, at=now)
    if profile:
        services.set_profile(device_id, profile, actor=actor, at=now)


@require_POST
@needs(Ability.LET_IN)
def refuse(request: HttpRequest, device_id: str) -> HttpResponse:
    """Turn one computer away, with the reason."""
    decide(request, device_id, services.refuse, "The computer is turned away.")
    return redirect("waiting")
