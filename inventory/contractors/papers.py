"""Enter, correct and end the papers of companies (I7, T3, T8); the files are kept by hash."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.db import transaction

from checks.words import clean
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean as cleaned
from inventory.assets.writing import By
from inventory.contractors.kinds import OTHER, Kind, known
from inventory.contractors.services import locked
from inventory.documents import services as documents
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Contractor, ContractorPaper

MOST: Final = 100
"""Papers of one company that count; those that ended count apart."""
LONGEST_NUMBER: Final = 40
LONGEST_LINES: Final = 2_000
LONGEST_NAME: Final = 80
ENDS: Final = ("mistake", "withdrawn")


class File(msgspec.Struct, frozen=True):
    """What somebody sent: its name there, and its content."""

    name: str
    data: bytes


class Wanted(msgspec.Struct, frozen=True):
    """A paper as it was typed; days `YYYY-MM-DD`."""

    kind: str
    valid_from: str
    valid_to: str = ""
    scheme: str = ""
    scheme_name: str = ""
    level: str = ""
    number: str = ""
    terms: tuple[str, ...] = ()
    lines: str = ""


def keep(
    site_id: str,
    contractor_id: str,
    wanted: Wanted,
    *,
    by: By,
    paper_id: str = "",
    seen: int = 0,
    file: File | None = None,
) -> str:
    """Enter a paper, or correct the one named; its id. Without `file` the copy stays as it is.
    Raises RegisterError; StaleError where somebody else was faster."""
    values = _checked(wanted)
    with transaction.atomic():
        contractor = locked(site_id, contractor_id)
        row = _held(contractor, paper_id, seen) if paper_id else _new(contractor, by)
        if paper_id and row.kind != wanted.kind:
            raise RegisterError("bad_value", "A paper stays of its kind: enter a new one.", "kind")
        before = _said(row) | {"seq": seen} if paper_id else None
        for name, value in values.items():
            setattr(row, name, value)
        if file is not None:
            kept = documents.keep(site_id, "document", file.name, file.data, by=by)
            row.document_id = kept.id
        row.save()
        verb = "contractor.paper_change" if paper_id else "contractor.paper"
        _record(row, verb, before, by)
    return row.id


def end(site_id: str, contractor_id: str, paper_id: str, how: str, *, seen: int, by: By) -> None:
    """A paper was a mistake, or was taken from the company: it counts no more from now on. Raises
    RegisterError and StaleError."""
    if how not in ENDS:
        raise RegisterError("bad_value", "Say whether it was a mistake or was withdrawn.")
    with transaction.atomic():
        row = _held(locked(site_id, contractor_id), paper_id, seen)
        before = _said(row) | {"seq": seen}
        row.ended_at, row.ended_by, row.ended_how = by.at, by.actor, how
        row.save()
        _record(row, "contractor.paper_end", before, by)


def _new(contractor: Contractor, by: By) -> ContractorPaper:
    if contractor.papers.filter(ended_at=None).count() >= MOST:
        raise RegisterError("too_many", f"A company has {MOST} papers at most. End one first.")
    return ContractorPaper(
        id=new_id("paper", by.at),
        site_id=contractor.site_id,
        contractor=contractor,
        added_at=by.at,
        added_by=by.actor,
    )


def _held(contractor: Contractor, paper_id: str, seen: int) -> ContractorPaper:
    rows = ContractorPaper.objects.select_for_update(of=("self",)).select_related("document")
    row = rows.filter(contractor=contractor, id=paper_id, ended_at=None).first()
    if row is None:
        raise RegisterError("not_found", "This paper does not count any more. Look again.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def _checked(wanted: Wanted) -> dict[str, Any]:
    """What was typed, as it is kept. Raises RegisterError."""
    kind = known().kinds.get(wanted.kind)
    if kind is None:
        raise RegisterError("bad_value", "Choose a kind of paper.", "kind")
    first, last = _days(kind, wanted)
    lines = "\n".join(filter(None, (clean(one, 200) for one in wanted.lines.splitlines()[:100])))
    if kind.lines and not lines:
        raise RegisterError("missing", "List at least one.", "lines")
    if len(lines) > LONGEST_LINES:
        raise RegisterError("too_long", f"At most {LONGEST_LINES:,} characters fit here.", "lines")
    return {
        "kind": wanted.kind,
        "valid_from": first,
        "valid_to": last,
        **_scheme(kind, wanted),
        "terms": [one for one in known().terms if one in wanted.terms],
        "lines": lines if kind.lines else "",
    }


def _days(kind: Kind, wanted: Wanted) -> tuple[str, str]:
    first, last = _day(wanted.valid_from, "valid_from"), _day(wanted.valid_to, "valid_to")
    if not first:
        raise RegisterError("missing", "Say from which day it counts.", "valid_from")
    if kind.ends == "must" and not last:
        raise RegisterError("missing", "Say until which day it counts.", "valid_to")
    if last and last < first:
        raise RegisterError("bad_value", "Its last day is before its first.", "valid_to")
    return first, last


def _day(text: str, field: str) -> str:
    try:
        return str(cleaned("bought_on", text) or "")
    except RegisterError as error:
        raise RegisterError("bad_value", "Write the day as 31/08/2027.", field) from error


def _scheme(kind: Kind, wanted: Wanted) -> dict[str, str]:
    """Under what it was given, its level and its number. Raises RegisterError."""
    scheme = kind.schemes.get(wanted.scheme)
    if kind.schemes and scheme is None:
        raise RegisterError("bad_value", "Choose under what it was given.", "scheme")
    name = clean(wanted.scheme_name, LONGEST_NAME) if wanted.scheme == OTHER else ""
    if wanted.scheme == OTHER and not name:
        raise RegisterError("missing", "Say what it is called.", "scheme_name")
    levels = scheme.levels if scheme else {}
    if levels and wanted.level not in levels:
        said = ", ".join(levels.values())
        raise RegisterError("bad_value", f"Choose its level: {said}.", "level")
    return {
        "scheme": wanted.scheme if scheme else "",
        "scheme_name": name,
        "level": wanted.level if levels else "",
        "number": _number(kind, wanted),
    }


def _number(kind: Kind, wanted: Wanted) -> str:
    number = clean(wanted.number, LONGEST_NUMBER + 1)
    scheme = kind.schemes.get(wanted.scheme)
    if len(number) > LONGEST_NUMBER:
        raise RegisterError(
            "too_long", f"A number has {LONGEST_NUMBER} characters at most.", "number"
        )
    if kind.numbered and not number:
        raise RegisterError("missing", "Say which number is on it.", "number")
    if scheme and scheme.number and number:
        number = re.sub(r"[\s/-]", "", number).upper()
        if not re.fullmatch(scheme.number, number):
            sentence = f"A number of this kind is {scheme.hint}. Choose another scheme if it is not"
            raise RegisterError("bad_value", f"{sentence} one of these.", "number")
        if wanted.level and wanted.kind == "carrier" and not _fits(number, wanted.level):
            sentence = "CBDU is upper tier and CBDL lower tier: one of the two is wrong."
            raise RegisterError("bad_value", sentence, "level")
    return number


def _fits(number: str, level: str) -> bool:
    """England's numbers say their tier."""
    tiers = {"CBDU": "upper", "CBDL": "lower"}
    return tiers.get(number[:4], level) == level


def _said(row: ContractorPaper) -> dict[str, Any]:
    """What the ledger's digest is over."""
    names = ("seq", "kind", "scheme", "level", "number", "valid_from", "valid_to", "terms")
    told = {name: getattr(row, name) for name in names} | {"ended": row.ended_how}
    return told | {"copy": row.document_id or ""}


def _record(row: ContractorPaper, verb: str, before: Mapping[str, Any] | None, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before=before,
        after=_said(row) | {"contractor": row.contractor_id},
    )
