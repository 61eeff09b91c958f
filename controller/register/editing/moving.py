"""An entry moves to another point of its life, or is taken out as a mistake; each with a page."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.register.editing.inputs import harmless, sentence
from controller.register.editing.queries import EditingQueries, queries
from controller.register.editing.saving import number
from controller.register.editing.views import at
from controller.wording.entries import name_of
from controller.wording.words import Label, words
from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.states import MOVES, STATES, State

LONGEST_REASON: Final = 300
EXPLAINED: Final[frozenset[State]] = frozenset({"lost", "stolen", "retired"})
"""Who moves a thing there says why: an insurer and an auditor ask."""
_STALE: Final = "Somebody else changed it meanwhile: this is how it is now. Say again what to do."


class MoveForm(forms.Form):
    """Where to, and why."""

    state = forms.ChoiceField(
        choices=[(state, state) for state in STATES],
        error_messages={
            "required": "Choose what it is now.",
            "invalid_choice": "Choose what it is now.",
        },
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        required=False,
        error_messages={"max_length": f"Say it in at most {LONGEST_REASON} characters."},
    )

    def clean(self) -> dict[str, Any]:
        """A loss is explained."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("state") in EXPLAINED and "reason" in found and not found["reason"]:
            self.add_error("reason", "Say what happened, so that whoever asks later knows.")
        return found


class ReasonForm(forms.Form):
    """Why an entry is a mistake."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say what was wrong with it.",
            "max_length": f"Say it in at most {LONGEST_REASON} characters.",
        },
    )


def moves(state: str) -> list[tuple[str, Label]]:
    """Where an entry may move from this state, in the order of a life."""
    allowed: frozenset[str] = next((to for one, to in MOVES.items() if one == state), frozenset())
    return [(to, words().register.state(to)) for to in STATES if to in allowed]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def move(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Move one entry to another state."""
    rows = queries(actor_of(request))
    held = _held(rows, asset_id)
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm()
    if form.is_valid():
        state, by = form.cleaned_data["state"], rows.by(form.cleaned_data["reason"])
        try:
            seen = {asset_id: number(request.POST.get("seq", ""))}
            services.move(held["site"], [asset_id], state, by=by, seen=seen)
            messages.success(request, f"It is now: {words().register.state(state).label}.")
            return redirect("register_entry", asset_id)
        except RegisterError as error:
            held = _held(rows, asset_id)
            form.add_error("state", _why(error))
    return _page(request, held, form, "register/editing/move.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def withdraw(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Take out an entry that was made by mistake."""
    rows = queries(actor_of(request))
    held = _held(rows, asset_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_valid() and moves(held["state"]):
        try:
            by = rows.by(form.cleaned_data["reason"])
            seen = number(request.POST.get("seq", ""))
            services.withdraw(held["site"], asset_id, by=by, seen=seen)
            messages.success(request, "It is taken out. Its history stays.")
            return redirect("register_entry", asset_id)
        except RegisterError as error:
            held = _held(rows, asset_id)
            form.add_error(None, _why(error))
    return _page(request, held, form, "register/editing/withdraw.html")


def _held(rows: EditingQueries, asset_id: str) -> dict[str, Any]:
    held = rows.entry(asset_id)
    if held is None:
        raise Http404
    return held


def _why(error: RegisterError) -> str:
    return _STALE if isinstance(error, StaleError) else sentence(error)


def _page(
    request: HttpRequest, held: dict[str, Any], form: forms.Form, template: str
) -> HttpResponse:
    known = {
        "asset_id": held["id"],
        "name": name_of(held),
        "seq": held["seq"],
        "label": words().register.state(held["state"]),
        "moves": moves(held["state"]),
        "explained": EXPLAINED,
        "form": form,
        "chosen": request.POST.get("state", ""),
        "reason": harmless(request.POST.get("reason", "")[:2_000]),
    }
    return render(request, template, known | at(actor_of(request).school(held["site"])))
