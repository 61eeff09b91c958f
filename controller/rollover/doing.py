"""Shows the page of a rollover as it was filled in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from controller.people.actor import actor_of
from controller.rollover import forms
from controller.rollover.listing import Preview
from controller.rollover.queries import queries
from inventory.assets.errors import RegisterError


def show(
    request: HttpRequest,
    site: str,
    *,
    preview: Preview | None = None,
    problem: RegisterError | None = None,
) -> HttpResponse:
    """The form with what was typed, what would happen, and why something was refused."""
    typed = request.POST
    names = {
        "page": queries(actor_of(request)).form(site, typed.dict()),
        "preview": preview,
        "problem": problem,
        "typed": typed,
        "hands": forms.hands(typed),
        "carried": _carried(request) if preview else [],
    }
    return render(request, "rollover/rollover.html", names)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What the button under a preview sends again."""
    kept = [(name, text) for name, texts in request.POST.lists() for text in texts]
    return [(name, text) for name, text in kept if name not in ("csrfmiddlewaretoken", "mark")]
