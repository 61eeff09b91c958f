"""The page that says what the school asks, and by whose word. Nothing on it changes anything: a
policy comes into force by a signature (O21)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controller import clock
from controller.config import current
from controller.people.access import needs
from controller.people.roles import Ability
from controller.policy.page import page, site_asked


@require_safe
@needs(Ability.SEE_OVERVIEW)
def policy(request: HttpRequest) -> HttpResponse:
    """The policy of the school being looked at."""
    found = page(site_asked(request), clock.now(), current().folder)
    return render(request, "policy/policy.html", {"page": found})
