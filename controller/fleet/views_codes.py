"""Join codes: make one, read it out, end it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.config import current
from controller.fleet import services
from controller.fleet.forms import JoinCodeForm
from controller.fleet.queries import queries
from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.MANAGE_CODES)
def join_codes(request: HttpRequest) -> HttpResponse:
    """The codes of a school, and a form for a new one."""
    actor, school = actor_of(request), school_of(request)
    if school is None or school.id not in actor.sites(Ability.MANAGE_CODES):
        raise Http404
    form = JoinCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        code = services.create_join_code(
            site_id=school.id, actor=actor.id, at=clock.now(), **form.cleaned_data
        )
        return redirect("join_code", code.id)
    rows = queries(actor).join_codes(sites_asked(request))
    return render(request, "fleet/join_codes.html", {"rows": rows, "form": form})


@require_safe
@needs(Ability.MANAGE_CODES)
def join_code(request: HttpRequest, code_id: str) -> HttpResponse:
    """One code in full, with what to type on the computer."""
    row = queries(actor_of(request)).join_code(code_id)
    if row is None:
        raise Http404
    text = services.code_text(code_id, current().folder)
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "fleet/join_code.html", {"row": row, "text": text, "address": address})


@require_POST
@needs(Ability.MANAGE_CODES)
def end(request: HttpRequest, code_id: str) -> HttpResponse:
    """End a code; what joined with it stays."""
    actor = actor_of(request)
    if queries(actor).join_code(code_id) is None:
        raise Http404
    services.revoke_join_code(code_id, actor=actor.id, at=clock.now())
    messages.success(request, "The join code is ended. Computers that joined with it stay.")
    return redirect("join_codes")
