"""Enter and change companies, and say that one is used no more (O7).

Their papers are `papers`. Nothing is ever deleted: what was booked with a company points at it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from checks.words import clean
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Collection, Contractor

MOST: Final = 200
"""Companies of one school that are in use."""
FIELDS: Final[Mapping[str, int]] = {
    "name": 120,
    "company_number": 20,
    "address": 300,
    "contact": 120,
    "phone": 40,
    "email": 120,
}
"""Field → its longest."""
_NUMBER: Final = re.compile(r"(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z])")
"""As Companies House gives them; the last form is that of societies."""
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def keep(
    site_id: str, values: Mapping[str, str], *, by: By, contractor_id: str = "", seen: int = 0
) -> str:
    """Enter a company, or change the one named; its id. Raises RegisterError; StaleError where
    somebody else was faster."""
    wanted = _cleaned(values)
    try:
        with transaction.atomic():
            is_new = not contractor_id
            row = _new(site_id, by) if is_new else locked(site_id, contractor_id, seen)
            before = None if is_new else {"seq": row.seq - 1}
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()
            _record(row, "contractor.create" if is_new else "contractor.change", before, by)
    except IntegrityError as error:
        raise RegisterError("taken", "A company of this name is entered already.", "name") from (
            error
        )
    return row.id


def leave(site_id: str, contractor_id: str, *, seen: int, by: By) -> None:
    """A company is used no more; everything about it stays. Raises RegisterError and StaleError."""
    with transaction.atomic():
        row = locked(site_id, contractor_id, seen)
        booked = Collection.objects.filter(contractor=row, state="booked").order_by("day").first()
        if booked is not None:
            raise RegisterError(
                "booked", "A collection is booked with them still. Cancel it first, then end this."
            )
        row.left_at, row.left_by = by.at, by.actor
        row.save()
        _record(row, "contractor.leave", {"seq": seen}, by)


def back(site_id: str, contractor_id: str, *, seen: int, by: By) -> None:
    """A company is used again. Raises RegisterError and StaleError."""
    try:
        with transaction.atomic():
            row = locked(site_id, contractor_id, seen, left=True)
            row.left_at, row.left_by = None, ""
            row.save()
            _record(row, "contractor.back", {"seq": seen}, by)
    except IntegrityError as error:
        sentence = "Another company of this name is in use. Change that one's name first."
        raise RegisterError("taken", sentence) from error


def locked(
    site_id: str, contractor_id: str, seen: int | None = None, *, left: bool = False
) -> Contractor:
    """A company's row for this transaction: its papers change and are read for a booking under
    it, so that neither happens in the midst of the other. With `seen` its number grows. Raises
    RegisterError and StaleError."""
    rows = Contractor.objects.select_for_update().filter(site_id=site_id, id=contractor_id)
    row = rows.filter(left_at__isnull=not left).first()
    if row is None:
        raise RegisterError("not_found", "This company is not in use here any more. Look again.")
    if seen is not None:
        if row.seq != seen:
            raise StaleError([])
        row.seq += 1
    return row


def _new(site_id: str, by: By) -> Contractor:
    if Contractor.objects.filter(site_id=site_id, left_at=None).count() >= MOST:
        raise RegisterError("too_many", f"A school has at most {MOST} companies in use.")
    return Contractor(
        id=new_id("contr", by.at), site_id=site_id, created_at=by.at, created_by=by.actor
    )


def _cleaned(values: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, longest in FIELDS.items():
        text = clean(values.get(name, ""), longest + 1)
        if len(text) > longest:
            raise RegisterError("too_long", f"At most {longest} characters fit here.", name)
        found[name] = text
    if not found["name"]:
        raise RegisterError("missing", "Say what the company is called.", "name")
    number = found["company_number"].replace(" ", "").upper()
    if number.isdigit():
        number = number.zfill(8)
    if number and not _NUMBER.fullmatch(number):
        sentence = "A company number has eight digits, or two letters and six digits."
        raise RegisterError("bad_value", sentence, "company_number")
    found["company_number"] = number
    if found["email"] and not _MAIL.fullmatch(found["email"]):
        raise RegisterError("bad_value", "Write it as office@company.co.uk.", "email")
    return found


def _record(row: Contractor, verb: str, before: Mapping[str, Any] | None, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before=before,
        after={"seq": row.seq, "number": row.company_number, "left": row.left_at is not None},
    )
