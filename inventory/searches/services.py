"""Keep a search under a name, call it something else, share it, let go of it.

Each is only its maker's to change. The ledger has the id, never the name or what is searched.
"""

from typing import Final
from urllib.parse import urlencode

from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.queries import Asked, written
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import SavedFilter

LONGEST: Final = 60
MOST: Final = 50
"""Searches one person keeps at one school."""
_LONGEST_QUERY: Final = 500


def keep(site_id: str, name: str, asked: Asked, *, by: By, shared: bool = False) -> str:
    """Keep a search; its id. Raises RegisterError."""
    query = urlencode(written(asked))
    if len(query) > _LONGEST_QUERY:
        raise RegisterError("too_long", "This search is too long to keep: say it in fewer words.")
    row = SavedFilter(
        id=new_id("find", by.at),
        site_id=site_id,
        made_by=by.actor,
        made_at=by.at,
        name=_name(name),
        query=query,
        shared=shared,
    )
    with transaction.atomic():
        if SavedFilter.objects.filter(site_id=site_id, made_by=by.actor).count() >= MOST:
            raise RegisterError("too_many", f"You keep {MOST} searches already: delete one first.")
        _save(row, "filter.create", by, new=True)
    return row.id


def change(site_id: str, filter_id: str, *, name: str, shared: bool, by: By) -> None:
    """Call it something else, share it or keep it to oneself. Raises RegisterError."""
    with transaction.atomic():
        row = _own(site_id, filter_id, by)
        row.name, row.shared = _name(name), shared
        _save(row, "filter.change", by, new=False)


def delete(site_id: str, filter_id: str, *, by: By) -> None:
    """Let go of it. Raises RegisterError."""
    with transaction.atomic():
        row = _own(site_id, filter_id, by)
        row.delete()
        _record(site_id, filter_id, "filter.delete", by)


def forget(person: str) -> int:
    """Delete all searches of an account that is erased; how many."""
    return SavedFilter.objects.filter(made_by=person).delete()[0]


def _own(site_id: str, filter_id: str, by: By) -> SavedFilter:
    rows = SavedFilter.objects.select_for_update().filter(site_id=site_id, made_by=by.actor)
    row = rows.filter(id=filter_id).first()
    if row is None:
        raise RegisterError("not_found", "There is no such search of yours.")
    return row


def _name(name: str) -> str:
    plain = str(clean("name", name[: LONGEST * 4]))
    if not plain or len(plain) > LONGEST:
        raise RegisterError("bad_value", f"Give it a name of 1 to {LONGEST} characters.", "name")
    return plain


def _save(row: SavedFilter, verb: str, by: By, *, new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=new)
    except IntegrityError as error:
        raise RegisterError("taken", "You have a search of that name already.", "name") from error
    _record(row.site_id, row.id, verb, by)


def _record(site_id: str, filter_id: str, verb: str, by: By) -> None:
    ledger.append(site_id=site_id, at=by.at, actor=by.actor, verb=verb, subject=filter_id)
