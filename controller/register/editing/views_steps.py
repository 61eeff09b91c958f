"""What was done in one step, and taking it back."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.register.editing.inputs import sentence
from controller.register.editing.queries import queries
from controller.register.editing.views import at
from controller.wording.shown import shown
from controller.wording.words import count
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.steps import MOST_UNDONE
from inventory.assets.undoing import Undone

_NAMED: Final = 5


@require_safe
@needs(Ability.SEE_COMPUTERS)
def step(request: HttpRequest, batch: str) -> HttpResponse:
    """Who did what, when, to which entries."""
    after = request.GET.get("after", "")
    found = queries(actor_of(request)).step(batch, _id(after))
    if found is None:
        raise Http404
    site, page = found
    there = actor_of(request).school(site)
    return render(request, "register/editing/step.html", {"page": page} | at(there))


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, batch: str) -> HttpResponse:
    """Take all of it back, wherever nothing was changed since."""
    rows = queries(actor_of(request))
    found = rows.undoable(batch)
    if found is None:
        raise Http404
    site, number = found
    if number > MOST_UNDONE:
        messages.error(request, f"On the server itself: caretaker assets undo {batch}")
        return redirect("register_step", batch)
    try:
        done = services.undo(site, batch, by=rows.by())
    except RegisterError as error:
        messages.error(request, sentence(error))
        return redirect("register_step", batch)
    put_back = number - len(done.kept)
    if put_back:
        messages.success(request, f"{count(put_back, 'entry is', 'entries are')} as before.")
    if done.kept:
        messages.error(request, _kept(done, rows.names_of(site, done.kept[:_NAMED])))
    return redirect("register_step", batch)


def _kept(done: Undone, names: dict[str, str]) -> str:
    said = [shown(names.get(one, ""), 60) or "one without a name" for one in done.kept[:_NAMED]]
    over = len(done.kept) - len(said)
    more = f" and {count(over, 'other', 'others')}" if over else ""
    left = count(len(done.kept), "entry stays as it is", "entries stay as they are")
    return f"{left}, because of what was changed since: {', '.join(said)}{more}."


def _id(text: str) -> str:
    """An id as it stands, "" for anything else."""
    return text[:32] if text.replace("_", "").isalnum() and text.isascii() else ""
