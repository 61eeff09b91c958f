"""What does not agree: a school's list, one of them, and settling it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from controller.receipts import forms
from controller.receipts.queries import queries
from controller.receipts.showing import DifferenceRow
from controller.receipts.views import STALE
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import settling
from inventory.collections.returns import VIEWS, View

_LABELS = {
    "": "Open",
    "late": "Overdue",
    "second": "Waiting for a second person",
    "closed": "Settled",
}


@require_safe
@needs(Ability.SEE_COMPUTERS)
def differences(request: HttpRequest) -> HttpResponse:
    """The list, and the collections whose papers are not complete."""
    school = school_for(request, Ability.SEE_COMPUTERS)
    found = queries(actor_of(request))
    asked = request.GET.get("show", "")
    view: View = next((one for one in VIEWS if one == asked), "")
    counts = found.counts(school.id)
    names = {
        "rows": found.differences(school.id, view),
        "tabs_here": [(one, _LABELS[one], counts[one]) for one in VIEWS],
        "show": view,
        "waiting": found.waiting(school.id),
    }
    return render(request, "receipts/differences.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def difference(request: HttpRequest, difference_id: str) -> HttpResponse:
    """One of them."""
    site, row = _one(request, difference_id)
    names = {"row": row, "may": _may(request, site)}
    return render(request, "receipts/difference.html", names)


@require_POST
@needs(Ability.SEE_COMPUTERS)
def settle(request: HttpRequest, difference_id: str) -> HttpResponse:
    """See to it, say how it was settled, confirm that, or turn it down."""
    site, row = _one(request, difference_id)
    if not _may(request, site):
        raise PermissionDenied
    reason = request.POST.get("reason", "")[:2_000]
    by, seen = queries(actor_of(request)).by(reason), forms.seen(request.POST)
    try:
        said = _done(request.POST.get("then", ""), site, row, seen, by)
    except StaleError:
        messages.error(request, STALE)
    except RegisterError as error:
        messages.error(request, error.sentence)
        names = {"row": row, "may": True, "typed": reason}
        return render(request, "receipts/difference.html", names, status=422)
    else:
        messages.success(request, said)
    return redirect("difference", difference_id)


@require_POST
@needs(Ability.RECEIVE_DISPOSAL)
def go_on(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Vouch for the papers whose steps wait for somebody, and move those on."""
    found = queries(actor_of(request))
    held = found.returns(collection_id)
    sites = actor_of(request).sites(Ability.RECEIVE_DISPOSAL)
    if held is None or (site := held.values["site_id"]) not in sites:
        raise Http404
    seen = request.POST.get("seen", "")[:64]
    try:
        settling.go_on(site, collection_id, seen=seen, by=found.by())
    except StaleError:
        messages.error(request, STALE)
    except RegisterError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "It goes on, in your name.")
    return redirect("collection_papers", collection_id)


def _done(then: str, site: str, row: DifferenceRow, seen: int, by: By) -> str:
    """Do it; what to say. Raises RegisterError and StaleError."""
    if then == "own":
        settling.take_over(site, row.id, seen=seen, by=by)
        return "You see to it."
    if then == "turn_down":
        settling.turn_down(site, row.id, seen=seen, by=by)
        return "Turned down. It stays open."
    closed = settling.settle(site, row.id, seen=seen, by=by)
    return "Settled." if closed else "Noted. Now somebody else looks at it and confirms."


def _one(request: HttpRequest, difference_id: str) -> tuple[str, DifferenceRow]:
    found = queries(actor_of(request)).difference(difference_id)
    if found is None:
        raise Http404
    return found


def _may(request: HttpRequest, site: str) -> bool:
    school = actor_of(request).school(site)
    asked = (Ability.RECEIVE_DISPOSAL, Ability.REQUEST_DISPOSAL)
    return school is not None and any(school.allows(one) for one in asked)
