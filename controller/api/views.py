"""The page on which programs are let in: made, shown once, ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from controller import clock
from controller.api import tokens
from controller.api.forms import wanted_of
from controller.api.queries import queries
from controller.api.scopes import TOLD, Scope
from controller.api.tokens import DAYS, Made, Wanted
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.MANAGE_TOKENS)
def programs(request: HttpRequest) -> HttpResponse:
    """The programs let in, and a form for one more."""
    actor, school = actor_of(request), school_of(request)
    if school is None or not school.allows(Ability.MANAGE_TOKENS):
        raise PermissionDenied
    made: Made | None = None
    refused: RegisterError | None = None
    wanted = wanted_of(request)
    if request.method == "POST":
        try:
            made = tokens.make(school.id, wanted, actor=actor.id, at=clock.now())
            wanted = Wanted("", [Scope.REGISTER_READ], DAYS[1])
        except RegisterError as error:
            refused = error
    names = {
        "rows": queries(actor).rows(school.id),
        "made": made,
        "refused": refused,
        "wanted": wanted,
        "scopes": TOLD.items(),
        "days": DAYS,
    }
    return render(request, "api/programs.html", names)


@require_POST
@needs(Ability.MANAGE_TOKENS)
def end(request: HttpRequest, token_id: str) -> HttpResponse:
    """End one at once."""
    actor = actor_of(request)
    site = queries(actor).site_of(token_id)
    if site is None:
        raise Http404
    if tokens.end(site, token_id, actor=actor.id, at=clock.now()):
        messages.success(request, "Ended. The program is refused from now on.")
    return redirect("programs")
