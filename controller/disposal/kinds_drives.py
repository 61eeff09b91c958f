"""The steps about drives that turn up, are not there or are kept, and about what does not fit,
taken by forms."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms as django_forms

from controller.disposal import forms_drives as forms
from controller.disposal.attached import Attached
from controller.disposal.saying import Names
from controller.disposal.stepping import Kind, Looked
from controller.disposal.steps import settled_here
from controller.disposal.words import words
from controller.people.queries import at_school
from controller.people.roles import Ability
from controller.wording import moments
from inventory.assets.errors import RegisterError
from inventory.disposal import finding, serials, services
from inventory.disposal.now import OpenException
from inventory.disposal.states import AWAY, HERE, MediumKind
from inventory.disposal.values import FoundMedium
from inventory.disposal.working import EXPLAIN_DAYS

_HANDS: Final = (Ability.REQUEST_DISPOSAL,)
_BOTH: Final = (*_HANDS, Ability.APPROVE_DISPOSAL)
Bound = Mapping[str, Any] | None
Explained = dict[str, list[str]]


def _make_appear(looked: Looked, data: Bound) -> django_forms.Form:
    return forms.AppearForm(data, initial={"seq": looked.told.now.seq})


def _appear(looked: Looked, form: Any, _attached: Attached) -> str:
    told = form.cleaned_data
    key = serials.key(told["serial"])
    if not key:
        sentence = (
            f"“{told['serial'][:40]}” tells no two drives apart. Read the number again, or put a "
            "label of your own on the drive and use its number."
        )
        raise RegisterError("no_serial", sentence, "serial")
    medium = FoundMedium(
        serial=key,
        kind=cast("MediumKind", told["kind"]),
        serial_raw=told["serial"].strip(),
        make=told["make"].strip(),
        model=told["model"].strip(),
        size_bytes=told["size"] or 0,
    )
    services.appear(looked.school.id, looked.told.id, medium=medium, by=looked.by, seen=told["seq"])
    if looked.told.now.state in AWAY:
        return "The drive is added. It does not fit the papers, so somebody has to clear that up."
    return "The drive is added. Nothing leaves before its data is accounted for as well."


def _about_appearing(looked: Looked, _form: django_forms.Form) -> Explained:
    first = "Use this for a drive that nobody had written down when the inside was looked at."
    state = looked.told.now.state
    if state in AWAY:
        then = (
            "The thing has left already. Adding a drive opens something to clear up, and the "
            "disposal cannot be finished before that is done and a certificate names the drive."
        )
    elif state in ("approved", "sanitising", "ready"):
        then = (
            "This goes back to being wiped: it cannot leave until this drive too is wiped, read "
            "back and accepted, or destroyed. What was proved of the other drives still counts."
        )
    else:
        then = "Whoever approves sees it with the others."
    return {"explained": [first, then]}


def _today(looked: Looked) -> datetime.date:
    return moments.local(looked.found.now, looked.school.timezone).date()


def _make_miss(looked: Looked, data: Bound) -> django_forms.Form:
    today = _today(looked)
    initial = {
        "seq": looked.told.now.seq,
        "owner": looked.found.actor.id,
        "due": today + datetime.timedelta(days=EXPLAIN_DAYS),
    }
    people = at_school(looked.school.id)
    return forms.MissForm(data, initial=initial, people=people, today=today)


def _miss(looked: Looked, form: Any, _attached: Attached) -> str:
    told = form.cleaned_data
    end = datetime.datetime.combine(
        told["due"], datetime.time(23, 59, 59), moments.zone(looked.school.timezone)
    )
    services.miss(
        looked.school.id,
        looked.told.id,
        medium=looked.asked.drive,
        owner=told["owner"],
        due=int(end.timestamp()),
        by=looked.by,
        seen=told["seq"],
    )
    return "The drive is recorded as not there. Nothing leaves until that is cleared up."


def _about_missing(_looked: Looked, _form: django_forms.Form) -> Explained:
    first = (
        "This stops the disposal: nothing is approved, collected or handed over until somebody "
        "says what became of the drive."
    )
    then = (
        "That ends in one of three ways. It is found, and is wiped like any other. It is in "
        "another entry of the register, which is named. Or it is lost, and the assessment of a "
        "breach of personal data is added. Somebody else than whoever records it here says so; of "
        "a drive that only a report names, also that it never was in it."
    )
    return {"explained": [first, then]}


def _make_retain(looked: Looked, data: Bound) -> django_forms.Form:
    now = looked.told.now
    by_minute = now.approved_at is not None and looked.by_minute
    return forms.RetainForm(data, initial={"seq": now.seq}, by_minute=by_minute)


def _as(looked: Looked, minute: str, *, always: bool = False) -> str:
    """The role in which what was approved is lessened; before that only if `always`."""
    asked = always or looked.told.now.approved_at is not None
    return looked.role(minute) if asked else ""


def _retain(looked: Looked, form: Any, attached: Attached) -> str:
    told, drive = form.cleaned_data, looked.asked.drive
    minute = told.get("minute", "")
    keeper = services.Keeper(
        role=_as(looked, minute), minute=minute, evidence=attached.kept("minute")
    )
    common: dict[str, Any] = {
        "medium": drive,
        "keeper": keeper,
        "by": looked.by,
        "seen": told["seq"],
    }
    if told["entry"].strip():
        [entry] = finding.entries(looked.school.id, [told["entry"]])
        services.retain(looked.school.id, looked.told.id, entry=entry, **common)
        return "The drive is kept, and lives on in that entry."
    services.retain_as_new(looked.school.id, looked.told.id, **common)
    return "The drive is kept, and has an entry of its own in the register now."


def _about_keeping(looked: Looked, _form: django_forms.Form) -> Explained:
    now = looked.told.now
    first = (
        "Take it out first. It stays the school’s, with its data on it, as an entry of its own "
        "in the register, so that nobody loses sight of it."
    )
    lines = [first]
    if now.approved_at is not None:
        asker = looked.found.names(looked.told, looked.school).who(now.requester)
        lines.append(
            "It was approved to be wiped or destroyed, so somebody who could have approved it, and "
            f"not {asker}, who asked for it, records that it is kept."
        )
    return {"explained": lines}


_ENDS: Final[Mapping[str, str]] = {
    "found": "It was found, and is here again; nothing of it is proved any more",
    "elsewhere": "It is in another entry of the register",
    "lost": "It is lost; the assessment of a breach of personal data is added below",
    "never_there": "It never was in it: the report that named it was wrong",
    "resolved": "It is explained, and put right",
    "mistaken": "It was a mistake; nothing was wrong",
}
_OF_MISSING: Final = ("found", "elsewhere", "lost", "never_there")


def _make_close(looked: Looked, data: Bound) -> django_forms.Form:
    names = looked.found.names(looked.told, looked.school)
    still = settled_here(looked.told.now)
    missing = {one.kind == "medium_missing" for one in still}
    return forms.CloseForm(
        data,
        initial={"seq": looked.told.now.seq},
        by_minute=looked.by_minute,
        still={one.id: _said(one, names) for one in still},
        ends={
            key: said
            for key, said in _ENDS.items()
            if (key in _OF_MISSING) in missing and (key != "never_there" or _unseen(looked, still))
        },
    )


def _unseen(looked: Looked, still: Sequence[OpenException]) -> bool:
    """Whether a drive is missing that nobody ever had in their hands."""
    now = looked.told.now
    media = [now.media.get(one.medium) for one in still if one.kind == "medium_missing"]
    return now.inspected and now.state in HERE and any(one and not one.handled for one in media)


def _said(one: OpenException, names: Names) -> str:
    about = f": {names.drive(one.medium)}" if one.medium else ""
    return words().differences[one.kind] + about


def _close(looked: Looked, form: Any, attached: Attached) -> str:
    told = form.cleaned_data
    entry = ""
    if told["outcome"] == "elsewhere":
        [entry] = finding.entries(looked.school.id, [told["entry"]])
    settled = services.Settled(
        exception=told["exception"],
        outcome=told["outcome"],
        reason=told["reason"],
        entry=entry,
        evidence=attached.kept("other"),
        role=_as(looked, told.get("minute", ""), always=told["outcome"] == "never_there"),
        minute=told.get("minute", ""),
    )
    services.close_exception(
        looked.school.id, looked.told.id, settled, by=looked.by, seen=told["seq"]
    )
    if told["outcome"] == "found":
        return "It is cleared up. The drive is here again, and has to be wiped like any other."
    return "It is cleared up."


def _about_closing(looked: Looked, _form: django_forms.Form) -> Explained:
    lines = ["Somebody else than whoever opened it clears it up: so two people have looked."]
    now = looked.told.now
    still = settled_here(now)
    if _unseen(looked, still):
        lines.append(
            "A drive that only a report names, and that nobody ever saw, can be said never to have "
            "been in it: by somebody who may approve, and did not ask. Its number stays in the "
            "record, and is watched for."
        )
    missing = any(one.kind == "medium_missing" for one in still)
    if missing and now.approved_at is not None:
        lines.append(
            "That a drive which was approved to be wiped or destroyed is lost, or in another "
            "entry, is said by somebody who could have approved it; that it was found, by anybody "
            "who works on it."
        )
    return {"explained": lines}


KINDS: Final[Mapping[str, Kind]] = {
    "appear": Kind(_HANDS, _make_appear, _appear, "Add this drive", more=_about_appearing),
    "miss": Kind(_HANDS, _make_miss, _miss, "It is not there", more=_about_missing),
    "retain": Kind(
        _BOTH,
        _make_retain,
        _retain,
        "It is kept",
        more=_about_keeping,
        files_label="The minute’s paper",
    ),
    "close_exception": Kind(
        _BOTH,
        _make_close,
        _close,
        "It is cleared up",
        more=_about_closing,
        files_label="Papers that show it; for a lost drive the assessment",
    ),
}
