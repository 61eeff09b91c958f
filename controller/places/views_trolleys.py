"""A trolley counted, lent and brought back as one (S29)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from controller.people.access import needs
from controller.people.roles import Ability
from controller.places import forms, tagging, typing
from controller.places.doing import do
from controller.wording.words import count as counted
from inventory.allocation.services import Terms
from inventory.assets.writing import By
from inventory.trolleys import counting
from inventory.trolleys.counting import Counted


@require_POST
@needs(Ability.EDIT_REGISTER)
def count(request: HttpRequest, place_id: str) -> HttpResponse:
    """Note what of a trolley is there, by ticks or by tags."""

    def deed(site: str, who: By) -> str:
        return _said(counting.count(site, place_id, _found(site, request), by=who))

    return do(request, place_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def back(request: HttpRequest, place_id: str) -> HttpResponse:
    """A lent trolley comes back with what was found in it."""

    def deed(site: str, who: By) -> str:
        return _said(counting.bring_back(site, place_id, _found(site, request), by=who))

    return do(request, place_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def lend(request: HttpRequest, place_id: str) -> HttpResponse:
    """Give a trolley with all in it to somebody."""

    def deed(site: str, who: By) -> str:
        person = typing.people(site).find(request.POST.get("person", ""))
        terms = Terms(due_on=request.POST.get("due_on", "")[:10])
        _, number = counting.lend(site, place_id, person, by=who, terms=terms)
        return f"Given out: {counted(number, 'thing', 'things')}, the trolley among them."

    return do(request, place_id, deed)


def _found(site: str, request: HttpRequest) -> list[str]:
    if "tags" in request.POST:
        return tagging.all_of(site, request.POST["tags"])
    return forms.ticked(request.POST.getlist("thing"))


def _said(done: Counted) -> str:
    return f"{done.back} of {done.expected} are here." + (
        "" if done.missing else " None is missing."
    )
