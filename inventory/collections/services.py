"""Book a collection, choose what goes along, describe it, cancel it (I7, I9).

What happens on the day is `leaving`. A company is locked before its collection, so that its papers
do not change while a booking looks at them.
"""

from collections.abc import Collection as Many
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from django.db import transaction
from django.db.models import Q

from checks.words import clean
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean as cleaned
from inventory.assets.writing import By
from inventory.collections import candidates, codes
from inventory.contractors import queries as contractors
from inventory.contractors.kinds import known
from inventory.contractors.services import locked as locked_contractor
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Collection, CollectionLine

MOST_LINES: Final = 300
"""Things on one list: a lorry's load, and no more than a step of disposals takes."""
MOST_DAYS: Final = 366
"""So far ahead a collection can be booked."""
LONGEST: Final[Mapping[str, int]] = {
    "place": 120,
    "seals": 500,
    "note_number": 60,
    "tracking": 60,
}
Battery = Literal["", "none", "in", "removed", "damaged"]


class Wanted(msgspec.Struct, frozen=True):
    """A booking as it was typed; `day` is `YYYY-MM-DD`."""

    day: str
    place: str = ""
    seals: str = ""
    note_kind: str = ""
    note_number: str = ""
    tracking: str = ""


class Said(msgspec.Struct, frozen=True):
    """What is said of one line of the list."""

    code: str = ""
    battery: str = ""
    seal: str = ""


def book(
    site_id: str, contractor_id: str, handover: str, wanted: Wanted, *, by: By, today: str
) -> str:
    """Book a day with a company; the collection's id. Raises RegisterError: where its papers are
    not in force on that day with the sentence that lists which (I7)."""
    if handover not in known().handovers:
        raise RegisterError("bad_value", "Say what kind of hand-over it is.", "handover")
    if handover == candidates.UNWIPED and not candidates.offsite_allowed(site_id):
        raise RegisterError(
            "no_offsite",
            "The school’s rules do not let a company wipe for it (I9): wipe or destroy the drives "
            "here first, or have the rules changed by whoever decides about them.",
            "handover",
        )
    values = _checked(wanted, today)
    with transaction.atomic():
        locked_contractor(site_id, contractor_id)
        check_papers(site_id, contractor_id, values["day"], handover)
        row = Collection(
            id=new_id("coll", by.at),
            site_id=site_id,
            contractor_id=contractor_id,
            handover=handover,
            booked_at=by.at,
            booked_by=by.actor,
            **values,
        )
        row.save(force_insert=True)
        record(row, "collection.book", by)
    return row.id


def change(
    site_id: str, collection_id: str, wanted: Wanted, *, seen: int, by: By, today: str
) -> None:
    """Another day, place or note; the papers are looked at again. Raises RegisterError; StaleError
    where somebody else was faster."""
    values = _checked(wanted, today)
    with transaction.atomic():
        row = locked(site_id, collection_id, seen)
        check_papers(site_id, row.contractor_id, values["day"], row.handover)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        record(row, "collection.change", by)


def choose(site_id: str, collection_id: str, disposals: Many[str], *, seen: int, by: By) -> None:
    """The list has exactly these from now on. Raises RegisterError, and then nothing of the list
    changed; StaleError."""
    wanted = list(dict.fromkeys(disposals))
    if len(wanted) > MOST_LINES:
        raise RegisterError("too_many", f"A collection takes {MOST_LINES} things at most.")
    with transaction.atomic():
        row = locked(site_id, collection_id, seen)
        found = candidates.named(site_id, wanted, row.handover)
        _check_all(found, wanted, row.id)
        lines = {line.disposal: line for line in row.lines.all()}
        for line in lines.values():
            if line.open and line.disposal not in found:
                line.open = False
                line.save(update_fields=["open"])
        for one in wanted:
            _put(row, lines.get(one), found[one], by)
        row.save()
        record(row, "collection.choose", by)


def describe(
    site_id: str, collection_id: str, said: Mapping[str, Said], *, seen: int, by: By
) -> None:
    """Waste code, battery and seal of lines, by their ids. Raises RegisterError, whose field is
    `code-<line>` and the like; StaleError."""
    with transaction.atomic():
        row = locked(site_id, collection_id, seen)
        for line in row.lines.filter(open=True):
            if line.id in said:
                _describe(line, said[line.id])
        row.save()
        record(row, "collection.describe", by)


def cancel(site_id: str, collection_id: str, *, seen: int, by: By) -> None:
    """It does not take place; what was on its list may stand on another. Raises RegisterError and
    StaleError."""
    with transaction.atomic():
        row = locked(site_id, collection_id, seen)
        row.state, row.cancelled_at, row.cancelled_by = "cancelled", by.at, by.actor
        row.save()
        row.lines.update(open=False)
        record(row, "collection.cancel", by)


