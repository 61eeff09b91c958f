"""Rooms, sets and trolleys: looked at, made, called something else, filled and emptied."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.roles import Ability
from controller.places import forms, services, tagging
from controller.places.doing import by, do, editing, show_all, show_one
from controller.wording.words import count
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.places import contents


@require_safe
@needs(Ability.SEE_COMPUTERS)
def places(request: HttpRequest) -> HttpResponse:
    """All places of the school looked at."""
    return show_all(request)


@require_POST
@needs(Ability.EDIT_REGISTER)
def add(request: HttpRequest) -> HttpResponse:
    """Make a room, a set or a trolley."""
    site = editing(request)
    try:
        made = services.add(site, forms.new_place(request.POST.dict()), by=by(request))
    except RegisterError as problem:
        return show_all(request, problem)
    messages.success(request, "It is there now.")
    return redirect("place", made) if made.startswith("asset_") else redirect("places")


@require_POST
@needs(Ability.EDIT_REGISTER)
def order(request: HttpRequest) -> HttpResponse:
    """Say in which order the rooms are walked."""
    site = editing(request)
    try:
        number = services.order(site, request.POST.dict(), by=by(request))
    except RegisterError as problem:
        return show_all(request, problem)
    messages.success(request, f"The walking order is kept ({count(number, 'room', 'rooms')} new).")
    return redirect("places")


@require_safe
@needs(Ability.SEE_COMPUTERS)
def place(request: HttpRequest, place_id: str) -> HttpResponse:
    """One place with what is in it."""
    return show_one(request, place_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def change(request: HttpRequest, place_id: str) -> HttpResponse:
    """Call a place something else, say what it is for; a trolley may stand in another room."""

    def deed(site: str, who: By) -> str:
        services.change(site, place_id, request.POST.dict(), by=who)
        return "Saved."

    return do(request, place_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def end(request: HttpRequest, place_id: str) -> HttpResponse:
    """A place that is no more."""

    def deed(site: str, who: By) -> str:
        number = services.end(site, place_id, request.POST.get("to", "")[:32], by=who)
        moved = f" {count(number, 'thing', 'things')} went along." if number else ""
        return f"That place is no more; its name stays in the history.{moved}"

    return do(request, place_id, deed, "places")


@require_POST
@needs(Ability.EDIT_REGISTER)
def empty(request: HttpRequest, place_id: str) -> HttpResponse:
    """Everything in a place goes somewhere else."""

    def deed(site: str, who: By) -> str:
        done = contents.empty_into(site, place_id, request.POST.get("to", "")[:32], by=who)
        return f"{count(done.number, 'thing', 'things')} went there."

    return do(request, place_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def put_in(request: HttpRequest, place_id: str) -> HttpResponse:
    """Many things into a place, by tags typed or scanned."""

    def deed(site: str, who: By) -> str:
        ids = tagging.all_of(site, request.POST.get("tags", ""))
        done = contents.put_in(site, place_id, ids, by=who)
        return f"{count(done.number, 'thing', 'things')} put in."

    return do(request, place_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def take_out(request: HttpRequest, place_id: str) -> HttpResponse:
    """What is ticked comes out of a place."""

    def deed(site: str, who: By) -> str:
        ids = forms.ticked(request.POST.getlist("thing"))
        done = contents.take_out(site, place_id, ids, by=who)
        return f"{count(done.number, 'thing', 'things')} taken out."

    return do(request, place_id, deed)
