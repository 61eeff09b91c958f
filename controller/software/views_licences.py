"""Licences: what is bought, for how many, until when, and what lacks one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at
from controller.people.roles import Ability
from controller.software.forms import LicenceForm
from controller.software.queries import queries
from controller.software.views import at_school
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.documents import queries as papers
from inventory.documents import services as documents
from inventory.licences import services

LARGEST_PROOF = 10 << 20


@require_safe
@needs(Ability.SEE_COMPUTERS)
def listed(request: HttpRequest) -> HttpResponse:
    """All licences, and titles without one."""
    school = at_school(request, Ability.SEE_COMPUTERS)
    page = queries(actor_of(request)).licences(school.id)
    may = {"edit": school.allows(Ability.EDIT_REGISTER)}
    return render(request, "software/licences.html", {"page": page, "may": may})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """A new licence."""
    school = at_school(request, Ability.EDIT_REGISTER)
    known = queries(actor_of(request)).named(school.id)
    title = request.GET.get("title", "")
    first = {"titles": [title], "name": known.get(title, "")} if title in known else {}
    form = LicenceForm(request.POST or None, request.FILES or None, known=known, initial=first)
    if request.method == "POST" and form.is_valid() and _saved(request, form, school.id):
        messages.success(request, "The licence is in the register.")
        return redirect("licences")
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def licence(request: HttpRequest, licence_id: str) -> HttpResponse:
    """One licence, to read or to change."""
    actor = actor_of(request)
    rows = queries(actor)
    held = rows.licence(licence_id)
    if held is None:
        raise Http404
    site = held["site"]
    if request.method == "POST" and site not in actor.sites(Ability.EDIT_REGISTER):
        raise PermissionDenied
    known = {**rows.named(site), **held["titles"]}
    form = LicenceForm(
        request.POST or None, request.FILES or None, known=known, initial=_initial(held)
    )
    if request.method == "POST" and form.is_valid() and _saved(request, form, site, licence_id):
        messages.success(request, "Saved.")
        return redirect("licences")
    return _page(request, form, held)


@require_POST
@needs(Ability.EDIT_REGISTER)
def end(request: HttpRequest, licence_id: str) -> HttpResponse:
    """A licence is not the school's any more."""
    actor = actor_of(request)
    held = queries(actor).licence(licence_id)
    if held is None or held["site"] not in actor.sites(Ability.EDIT_REGISTER):
        raise Http404
    seen = request.POST.get("seq", "")
    try:
        services.end(
            held["site"],
            licence_id,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            by=By(actor.id, clock.now()),
        )
    except RegisterError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "Taken off the list; it stays on record.")
    return redirect("licences")


@require_safe
@needs(Ability.SEE_COMPUTERS)
def proof(request: HttpRequest, licence_id: str) -> HttpResponse:
    """The paper that shows a licence, to be saved."""
    held = queries(actor_of(request)).licence(licence_id)
    if held is None or not held["document"]:
        raise Http404
    try:
        found = papers.read([held["site"]], held["document"])
    except RegisterError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    answer = HttpResponse(found.data, content_type="application/octet-stream")
    name = content_disposition_header(True, found.paper.name)
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


def _saved(request: HttpRequest, form: LicenceForm, site: str, licence_id: str = "") -> bool:
    """Whether it was taken; if not the form says why."""
    by = By(actor_of(request).id, clock.now())
    values = form.values()
    try:
        proof = form.cleaned_data["proof"]
        if proof is not None and proof.size > LARGEST_PROOF:
            raise RegisterError("too_large", "The proof is larger than 10 MB.", "proof")
        with transaction.atomic():  # a paper on no licence could be neither seen nor taken off
            if proof is not None:
                kept = documents.keep(site, "document", proof.name, proof.read(), by=by)
                values["document"] = kept.id
            services.keep(
                site,
                values,
                form.cleaned_data["titles"],
                by=by,
                licence_id=licence_id,
                seen=form.cleaned_data["seq"] or 0,
            )
    except StaleError:
        form.add_error(None, "Somebody else changed this licence meanwhile. Open it again.")
        return False
    except RegisterError as error:
        field = "proof" if error.field == "file" else error.field
        form.add_error(field if field in form.fields else None, error.sentence)
        return False
    return True


def _initial(held: dict[str, Any]) -> dict[str, Any]:
    pence = held["cost_pence"]
    cost = None if pence is None else f"{pence // 100}.{pence % 100:02d}"
    return {**held, "cost": cost, "titles": list(held["titles"])}


def _page(request: HttpRequest, form: LicenceForm, held: dict[str, Any] | None) -> HttpResponse:
    actor = actor_of(request)
    names: dict[str, Any] = {"form": form, "held": held, "may_edit": True}
    if held is not None:
        school = actor.school(held["site"])
        names |= {"school": school, "audience": audience_at(school)}
        names["may_edit"] = held["site"] in actor.sites(Ability.EDIT_REGISTER)
    return render(request, "software/licence.html", names, status=422 if form.errors else 200)
