"""What is away for repair: listed, sent, had back, answered for (S28)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.repairs.doing import do, sent_of, show
from controller.repairs.queries import queries
from inventory.assets.writing import By
from inventory.repairs import services


@require_safe
@needs(Ability.SEE_COMPUTERS)
def repairs(request: HttpRequest) -> HttpResponse:
    """All that is away, and what came back changed."""
    school = school_of(request)
    page = queries(actor_of(request)).page(school.id if school else "")
    return render(request, "repairs/repairs.html", {"page": page})


@require_safe
@needs(Ability.SEE_COMPUTERS)
def repair(request: HttpRequest, asset_id: str) -> HttpResponse:
    """One entry and its times away."""
    return show(request, asset_id)


@require_POST
@needs(Ability.EDIT_REGISTER)
def send(request: HttpRequest, asset_id: str) -> HttpResponse:
    """It goes away for repair."""

    def deed(site: str, who: By) -> str:
        before = queries(actor_of(request)).entry(asset_id)
        sent, seen = sent_of(request)
        inside = before.inside if before else None
        if inside is not None:
            services.send(site, asset_id, sent, by=who, before=inside, seen=seen)
        return "It is away for repair now."

    return do(request, asset_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def back(request: HttpRequest, asset_id: str) -> HttpResponse:
    """It is back."""

    def deed(site: str, who: By) -> str:
        stored = request.POST.get("state") == "stored"
        services.back(site, asset_id, "stored" if stored else "in_use", by=who)
        return "It is back. What is in it is compared when it reports again."

    return do(request, asset_id, deed)


@require_POST
@needs(Ability.EDIT_REGISTER)
def answer(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Somebody says what became of the old drive or board."""

    def deed(site: str, who: By) -> str:
        away = request.POST.get("away", "")[:32].replace("\0", "")
        services.answer(site, away, request.POST.get("answer", ""), by=who)
        return "Kept with the entry."

    return do(request, asset_id, deed)
