"""Lost and stolen things: reported, listed with their clock, printed, found again, given up."""

from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.disposal.cover import pounds
from controller.losses.forms import BREACHES, KINDS, CoverForm, FoundForm, LostForm, WriteOffForm
from controller.losses.pack import STEPS
from controller.losses.queries import Page, queries
from controller.people.access import needs
from controller.people.actor import School, actor_of, audience_at, school_for
from controller.people.roles import SEE_DISPOSAL, Ability
from controller.printing.making import PrintingError, make
from controller.wording import moments
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError, StaleError

TEMPLATE: Final = Path(__file__).with_name("pack.typ")
_STALE: Final = RegisterError(
    "stale", "Somebody else was faster. Look at what stands here now, then send it again."
)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def losses(request: HttpRequest) -> HttpResponse:
    """What is missing, each with its 72 hours."""
    return _list(request, school_for(request, SEE_DISPOSAL))


@require_POST
@needs(Ability.APPROVE_DISPOSAL)
def limit(request: HttpRequest) -> HttpResponse:
    """Write down up to what sum the insurance covers what is away from school (S27)."""
    school, form = school_for(request, Ability.APPROVE_DISPOSAL), CoverForm(request.POST)
    if not form.is_valid():
        return _list(request, school, RegisterError("bad", _first(form)))
    try:
        queries(actor_of(request)).write_limit(school.id, form.cleaned_data)
    except RegisterError as error:
        return _list(request, school, _told(error))
    messages.success(request, "Written down. What is away is held against it from now on.")
    return redirect("losses")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.REPORT_LOSS)
def report(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Say that a thing is lost or stolen."""
    found = queries(actor_of(request))
    entry = found.entry(asset_id)
    school = actor_of(request).school(entry["site_id"]) if entry else None
    if entry is None or school is None:
        raise Http404
    if entry["disposal_state"] == "missing":
        return redirect("loss", entry["disposal_id"])
    sent = request.POST if request.method == "POST" else None
    form = LostForm(sent, zone=school.timezone, now=clock.now())
    problem: RegisterError | None = None
    if form.is_bound and form.is_valid():
        try:
            return redirect("loss", found.report(entry, form.cleaned_data))
        except RegisterError as error:
            problem = _told(error)
    now = moments.local(clock.now(), school.timezone)
    names = {"entry": entry, "name": name_of(entry), "tag": shown(entry["tag"]), "form": form}
    names |= {"kinds": KINDS, "problem": problem, "now_typed": f"{now:%Y-%m-%dT%H:%M}"}
    names |= {"school": school, "audience": audience_at(school)}
    status = 422 if form.is_bound else 200
    return render(request, "losses/report.html", names, status=status)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def loss(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """One loss: its clock, what is known, what to do."""
    return _show(request, *_page(request, disposal_id))


@require_safe
@needs(Ability.SEE_COMPUTERS)
def pack(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """The same on paper, with the photograph and the steps to tick."""
    page, school = _page(request, disposal_id)
    picture = queries(actor_of(request)).photograph(page)
    data: dict[str, Any] = {
        "school": shown(school.name, 120),
        "name": page.name,
        "tag": page.tag,
        "kind": page.kind,
        "number": page.disposal,
        "rows": page.rows,
        "steps": STEPS,
        "due": f"{moments.local(page.clock.due_at, school.timezone):%H:%M on %A %-d %B %Y}",
        "printed": f"{moments.local(clock.now(), school.timezone):%-d %B %Y, %H:%M}",
        "picture": list(picture),
    }
    try:
        made = make(TEMPLATE, data)
    except PrintingError as busy:
        messages.error(request, str(busy))
        return redirect("loss", disposal_id)
    response = HttpResponse(made, "application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{page.kind}-{disposal_id}.pdf"'
    return response


@require_POST
@needs(Ability.REPORT_LOSS)
def found(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """It is here again: out of use, and watched no more."""
    page, school = _page(request, disposal_id, Ability.REPORT_LOSS)
    form = FoundForm(request.POST)
    if not form.is_valid():
        return _show(request, page, school, RegisterError("bad", _first(form)))
    try:
        queries(actor_of(request)).find(page, form.cleaned_data)
    except RegisterError as error:
        return _show(request, *_page(request, disposal_id), _told(error))
    messages.success(request, "It is here again. Its data counts as not safe until it is wiped.")
    return redirect("loss", disposal_id)


@require_POST
@needs(Ability.APPROVE_DISPOSAL)
def write_off(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """It is given up, by somebody else than reported it (I2)."""
    page, school = _page(request, disposal_id, Ability.APPROVE_DISPOSAL)
    form = WriteOffForm(request.POST)
    if not form.is_valid():
        return _show(request, page, school, RegisterError("bad", _first(form)))
    try:
        queries(actor_of(request)).write_off(page, school, form.cleaned_data)
    except RegisterError as error:
        return _show(request, *_page(request, disposal_id), _told(error))
    messages.success(request, "Written off. It is watched for ever: if it is seen, you are told.")
    return redirect("loss", disposal_id)


def _list(
    request: HttpRequest, school: School, problem: RegisterError | None = None
) -> HttpResponse:
    found = queries(actor_of(request))
    away, cover, wrote = found.off_premises(school)
    names = {
        "rows": found.missing(school.id),
        "marked": found.without_record(school.id),
        "away": away,
        "cost": pounds(away.pence),
        "cover": cover,
        "wrote": wrote,
        "problem": problem,
        "typed": request.POST.get("limit", cover.typed),
        "may_report": school.allows(Ability.REPORT_LOSS),
        "may_write": school.allows(Ability.APPROVE_DISPOSAL),
    }
    return render(request, "losses/losses.html", names, status=422 if problem else 200)


def _page(
    request: HttpRequest, disposal_id: str, ability: Ability = SEE_DISPOSAL
) -> tuple[Page, School]:
    told = queries(actor_of(request)).page(disposal_id)
    if told is None or not told[1].allows(ability):
        raise Http404
    return told


def _show(
    request: HttpRequest, page: Page, school: School, problem: RegisterError | None = None
) -> HttpResponse:
    names = {
        "page": page,
        "steps": STEPS,
        "breaches": BREACHES,
        "problem": problem,
        "typed": request.POST,
        "may_find": page.open and school.allows(Ability.REPORT_LOSS),
        "may_write_off": page.open and school.allows(Ability.APPROVE_DISPOSAL),
        "school": school,
        "audience": audience_at(school),
    }
    return render(request, "losses/loss.html", names, status=422 if problem else 200)


def _told(error: RegisterError) -> RegisterError:
    return _STALE if isinstance(error, StaleError) else error


def _first(form: CoverForm | FoundForm | WriteOffForm) -> str:
    return next(str(text) for texts in form.errors.values() for text in texts)
