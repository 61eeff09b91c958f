"""The page with the sheet to print, for those who hold the others to account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.config import current
from controller.datafolder import DataFolderError
from controller.evidence import services
from controller.evidence.page import page, site_asked
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability


@require_safe
@needs(Ability.SEE_EVIDENCE)
def sheet(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint of the school being looked at."""
    found = page(site_asked(request), clock.now(), current().folder)
    return render(request, "evidence/sheet.html", {"page": found})


@require_POST
@needs(Ability.SEE_EVIDENCE)
def make(request: HttpRequest) -> HttpResponse:
    """Sign how far the log reaches now."""
    site, actor = site_asked(request), actor_of(request)
    try:
        services.make(site, actor=actor.id, at=clock.now(), data=current().folder)
    except DataFolderError:
        messages.error(request, "The log’s key cannot be read. Ask whoever looks after Caretaker.")
    return redirect("evidence")
