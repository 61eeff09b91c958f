"""What is due, noting it as done, and each step with its certificate (S35)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.care import forms
from controller.care.doing import by, may_edit
from controller.care.listing import Row
from controller.care.queries import SPANS, queries
from controller.papers.views import CLOSED
from controller.people.access import needs
from controller.people.actor import actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.wording.words import count
from inventory.assets.errors import RegisterError, StaleError
from inventory.care import doing
from inventory.care.queries import Asked


@require_safe
@needs(Ability.SEE_COMPUTERS)
def care(request: HttpRequest) -> HttpResponse:
    """The list of what is due, by room."""
    school, asked, span = school_of(request), _asked(request), request.GET.get("span", "term")
    span = span if span in SPANS else "term"
    page = queries(actor_of(request)).page(school.id if school else "", asked, span)
    names = {"page": page, "asked": asked, "span": span, "spans": SPANS.items()}
    return render(request, "care/care.html", names | {"may_edit": may_edit(school)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def done(request: HttpRequest) -> HttpResponse:
    """Note one kind of care as done, on one thing or on many in one step."""
    found, asked, problem = queries(actor_of(request)), _asked(request), None
    form = found.form(asked)
    if form is None:
        raise Http404
    typed = request.POST.dict()
    given = forms.marks(typed)
    if request.method == "POST":
        try:
            batch = doing.note_done(
                form.kind.site,
                form.kind.id,
                given,
                forms.told(typed),
                today=form.today,
                by=by(request),
                certificate=forms.certificate(request),
            )
        except RegisterError as refused:
            problem = refused
        else:
            messages.success(request, f"Noted on {count(len(given), 'thing', 'things')}.")
            return redirect("care_step", batch)
    rows = [(row, *_ticked(request, row)) for row in form.rows]
    names = {"form": form, "rows": rows, "problem": problem, "typed": typed, "asked": asked}
    names["stale"] = isinstance(problem, StaleError)
    school = actor_of(request).school(form.kind.site)
    there = {"school": school, "audience": audience_at(school)}
    return render(request, "care/done.html", names | there)


def _ticked(request: HttpRequest, row: Row) -> tuple[str, bool]:
    """What stands beside one thing, and whether somebody else changed it meanwhile: then nothing
    is noted on it unless that is said again."""
    if request.method != "POST":
        # Whoever notes a whole room as done need not say so of each thing that is due; of what
        # failed before, it is said by itself.
        wanted = row.tone != "grey" or bool(request.GET.get("thing"))
        return ("pass" if wanted and not row.failed else ""), False
    if forms.number(request.POST.get(f"seen-{row.id}", "")) != row.seq:
        return "", True
    return request.POST.get(row.id, ""), False


@require_safe
@needs(Ability.SEE_COMPUTERS)
def step(request: HttpRequest, batch: str) -> HttpResponse:
    """What was noted together."""
    actor = actor_of(request)
    page = queries(actor).step(batch)
    if page is None:
        raise Http404
    school = actor.school(page.site)
    names = {"page": page, "may_edit": may_edit(school), "school": school}
    return render(request, "care/step.html", names | {"audience": audience_at(school)})


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, batch: str) -> HttpResponse:
    """Take a step back."""
    site = _site(request, batch)
    try:
        number = doing.undo(site, batch, by=by(request))
    except RegisterError as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Taken back on {count(number, 'thing', 'things')}.")
    return redirect("care_step", batch)


@require_POST
@needs(Ability.EDIT_REGISTER)
def certificate_add(request: HttpRequest, batch: str) -> HttpResponse:
    """Keep the certificate that came later."""
    site, given = _site(request, batch), forms.certificate(request)
    try:
        if given is None:
            raise RegisterError("nothing", "Choose a file first, then add it.")
        doing.add_certificate(site, batch, given, by=by(request))
    except RegisterError as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "The certificate is kept.")
    return redirect("care_step", batch)


@require_POST
@needs(Ability.EDIT_REGISTER)
def failed(request: HttpRequest, batch: str) -> HttpResponse:
    """What failed is broken, or out of use: somebody says so."""
    site, out = _site(request, batch), request.POST.get("then") == "out"
    seen = forms.seen(request)
    try:
        made = doing.after_failing(site, batch, seen, out_of_use=out, by=by(request))
    except RegisterError as refused:
        messages.error(request, refused.sentence)
        return redirect("care_step", batch)
    messages.success(request, "The register says so now. It can be taken back here.")
    return redirect("register_step", made)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def certificate(request: HttpRequest, document_id: str) -> HttpResponse:
    """A certificate, to save."""
    try:
        whole = queries(actor_of(request)).certificate(document_id)
    except RegisterError as gone:
        return HttpResponse(gone.sentence, "text/plain; charset=utf-8", status=410)
    if whole is None:
        raise Http404
    headers = {
        "Content-Security-Policy": CLOSED,
        "Content-Disposition": content_disposition_header(True, whole.paper.name) or "",
    }
    return HttpResponse(whole.data, whole.paper.media_type, headers=headers)


def _asked(request: HttpRequest) -> Asked:
    """What an address asks for."""
    names = ("kind", "room", "thing")
    kind, room, thing = (request.GET.get(name, "")[:32].replace("\0", "") for name in names)
    return Asked(kind=kind, room=room, asset=thing)


def _site(request: HttpRequest, batch: str) -> str:
    site = queries(actor_of(request)).site_of_step(batch, Ability.EDIT_REGISTER)
    if not site:
        raise Http404
    return site
