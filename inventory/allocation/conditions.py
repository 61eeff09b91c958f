"""The school's own words on lent things: where, when and how they may be used, what happens on
trips, who pays for damage. Each version stays as it was agreed to.
"""

from collections.abc import Collection
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Conditions

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 10_000


class Text(msgspec.Struct, frozen=True):
    """One version. `current`: it may be given out."""

    id: str
    site: str
    name: str
    version: int
    text: str
    asks_scan: bool
    created_at: int
    created_by: str
    current: bool


def add(site_id: str, name: str, text: str, *, by: By, asks_scan: bool = False) -> str:
    """A new text; its id. Raises RegisterError where one is called the same."""
    name, text = _name(name), _text(text)
    if Conditions.objects.filter(site_id=site_id, name=name).exists():
        raise RegisterError(
            "name_taken", f"There are conditions called {name} already. Change those.", "name"
        )
    return _write(site_id, Conditions(name=name, text=text, asks_scan=asks_scan), by)


def revise(site_id: str, text_id: str, text: str, *, by: By, asks_scan: bool = False) -> str:
    """The next version of a text; its id. Whoever agreed to the one before still has agreed to
    that. Raises RegisterError, also where somebody else wrote a later version meanwhile."""
    text = _text(text)
    with transaction.atomic():
        before = _current(site_id, text_id)
        if (before.text, before.asks_scan) == (text, asks_scan):
            return before.id
        before.ended_at = by.at
        before.save(update_fields=["ended_at"])
        later = Conditions(
            name=before.name, version=before.version + 1, text=text, asks_scan=asks_scan
        )
        return _write(site_id, later, by)


def end(site_id: str, text_id: str, *, by: By) -> None:
    """Give a text out no more. Raises RegisterError."""
    with transaction.atomic():
        row = _current(site_id, text_id)
        row.ended_at = by.at
        row.save(update_fields=["ended_at"])
        _record(row, "conditions.end", by)


def texts(sites: Collection[str], *, every: bool = False) -> list[Text]:
    """Those that may be given out, or `every` version, by name, newest first."""
    rows = Conditions.objects.filter(site__in=sites).order_by("name", "-version")
    return [_told(row) for row in (rows if every else rows.filter(ended_at=None))]


def one(sites: Collection[str], text_id: str) -> Text | None:
    """One version; None where it is not theirs."""
    row = Conditions.objects.filter(site__in=sites, id=text_id).first()
    return _told(row) if row else None


def _told(row: Conditions) -> Text:
    values = {name: getattr(row, name) for name in Text.__struct_fields__[2:-1]}
    return Text(id=row.id, site=row.site_id, current=row.ended_at is None, **values)


def _current(site_id: str, text_id: str) -> Conditions:
    rows = Conditions.objects.select_for_update().filter(site_id=site_id, ended_at=None)
    row = rows.filter(id=text_id).first()
    if row is None:
        raise RegisterError("stale", "Somebody else changed these conditions. Look at them again.")
    return row


def _write(site_id: str, row: Conditions, by: By) -> str:
    row.id, row.site_id = new_id("cond", by.at), site_id
    row.created_at, row.created_by = by.at, by.actor
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(row, "conditions.write", by)
    except IntegrityError as error:
        raise RegisterError("stale", "Somebody else wrote the same version just now.") from error
    return row.id


def _record(row: Conditions, verb: str, by: By) -> None:
    after = {"version": row.version, "text": ledger.digest({"text": row.text})}
    ledger.append(
        site_id=row.site_id, at=by.at, actor=by.actor, verb=verb, subject=row.id, after=after
    )


def _name(name: str) -> str:
    plain = str(clean("name", name))
    if not plain or len(plain) > LONGEST_NAME:
        raise RegisterError("bad_value", f"A name has 1 to {LONGEST_NAME} characters.", "name")
    return plain


def _text(text: str) -> str:
    plain = "\n".join(str(clean("notes", line)) for line in _lines(text)).strip()
    if not plain:
        raise RegisterError("bad_value", "Write what people agree to.", "text")
    return plain


def _lines(text: str) -> list[str]:
    if len(text) > LONGEST_TEXT:
        raise RegisterError(
            "bad_value", f"The conditions have at most {LONGEST_TEXT:,} characters.", "text"
        )
    lines = text.splitlines()
    if any(len(line) > 4_000 for line in lines):
        raise RegisterError("bad_value", "Break the text into paragraphs.", "text")
    return lines
