"""The day of a collection: what went, with whom, signed by the school (I7, I8, I9, T3)."""

import datetime
from collections.abc import Mapping
from typing import Final, cast, get_args

import msgspec
from django.db import transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import candidates, codes, holding
from inventory.collections.services import (
    checked_note,
    copy,
    day_of,
    locked,
    record,
    texts,
)
from inventory.contractors import queries as contractors
from inventory.contractors.standing import Paper as Held
from inventory.contractors.standing import Standing
from inventory.disposal import services as disposals
from inventory.disposal.states import PaperKind
from inventory.disposal.values import Paper
from inventory.documents import services as documents
from inventory.ledger import services as ledger
from inventory.models import Collection, CollectionLine

LATE_DAYS: Final = 14
"""So late it can still be entered that they came."""
LONGEST: Final[Mapping[str, int]] = {
    "driver": 120,
    "vehicle": 20,
    "seals": 500,
    "note_number": 60,
    "tracking": 60,
}
PAPERS: Final = frozenset(get_args(PaperKind))
"""The papers that events of a disposal name."""


class Went(msgspec.Struct, frozen=True):
    """One line that went. `seen`: the number of its disposal's last event that was on the screen;
    `code_theirs`: the waste code on the company's note, "" where it is ours."""

    seen: int
    code_theirs: str = ""


class Done(msgspec.Struct, frozen=True):
    """What happened: the day, whose hands, the note, and the lines that went, by their ids."""

    day: str
    driver: str
    went: Mapping[str, Went]
    vehicle: str = ""
    driver_checked: bool = False
    seals: str = ""
    note_kind: str = ""
    note_number: str = ""
    tracking: str = ""
    codes_confirmed: bool = False


def collect(
    site_id: str,
    collection_id: str,
    done: Done,
    signature: bytes,
    *,
    seen: int,
    by: By,
    today: str,
) -> int:
    """They came and took these; how many. `signature`: of the school's person, by
    `documents.signatures`. All of it is recorded, or nothing.

    Raises RegisterError; Refused where a disposal may not go; StaleError where the list or one of
    its disposals changed since it was shown.
    """
    values = _checked(done, today)
    with transaction.atomic():
        row = locked(site_id, collection_id, seen)
        standing = contractors.standing(site_id, row.contractor_id, done.day, row.handover)
        if not standing.ok:
            raise RegisterError("papers", standing.sentence, "day")
        lines = {line.id: line for line in row.lines.filter(open=True).order_by("id")}
        gone = _gone(lines, done)
        _check_note(gone, values["note_kind"], values["note_number"])
        holding.lock(site_id, [line.disposal for line in gone.values()])
        # The signature's line takes the ledger's tail, so everything is locked by then.
        kept = documents.keep(site_id, "signature", "", signature, by=by)
        _write(row, values, standing, kept.sha256, by)
        _write_lines(site_id, row, lines, done)
        _tell(row, gone, done, standing, by)
        record(row, "collection.collect", by)
    return len(gone)


def forget_driver(site_id: str, collection_id: str, *, by: By) -> None:
    """Erase who drove and with what, because they asked for it (O12). Raises RegisterError."""
    with transaction.atomic():
        rows = Collection.objects.select_for_update().filter(site_id=site_id, id=collection_id)
        row = rows.first()
        if row is None:
            raise RegisterError("not_found", "There is no such collection here.")
        row.driver, row.vehicle = "", ""
        row.seq += 1
        row.save(update_fields=["driver", "vehicle", "seq"])
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="collection.forget_driver",
            subject=row.id,
            after={"seq": row.seq},
        )


def _checked(done: Done, today: str) -> dict[str, str]:
    day = day_of(done.day)
    earliest = datetime.date.fromisoformat(today) - datetime.timedelta(days=LATE_DAYS)
    if not earliest.isoformat() <= day <= today:
        raise RegisterError(
            "bad_value", f"Say on which day they came: today, or up to {LATE_DAYS} days ago.", "day"
        )
    told = texts(msgspec.structs.asdict(done), LONGEST)
    if not told["driver"]:
        raise RegisterError("missing", "Say who drove: the name on their card.", "driver")
    return told | {"day": day, "note_kind": checked_note(done.note_kind, told["note_number"])}


def _gone(lines: Mapping[str, CollectionLine], done: Done) -> dict[str, CollectionLine]:
    """The lines that went. Raises RegisterError."""
    if not done.went:
        raise RegisterError("none", "Tick what went, or cancel the collection.", "went")
    if not done.went.keys() <= lines.keys():
        raise StaleError([])
    return {one: lines[one] for one in done.went}


def _check_note(gone: Mapping[str, CollectionLine], kind: str, number: str) -> None:
    """What is hazardous goes on a consignment note, anything else on a transfer note at least
    (spec §1.5). Raises RegisterError."""
    if not kind or not number:
        raise RegisterError("missing", "Say which note they left, and its number.", "note_number")
    hazardous = [line.name for line in gone.values() if codes.hazardous(line.code)]
    if hazardous and kind != "consignment":
        raise RegisterError(
            "note",
            f"{hazardous[0]} has a hazardous waste code (with *), so it goes on a consignment "
            "note. Ask the driver for one, or correct the code.",
            "note_kind",
        )
    for line in gone.values():
        if not line.code:
            raise RegisterError(
                "no_code", f"Say which waste code {line.name} has, before it goes.", "went"
            )


def _write(
    row: Collection, values: Mapping[str, str], standing: Standing, signature: str, by: By
) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.state, row.collected_at, row.collected_by = "collected", by.at, by.actor
    row.standing, row.signature = msgspec.to_builtins(standing), signature


def _write_lines(
    site_id: str, row: Collection, lines: Mapping[str, CollectionLine], done: Done
) -> None:
    """What stood on the list when it went, and what stayed behind."""
    row.driver_checked, row.codes_confirmed = done.driver_checked, done.codes_confirmed
    row.save()
    found = candidates.named(site_id, [line.disposal for line in lines.values()], row.handover)
    for line in lines.values():
        went = done.went.get(line.id)
        line.went, line.open = went is not None, False
        if went is not None:
            copy(line, found[line.disposal])
            theirs = codes.cleaned(went.code_theirs, f"theirs-{line.id}")
            line.code_theirs = "" if theirs == line.code else theirs
        line.save()


def _tell(
    row: Collection,
    gone: Mapping[str, CollectionLine],
    done: Done,
    standing: Standing,
    by: By,
) -> None:
    """One event for each disposal, with the papers as they stood (I7) and the serials that went."""
    disposals.collect(
        row.site_id,
        disposals.Gone(
            collection=row.id,
            contractor=row.contractor_id,
            day=row.day,
            papers=tuple(_paper(one) for one in standing.papers if one.kind in PAPERS),
            evidence=(row.signature,),
        ),
        seen={line.disposal: done.went[one].seen for one, line in gone.items()},
        manifests={
            line.disposal: [medium["serial"] for medium in line.media] for line in gone.values()
        },
        by=by,
    )


def _paper(one: Held) -> Paper:
    """A company's paper as events name it."""
    return Paper(
        kind=cast("PaperKind", one.kind),
        reference=one.number,
        valid_from=one.valid_from,
        valid_until=one.valid_to,
        evidence=one.sha256,
    )
