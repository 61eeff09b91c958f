"""Letting in, in one step, what was expected: with a delivery, or set up anew."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from controller import clock
from controller.fleet import letting_in
from controller.fleet.queries import queries
from controller.fleet.services import FleetError
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.wording.words import count


@require_POST
@needs(Ability.LET_IN)
def let_in_delivered(request: HttpRequest) -> HttpResponse:
    """Let in those ticked of a delivery, each as the entry it stood beside."""
    actor = actor_of(request)
    found, now = queries(actor).delivered(), clock.now()

    def let_in(device_id: str, entry: str) -> None:
        letting_in.let_in_as(device_id, entry, actor=actor.id, at=now)

    return _each(request, {(device, entry) for device, entry in found.items()}, let_in)


@require_POST
@needs(Ability.LET_IN)
def let_in_back(request: HttpRequest) -> HttpResponse:
    """Let in those ticked that were set up anew, each in the place of the computer beside it."""
    actor = actor_of(request)
    (found, expected), now = queries(actor).returns(), clock.now()

    def let_in(device_id: str, entry: str, old: str) -> None:
        letting_in.let_back(device_id, old, expected[entry], actor=actor.id, at=now)

    return _each(request, {(device, *both) for device, both in found.items()}, let_in)


def _each(
    request: HttpRequest, known: set[tuple[str, ...]], let_in: Callable[..., None]
) -> HttpResponse:
    """Do it for each that was ticked and is known so still; the others are said."""
    asked = dict.fromkeys(tuple(one.split(":")) for one in request.POST.getlist("arrival"))
    done = 0
    for one in asked:
        if one in known:
            try:
                let_in(*one)
                done += 1
            except FleetError as error:
                messages.error(request, str(error))
    if not asked:
        messages.error(request, "Tick at least one computer first.")
    if left := len(asked.keys() - known):
        told = f"{count(left, 'computer was', 'computers were')} not let in"
        messages.error(request, f"{told}: what was expected changed meanwhile. Look again.")
    if done:
        messages.success(request, f"{count(done, 'computer is', 'computers are')} let in.")
    return redirect("waiting")
