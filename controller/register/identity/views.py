"""Computers whose entry is in doubt, and entries that are one thing or two."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.fleet import entries
from controller.fleet.queries import queries as fleet_queries
from controller.fleet.services import FleetError
from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.register.identity.forms import DecisionForm, MergeForm
from controller.register.identity.queries import MOST, queries
from controller.register.said import title_of
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.queries import LONGEST_SEARCH
from inventory.assets.writing import By


@require_safe
@needs(Ability.EDIT_REGISTER)
def doubts(request: HttpRequest) -> HttpResponse:
    """Every computer in doubt beside the entries it might be."""
    return _doubts(request)


@require_POST
@needs(Ability.EDIT_REGISTER)
def decide(request: HttpRequest, device_id: str) -> HttpResponse:
    """Say which entry a computer is."""
    actor = actor_of(request)
    if not fleet_queries(actor).may_say_entry(device_id):
        raise Http404
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _doubts(request, device_id, _first(form))
    what, entry = form.said()
    if what == "gone" and device_id not in fleet_queries(actor).may_decide([device_id]):
        return _doubts(request, device_id, "Ask a technician to take the other computer out first.")
    said = {"actor": actor.id, "at": clock.now(), "reason": form.cleaned_data["reason"]}
    try:
        if what == "new":
            entries.bind_new(device_id, **said)
        else:
            entries.bind(device_id, entry, others_gone=what == "gone", **said)
    except FleetError as error:
        return _doubts(request, device_id, str(error))
    messages.success(request, "Noted. Its reports fill that entry from now on.")
    return redirect("register_doubts")


def _doubts(request: HttpRequest, failed: str = "", why: str = "") -> HttpResponse:
    """The page; with what was typed where a decision could not be carried out."""
    school = school_of(request)
    found = queries(actor_of(request)).doubts(sites_asked(request))
    typed = request.POST if failed else {}
    if failed and failed not in {doubt.id for doubt in found}:
        messages.error(request, why)
        return redirect("register_doubts")
    names = {"doubts": found, "most": MOST, "failed": failed, "why": why, "typed": typed}
    names["here"] = school
    return render(request, "register/doubts.html", names, status=400 if failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def merge(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Find the other entry of the same thing, look at both, and make them one."""
    found = queries(actor_of(request))
    entry = found.entry(asset_id)
    if entry is None:
        raise Http404
    if request.method == "POST":
        return _merge(request, asset_id)
    other, search = request.GET.get("with", "")[:32], request.GET.get("q", "")[:LONGEST_SEARCH]
    return _pair(request, asset_id, other, search.replace("\0", ""))


def _merge(request: HttpRequest, asset_id: str) -> HttpResponse:
    form = MergeForm(request.POST)
    other = request.POST.get("other", "")[:32]
    pair = queries(actor_of(request)).pair(asset_id, other)
    if pair is None:
        raise Http404
    if not form.is_valid():
        return _pair(request, asset_id, other, why=_first(form))
    stays = form.cleaned_data["stays"]
    goes = {asset_id, other} - {stays}
    if len(goes) != 1:
        return _pair(request, asset_id, other, why="Choose which of the two stays.")
    by = By(actor_of(request).id, clock.now(), reason=form.cleaned_data["reason"])
    seen = {asset_id: form.cleaned_data["seq"], other: form.cleaned_data["other_seq"]}
    try:
        entries.merge(pair.site, stays, goes.pop(), by=by, seen=seen)
    except StaleError as error:
        touched = ", ".join(title_of(name) for name in error.fields)
        why = "Somebody else changed one of the two meanwhile"
        why += f" ({touched})" if touched else ""
        return _pair(request, asset_id, other, why=f"{why}. This is how they are now.")
    except (RegisterError, FleetError) as error:
        return _pair(request, asset_id, other, why=str(error))
    messages.success(
        request, "The two are one entry now. On the other one’s page you can part them."
    )
    return redirect("register_entry", stays)


def _pair(
    request: HttpRequest, asset_id: str, other: str, search: str = "", why: str = ""
) -> HttpResponse:
    found = queries(actor_of(request))
    entry = found.entry(asset_id)
    pair = found.pair(asset_id, other) if other and other != asset_id else None
    names = {
        "asset_id": asset_id,
        "entry": entry,
        "pair": pair,
        "other": other,
        "search": search,
        "found": found.found(entry, search) if entry and search and not pair else [],
        "why": why,
        "typed": request.POST,
    }
    return render(request, "register/merge.html", names, status=400 if why else 200)


@require_POST
@needs(Ability.EDIT_REGISTER)
def part(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Two entries after all."""
    actor = actor_of(request)
    site = queries(actor).site_of_merged(asset_id)
    if site is None:
        raise Http404
    try:
        entries.part(site, asset_id, by=By(actor.id, clock.now()))
        messages.success(request, "They are two entries again, each as it was.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("register_entry", asset_id)


def _first(form: DecisionForm | MergeForm) -> str:
    return str(next(iter(form.errors.values()))[0])
