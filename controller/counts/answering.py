"""What the views of counts share: who asks, at which school, and how a page or a script is
answered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from controller import clock
from controller.counts.forms import NewForm, wants_json
from controller.counts.queries import queries
from controller.counts.said import Said
from controller.people.actor import actor_of, audience_at
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By


def take_answer(request: HttpRequest, take_id: str, **more: object) -> HttpResponse:
    """A count as it stands: its rooms, or its result. Raises Http404."""
    actor = actor_of(request)
    page = queries(actor).take(take_id)
    if page is None:
        raise Http404
    names = {
        "page": page,
        "may_count": page.site in actor.sites(Ability.EDIT_REGISTER),
        "may_sign": page.site in actor.sites(Ability.SIGN_REGISTER),
    }
    template = "counts/result.html" if page.finished_at else "counts/count.html"
    return render(request, template, names | at_school(request, page.site) | more)


def at_school(request: HttpRequest, site: str) -> dict[str, object]:
    """Words and times are those of the count's own school."""
    school = actor_of(request).school(site)
    told: dict[str, object] = {"school": school, "audience": audience_at(school)}
    return told | ({"timezone": school.timezone} if school else {})


def room_site(request: HttpRequest, counted_id: str) -> str:
    """The school of a room of a count where this person may count. Raises Http404."""
    site = queries(actor_of(request)).site_of_room(counted_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    return site


def by(request: HttpRequest) -> By:
    """Who asks, now."""
    return By(actor_of(request).id, clock.now())


def new_form(request: HttpRequest, counted_id: str, form: NewForm, error: str) -> HttpResponse:
    """The form for a new entry, with what was wrong with it."""
    page = queries(actor_of(request)).room(counted_id)
    names = {"page": page, "form": form, "error": error}
    return render(request, "counts/new.html", names)


def done(request: HttpRequest, counted_id: str, do: Callable[..., None]) -> HttpResponse:
    """Do something to a room and show it again. Raises Http404."""
    site = room_site(request, counted_id)
    try:
        do(site, counted_id, by=by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("count_room", counted_id)


def scan_answer(
    request: HttpRequest, counted_id: str, told: Said | None, status: int = 200
) -> HttpResponse:
    """What a scan came to: for a script, or said on the page."""
    if wants_json(request):
        return JsonResponse(told.as_dict() if told else {}, status=status)
    if told:
        say = f"{told.head}: {told.say}"
        level = messages.SUCCESS if told.tone in ("good", "grey") else messages.ERROR
        messages.add_message(request, level, say)
    return redirect("count_room", counted_id)
