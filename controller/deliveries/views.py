"""Entering a delivery, ticking what arrived, taking it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.deliveries.forms import Typed, kind_choices, read
from controller.deliveries.queries import Page, queries
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from controller.wording.shown import shown
from controller.wording.words import count
from inventory.assets.errors import RegisterError


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was entered, and a form for the next; a POST looks first, then enters."""
    found, school = queries(actor_of(request)), school_for(request, Ability.EDIT_REGISTER)
    planned, wrong = None, None
    typed = read(request.POST.dict()) if request.method == "POST" else Typed()
    if request.method == "POST":
        try:
            if request.POST.get("step") == "enter":
                return redirect("delivery", found.enter(school, typed))
            planned = found.plan(school, typed)
        except RegisterError as error:
            wrong = error
    rooms, pools = found.places(school)
    lists = {"rows": found.rows(school), "kinds": kind_choices(), "rooms": rooms, "pools": pools}
    names = {"typed": typed, "planned": planned, "wrong": wrong}
    return render(request, "deliveries/deliveries.html", lists | names)


@require_safe
@needs(Ability.EDIT_REGISTER)
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """One delivery: what is missing, what arrived, what reports."""
    page = _page(request, delivery_id)
    return render(request, "deliveries/delivery.html", {"page": page})


@require_POST
@needs(Ability.EDIT_REGISTER)
def arrive(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Tick what arrived."""
    page = _page(request, delivery_id)
    try:
        strange = queries(actor_of(request)).arrive(page, request.POST.get("scanned", ""))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return redirect("delivery", delivery_id)
    if strange:
        named = ", ".join(shown(one, 40) for one in strange[:10])
        messages.error(request, f"Not in this delivery, so nothing was ticked for: {named}.")
    return redirect("delivery", delivery_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Take the whole delivery back."""
    page = _page(request, delivery_id)
    kept = queries(actor_of(request)).undo(page)
    if kept:
        told = f"{count(len(kept), 'thing was', 'things were')} changed since and stay."
        messages.error(request, told)
        return redirect("delivery", delivery_id)
    messages.success(request, "The delivery is taken back.")
    return redirect("deliveries")


def _page(request: HttpRequest, delivery_id: str) -> Page:
    """One delivery. Raises Http404 where it is none of theirs."""
    page = queries(actor_of(request)).page(delivery_id)
    if page is None:
        raise Http404
    return page
