"""The form that adds a wipe: a report is sent and read, what it claims stands beside the drive, and
it is taken or refused with the line that says why. By hand only with a reason."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django import forms as django_forms

from controller.disposal import forms
from controller.disposal.attached import Attached
from controller.disposal.saying import size
from controller.disposal.stepping import Looked
from controller.disposal.words import words
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.disposal import services, wipe_reports
from inventory.disposal.proof import storing
from inventory.disposal.proof.claims import Claim
from inventory.disposal.proof.judging import Accepted, NeedsPerson, Refused, Window
from inventory.disposal.proof.reading import Unreadable, read


class Shown(msgspec.Struct, frozen=True):
    """One claim beside the drive; every string may be shown as it is. `verdict`: accepted, refused
    or asks."""

    verdict: str
    sentence: str
    line: str
    line_number: int
    pairs: list[tuple[str, str]]


class NotTakenError(RegisterError):
    """A report that does not prove it; `claims` as they are shown."""

    def __init__(self, sentence: str, claims: list[Shown]) -> None:
        """The sentence says what to do."""
        super().__init__("not_taken", sentence, "evidence")
        self.claims = claims


def make(looked: Looked, data: Mapping[str, Any] | None) -> django_forms.Form:
    """By a report, unless somebody types it."""
    by_hand = data is not None and data.get("way") == "hand"
    form = forms.WipeByHandForm if by_hand else forms.WipeForm
    return form(data, initial={"seq": looked.told.now.seq})


def take(looked: Looked, form: Any, attached: Attached) -> str:
    """Keep the wipe. Raises RegisterError."""
    if isinstance(form, forms.WipeByHandForm):
        return _by_hand(looked, form, attached)
    given = attached.read()
    if not given:
        raise RegisterError("no_evidence", "Choose the report of the program that wiped it.")
    [(name, data), *more] = given
    if more:
        raise RegisterError("too_many", "Add one report at a time.", "evidence")
    found, claims = _judged(looked, data)
    kept = storing.keep(looked.school.id, "wipe_log", name, data, by=looked.by)
    if found is None:
        raise NotTakenError(_because(claims), claims)
    claim, accepted = found
    wiped = services.Wiped(
        medium=looked.asked.drive,
        level=accepted.level,
        technique=accepted.technique,
        tool=claim.tool,
        tool_version=claim.tool_version,
        performer=looked.found.actor.id,
        finished_at=accepted.finished,
        hidden_areas_clear=accepted.hidden_areas_clear,
        evidence=(kept.sha256,),
    )
    services.sanitise(
        looked.school.id, looked.told.id, wiped, by=looked.by, seen=form.cleaned_data["seq"]
    )
    return "The wipe is kept. Now somebody else, or a computer, reads the drive back."


def _judged(looked: Looked, data: bytes) -> tuple[tuple[Claim, Accepted] | None, list[Shown]]:
    """The claim that is taken, if one is, and all of them as they are shown."""
    told = read(data)
    if isinstance(told, Unreadable):
        raise NotTakenError(told.sentence, [])
    medium = looked.told.now.media[looked.asked.drive]
    rules = looked.found.trying(looked.school).rules
    window = Window(looked.told.now.withdrawn_at, looked.found.now, looked.school.timezone)
    whole, each = wipe_reports.verdicts(told.claims, medium, rules, window)
    shown_ones = [_shown(one, said) for one, said in each]
    if isinstance(whole, Accepted):
        return (each[0][0], whole), shown_ones
    return None, shown_ones


def _because(claims: list[Shown]) -> str:
    if not claims:
        return "This report says nothing of any drive. Look whether it is the right file."
    return claims[0].sentence


_VERDICTS: Final = {Accepted: "accepted", Refused: "refused", NeedsPerson: "asks"}


def _shown(claim: Claim, said: Accepted | Refused | NeedsPerson) -> Shown:
    pairs = (
        ("Drive", f"{shown(claim.model)} {shown(claim.serial)}".strip()),
        ("Size", size(claim.size_bytes or 0)),
        ("How", shown(claim.method)),
        ("Program", f"{shown(claim.tool)} {shown(claim.tool_version)}".strip()),
        ("Passes", str(claim.passes or "")),
        ("Ended", shown(claim.finished)),
    )
    return Shown(
        _VERDICTS[type(said)],
        getattr(said, "sentence", "This report proves the wipe."),
        shown(getattr(said, "line", ""), 300),
        getattr(said, "line_number", 0),
        [(title, text) for title, text in pairs if text],
    )


def _by_hand(looked: Looked, form: forms.WipeByHandForm, attached: Attached) -> str:
    told = form.cleaned_data
    medium = looked.told.now.media[looked.asked.drive]
    rules = looked.found.trying(looked.school).rules
    reached = rules.reached(told["technique"], medium.family)
    if reached is None:
        sentence = (
            f"By the school’s rules, «{words().techniques[told['technique']]}» proves nothing for "
            f"a {words().media[medium.kind]}. Use another way, or have it destroyed."
        )
        raise RegisterError("level_not_reached", sentence, "technique")
    wiped = services.Wiped(
        medium=looked.asked.drive,
        level=reached,
        technique=told["technique"],
        tool=told["tool"],
        tool_version=told["tool_version"],
        performer=looked.found.actor.id,
        finished_at=looked.found.now,
        hidden_areas_clear={"yes": True, "no": False}.get(told["hidden"]),
        keys_destroyed=told["keys_destroyed"],
        evidence=attached.kept("wipe_log"),
        reason=told["reason"],
    )
    services.sanitise(looked.school.id, looked.told.id, wiped, by=looked.by, seen=told["seq"])
    return "The wipe is kept, as typed by you. Somebody else decides whether it is believed."


def more(looked: Looked, form: Any) -> dict[str, Any]:
    """Both forms, and what a report claimed that was not taken."""
    initial = {"seq": looked.told.now.seq, "technique": "overwrite"}
    by_hand = (
        form if isinstance(form, forms.WipeByHandForm) else forms.WipeByHandForm(initial=initial)
    )
    return {"by_hand": by_hand, "hand_open": isinstance(form, forms.WipeByHandForm)}
