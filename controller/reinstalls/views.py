"""Saying which computers are set up anew, seeing which came back, ending it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from controller.reinstalls.forms import read
from controller.reinstalls.queries import Page, queries
from controller.wording import moments
from inventory.assets.errors import RegisterError


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.LET_IN)
def reinstalls(request: HttpRequest) -> HttpResponse:
    """What was said, and a form for the next: first where they are, then which of them."""
    found, school, wrong = queries(actor_of(request)), school_for(request, Ability.LET_IN), None
    today = moments.local(clock.now(), school.timezone).date()
    typed = read(request.POST if request.method == "POST" else request.GET, today)
    if request.method == "POST":
        try:
            return redirect("reinstall", found.expect(school, typed))
        except RegisterError as error:
            wrong = error
    names = {
        "rows": found.rows(school),
        "places": found.places(school),
        "listed": found.listed(school, typed),
        "typed": typed,
        "wrong": wrong,
        "today": today.isoformat(),
    }
    return render(request, "reinstalls/reinstalls.html", names)


@require_safe
@needs(Ability.LET_IN)
def reinstall(request: HttpRequest, request_id: str) -> HttpResponse:
    """One: which are expected still, which came back."""
    return render(request, "reinstalls/reinstall.html", {"page": _page(request, request_id)})


@require_POST
@needs(Ability.LET_IN)
def stop(request: HttpRequest, request_id: str) -> HttpResponse:
    """Expect no more of these."""
    page = _page(request, request_id)
    try:
        queries(actor_of(request)).stop(page)
        messages.success(request, "None of these is expected any more. What came back stays.")
    except RegisterError as error:
        messages.error(request, error.sentence)
    return redirect("reinstall", request_id)


def _page(request: HttpRequest, request_id: str) -> Page:
    page = queries(actor_of(request)).page(request_id)
    if page is None:
        raise Http404
    return page
