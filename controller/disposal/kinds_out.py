"""The steps by which a thing is stopped, goes on, or is handed over, taken by forms."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms as django_forms
from django.urls import reverse

from controller.disposal import forms, receipt
from controller.disposal.attached import Attached
from controller.disposal.saying import capital
from controller.disposal.stepping import Kind, Looked, More
from controller.disposal.words import words
from controller.people.queries import at_school
from controller.people.roles import Ability
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.disposal import services
from inventory.disposal.events import Held
from inventory.disposal.states import OUTCOMES

_STOP: Final = (Ability.HOLD_DISPOSAL,)
_OFFICE: Final = (Ability.APPROVE_DISPOSAL,)
Bound = Mapping[str, Any] | None


def _make_hold(looked: Looked, data: Bound) -> django_forms.Form:
    return forms.HoldForm(data, initial={"seq": looked.told.now.seq})


def _hold(looked: Looked, form: Any, _attached: Attached) -> str:
    told = form.cleaned_data
    services.hold(
        looked.school.id,
        looked.told.id,
        kind=told["kind"],
        reason=told["reason"],
        by=looked.by,
        seen=told["seq"],
    )
    return "It is stopped. Nothing of it may be wiped, destroyed or leave."


def _make_release(looked: Looked, data: Bound) -> django_forms.Form:
    now = looked.told.now
    names = looked.found.names(looked.told, looked.school)
    holds = {
        one.id: capital(f"{words().holds[one.kind]}, stopped by {names.who(one.by)}")
        for one in now.holds.values()
    }
    return forms.ReleaseForm(data, initial={"seq": now.seq}, holds=holds)


def _release(looked: Looked, form: Any, _attached: Attached) -> str:
    told = form.cleaned_data
    trying = looked.found.trying(looked.school)
    may = trying.rules.approving.release_holds
    role = next((one for one in trying.roles if one in may), trying.roles[0])
    services.release_hold(
        looked.school.id,
        looked.told.id,
        hold=told["hold"],
        role=role,
        reason=told["reason"],
        by=looked.by,
        seen=told["seq"],
    )
    return "The stop is ended."


def _make_hand_over(looked: Looked, data: Bound) -> django_forms.Form:
    people, now = at_school(looked.school.id), looked.told.now
    sold = now.route == "sale"
    return forms.HandOverForm(data, initial={"seq": now.seq}, people=people, sold=sold)


def _hand_over(looked: Looked, form: Any, attached: Attached) -> str:
    told = form.cleaned_data
    route = looked.told.now.route
    outcome = OUTCOMES.get(route) if route else None
    if outcome is None:
        raise RegisterError(
            "other_route", "It was approved to be recycled: put it on a collection."
        )
    evidence = attached.kept("handover")
    if not evidence:
        sentence = "Add the recipient’s receipt, signed by whoever got it."
        raise RegisterError("no_evidence", sentence, "evidence")
    services.hand_over(
        looked.school.id,
        looked.told.id,
        outcome=outcome,
        recipient=told["recipient"] or services.stranger(),
        outsider=not told["recipient"] and told["outsider"],
        evidence=evidence,
        price_pence=int((told.get("price") or 0) * 100),
        by=looked.by,
        seen=told["seq"],
    )
    return "It is handed over, and this disposal is finished."


def _explained(*lines: str) -> More:
    """The same lines above a form, whatever it is about."""

    def more(_looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
        return {"explained": lines}

    return more


def _why_stopped(looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
    """What each stop is for, as it was said then."""
    names = looked.found.names(looked.told, looked.school)
    moment = looked.found.moment(looked.school)
    stops = [
        f"{names.who(one.actor)} stopped it {moment.day(one.at)} for {words().holds[one.kind]}: "
        f"“{shown(one.reason, 500)}”"
        for one in looked.told.events
        if isinstance(one, Held) and one.hold in looked.told.now.holds
    ]
    barred = "Somebody else than whoever asked for the disposal ends it."
    return {"explained": [*stops, barred]}


def _before_handing_over(looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
    last = "This is the last step: nothing of this disposal changes after it."
    if not receipt.printable(looked.told.now):
        return {"explained": [last]}
    paper = "Print the receipt, have it signed by both, and add a scan or a photograph of it."
    address = reverse("disposal_receipt", args=[looked.told.id])
    return {"explained": [paper, last], "to_print": address}


KINDS: Final[Mapping[str, Kind]] = {
    "hold": Kind(
        _STOP,
        _make_hold,
        _hold,
        "Stop everything",
        more=_explained("Nothing of it may be wiped, destroyed or leave until the stop is ended."),
    ),
    "release_hold": Kind(
        _STOP,
        _make_release,
        _release,
        "End this stop",
        more=_why_stopped,
    ),
    "hand_over": Kind(
        _OFFICE,
        _make_hand_over,
        _hand_over,
        "It is handed over",
        more=_before_handing_over,
        files_label="The recipient’s receipt",
    ),
}
