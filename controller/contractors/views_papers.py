"""The papers of companies: entered, corrected, ended, and their copies."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.contractors import forms
from controller.contractors.forms import PaperForm
from controller.contractors.queries import queries
from controller.contractors.views import STALE, by, put_error, school_of_firm
from controller.papers.views import CLOSED
from controller.people.access import needs
from controller.people.actor import School, actor_of
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError, StaleError
from inventory.contractors import papers
from inventory.contractors.kinds import known
from inventory.documents.queries import Whole


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def new(request: HttpRequest, contractor_id: str) -> HttpResponse:
    """Enter a paper of the kind that was chosen."""
    school = school_of_firm(request, contractor_id, Ability.EDIT_REGISTER)
    source = request.POST if request.method == "POST" else request.GET
    kind = source.get("kind", "")
    if kind not in known().kinds:
        return redirect("contractor", contractor_id)
    form = PaperForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid() and _saved(request, form, school, contractor_id):
        messages.success(request, "Entered.")
        return redirect("contractor", contractor_id)
    return _page(request, form, school, contractor_id, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def paper(request: HttpRequest, contractor_id: str, paper_id: str) -> HttpResponse:
    """Correct a paper."""
    school = school_of_firm(request, contractor_id, Ability.EDIT_REGISTER)
    held = queries(actor_of(request)).paper(contractor_id, paper_id)
    if held is None or held["ended_at"] is not None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PaperForm(sent, kind=held["kind"], initial=held)
    if form.is_bound and form.is_valid() and _saved(request, form, school, contractor_id, paper_id):
        messages.success(request, "Saved.")
        return redirect("contractor", contractor_id)
    return _page(request, form, school, contractor_id, held)


@require_POST
@needs(Ability.EDIT_REGISTER)
def end(request: HttpRequest, contractor_id: str, paper_id: str) -> HttpResponse:
    """A paper was a mistake, or was taken from the company."""
    school = school_of_firm(request, contractor_id, Ability.EDIT_REGISTER)
    how, seen = request.POST.get("how", ""), forms.number(request.POST.get("seq", ""))
    try:
        papers.end(school.id, contractor_id, paper_id, how, seen=seen, by=by(request))
    except StaleError:
        messages.error(request, STALE)
    except RegisterError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "It counts no more; it stays on record.")
    return redirect("contractor", contractor_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def copy(request: HttpRequest, contractor_id: str, paper_id: str) -> HttpResponse:
    """The copy of a paper, to save or to look at."""
    try:
        whole = queries(actor_of(request)).copy(contractor_id, paper_id)
    except RegisterError as gone:
        return HttpResponse(gone.sentence, "text/plain; charset=utf-8", status=410)
    if whole is None:
        raise Http404
    return given(whole)


def given(whole: Whole) -> HttpResponse:
    """A file that somebody sent, so that nothing in it can run."""
    attached = not whole.paper.is_picture
    headers = {
        "Content-Security-Policy": CLOSED,
        "Content-Disposition": content_disposition_header(attached, whole.paper.name) or "",
    }
    return HttpResponse(whole.data, whole.paper.media_type, headers=headers)


def _saved(
    request: HttpRequest, form: PaperForm, school: School, firm: str, paper_id: str = ""
) -> bool:
    """Whether it was taken; if not the form says why."""
    told: dict[str, Any] = {"paper_id": paper_id, "seen": form.cleaned_data["seq"] or 0}
    told |= {"file": forms.file(request), "by": by(request)}
    try:
        papers.keep(school.id, firm, form.wanted(), **told)
    except RegisterError as error:
        put_error(form, error)
        return False
    return True


def _page(
    request: HttpRequest, form: PaperForm, school: School, firm: str, held: dict[str, Any] | None
) -> HttpResponse:
    about = known().kinds[form.kind]
    found = queries(actor_of(request)).firm(firm)
    hints = [(one.label, one.hint, one.note) for one in about.schemes.values()]
    names = {"form": form, "school": school, "held": held, "about": about, "page": found}
    names["hints"] = [one for one in hints if one[1] or one[2]]
    return render(request, "contractors/paper.html", names, status=422 if form.errors else 200)
