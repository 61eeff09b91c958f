"""A thing is taken out of use: the form on its own, because there is no disposal yet."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from controller import clock
from controller.disposal.forms import WithdrawForm
from controller.disposal.reported import reported
from controller.people.actor import actor_of
from controller.people.roles import Ability
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import lists, services
from inventory.disposal.media import propose


def begin(request: HttpRequest, asset_id: str) -> str | dict[str, Any]:
    """The id of the disposal that begins, or runs already; or what its page shows. Raises
    Http404."""
    actor, now = actor_of(request), clock.now()
    entry = lists.entry(actor.sites(Ability.REQUEST_DISPOSAL), asset_id)
    if entry is None:
        raise Http404
    running = lists.running({entry["site_id"]}, asset_id)
    if running:
        return running
    known = entry["personal_data"] if entry["personal_data"] in ("yes", "no") else "unknown"
    sent = request.POST if request.method == "POST" else None
    form = WithdrawForm(sent, initial={"seq": entry["seq"], "personal_data": known})
    refused: RegisterError | None = None
    if form.is_bound and form.is_valid():
        try:
            return _begun(entry, form, By(actor.id, now))
        except RegisterError as error:
            refused = error
    return {
        "form": form,
        "refused": refused,
        "title": "Take out of use",
        "name": name_of(entry),
        "tag": shown(entry["tag"]),
        "back": reverse("register_entry", args=[asset_id]),
        "button": "Take it out of use",
        "two_people": True,
    }


def _begun(entry: dict[str, Any], form: WithdrawForm, by: By) -> str:
    told = reported({entry["site_id"]}, [entry["id"]])
    proposals = {one: propose(said, by.at) for one, said in told.items()}
    [made] = services.withdraw(
        entry["site_id"],
        [entry["id"]],
        reason=form.cleaned_data["reason"],
        personal_data=form.cleaned_data["personal_data"],
        told=proposals,
        by=by,
    )
    return made.disposal
