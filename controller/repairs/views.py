"""What is away for repair: listed, sent, had back, answered for (S28)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.repairs.doing import do, job_of, sent_of, show, typed
from controller.repairs.queries import queries
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.repairs import drives, services


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
        inside = queries(actor_of(request)).before(asset_id)
        sent, seen = sent_of(request)
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
        row = job_of(request, asset_id)
        left = [old.serial for old in row.left] if row else []
        text = request.POST.get("answer", "")
        services.answer(site, typed(request, "away"), text, left=left, by=who)
        return "Kept with the entry."

    return do(request, asset_id, deed)


@require_POST
@needs(Ability.REQUEST_DISPOSAL)
def drive(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Somebody says where an old drive is: it gets an entry, and leaves by its own disposal."""

    def deed(site: str, who: By) -> str:
        row, serial = job_of(request, asset_id), request.POST.get("serial", "")
        if row is None or serial not in [old.serial for old in row.left]:
            raise RegisterError("not_found", "Somebody else has said already where this drive is.")
        place = typed(request, "place")
        drives.place_old(site, row.id, serial, place, settles=row.settles, by=who)
        return "The old drive has an entry of its own now."

    return do(request, asset_id, deed, Ability.REQUEST_DISPOSAL)
