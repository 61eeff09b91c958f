"""What goes out of these pages: the certificate, files, the register as a sheet, the governors'."""

import base64

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from controller.config import current
from controller.disposal import certificate as paper
from controller.disposal import governing, sheets
from controller.disposal.asking import asked_for
from controller.disposal.board import LANES
from controller.disposal.queries import queries
from controller.disposal.words import words
from controller.labels.address import address
from controller.papers.views import CLOSED
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from controller.printing.making import PrintingError, make
from inventory.assets.errors import RegisterError
from inventory.disposal.states import ASKED

_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": sheets.XLSX}


@require_safe
@needs(Ability.SEE_COMPUTERS)
def certificate(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """The certificate as PDF; while something is missing, it says so."""
    found = queries(actor_of(request))
    told = found.told(disposal_id)
    if told is None:
        raise Http404
    page = found.page(*told)
    base = address(current(), request.get_host()).base
    try:
        data = make(paper.TEMPLATE, found.certificate(*told, page, base))
    except PrintingError as busy:
        messages.error(request, str(busy))
        return redirect("disposal", disposal_id)
    name = content_disposition_header(as_attachment=False, filename=paper.file_name(page))
    return HttpResponse(data, "application/pdf", headers={"Content-Disposition": name or ""})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def file(request: HttpRequest, disposal_id: str, file_id: str) -> HttpResponse:
    """A file of a story, byte for byte as it came: always to save, never to run."""
    try:
        whole = queries(actor_of(request)).file(disposal_id, file_id)
    except RegisterError as gone:
        return HttpResponse(gone.sentence, "text/plain; charset=utf-8", status=410)
    if whole is None:
        raise Http404
    kept, data = whole
    headers = {
        "Content-Security-Policy": CLOSED,
        "Content-Disposition": content_disposition_header(True, kept.name) or "attachment",
        "Digest": f"sha-256={base64.b64encode(bytes.fromhex(kept.sha256)).decode()}",
    }
    return HttpResponse(data, "application/octet-stream", headers=headers)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def register(request: HttpRequest) -> HttpResponse:
    """Every disposal there was, the newest first."""
    school, asked = school_for(request, Ability.SEE_COMPUTERS), asked_for(request.GET)
    names = {
        "rows": queries(actor_of(request)).register(school, asked),
        "asked": asked,
        "routes": [(one, words().routes[one]) for one in ASKED],
        "lanes": [(name, title) for name, _, title, _ in LANES],
        "lane": request.GET.get("lane", ""),
        "asked_again": request.GET.urlencode(),
    }
    return render(request, "disposal/register.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def sheet(request: HttpRequest, suffix: str) -> HttpResponse:
    """What the register shows, as CSV or Excel."""
    if suffix not in _TYPES:
        raise Http404
    school, asked = school_for(request, Ability.SEE_COMPUTERS), asked_for(request.GET)
    rows = queries(actor_of(request)).sheet(school, asked)
    data = sheets.csv_of(rows) if suffix == "csv" else sheets.xlsx_of(rows)
    headers = {"Content-Disposition": f'attachment; filename="disposals.{suffix}"'}
    return HttpResponse(data, _TYPES[suffix], headers=headers)


@require_safe
@needs(Ability.SEE_OVERVIEW)
def governors(request: HttpRequest) -> HttpResponse:
    """Counts only, for those who hold the others to account (§5.4)."""
    school = school_for(request, Ability.SEE_OVERVIEW)
    page = governing.page(school, queries(actor_of(request)).now)
    return render(request, "disposal/governors.html", {"page": page})
