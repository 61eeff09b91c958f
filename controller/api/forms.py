"""The form by which a program is let in."""

from django.http import HttpRequest

from controller.api.scopes import Scope
from controller.api.tokens import DAYS, Wanted


def wanted_of(request: HttpRequest) -> Wanted:
    """What the form said; the usual where it was not sent."""
    if request.method != "POST":
        return Wanted("", [Scope.REGISTER_READ], DAYS[1])
    ticked = set(request.POST.getlist("scopes"))
    days = request.POST.get("days", "")
    known = int(days) if days in {str(number) for number in DAYS} else 0
    return Wanted(request.POST.get("name", "")[:200], [s for s in Scope if s in ticked], known)
