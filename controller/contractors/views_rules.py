"""Which papers a school asks for, and its own level of harm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from controller.contractors import forms
from controller.contractors.queries import queries
from controller.contractors.views import STALE, by
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError, StaleError
from inventory.contractors import rules as register
from inventory.contractors.kinds import DIALS, Need, Rules, asked, known


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def rules(request: HttpRequest) -> HttpResponse:
    """What is asked for; whoever answers for the school changes it."""
    school = school_for(request, Ability.SEE_COMPUTERS)
    problem = ""
    if request.method == "POST":
        problem = _changed(request, school_for(request, Ability.APPROVE_DISPOSAL).id)
        if not problem:
            messages.success(request, "Saved. It holds for collections from now on.")
            return redirect("contractor_rules")
    held, file = queries(actor_of(request)).rules(school.id), known()
    tables = [
        (name, one.label, [_line(name, need, held) for need in one.needs])
        for name, one in file.handovers.items()
    ]
    names = {"tables": tables, "held": held, "dials": DIALS, "kinds": file.kinds.values()}
    there = {"may_edit": school.allows(Ability.APPROVE_DISPOSAL), "problem": problem}
    return render(request, "contractors/rules.html", names | there, status=422 if problem else 200)


def _line(handover: str, need: Need, held: Rules) -> tuple[str, Need, str, bool]:
    """A paper in words, whether this school asks for it, and whether that is fixed."""
    title = known().kinds[need.any[0].kind].label
    return title, need, asked(handover, need, held), held.fixed(need)


def _changed(request: HttpRequest, site: str) -> str:
    """Save what was asked; what is wrong with it, or ""."""
    seen, dial = forms.number(request.POST.get("seq", "")), request.POST.get("dial", "")
    wish = forms.asks(request.POST.dict())
    try:
        register.change(site, dial, wish, seen=seen, by=by(request))
    except StaleError:
        return STALE
    except RegisterError as error:
        return error.sentence
    return ""
