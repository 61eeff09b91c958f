"""The network: its map, one device, what nobody knows, the wireless networks, the rounds."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller.network.listing import Unknown
from controller.network.queries import SEE, queries
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at, school_for
from controller.people.roles import Ability
from inventory.network.acknowledging import LONGEST
from inventory.network.queries import VIEWS, View

TABS: Final[dict[View, str]] = {
    "": "Nobody said",
    "known": "Known",
    "guest": "Guests",
    "ignored": "Ignored",
}


@require_safe
@needs(Ability.SEE_COMPUTERS)
def network_map(request: HttpRequest) -> HttpResponse:
    """Equipment and cables, drawn and as a table."""
    school = school_for(request, SEE)
    return render(request, "network/map.html", {"page": queries(actor_of(request)).map(school.id)})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def device(request: HttpRequest, device_id: str) -> HttpResponse:
    """One device with what hangs off each of its ports."""
    found = queries(actor_of(request)).device(device_id)
    if found is None:
        raise Http404
    return render(request, "network/device.html", {"page": found[1]} | _at(request, found[0]))


@require_safe
@needs(Ability.SEE_COMPUTERS)
def things(request: HttpRequest) -> HttpResponse:
    """What nobody knows, or what people said of it."""
    school, found = school_for(request, SEE), queries(actor_of(request))
    view = next((one for one in VIEWS if one == request.GET.get("show", "")), VIEWS[0])
    counts = found.counts(school.id)
    names = {
        "rows": found.things(school.id, view),
        "show": view,
        "tabs_of": [(one, label, counts[one]) for one, label in TABS.items()],
        "newest": next(iter(found.rounds(school.id)[:1]), None),
        "servers": found.servers(school.id),
        "may_keep": school.allows(Ability.EDIT_REGISTER),
        "longest": LONGEST,
    }
    return render(request, "network/things.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def thing(request: HttpRequest, mac_id: str) -> HttpResponse:
    """One of them."""
    found = queries(actor_of(request)).thing(mac_id)
    if found is None:
        raise Http404
    return render(request, "network/thing.html", thing_names(request, *found))


@require_safe
@needs(Ability.SEE_COMPUTERS)
def wireless(request: HttpRequest) -> HttpResponse:
    """Each network of the school with its access points and how each is protected."""
    school = school_for(request, SEE)
    page = queries(actor_of(request)).air(school.id)
    return render(request, "network/wireless.html", {"page": page})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the newest first."""
    school = school_for(request, SEE)
    rows = queries(actor_of(request)).rounds(school.id)
    return render(request, "network/rounds.html", {"rows": rows})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def round_page(request: HttpRequest, survey_id: str) -> HttpResponse:
    """One round with what it could not see."""
    found = queries(actor_of(request)).round(survey_id)
    if found is None:
        raise Http404
    return render(request, "network/round.html", {"row": found[1]} | _at(request, found[0]))


def thing_names(request: HttpRequest, site: str, row: Unknown) -> dict[str, object]:
    """What the page of one thing shows, before anybody typed."""
    held: dict[str, object] = {"row": row, "longest": LONGEST, "typed": {}, "problem": None}
    return held | _at(request, site)


def _at(request: HttpRequest, site: str) -> dict[str, object]:
    """The school of what is looked at, which may be another than the one chosen."""
    school = actor_of(request).school(site)
    keeps = school is not None and school.allows(Ability.EDIT_REGISTER)
    return {"school": school, "audience": audience_at(school), "may_keep": keeps}
