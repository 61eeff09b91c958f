"""What goes out of these pages: the certificate, files, the register as a sheet, the governors'."""

import base64
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from controller.config import current
from controller.disposal import certificate as paper
from controller.disposal import governing, sheets
from controller.disposal import receipt as signed
from controller.disposal.asking import asked_for
from controller.disposal.board import LANES
from controller.disposal.queries import DisposalQueries, queries
from controller.disposal.story import Told
from controller.disposal.words import words
from controller.labels.address import address
from controller.papers.views import CLOSED
from controller.people.access import needs
from controller.people.actor import School, actor_of, school_for
from controller.people.roles import Ability
from controller.printing.making import PrintingError, make
from inventory.assets.errors import RegisterError
from inventory.disposal.states import ASKED

_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": sheets.XLSX}


@require_safe
@needs(Ability.SEE_COMPUTERS)
def certificate(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """The certificate as PDF; while something is missing, it says so."""
    found, told, school = _told(request, disposal_id)
    page, base = found.page(told, school), address(current(), request.get_host()).base
    data = found.certificate(told, school, page, base)
    return _printed(request, disposal_id, paper.TEMPLATE, data, paper.file_name(page))


@require_safe
@needs(Ability.SEE_COMPUTERS)
def receipt(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """The receipt as PDF that whoever gets it signs."""
    found, told, school = _told(request, disposal_id)
    if not signed.printable(told.now):
        messages.error(request, signed.NOT_YET)
        return redirect("disposal", disposal_id)
    page, base = found.page(told, school), address(current(), request.get_host()).base
    data = found.receipt(told, school, page, base)
    return _printed(request, disposal_id, signed.TEMPLATE, data, signed.file_name(page))


def _told(request: HttpRequest, disposal_id: str) -> tuple[DisposalQueries, Told, School]:
    """Raises Http404 where it is not theirs."""
    found = queries(actor_of(request))
    whole = found.told(disposal_id)
    if whole is None:
        raise Http404
    return found, *whole


def _printed(
    request: HttpRequest, disposal_id: str, template: Path, data: dict[str, Any], file_name: str
) -> HttpResponse:
    try:
        pdf = make(template, data)
    except PrintingError as busy:
        messages.error(request, str(busy))
        return redirect("disposal", disposal_id)
    name = content_disposition_header(as_attachment=False, filename=file_name)
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": name or ""})


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
