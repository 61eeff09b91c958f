"""Titles: the list, one of them, what is wanted of them, and that as a change of the policy."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from controller import clock
from controller.people.access import needs
from controller.people.actor import School, actor_of, audience_at, school_of
from controller.people.roles import Ability
from controller.policy import putting
from controller.policy.publishing import PublishError
from controller.software import reading
from controller.software.forms import NeedsForm, WishForm
from controller.software.queries import MOST_PLACES, queries
from controller.software.shapes import SHOWS
from controller.wording.words import count
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.software import deciding
from inventory.software.queries import Asked

_TITLE = re.compile(r"soft_[0-9A-HJKMNP-TV-Z]{26}")


def at_school(request: HttpRequest, ability: Ability) -> School:
    """The school that is looked at. Raises PermissionDenied where they may not do it there."""
    school = school_of(request)
    if school is None or not school.allows(ability):
        raise PermissionDenied
    return school


@require_safe
@needs(Ability.SEE_COMPUTERS)
def titles(request: HttpRequest) -> HttpResponse:
    """The list: most computers first."""
    school, asked = at_school(request, Ability.SEE_COMPUTERS), _asked(request.GET)
    page = queries(actor_of(request)).page(school.id, asked)
    names = {"page": page, "asked": asked, "may": _may(school)}
    return render(request, "software/titles.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def title(request: HttpRequest, title_id: str) -> HttpResponse:
    """One title."""
    actor = actor_of(request)
    page = queries(actor).title(title_id)
    if page is None:
        raise Http404
    school = actor.school(page.site)
    names = {"page": page, "most": MOST_PLACES, "may": _may(school)}
    there = {"school": school, "audience": audience_at(school)}
    return render(request, "software/title.html", names | there)


@require_POST
@needs(Ability.EDIT_REGISTER)
def decide(request: HttpRequest) -> HttpResponse:
    """What is wanted of the ticked titles."""
    school, form = at_school(request, Ability.EDIT_REGISTER), WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say what is to happen: approve, watch, refuse or later.")
        return _back(request)
    wish = form.cleaned_data["wish"]
    try:
        number = deciding.wish(school.id, form.titles, wish, by=_by(request))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return _back(request)
    told = count(number, "program is", "programs are")
    done = {
        "approve": f"{told} proposed to approve. It counts once it is put in force.",
        "refuse": f"{told} proposed to refuse. It counts once it is put in force.",
        "watch": f"{told} kept an eye on: neither approved nor refused.",
        "later": f"{told} put off and stays under “To decide”.",
        "": f"{told} undecided again.",
    }
    messages.success(request, done[wish])
    return _back(request)


@require_POST
@needs(Ability.EDIT_REGISTER)
def licence_needed(request: HttpRequest, title_id: str) -> HttpResponse:
    """Whether a title is bought."""
    actor, form = actor_of(request), NeedsForm(request.POST)
    page = queries(actor).title(title_id)
    if page is None or page.site not in actor.sites(Ability.EDIT_REGISTER) or not form.is_valid():
        raise Http404
    deciding.needs_licence(page.site, title_id, form.cleaned_data["needs"], by=_by(request))
    messages.success(request, "Noted.")
    return redirect("software_title", title_id)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def proposal(request: HttpRequest) -> HttpResponse:
    """What would change, and who may put it in force."""
    school = at_school(request, Ability.SEE_COMPUTERS)
    found = queries(actor_of(request)).proposal(school.id)
    names = {"page": found, "may": _may(school), **putting.signing()}
    return render(request, "software/proposal.html", names)


@require_POST
@needs(Ability.DECIDE_SOFTWARE)
def publish(request: HttpRequest) -> HttpResponse:
    """Put in force what was looked at, where the controller may sign."""
    school = at_school(request, Ability.DECIDE_SOFTWARE)
    found, at = queries(actor_of(request)).proposal(school.id), clock.now()
    if not putting.is_what_was_seen(request, found):
        return redirect("software_proposal")
    try:
        row = putting.put(school.id, found.policy, actor=actor_of(request).id, at=at)
    except PublishError as error:
        messages.error(request, str(error))
        return redirect("software_proposal")
    reading.catch_up(at)
    number = count(len(found.changes), "program", "programs")
    messages.success(
        request, f"In force: version {row.version} of the policy, with {number} changed in it."
    )
    return redirect("software")


@require_POST
@needs(Ability.DECIDE_SOFTWARE)
def payload(request: HttpRequest) -> HttpResponse:
    """The policy as a file, for whoever signs it."""
    school = at_school(request, Ability.DECIDE_SOFTWARE)
    found = queries(actor_of(request)).proposal(school.id)
    if not putting.is_what_was_seen(request, found):
        return redirect("software_proposal")
    try:
        return putting.to_sign(school.id, found.policy, clock.now())
    except PublishError as error:
        messages.error(request, str(error))
        return redirect("software_proposal")


def _may(school: School | None) -> dict[str, bool]:
    return {
        "edit": school is not None and school.allows(Ability.EDIT_REGISTER),
        "decide": school is not None and school.allows(Ability.DECIDE_SOFTWARE),
        "ask": school is not None and school.allows(Ability.SEE_COMPUTERS),
    }


def _asked(told: QueryDict) -> Asked:
    show = told.get("show", "")
    return Asked(
        search=told.get("q", "")[:100],
        show=show if show in SHOWS else "",
        after=told.get("after", ""),
        before=told.get("before", ""),
    )


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was, or to the title that was looked at."""
    if title_id := request.POST.get("from", ""):
        return redirect("software_title", title_id) if _TITLE.fullmatch(title_id) else _list("")
    return _list(request.POST.get("show", ""))


def _list(show: str) -> HttpResponse:
    query = QueryDict(mutable=True)
    if show in SHOWS and show:
        query["show"] = show
    return redirect(f"{reverse('software')}?{query.urlencode()}")


def _by(request: HttpRequest) -> By:
    return By(actor_of(request).id, clock.now())
