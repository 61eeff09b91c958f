"""Several approved in one step: first all of them are shown, drive by drive, then one yes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from controller.disposal.asking import ticks
from controller.disposal.queries import DisposalQueries, queries
from controller.disposal.steps import role_order
from controller.disposal.story import Story, Told
from controller.people.actor import School, actor_of, school_for
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.disposal import services

_CHANGED = "Something changed since you looked. Look at them again, then say yes."


def together(request: HttpRequest) -> HttpResponse:
    """Show what is ticked, or approve it: all or none."""
    school = school_for(request, Ability.APPROVE_DISPOSAL)
    found, seen = queries(actor_of(request)), ticks(request.POST)
    looked = _looked(found, school, seen)
    if not looked:
        messages.error(request, "Tick what you want to look at together first.")
        return redirect("disposals")
    against: dict[str, Any] = {}
    if request.POST.get("sure") == "yes":
        try:
            said = _approve(found, school, looked, request.POST.get("comment", ""), seen)
        except StaleError:
            against = {"changed": _CHANGED}
        except RegisterError as refused:
            against = {"refused": refused}
        else:
            messages.success(request, said)
            return redirect("disposals")
    names = {
        "pages": [page for _, page in looked],
        "able": [page for _, page in looked if _may(page)],
        "comment": request.POST.get("comment", "")[:500],
        **against,
    }
    return render(request, "disposal/together.html", names, status=422 if against else 200)


def _looked(
    found: DisposalQueries, school: School, seen: dict[str, int]
) -> list[tuple[Told, Story]]:
    told = [found.told(one) for one in seen]
    return [(one[0], found.page(*one)) for one in told if one and one[1].id == school.id]


def _may(page: Story) -> bool:
    return any(one.name == "approve" for one in page.can)


def _approve(
    found: DisposalQueries,
    school: School,
    looked: list[tuple[Told, Story]],
    comment: str,
    seen: dict[str, int],
) -> str:
    able = [told for told, page in looked if _may(page)]
    if not able:
        raise RegisterError("none", "None of these can be approved by you now.")
    by_role: dict[str, dict[str, int | None]] = {}
    trying = found.trying(school)
    for told in able:
        role = next(
            (r for r in role_order(told.now, trying) if r not in trying.rules.approving.by_minute),
            "",
        )
        by_role.setdefault(role, {})[told.id] = seen[told.id]
    [(role, chosen), *others] = by_role.items()
    if others:
        raise RegisterError("several_roles", "Approve the dearer ones one by one.")
    by = By(found.actor.id, found.now)
    services.approve_all(school.id, chosen, services.Approval(role, comment), by=by)
    return f"{len(chosen)} approved, each with exactly the drives you saw."
