"""Enter, change and end licences. A licence's key is never kept here: only where it is.

Whoever reads the register would read the key, every backup would hold it, and it proves nothing
that the order does not. What looks like a key is refused with a sentence that says so.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Licence, LicenceTitle, SoftwareTitle

FIELDS: Final = (
    *("name", "counts", "seats", "given", "supplier", "order", "cost_pence", "bought_on"),
    *("expires_on", "renews", "key_kept", "notes", "document"),
)
MOST_TITLES: Final = 50
MOST: Final = 2_000
_KEY: Final = re.compile(r"\b[A-Z0-9]{4,8}(?:[ -][A-Z0-9]{4,8}){3,}\b")
_TEXTS: Final = ("name", "supplier", "order", "key_kept", "notes")


def keep(
    site_id: str,
    values: Mapping[str, Any],
    titles: Collection[str],
    *,
    by: By,
    licence_id: str = "",
    seen: int = 0,
) -> str:
    """Enter a licence, or change the one named; its id. `values` are clean already; what is left
    out stays. Raises RegisterError; StaleError where somebody else was faster."""
    _check(values, titles)
    with transaction.atomic():
        row = _row(site_id, licence_id, seen, by)
        before = _said(row) if licence_id else None
        for name in FIELDS:
            if name in values:
                setattr(row, name, values[name])
        if row.counts == "site":
            row.seats = None
        if row.counts != "user":
            row.given = None
        row.save()
        known = SoftwareTitle.objects.filter(site_id=site_id, id__in=set(titles))
        if known.count() != len(set(titles)):
            raise RegisterError("not_found", "One of these programs is not in this register.")
        LicenceTitle.objects.filter(licence=row).exclude(title__in=set(titles)).delete()
        made = [LicenceTitle(site_id=site_id, licence=row, title_id=one) for one in sorted(titles)]
        LicenceTitle.objects.bulk_create(made, ignore_conflicts=True)
        _record(row, "licence.change" if licence_id else "licence.create", before, by)
    return row.id


def end(site_id: str, licence_id: str, *, seen: int, by: By) -> None:
    """A licence is not the school's any more; it stays on record and counts no more. Raises
    RegisterError and StaleError."""
    with transaction.atomic():
        row = _row(site_id, licence_id, seen, by)
        before, row.ended_at = _said(row), by.at
        row.save()
        _record(row, "licence.end", before, by)


def _check(values: Mapping[str, Any], titles: Collection[str]) -> None:
    if not titles:
        raise RegisterError("no_title", "Tick the programs it is for.", "titles")
    if len(titles) > MOST_TITLES:
        raise RegisterError("too_many", f"At most {MOST_TITLES} programs a licence.", "titles")
    if values.get("counts") in ("computer", "user") and not values.get("seats"):
        raise RegisterError("no_seats", "Say for how many it is.", "seats")
    for name in _TEXTS:
        if _KEY.search(str(values.get(name, "")).upper()) and not _is_spoken(values[name]):
            raise RegisterError(
                "key",
                "This looks like the key itself, which does not belong here: everybody who reads "
                "the register would have it. Say only where it is kept.",
                name,
            )


def _is_spoken(text: str) -> bool:
    """Four words in a row are no key: a key has digits in it."""
    found = _KEY.search(text.upper())
    return found is not None and not any(character.isdigit() for character in found[0])


def _row(site_id: str, licence_id: str, seen: int, by: By) -> Licence:
    if not licence_id:
        if Licence.objects.filter(site_id=site_id, ended_at=None).count() >= MOST:
            raise RegisterError("too_many", f"A school has at most {MOST:,} licences.")
        return Licence(
            id=new_id("lic", by.at), site_id=site_id, created_at=by.at, created_by=by.actor
        )
    rows = Licence.objects.select_for_update().filter(site_id=site_id, id=licence_id)
    row = rows.filter(ended_at=None).first()
    if row is None:
        raise RegisterError("not_found", "There is no such licence here any more.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def _said(row: Licence) -> dict[str, Any]:
    """What the ledger's digest is over: ids, numbers and days, no words people typed."""
    names = ("seq", "counts", "seats", "given", "cost_pence", "bought_on", "expires_on", "document")
    return {name: getattr(row, name) for name in names}


def _record(row: Licence, verb: str, before: Mapping[str, Any] | None, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before=before,
        after=_said(row) | {"ended": row.ended_at is not None},
    )
