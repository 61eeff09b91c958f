"""One decision about one computer that needs a reason: withdraw it, turn it away, know it again."""

from typing import Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest

from controller import clock
from controller.fleet.forms import ReasonForm
from controller.fleet.queries import queries
from controller.fleet.services import FleetError
from controller.people.actor import actor_of


class Decision(Protocol):
    """What is done to the computer. Raises FleetError."""

    def __call__(self, device_id: str, /, *, actor: str, at: int, reason: str) -> object:
        """Do it."""
        ...


def decide(request: HttpRequest, device_id: str, decision: Decision, done: str) -> None:
    """Take the posted reason, decide, and say `done` or what is wrong.

    Raises Http404 for a computer that is not this person's to decide about.
    """
    actor = actor_of(request)
    if not queries(actor).may_decide([device_id]):
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return
    try:
        decision(device_id, actor=actor.id, at=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, done)
    except FleetError as error:
        messages.error(request, str(error))
