"""Note care as done, take that back, and say what became of what failed (S35)."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec
from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.care.days import due, typed
from inventory.care.kinds import locked
from inventory.documents import services as documents
from inventory.ids import new_id
from inventory.inserting import insert
from inventory.ledger import services as ledger
from inventory.many import by_id, parts
from inventory.models import Care, CareDone, CareKind

Result = Literal["pass", "fail"]
RESULTS: Final[tuple[Result, ...]] = ("pass", "fail")
MOST: Final = 500
"""Things noted in one step: a form has a field for each."""
LONGEST_WHO: Final = 80
LONGEST_NOTE: Final = 500


class Mark(msgspec.Struct, frozen=True):
    """What came of one thing, and the last change of its care that was on the screen."""

    result: str
    seen: int


class Told(msgspec.Struct, frozen=True):
    """Who did it on which day, and what they noted."""

    who: str
    on: str
    note: str = ""


class File(msgspec.Struct, frozen=True):
    """A certificate as it was sent."""

    name: str
    data: bytes


def note_done(
    site_id: str,
    kind_id: str,
    marks: Mapping[str, Mark],
    told: Told,
    *,
    today: str,
    by: By,
    certificate: File | None = None,
) -> str:
    """Note one kind of care as done on many things (id of their care → what came of it); the id of
    the step. Raises RegisterError and StaleError, and then nothing of it is kept."""
    told = _checked(marks, told, today)
    with transaction.atomic():
        kind = locked(site_id, kind_id)
        rows = _care(site_id, kind, marks)
        batch = new_id("batch", by.at)
        paper = _keep(site_id, certificate, by)
        done = [
            CareDone(
                id=new_id("did", by.at),
                site_id=site_id,
                care=row,
                batch=batch,
                on=told.on,
                result=marks[row.id].result,
                who=told.who,
                note=told.note,
                certificate=paper,
                at=by.at,
                noted_by=by.actor,
            )
            for row in rows
        ]
        insert(done)
        _follow(kind, rows)
        noted = [[row.care.asset_id, row.result] for row in done]
        after = {"kind": kind.id, "on": told.on, "certificate": paper, "things": noted}
        _record(site_id, "care.done", batch, after, by)
    return batch


def undo(site_id: str, batch: str, *, by: By) -> int:
    """Take back what was noted in one step, by mistake; of how many things. What is due follows.
    Raises RegisterError."""
    with transaction.atomic():
        rows = _step(site_id, batch)
        kind = CareKind.objects.select_for_update().get(id=rows[0].care.kind_id)
        # Asked again behind the lock: whoever waited for it sees what the other one did.
        if not CareDone.objects.filter(batch=batch, site_id=site_id, undone_at=None).exists():
            raise RegisterError("undone", "This was taken back already.")
        CareDone.objects.filter(site_id=site_id, batch=batch).update(
            undone_at=by.at, undone_by=by.actor
        )
        wanted = Care.objects.select_for_update().filter(site_id=site_id)
        _follow(kind, by_id(wanted, [row.care_id for row in rows]))
        _record(site_id, "care.undo", batch, {"things": len(rows)}, by)
    return len(rows)


def add_certificate(site_id: str, batch: str, certificate: File, *, by: By) -> None:
    """Keep the paper that came later; for the whole step. Raises RegisterError."""
    with transaction.atomic():
        rows = _step(site_id, batch)
        CareKind.objects.select_for_update().get(id=rows[0].care.kind_id)
        there = CareDone.objects.filter(site_id=site_id, batch=batch)
        if there.exclude(certificate="").exists():
            raise RegisterError("there", "A certificate is kept with this already.")
        paper = _keep(site_id, certificate, by)
        there.update(certificate=paper)
        _record(site_id, "care.certificate", batch, {"certificate": paper}, by)


def after_failing(
    site_id: str, batch: str, seen: Mapping[str, int | None], *, out_of_use: bool, by: By
) -> str:
    """Somebody says of things that failed in a step (id of the entry → its last event that was on
    the screen) that they are broken, and out of use if that is said; the id of the register's step.
    Raises RegisterError and StaleError."""
    with transaction.atomic():
        failed = {r.care.asset_id for r in _step(site_id, batch) if r.result == "fail"}
        if not seen or not failed.issuperset(seen):
            raise RegisterError("nothing", "Tick at least one thing that failed.")
        own = msgspec.structs.replace(by, batch=new_id("batch", by.at))
        broken = {asset_id: {"condition": "broken"} for asset_id in seen}
        assets.change_many(site_id, broken, by=own, seen=seen)
        if out_of_use:
            assets.move(site_id, list(seen), "retired", by=own)
    return own.batch


def _checked(marks: Mapping[str, Mark], told: Told, today: str) -> Told:
    if not marks:
        raise RegisterError("nothing", "Say of at least one thing whether it passed or failed.")
    if len(marks) > MOST:
        raise RegisterError("too_many", f"Not more than {MOST} things in one step.")
    if any(mark.result not in RESULTS for mark in marks.values()):
        raise RegisterError("bad_value", "Say of each thing whether it passed or failed.")
    who, note = _text("who", told.who, LONGEST_WHO), _text("note", told.note, LONGEST_NOTE)
    if not who:
        raise RegisterError("bad_value", "Say who did it: a name, or a firm.", "who")
    day = typed(told.on, "on", "Say on which day it was done.")
    if day > today:
        raise RegisterError("future", "That day is still to come. Say when it was done.", "on")
    return Told(who, day, note)


def _text(field: str, text: str, longest: int) -> str:
    plain = str(clean("notes", text[: 2 * longest])).replace("\n", " ")
    if len(plain) > longest or len(text) > 2 * longest:
        raise RegisterError("too_long", f"Not more than {longest} characters there.", field)
    return plain


def _care(site_id: str, kind: CareKind, marks: Mapping[str, Mark]) -> list[Care]:
    rows = Care.objects.select_for_update().select_related("asset")
    found = by_id(rows.filter(site_id=site_id, kind=kind, stopped_at=None), marks)
    if len(found) != len(marks):
        raise RegisterError("not_found", "One of these does not need this care any more.")
    if any(row.seq != marks[row.id].seen for row in found):
        raise StaleError([])
    return found


def _step(site_id: str, batch: str) -> list[CareDone]:
    """The rows of a step that was not taken back."""
    rows = CareDone.objects.filter(site_id=site_id, batch=batch).select_related("care")
    found = list(rows.order_by("id"))
    if not found:
        raise RegisterError("not_found", "There is nothing to change.")
    if found[0].undone_at is not None:
        raise RegisterError("undone", "This was taken back already.")
    return found


def _keep(site_id: str, certificate: File | None, by: By) -> str:
    if certificate is None:
        return ""
    return documents.keep(site_id, "document", certificate.name, certificate.data, by=by).id


def _follow(kind: CareKind, rows: Collection[Care]) -> None:
    """Work out when these are due: the latest day decides, and of one day what was noted last."""
    last: dict[str, CareDone] = {}
    for part in parts([row.id for row in rows]):
        done = CareDone.objects.filter(care_id__in=part, undone_at=None)
        for one in done.order_by("on", "at", "id"):
            last[one.care_id] = one
    for row in rows:
        newest = last.get(row.id)
        row.last_on, row.last_result = (newest.on, newest.result) if newest else ("", "")
        row.due_on = due(row.first_due_on, row.last_on, row.last_result, kind.every, kind.unit)
        row.seq += 1
    fields = ["last_on", "last_result", "due_on", "seq"]
    Care.objects.bulk_update(rows, fields, batch_size=500)


def _record(site_id: str, verb: str, subject: str, after: Mapping[str, object], by: By) -> None:
    ledger.append(
        site_id=site_id, at=by.at, actor=by.actor, verb=verb, subject=subject, after=after
    )
