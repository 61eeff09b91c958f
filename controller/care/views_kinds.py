"""Which kinds of care there are, and which things are under them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from controller.care import forms, listing
from controller.care.doing import by, editing
from controller.care.queries import queries
from controller.people.access import needs
from controller.people.actor import School, actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.wording.words import count
from inventory import naming
from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kinds as thing_kinds
from inventory.assets.queries import read, written
from inventory.care import kinds as services
from inventory.care import services as care
from inventory.care.kinds import USUAL

_LEFT = {
    "already": ("has it already", "have it already"),
    "rests": ("is lost, gone or out of use", "are lost, gone or out of use"),
    "theirs": ("is kept in order by others", "are kept in order by others"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds there are, and a form for a new one."""
    site = editing(request)
    if request.method == "POST":
        try:
            made = services.add(site, forms.kind(request.POST.dict()), by=by(request))
        except RegisterError as refused:
            return _kinds(request, site, problem=refused)
        messages.success(request, "Added. Now choose what needs it.")
        return redirect(f"/register/care/set/?care={made}")
    return _kinds(request, site)


@require_POST
@needs(Ability.EDIT_REGISTER)
def change(request: HttpRequest, kind_id: str) -> HttpResponse:
    """Call it something else, do it more or less often."""
    site, typed = _site(request, kind_id), request.POST.dict()
    try:
        seen = forms.number(typed.get("seen", ""))
        moved = services.change(site, kind_id, forms.kind(typed), seen, by=by(request))
    except RegisterError as refused:
        return _kinds(request, site, problem=refused, wrong=kind_id)
    told = f" {count(moved, 'thing is', 'things are')} due on another day now." if moved else ""
    messages.success(request, f"Saved.{told}")
    return redirect("care_kinds")


@require_POST
@needs(Ability.EDIT_REGISTER)
def end(request: HttpRequest, kind_id: str) -> HttpResponse:
    """It is not needed any more."""
    site = _site(request, kind_id)
    try:
        services.end(site, kind_id, by=by(request))
    except RegisterError as refused:
        return _kinds(request, site, problem=refused)
    messages.success(request, "Nothing is due under it any more. What was done stays on record.")
    return redirect("care_kinds")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def begin(request: HttpRequest) -> HttpResponse:
    """Choose things by room, kind, set or ticks, and say which care they need or need no more."""
    sent = request.POST if request.method == "POST" else request.GET
    kind = queries(actor_of(request)).kind(sent.get("care", ""))
    ids = [one[:32].replace("\0", "") for one in sent.getlist("asset")[: care.MOST]]
    problem = None
    if sent.get("step") and request.method == "POST":
        if kind is None:
            raise Http404
        try:
            messages.success(request, _done(request, kind, ids))
            return redirect(f"/register/care/set/?care={kind.id}")
        except RegisterError as refused:
            problem = refused
    return _choose(request, kind, ids, problem)


def _done(request: HttpRequest, kind: listing.KindSaid, ids: list[str]) -> str:
    if request.POST.get("step") == "stop":
        number = care.stop(kind.site, kind.id, ids, by=by(request))
        return f"{count(number, 'thing needs', 'things need')} this care no more."
    day = request.POST.get("first_due_on", "")
    begun = care.begin(kind.site, kind.id, ids, day, by=by(request))
    left = "".join(f" {count(n, *_LEFT[why])}." for why, n in begun.left.items())
    return f"{count(begun.number, 'thing is', 'things are')} under this care now.{left}"


def _choose(
    request: HttpRequest,
    kind: listing.KindSaid | None,
    ids: list[str],
    problem: RegisterError | None,
) -> HttpResponse:
    found, school = queries(actor_of(request)), _school_of(request, kind, ids)
    wanted, ticked = read(request.GET.dict()), set(ids)
    looked = bool(written(wanted) or request.GET.get("look"))
    rows, more = found.chosen(school.id, ids, kind.id if kind else ""), False
    if kind and looked and not ids:
        rows, more = found.choices(school.id, wanted, kind.id)
    names = {
        "kind": kind,
        "kinds": found.kinds(school.id),
        "rows": [(row, row.id in ticked if ticked else not row.under) for row in rows],
        "more": more,
        "wanted": wanted,
        "looked": looked,
        "rooms": naming.rooms({school.id}),
        "pools": naming.pools({school.id}),
        "thing_kinds": [(id_, one.title) for id_, one in thing_kinds().items()],
        "today": found.today(school.id),
        "problem": problem,
        "typed": request.POST,
        "school": school,
        "audience": audience_at(school),
    }
    return render(request, "care/begin.html", names)


def _school_of(request: HttpRequest, kind: listing.KindSaid | None, ids: list[str]) -> School:
    """That of the kind, or of what is ticked, or the one looked at. Raises Http404."""
    actor = actor_of(request)
    site = queries(actor).site_of_entry(ids[0]) if ids and kind is None else None
    school = actor.school(kind.site) if kind else actor.school(site) if site else school_of(request)
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise Http404
    return school


def _kinds(
    request: HttpRequest, site: str, *, problem: RegisterError | None = None, wrong: str = ""
) -> HttpResponse:
    found = queries(actor_of(request)).kinds(site)
    there = {one.name for one in found}
    usual = [(one, listing.often(one.every, one.unit)) for one in USUAL if one.name not in there]
    names = {"kinds": found, "usual": usual, "problem": problem, "wrong": wrong}
    school = actor_of(request).school(site)
    names |= {"typed": request.POST, "school": school, "audience": audience_at(school)}
    return render(request, "care/kinds.html", names)


def _site(request: HttpRequest, kind_id: str) -> str:
    kind = queries(actor_of(request)).kind(kind_id)
    if kind is None:
        raise Http404
    return kind.site
