"""Kinds of care: added, changed, ended (S35). What is usual is offered, the school decides."""

from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.care.days import MOST, UNITS, due
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Care, CareKind

LONGEST: Final = 80
MOST_KINDS: Final = 50
_AT_ONCE: Final = 500


class Wanted(msgspec.Struct, frozen=True):
    """A kind of care as it is typed. `unit`: `months` or `days`."""

    name: str
    every: int
    unit: str = "months"
    certificate: bool = False


USUAL: Final = (
    Wanted("Electrical safety test (PAT)", 12, certificate=True),
    Wanted("Projector filter", 3),
    Wanted("UPS battery", 12),
    Wanted("Fire safety of charging trolleys", 6),
)
"""What most schools have. How often is theirs to decide: no law names a number of months."""


def add(site_id: str, wanted: Wanted, *, by: By) -> str:
    """A new kind; its id. Raises RegisterError."""
    wanted = _checked(wanted)
    with transaction.atomic():
        there = CareKind.objects.filter(site_id=site_id, ended_at=None)
        if there.count() >= MOST_KINDS:
            raise RegisterError("too_many", f"There are {MOST_KINDS} kinds of care. End one first.")
        row = CareKind(id=new_id("kind", by.at), site_id=site_id, created_at=by.at)
        _save(row, wanted, force_insert=True)
        _record(row, "care.kind.add", by)
    return row.id


def change(site_id: str, kind_id: str, wanted: Wanted, seen: int | None, *, by: By) -> int:
    """Change a kind; what is due follows. How many things have another day now. Raises
    RegisterError and StaleError."""
    wanted = _checked(wanted)
    with transaction.atomic():
        row = locked(site_id, kind_id)
        if seen is not None and seen != row.seq:
            raise StaleError([])
        row.seq += 1
        _save(row, wanted)
        moved = _follow(row)
        _record(row, "care.kind.change", by)
    return moved


def end(site_id: str, kind_id: str, *, by: By) -> None:
    """A kind is not needed any more; its history stays. Raises RegisterError."""
    with transaction.atomic():
        row = locked(site_id, kind_id)
        row.ended_at, row.seq = by.at, row.seq + 1
        row.save(update_fields=["ended_at", "seq"])
        _record(row, "care.kind.end", by)


def locked(site_id: str, kind_id: str) -> CareKind:
    """A kind that there is, for whoever changes it or anything under it: so two people wait for
    each other. Raises RegisterError."""
    rows = CareKind.objects.select_for_update().filter(site_id=site_id, id=kind_id, ended_at=None)
    row = rows.first()
    if row is None:
        raise RegisterError("not_found", "There is no such kind of care here any more.")
    return row


def _checked(wanted: Wanted) -> Wanted:
    name = str(clean("name", wanted.name[:255]))
    if not name or len(name) > LONGEST or len(wanted.name) > 255:
        sentence = f"Give it a name, of {LONGEST} characters at most."
        raise RegisterError("bad_value", sentence, "name")
    if wanted.unit not in UNITS:
        raise RegisterError("bad_value", "Say whether that is months or days.", "unit")
    most = MOST[wanted.unit]
    if not 1 <= wanted.every <= most:
        sentence = f"Say after how many {wanted.unit}, as a number from 1 to {most:,}."
        raise RegisterError("bad_value", sentence, "every")
    return msgspec.structs.replace(wanted, name=name)


def _save(row: CareKind, wanted: Wanted, *, force_insert: bool = False) -> None:
    row.name, row.every, row.unit = wanted.name, wanted.every, wanted.unit
    row.certificate = wanted.certificate
    # Seen first, so that it is said in a sentence; the database's own rule holds all the same.
    same = CareKind.objects.filter(site_id=row.site_id, name=row.name, ended_at=None)
    taken = RegisterError("taken", "There is a kind of care of that name already.", "name")
    if same.exclude(id=row.id).exists():
        raise taken
    try:
        row.save(force_insert=force_insert)
    except IntegrityError as error:
        raise taken from error


def _follow(kind: CareKind) -> int:
    """Work out anew when its things are due; how many have another day."""
    moved = []
    for row in Care.objects.select_for_update().filter(kind=kind).order_by("id"):
        day = due(row.first_due_on, row.last_on, row.last_result, kind.every, kind.unit)
        if day != row.due_on:
            row.due_on, row.seq = day, row.seq + 1
            moved.append(row)
    Care.objects.bulk_update(moved, ["due_on", "seq"], batch_size=_AT_ONCE)
    return len(moved)


def _record(row: CareKind, verb: str, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        after={
            "every": row.every,
            "unit": row.unit,
            "certificate": row.certificate,
            "seq": row.seq,
        },
    )
