"""One paper as a file or a picture; adding one, and taking one off."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.papers.queries import queries
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.documents import services
from inventory.documents.contents import MOST_BYTES
from inventory.documents.pictures import JPEG
from inventory.documents.queries import Whole

CLOSED: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For what somebody sent: no script, no style, no address of ours, whatever a browser takes it
for."""


@require_safe
@needs(Ability.SEE_COMPUTERS)
def paper(request: HttpRequest, asset_id: str, document_id: str) -> HttpResponse:
    """A photograph to look at, or a paper to save."""
    try:
        whole = queries(actor_of(request)).paper(asset_id, document_id)
    except RegisterError as gone:
        return _gone(gone)
    return _given(whole)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def small(request: HttpRequest, asset_id: str, document_id: str) -> HttpResponse:
    """A photograph as the entry's page shows it."""
    try:
        data = queries(actor_of(request)).small(asset_id, document_id)
    except RegisterError as gone:
        return _gone(gone)
    if data is None:
        raise Http404
    return HttpResponse(data, JPEG, headers={"Content-Security-Policy": CLOSED})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def signature(request: HttpRequest, sha256: str) -> HttpResponse:
    """A signature, as a picture or as the name that was typed."""
    try:
        whole = queries(actor_of(request)).signature(sha256)
    except RegisterError as gone:
        return _gone(gone)
    return _given(whole)


@require_POST
@needs(Ability.EDIT_REGISTER)
def add(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Keep a file that was sent, on the page of its entry."""
    actor = actor_of(request)
    site = queries(actor).site_to_change(asset_id)
    if site is None:
        raise Http404
    given = request.FILES.get("file")
    kind = "photo" if request.POST.get("kind") == "photo" else "document"
    if given is None:
        messages.error(request, "Choose a file first, then add it.")
        return redirect("register_entry", asset_id)
    data = given.read(MOST_BYTES + 1)
    by = By(actor.id, clock.now())
    try:
        services.keep(site, kind, given.name or "", data, asset_id=asset_id, by=by)
    except RegisterError as refused:
        messages.error(request, refused.sentence)
        return redirect("register_entry", asset_id)
    messages.success(request, "Added.")
    return _back(asset_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def remove(request: HttpRequest, asset_id: str, document_id: str) -> HttpResponse:
    """Take one off the page."""
    actor = actor_of(request)
    site = queries(actor).site_to_change(asset_id)
    if site is None:
        raise Http404
    try:
        services.remove(site, asset_id, document_id, by=By(actor.id, clock.now()))
    except RegisterError as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Taken off this page. What happened to it still says so.")
    return _back(asset_id)


def _back(asset_id: str) -> HttpResponse:
    return redirect(reverse("register_entry", args=[asset_id]) + "#papers")


def _given(whole: Whole | None) -> HttpResponse:
    if whole is None:
        raise Http404
    attached = not whole.paper.is_picture
    headers = {
        "Content-Security-Policy": CLOSED,
        "Content-Disposition": content_disposition_header(attached, whole.paper.name) or "",
    }
    return HttpResponse(whole.data, whole.paper.media_type, headers=headers)


def _gone(gone: RegisterError) -> HttpResponse:
    return HttpResponse(gone.sentence, "text/plain; charset=utf-8", status=410)
