"""Every step that is taken by a form: who may, what is typed, and what it does."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms as django_forms

from controller.disposal import (
    forms,
    inspecting,
    kinds_drives,
    kinds_out,
    readings,
    wiping,
    witnessing,
)
from controller.disposal.attached import Attached
from controller.disposal.saying import drive_name
from controller.disposal.stepping import Kind, Looked
from controller.disposal.witnessing import witnesses
from controller.people.roles import Ability
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.disposal import services
from inventory.disposal.values import Offer

_HANDS: Final = (Ability.REQUEST_DISPOSAL,)
_OFFICE: Final = (Ability.APPROVE_DISPOSAL,)
Bound = Mapping[str, Any] | None


def plain(form: type[forms.StepForm]) -> Any:
    """A form that needs nothing but the number of what is seen."""

    def make(looked: Looked, data: Bound) -> django_forms.Form:
        return form(data, initial={"seq": looked.told.now.seq})

    return make


def _seen(form: Any) -> int:
    return int(form.cleaned_data["seq"])


def _one(looked: Looked, form: Any) -> dict[str, Any]:
    return {"by": looked.by, "seen": _seen(form)}


def _request(looked: Looked, form: forms.RequestForm, attached: Attached) -> str:
    told = form.cleaned_data
    offers = [
        Offer(pence=pence, evidence=digest)
        for name, pence in form.offered().items()
        for digest in attached.kept("offer", name)
    ]
    asked = services.Asked(
        told["route"], form.pence(), told["licences_checked"], told["reason"], tuple(offers)
    )
    services.request(looked.school.id, looked.told.id, asked, **_one(looked, form))
    return "It is asked for. Somebody else approves it now."


def _make_approve(looked: Looked, data: Bound) -> django_forms.Form:
    frozen = " ".join(sorted(s for s, one in looked.told.now.media.items() if not one.gone))
    return forms.ApproveForm(data, initial={"seq": looked.told.now.seq, "frozen": frozen})


def _approve(looked: Looked, form: Any, attached: Attached) -> str:
    told = form.cleaned_data
    approval = services.Approval(
        looked.role(told["minute"]), told["comment"], told["minute"], attached.kept("minute")
    )
    services.approve(
        looked.school.id,
        looked.told.id,
        approval,
        media=tuple(told["frozen"].split()),
        **_one(looked, form),
    )
    return "It is approved, with exactly these drives. They can be wiped now."


def _about_approval(looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
    asked = [line for line in looked.page.past if line.kind == "requested"]
    return {"asked": asked[0].said if asked else []}


def _reject(looked: Looked, form: Any, _attached: Attached) -> str:
    services.reject(
        looked.school.id,
        looked.told.id,
        role=looked.role(""),
        comment=form.cleaned_data["comment"],
        **_one(looked, form),
    )
    return "It is refused. It stays out of use until somebody asks again or takes it back."


def _reinstate(looked: Looked, form: Any, _attached: Attached) -> str:
    services.reinstate(
        looked.school.id,
        looked.told.id,
        reason=form.cleaned_data["reason"],
        **_one(looked, form),
    )
    return "It is in store again. What was proved of its drives counts no more."


def _fail(looked: Looked, form: Any, attached: Attached) -> str:
    services.fail(
        looked.school.id,
        looked.told.id,
        medium=looked.asked.drive,
        evidence=attached.kept("photo"),
        reason=form.cleaned_data["reason"],
        **_one(looked, form),
    )
    return "The drive has failed. From now on only destroying it will do."


def _make_destroy(looked: Looked, data: Bound) -> django_forms.Form:
    people = witnesses(looked.school.id)
    others = {key: name for key, name in people.items() if key != looked.found.actor.id}
    initial = {"seq": looked.told.now.seq, "place": "on_site"}
    return forms.DestroyForm(data, initial=initial, witnesses=others)


def _destroy(looked: Looked, form: Any, attached: Attached) -> str:
    told = form.cleaned_data
    destruction = services.Destruction(
        medium=looked.asked.drive,
        method=told["method"],
        witness=told["witness"],
        place=told["place"],
        particle_mm=told["particle_mm"] or 0,
        evidence=attached.kept("destruction"),
    )
    services.destroy(looked.school.id, looked.told.id, destruction, **_one(looked, form))
    who = witnesses(looked.school.id)[told["witness"]]
    return f"It is recorded, and counts once {shown(who)} signs in and says that they saw it."


def _about_destroying(_looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
    sentence = (
        "Somebody else than you has to see it destroyed. They sign in and say so themselves; "
        "until then it counts for nothing, and nothing leaves."
    )
    return {"explained": [sentence]}


def _make_of_wipe(form: type[forms.StepForm]) -> Any:
    def make(looked: Looked, data: Bound) -> django_forms.Form:
        wipe = looked.told.now.media[looked.asked.drive].wipe
        return form(data, initial={"seq": looked.told.now.seq, "wipe": wipe.seq if wipe else 0})

    return make


def _validate(looked: Looked, form: Any, _attached: Attached) -> str:
    told = form.cleaned_data
    services.validate(
        looked.school.id,
        looked.told.id,
        medium=looked.asked.drive,
        decision=told["decision"],
        wipe=told["wipe"],
        reason=told["reason"],
        **_one(looked, form),
    )
    name = drive_name(looked.told.now.media[looked.asked.drive])
    if told["decision"] == "approved":
        return f"The wipe of {name} is accepted."
    return f"The wipe of {name} is not accepted. It has to be wiped again, or destroyed."


def _make_reading(looked: Looked, data: Bound) -> django_forms.Form:
    chosen = bool(data and data.get("reading"))
    made: django_forms.Form = _make_of_wipe(forms.MachineForm if chosen else forms.ReadBackForm)(
        looked, data
    )
    return made


def _verify(looked: Looked, form: Any, attached: Attached) -> str:
    told = form.cleaned_data
    if isinstance(form, forms.MachineForm):
        return readings.add(looked, told["reading"], compared=told["compared"], seen=told["seq"])
    evidence = attached.kept("reading")
    if not evidence:
        raise RegisterError("no_evidence", "Add what the program that read it wrote.", "evidence")
    read = services.Read(
        medium=looked.asked.drive,
        method=told["method"],
        verifier=looked.found.actor.id,
        result=told["result"],
        finished_at=looked.found.now,
        evidence=evidence,
        bytes_read=told["bytes_read"] or 0,
        wipe=told["wipe"],
    )
    services.verify(looked.school.id, looked.told.id, read, **_one(looked, form))
    if told["result"] == "clean":
        return "It is read back, and nothing was left. Somebody accepts the wipe now."
    return "Something was left, so the wipe counts no more. Wipe it again, or have it destroyed."


KINDS: Final[Mapping[str, Kind]] = {
    "request": Kind(
        _HANDS,
        plain(forms.RequestForm),
        _request,
        "Ask for it",
        "disposal/request.html",
    ),
    "inspect": Kind(
        _HANDS,
        inspecting.make,
        inspecting.take,
        "This is all that is in it",
        "disposal/inspect.html",
        inspecting.more,
    ),
    "approve": Kind(
        _OFFICE,
        _make_approve,
        _approve,
        "Approve it",
        "disposal/approve.html",
        _about_approval,
        "The minute’s paper, if the governors decided",
    ),
    "reject": Kind(_OFFICE, plain(forms.RejectForm), _reject, "Refuse it"),
    "reinstate": Kind(_HANDS, plain(forms.ReinstateForm), _reinstate, "Put it back into store"),
    "sanitise": Kind(
        _HANDS,
        wiping.make,
        wiping.take,
        "Keep this wipe",
        "disposal/wipe.html",
        wiping.more,
        "The report",
    ),
    "verify": Kind(
        (*_HANDS, *_OFFICE),
        _make_reading,
        _verify,
        "Keep this reading",
        "disposal/verify.html",
        readings.context,
        "What the program that read it wrote",
    ),
    "validate": Kind(
        _OFFICE,
        _make_of_wipe(forms.ValidateForm),
        _validate,
        "Keep this decision",
        "disposal/validate.html",
    ),
    "fail": Kind(_HANDS, plain(forms.FailForm), _fail, "It has failed"),
    "destroy": Kind(
        _HANDS, _make_destroy, _destroy, "Ask the witness to confirm it", more=_about_destroying
    ),
    **witnessing.KINDS,
    **kinds_out.KINDS,
    **kinds_drives.KINDS,
}
