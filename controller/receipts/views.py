"""The papers of one collection side by side; taking in a receipt, entering and confirming
certificates."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.papers.views import CLOSED
from controller.people.access import needs
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.receipts import forms
from controller.receipts.forms import CertificateForm, ReceiptForm
from controller.receipts.queries import ReceiptQueries, queries, things
from inventory.assets.errors import RegisterError, StaleError
from inventory.collections import certificates, receipts
from inventory.collections.returns import Returns
from inventory.disposal.proof import storing
from inventory.disposal.proof.storing import Evidence

STALE: Final = "Somebody else was faster. Look at what changed, then do it again."
_MOST: Final = 10 * 1024 * 1024


@require_safe
@needs(Ability.SEE_COMPUTERS)
def papers(request: HttpRequest, collection_id: str) -> HttpResponse:
    """The set, the list, the receipt and the certificates side by side (I10)."""
    found, held = _found(request, collection_id)
    names = {"page": found.page(held), "may": _may(request, held)}
    return render(request, "receipts/papers.html", names)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.RECEIVE_DISPOSAL)
def receipt(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Take in a receipt, or a corrected one."""
    found, held = _found(request, collection_id, Ability.RECEIVE_DISPOSAL)
    head = found.head(held)
    sent = request.POST if request.method == "POST" else None
    form = ReceiptForm(sent, initial={"seen": head.number})
    kept, problem = _kept(request, found, held, "receipt")
    if form.is_bound and not problem and form.is_valid():
        problem = _take_in(request, found, held, form, kept)
        if problem is None:
            return redirect("collection_papers", collection_id)
    ticks = set(request.POST) | {
        f"{name}={one}" for name in request.POST for one in request.POST.getlist(name)
    }
    names = {
        "head": head,
        "form": form,
        "things": things(held, request.POST),
        "kept": kept,
        "ticks": ticks,
    }
    wrong = {"problem": problem, "sent": sent}
    return render(
        request, "receipts/receipt.html", names | wrong, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def certificate_new(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Enter a certificate: its file, and what stands on it where no program reads it."""
    found, held = _found(request, collection_id)
    if not _may(request, held)["enter"]:
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = CertificateForm(sent, firms=found.firms(held))
    kept, problem = _kept(request, found, held, "certificate")
    if form.is_bound and not problem and form.is_valid():
        try:
            made = certificates.enter(
                held.values["site_id"], collection_id, form.given(kept), by=found.by()
            )
        except RegisterError as error:
            problem = error
        else:
            messages.success(request, "Entered. Now somebody else compares it with the paper.")
            return redirect("certificate", collection_id, made)
    names = {"head": found.head(held), "form": form, "kept": kept, "problem": problem}
    return render(
        request, "receipts/certificate_new.html", names, status=422 if form.is_bound else 200
    )


@require_safe
@needs(Ability.SEE_COMPUTERS)
def certificate(request: HttpRequest, collection_id: str, certificate_id: str) -> HttpResponse:
    """One certificate, to be compared with its paper."""
    found, held = _found(request, collection_id)
    page = found.certificate(certificate_id)
    if page is None or page.collection != collection_id:
        raise Http404
    names = {"page": page, "head": found.head(held), "may": _may(request, held)}
    return render(request, "receipts/certificate.html", names)


@require_POST
@needs(Ability.RECEIVE_DISPOSAL)
def certificate_decide(
    request: HttpRequest, collection_id: str, certificate_id: str
) -> HttpResponse:
    """It says what the paper says, or it is refused."""
    found, _ = _found(request, collection_id, Ability.RECEIVE_DISPOSAL)
    page = found.certificate(certificate_id)
    if page is None or page.collection != collection_id:
        raise Http404
    seen, by = forms.seen(request.POST), found.by(request.POST.get("reason", "")[:1_000])
    confirms = request.POST.get("decision") == "confirmed"
    decide = certificates.confirm if confirms else certificates.refuse
    try:
        decide(page.site, certificate_id, seen=seen, by=by)
    except StaleError:
        messages.error(request, STALE)
    except RegisterError as error:
        messages.error(request, error.sentence)
    else:
        said = "Confirmed." if confirms else "Refused. Nothing on it counts."
        messages.success(request, said)
        return redirect("collection_papers", collection_id)
    return redirect("certificate", collection_id, certificate_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def file(request: HttpRequest, collection_id: str, sha256: str) -> HttpResponse:
    """A receipt or certificate as it came, so that nothing in it can run."""
    kept = queries(actor_of(request)).file(collection_id, sha256)
    if kept is None:
        raise Http404
    try:
        data = storing.original(kept)
    except RegisterError as gone:
        return HttpResponse(gone.sentence, "text/plain; charset=utf-8", status=410)
    attached = not kept.media_type.startswith("image/")
    headers = {
        "Content-Security-Policy": CLOSED,
        "Content-Disposition": content_disposition_header(attached, kept.name) or "",
    }
    return HttpResponse(data, kept.media_type, headers=headers)


def _take_in(
    request: HttpRequest,
    found: ReceiptQueries,
    held: Returns,
    form: ReceiptForm,
    kept: Evidence | None,
) -> RegisterError | None:
    """Take it in; what is wrong with it, None for nothing."""
    values = held.values
    try:
        lines = forms.ticked(request.POST, held.things)
        given = form.given(values["contractor_id"], lines, kept.sha256 if kept else "")
        seen = form.cleaned_data["seen"]
        receipts.take_in(values["site_id"], values["id"], given, seen=seen, by=found.by())
    except StaleError:
        return RegisterError("stale", STALE)
    except RegisterError as error:
        return error
    messages.success(request, "Taken in. What does not agree, if anything, stands below.")
    return None


def _kept(
    request: HttpRequest, found: ReceiptQueries, held: Returns, kind: str
) -> tuple[Evidence | None, RegisterError | None]:
    """The file that came with the form, or that came with it before; kept at once, so that nobody
    has to choose it again."""
    if request.method != "POST":
        return None, None
    site = held.values["site_id"]
    sent = request.FILES.get("file")
    if sent is None:
        return found.kept(site, request.POST.get("kept", "")), None
    try:
        data = sent.read(_MOST + 1)
        return storing.keep(site, kind, sent.name or "", data, by=found.by()), None
    except RegisterError as error:
        return None, error


def _found(
    request: HttpRequest, collection_id: str, ability: Ability = Ability.SEE_COMPUTERS
) -> tuple[ReceiptQueries, Returns]:
    """A collection where this person has the ability. Raises Http404."""
    found = queries(actor_of(request))
    held = found.returns(collection_id)
    if held is None or held.values["site_id"] not in actor_of(request).sites(ability):
        raise Http404
    return found, held


def _may(request: HttpRequest, held: Returns) -> dict[str, bool]:
    """What this person may do with the papers of a collection."""
    school = actor_of(request).school(held.values["site_id"])
    receive = school is not None and school.allows(Ability.RECEIVE_DISPOSAL)
    asks = school is not None and school.allows(Ability.REQUEST_DISPOSAL)
    live = held.values["state"] == "collected"
    return {"receive": receive and live, "enter": (receive or asks) and live}
