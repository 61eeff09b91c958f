"""The September rollover: filled in, looked at, done, looked at again, taken back (S24)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.places.doing import by, editing
from controller.rollover import forms
from controller.rollover.doing import show
from controller.rollover.queries import queries
from controller.wording.words import count
from inventory.assets.errors import RegisterError
from inventory.rollover import services


@require_safe
@needs(Ability.EDIT_REGISTER)
def rollover(request: HttpRequest) -> HttpResponse:
    """The form, and what was done before."""
    return show(request, editing(request))


@require_POST
@needs(Ability.EDIT_REGISTER)
def preview(request: HttpRequest) -> HttpResponse:
    """What would happen; nothing does."""
    site = editing(request)
    try:
        asked = forms.asked(request.POST, forms.names(site))
        found = queries(actor_of(request)).preview(site, asked)
    except RegisterError as problem:
        return show(request, site, problem=problem)
    return show(request, site, preview=found)


@require_POST
@needs(Ability.EDIT_REGISTER)
def carry_out(request: HttpRequest) -> HttpResponse:
    """Do what was looked at, in one step."""
    site = editing(request)
    try:
        asked = forms.asked(request.POST, forms.names(site))
        mark = request.POST.get("mark", "")[:32]
        done = services.carry_out(site, asked, by=by(request), mark=mark or "none")
    except services.MovedError as problem:
        found = queries(actor_of(request)).preview(site, asked)
        return show(request, site, preview=found, problem=problem)
    except RegisterError as problem:
        return show(request, site, problem=problem)
    messages.success(request, "Done. All of it can be taken back on this page.")
    return redirect("rollover_step", done)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def step(request: HttpRequest, rollover_id: str) -> HttpResponse:
    """One step that was done."""
    found = queries(actor_of(request)).step(rollover_id)
    if found is None:
        raise Http404
    may_edit = queries(actor_of(request)).site_of(rollover_id, Ability.EDIT_REGISTER) is not None
    return render(request, "rollover/step.html", {"step": found, "may_edit": may_edit})


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, rollover_id: str) -> HttpResponse:
    """Take it back."""
    site = queries(actor_of(request)).site_of(rollover_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    try:
        back = services.undo(site, rollover_id, by=by(request))
    except RegisterError as problem:
        messages.error(request, problem.sentence)
        return redirect("rollover_step", rollover_id)
    kept = len(back.kept) + len(back.stay)
    stays = f" {count(kept, 'was', 'were')} changed since and stay as they are." if kept else ""
    messages.success(request, f"{count(back.done, 'change', 'changes')} taken back.{stays}")
    return redirect("rollover_step", rollover_id)
