"""The page with the sheet to print, for those who hold the others to account."""

import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.evidence import archive, export, services
from controller.evidence.forms import AnswerForm
from controller.evidence.page import page, site_asked
from controller.fleet.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from inventory.ledger import contradictions, settling

_NO_KEY = "The log’s key cannot be read. Ask whoever looks after Caretaker."
MOST_NAMED = 12
"""Computers named; if they are more, it is the log and not they."""


@require_safe
@needs(Ability.SEE_EVIDENCE)
def sheet(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint of the school being looked at."""
    site = site_asked(request)
    found = page(site, clock.now(), current().folder)
    may_answer = site in actor_of(request).sites(Ability.ANSWER_EVIDENCE)
    told = contradictions.who(site) if found.contradicted else []
    context = {
        "page": found,
        "may_answer": may_answer,
        # Nobody is told of a computer they may not see: a governor reads how many they are.
        "who": queries(actor_of(request)).named(told[:MOST_NAMED]) if told else [],
        "more": max(0, len(told) - MOST_NAMED),
    }
    return render(request, "evidence/sheet.html", context)


@require_POST
@needs(Ability.SEE_EVIDENCE)
def make(request: HttpRequest) -> HttpResponse:
    """Sign how far the log reaches now."""
    site, actor = site_asked(request), actor_of(request)
    try:
        services.make(site, actor=actor.id, at=clock.now(), data=current().folder)
    except DataFolderError:
        messages.error(request, _NO_KEY)
    return redirect("evidence")


@require_POST
@needs(Ability.ANSWER_EVIDENCE)
def download(request: HttpRequest) -> HttpResponse:
    """The whole log with all that is needed to check it, for those who need not ask anybody."""
    site, actor = site_asked(request, Ability.ANSWER_EVIDENCE), actor_of(request)
    try:
        sheet, found = export.gather(site, actor=actor.id, at=clock.now(), data=current().folder)
    except DataFolderError:
        messages.error(request, _NO_KEY)
        return redirect("evidence")
    out = io.BytesIO()
    archive.pack(out, found)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    name = f"evidence-{sheet.size}-lines.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@needs(Ability.ANSWER_EVIDENCE)
def answer(request: HttpRequest) -> HttpResponse:
    """Somebody knows why the log is contradicted, and says so with their name."""
    site, actor = site_asked(request, Ability.ANSWER_EVIDENCE), actor_of(request)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("evidence")
    said = form.cleaned_data
    try:
        settling.settle(
            site, actor=actor.id, at=clock.now(), reason=said["reason"], through=said["through"]
        )
        messages.success(request, "Noted. It stays in the history below, with your name.")
    except settling.SettlingError as error:
        messages.error(request, str(error))
    return redirect("evidence")
