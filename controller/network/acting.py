"""What people say of what was seen: known, a guest's, ignored; an entry made of it in one step."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from controller import clock
from controller.network.queries import queries
from controller.network.views import thing_names
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.network import acknowledging, entering

TYPED = ("trust", "until", "reason", "name", "tag")


@require_POST
@needs(Ability.EDIT_REGISTER)
def say(request: HttpRequest, mac_id: str) -> HttpResponse:
    """What a thing is; nothing typed is lost where it is refused."""
    told = request.POST
    site = _of_thing(request, mac_id)

    def go() -> str:
        acknowledging.acknowledge(
            site,
            mac_id,
            told.get("trust", ""),
            reason=told.get("reason", ""),
            by=_by(request),
            today=queries(actor_of(request)).today(site),
            until=told.get("until", ""),
            seen=_number(told.get("seq", "")),
        )
        return "Kept, with your name. It stands under what was said of things."

    return _tried(request, mac_id, go)


@require_POST
@needs(Ability.EDIT_REGISTER)
def take_back(request: HttpRequest, mac_id: str) -> HttpResponse:
    """What was said holds no longer."""
    site = _of_thing(request, mac_id)

    def go() -> str:
        seen = _number(request.POST.get("seq", ""))
        acknowledging.take_back(site, mac_id, by=_by(request), seen=seen)
        return "Taken back: it is an unknown thing again."

    return _tried(request, mac_id, go)


@require_POST
@needs(Ability.EDIT_REGISTER)
def enter(request: HttpRequest, mac_id: str) -> HttpResponse:
    """An entry of the register is made of a thing."""
    site = _of_thing(request, mac_id)
    try:
        entry = entering.enter_thing(site, mac_id, _values(request), by=_by(request))
    except RegisterError as error:
        return _again(request, mac_id, error)
    messages.success(request, "It is in the register now. Look whether all of it is right.")
    return redirect("register_entry", entry)


@require_POST
@needs(Ability.EDIT_REGISTER)
def enter_device(request: HttpRequest, device_id: str) -> HttpResponse:
    """An entry of the register is made of a switch, an access point, a printer."""
    found = queries(actor_of(request)).device(device_id)
    site = "" if found is None else _keeps(request, found[0])
    if found is None:
        raise Http404
    try:
        entry = entering.enter_device(site, device_id, _values(request), by=_by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return redirect("network_device", device_id)
    messages.success(request, "It is in the register now. Look whether all of it is right.")
    return redirect("register_entry", entry)


@require_POST
@needs(Ability.EDIT_REGISTER)
def server(request: HttpRequest, server_id: str) -> HttpResponse:
    """Whether a server may hand out addresses."""
    site, by = school_for(request, Ability.EDIT_REGISTER).id, _by(request)
    try:
        if request.POST.get("known") == "yes":
            reason = request.POST.get("reason", "")
            acknowledging.server_known(site, server_id, reason=reason, by=by)
        else:
            acknowledging.server_unknown(site, server_id, by=by)
    except RegisterError as error:
        if error.code == "not_found":
            raise Http404 from error
        messages.error(request, error.sentence)
    else:
        messages.success(request, "Kept, with your name.")
    return redirect("network_things")


def _tried(request: HttpRequest, mac_id: str, go: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, go())
    except RegisterError as error:
        return _again(request, mac_id, error)
    return redirect("network_thing", mac_id)


def _again(request: HttpRequest, mac_id: str, error: RegisterError) -> HttpResponse:
    """The page once more, with what was typed and what is wrong with it."""
    found = queries(actor_of(request)).thing(mac_id)
    if found is None:
        raise Http404
    names = thing_names(request, *found)
    names |= {"problem": error, "typed": {one: request.POST.get(one, "")[:600] for one in TYPED}}
    return render(request, "network/thing.html", names)


def _of_thing(request: HttpRequest, mac_id: str) -> str:
    found = queries(actor_of(request)).thing(mac_id)
    if found is None:
        raise Http404
    return _keeps(request, found[0])


def _keeps(request: HttpRequest, site: str) -> str:
    """The school, where they keep its register. Raises PermissionDenied."""
    school = actor_of(request).school(site)
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise PermissionDenied
    return site


def _values(request: HttpRequest) -> dict[str, object]:
    """What a person changed of what stood there."""
    told = {one: request.POST.get(one, "").strip()[:200] for one in ("name", "tag")}
    return {name: value for name, value in told.items() if value}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _by(request: HttpRequest) -> By:
    return By(actor_of(request).id, clock.now())