def check_papers(site_id: str, contractor_id: str, day: str, handover: str) -> None:
    """Raise RegisterError unless everything the school asks for is in force on the day (I7)."""
    found = contractors.standing(site_id, contractor_id, day, handover)
    if not found.ok:
        raise RegisterError("papers", found.sentence, "day")


def locked(site_id: str, collection_id: str, seen: int) -> Collection:
    """A booked collection for this transaction, its company locked before it; its number grows.
    Raises RegisterError and StaleError."""
    known_ = Collection.objects.filter(site_id=site_id, id=collection_id)
    contractor = known_.values_list("contractor", flat=True).first()
    if contractor is None:
        raise RegisterError("not_found", "There is no such collection here.")
    locked_contractor(site_id, contractor)
    row = known_.select_for_update().get()
    if row.state != "booked":
        raise RegisterError("not_booked", "This collection took place or was cancelled. Look.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def record(row: Collection, verb: str, by: By) -> None:
    """One line in the ledger: ids, days, closed values and digests only (O12)."""
    names = ("seq", "state", "handover", "day", "note_kind", "signature")
    lines = row.lines.filter(Q(open=True) | Q(went=True)).order_by("id")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    told["contractor"] = row.contractor_id
    told["lines"] = [
        [line.disposal, line.went, line.code, line.battery, [one["serial"] for one in line.media]]
        for line in lines
    ]
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before={"seq": row.seq - 1} if row.seq > 1 else None,
        after=told,
    )


def texts(values: Mapping[str, str], longest: Mapping[str, int]) -> dict[str, str]:
    """Lines people typed, clean. Raises RegisterError for one that is too long."""
    found = {}
    for name, most in longest.items():
        text = clean(values.get(name, ""), most + 1)
        if len(text) > most:
            raise RegisterError("too_long", f"At most {most} characters fit here.", name)
        found[name] = text
    return found


def checked_note(kind: str, number: str) -> str:
    """Which note it is. Raises RegisterError."""
    if kind not in codes.NOTES:
        raise RegisterError("bad_value", "Say which note it is.", "note_kind")
    if number and not kind:
        raise RegisterError("missing", "Say which kind of note has this number.", "note_kind")
    return kind


def day_of(text: str, field: str = "day") -> str:
    """A day that was typed. Raises RegisterError."""
    try:
        day = str(cleaned("bought_on", text) or "")
    except RegisterError as error:
        raise RegisterError("bad_value", "Write the day as 31/08/2027.", field) from error
    if not day:
        raise RegisterError("missing", "Say on which day.", field)
    return day


def _checked(wanted: Wanted, today: str) -> dict[str, str]:
    day = day_of(wanted.day)
    if day < today:
        raise RegisterError("bad_value", "That day is over. Choose today or later.", "day")
    if int(day[:4]) > int(today[:4]) + 1:
        raise RegisterError("bad_value", "Choose a day of this year or the next.", "day")
    told = texts(msgspec.structs.asdict(wanted), LONGEST)
    return told | {"day": day, "note_kind": checked_note(wanted.note_kind, told["note_number"])}


def _check_all(
    found: Mapping[str, candidates.Candidate], wanted: Many[str], collection_id: str
) -> None:
    """Raise RegisterError for the first that may not stand on this list."""
    for one in wanted:
        if one not in found:
            raise RegisterError("not_found", "One of these is not on its way out any more. Look.")
        held = found[one]
        if held.taken not in ("", collection_id):
            raise RegisterError("taken", f"{held.name} is on the list of another collection.")
        if held.why:
            raise RegisterError("not_ready", f"{held.name}: {held.why}")


def _put(row: Collection, line: CollectionLine | None, one: candidates.Candidate, by: By) -> None:
    """One thing on the list: new, or as it was before it was taken off."""
    if line is not None and line.open:
        return
    if line is None:
        line = CollectionLine(
            id=new_id("cline", by.at),
            site_id=row.site_id,
            collection=row,
            disposal=one.disposal,
            asset_id=one.asset,
            code=codes.suggested(one.kind),
        )
    line.open = True
    copy(line, one)
    line.save()


def copy(line: CollectionLine, one: candidates.Candidate) -> None:
    """Write on a line what its thing is called now, and which drives go along."""
    line.name, line.tag, line.serial = one.name[:255], one.tag, one.serial
    line.media = one.media


def _describe(line: CollectionLine, said: Said) -> None:
    line.code = codes.cleaned(said.code, f"code-{line.id}")
    if said.battery not in codes.BATTERIES:
        raise RegisterError("bad_value", "Choose one of the list.", f"battery-{line.id}")
    line.battery = said.battery
    seal = clean(said.seal, 41)
    if len(seal) > 40:
        raise RegisterError("too_long", "At most 40 characters fit here.", f"seal-{line.id}")
    line.seal = seal
    line.save(update_fields=["code", "battery", "seal"])
