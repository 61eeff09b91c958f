"""Counts of a school: the list, one of them from its beginning to its signature, its papers."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.counts.answering import at_school, by, take_answer
from controller.counts.queries import queries
from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of, school_for, school_of
from controller.people.roles import Ability
from controller.wording import moments
from controller.wording.words import count as counted
from inventory.assets.errors import RegisterError
from inventory.documents import services as documents
from inventory.documents import signatures
from inventory.stocktake import finishing, services


@require_safe
@needs(Ability.SEE_COMPUTERS)
def counts(request: HttpRequest) -> HttpResponse:
    """The counts there were, and the form that begins one."""
    found, sites = queries(actor_of(request)), sites_asked(request)
    school = school_of(request)
    timezone = school.timezone if school else "Europe/London"
    names = {
        "takes": found.takes(sites),
        "rooms": found.rooms(sites),
        "name": f"Count of {moments.local(clock.now(), timezone):%B %Y}",
        "nowhere": services.NOWHERE,
    }
    return render(request, "counts/counts.html", names)


@require_POST
@needs(Ability.EDIT_REGISTER)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a count of the ticked rooms."""
    school = school_for(request, Ability.EDIT_REGISTER)
    try:
        rooms = _ids(request, "room")[: services.MOST_ROOMS + 2]
        made = services.begin(school.id, request.POST.get("name", ""), rooms, by=by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return redirect("counts")
    return redirect("count", made)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def count(request: HttpRequest, take_id: str) -> HttpResponse:
    """One count: its rooms in walking order; what it came to once it is finished."""
    return take_answer(request, take_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def sheet(request: HttpRequest, take_id: str) -> HttpResponse:
    """What should be where, with boxes to tick by hand."""
    found = queries(actor_of(request))
    page, rooms = found.take(take_id), found.paper(take_id)
    if page is None or rooms is None:
        raise Http404
    names = {"page": page, "rooms": rooms} | at_school(request, page.site)
    return render(request, "counts/sheet.html", names)


@require_POST
@needs(Ability.EDIT_REGISTER)
def finish(request: HttpRequest, take_id: str) -> HttpResponse:
    """Write down what the count came to."""
    actor = actor_of(request)
    site = queries(actor).site_of(take_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    try:
        finishing.finish(site, take_id, by=by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("count", take_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def stop(request: HttpRequest, take_id: str) -> HttpResponse:
    """Give a count up."""
    actor = actor_of(request)
    site = queries(actor).site_of(take_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    try:
        services.stop(site, take_id, by=by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("counts")


@require_POST
@needs(Ability.SIGN_REGISTER)
def sign(request: HttpRequest, take_id: str) -> HttpResponse:
    """Answer for a count, with a drawn or a typed signature."""
    actor = actor_of(request)
    site = queries(actor).site_of(take_id, Ability.SIGN_REGISTER)
    if site is None:
        raise Http404
    name = request.POST.get("signature_name", "")
    try:
        finishing.check_signer(site, take_id, actor.id)
        drawn = signatures.from_form(request.POST.dict())
        signed = (name.strip() or actor.name)[:120]
        with transaction.atomic():  # a signature under nothing would never be let go of
            kept = documents.keep(site, "signature", "Count", drawn, by=by(request))
            finishing.sign(site, take_id, signed, signature=kept.sha256, by=by(request))
    except RegisterError as error:
        return take_answer(request, take_id, sign_error=error.sentence, sign_name=name)
    messages.success(request, "Signed. Nobody can change this count any more.")
    return redirect("count", take_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def lost(request: HttpRequest, take_id: str) -> HttpResponse:
    """Mark as lost what was ticked among the missing."""
    actor = actor_of(request)
    site = queries(actor).site_of(take_id, Ability.EDIT_REGISTER)
    if site is None:
        raise Http404
    try:
        done, step = finishing.mark_lost(site, take_id, _ids(request, "thing"), by=by(request))
        told = f"{counted(done, 'thing is', 'things are')} marked as lost, in step {step}."
        messages.success(request, told)
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("count", take_id)


def _ids(request: HttpRequest, name: str) -> list[str]:
    """Ids that were ticked, as any database takes them."""
    return [one.replace("\0", "")[:32] for one in request.POST.getlist(name)]
