"""One room of a count: the page that is held in one hand, and everything its buttons do.

Each does the same without a script: it answers a form with the page, a script with what to say.
"""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.counts.answering import by, done, new_form, room_site, scan_answer
from controller.counts.forms import NewForm, ScanForm, first_error
from controller.counts.queries import queries
from controller.counts.said import refused
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError
from inventory.stocktake import services

CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
"""The one page that may ask for the camera."""


@require_safe
@needs(Ability.SEE_COMPUTERS)
def room(request: HttpRequest, counted_id: str) -> HttpResponse:
    """What is missing from this room; `?part=lists` answers with the lists alone."""
    actor = actor_of(request)
    page = queries(actor).room(counted_id)
    if page is None:
        raise Http404
    school = actor.school(page.site)
    names = {
        "page": page,
        "key": secrets.token_hex(8),
        "may_count": page.open and page.site in actor.sites(Ability.EDIT_REGISTER),
        "into": request.GET.get("in", "")[:32],
        "school": school,
        "audience": audience_at(school),
    } | ({"timezone": school.timezone} if school else {})
    part = request.GET.get("part") == "lists"
    answer = render(request, "counts/lists.html" if part else "counts/room.html", names)
    answer.headers["Permissions-Policy"] = CAMERA
    return answer


@require_POST
@needs(Ability.EDIT_REGISTER)
def begin(request: HttpRequest, counted_id: str) -> HttpResponse:
    """Begin to count a room."""
    return done(request, counted_id, services.begin_room)


@require_POST
@needs(Ability.EDIT_REGISTER)
def close(request: HttpRequest, counted_id: str) -> HttpResponse:
    """Everybody is through with this room."""
    answer = done(request, counted_id, services.close_room)
    page = queries(actor_of(request)).room(counted_id)
    return redirect("count", page.take) if page and page.state == "closed" else answer


@require_POST
@needs(Ability.EDIT_REGISTER)
def reopen(request: HttpRequest, counted_id: str) -> HttpResponse:
    """Go on with a room that was closed."""
    return done(request, counted_id, services.reopen_room)


@require_POST
@needs(Ability.EDIT_REGISTER)
def scan(request: HttpRequest, counted_id: str) -> HttpResponse:
    """Count what was scanned or typed."""
    site = room_site(request, counted_id)
    form = ScanForm(request.POST)
    if not form.is_valid():
        return scan_answer(request, counted_id, refused(first_error(form)), 400)
    try:
        answer = services.scan(site, counted_id, form.scanned(), by=by(request))
    except RegisterError as error:
        return scan_answer(request, counted_id, refused(error.sentence), 409)
    school = actor_of(request).school(site)
    timezone = school.timezone if school else "Europe/London"
    return scan_answer(
        request, counted_id, queries(actor_of(request)).answered(counted_id, answer, timezone)
    )


@require_POST
@needs(Ability.EDIT_REGISTER)
def mark(request: HttpRequest, counted_id: str) -> HttpResponse:
    """One tap on something in the list."""
    site = room_site(request, counted_id)
    form = ScanForm(request.POST)
    if not form.is_valid():
        return scan_answer(request, counted_id, refused(first_error(form)), 400)
    told = form.cleaned_data
    try:
        services.mark(site, counted_id, told["mark"], form.scanned(), told["thing"], by=by(request))
    except RegisterError as error:
        return scan_answer(request, counted_id, refused(error.sentence), 409)
    return scan_answer(request, counted_id, None)


@require_safe
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest, counted_id: str) -> HttpResponse:
    """The form for something that the register does not know."""
    room_site(request, counted_id)
    text = request.GET.get("text", "")[:128]
    told = {"text": text, "tag": text[:64], "key": secrets.token_hex(8), "kind": "other"}
    return new_form(request, counted_id, NewForm(initial=told), "")


@require_POST
@needs(Ability.EDIT_REGISTER)
def add(request: HttpRequest, counted_id: str) -> HttpResponse:
    """Enter it, here and counted."""
    site = room_site(request, counted_id)
    form = NewForm(request.POST)
    if not form.is_valid():
        return new_form(request, counted_id, form, first_error(form))
    told = form.cleaned_data
    scanned = services.Scanned(told["text"] or told["tag"] or told["serial"], told["key"])
    try:
        services.add_to_register(site, counted_id, scanned, form.values(), by=by(request))
    except RegisterError as error:
        return new_form(request, counted_id, form, error.sentence)
    messages.success(request, "It is in the register now, and counted here.")
    return redirect("count_room", counted_id)
