"""People settle differences: one who sees to it, and two where a drive is concerned (I2, I10)."""

from django.db import transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections.advancing import VOUCHED, advance
from inventory.collections.differences import compared, difference_of, record
from inventory.collections.differing import said
from inventory.collections.holding import held
from inventory.collections.papers import ONLY_PAPER
from inventory.collections.waiting import due, key_of
from inventory.disposal.wording import sentence
from inventory.models import Collection, CollectionDifference


def go_on(site_id: str, collection_id: str, *, seen: str, by: By) -> None:
    """Vouch for the papers whose steps wait, and move those on. `seen`: `waiting.key_of` what was
    shown. Raises RegisterError with who may, and StaleError."""
    with transaction.atomic():
        whole = held(site_id, collection_id, at=by.at)
        gathered = whole.gathered()
        waits = due(gathered, compared(whole.collection, gathered))
        if key_of(waits) != seen:
            raise StaleError([])
        if not waits:
            raise RegisterError("nothing", "Nothing waits here. Look at the papers again.")
        if all(by.actor in one.barred for one in waits):
            raise RegisterError(
                "not_you",
                "Somebody else moves this on (I2): not who asked for the disposal, where the "
                "receipt waits or a later paper settled what differed, and not who typed the "
                "certificate, where that waits.",
            )
        advance(whole, by=by, must=VOUCHED)


def take_over(site_id: str, difference_id: str, *, seen: int, by: By) -> None:
    """See to it from now on. Raises RegisterError and StaleError."""
    with transaction.atomic():
        _hold(site_id, difference_id)
        row = _locked(site_id, difference_id, seen)
        row.owned_by = by.actor
        row.save(update_fields=["seq", "owned_by"])
        record(row, "difference.own", {"owner": by.actor}, by)


def settle(site_id: str, difference_id: str, *, seen: int, by: By) -> bool:
    """Say in `by.reason` how it was settled, or confirm what somebody else said; whether it is
    closed by that. Raises RegisterError and StaleError."""
    with transaction.atomic():
        collection = _collection(site_id, difference_id)
        whole = held(site_id, collection, at=by.at)
        row = _locked(site_id, difference_id, seen)
        difference = difference_of(row)
        how = compared(whole.collection, whole.gathered())
        gone = any(one.id == row.id for one in how.gone)
        if difference.kind in ONLY_PAPER and not gone:
            raise RegisterError(
                "only_paper",
                f"{said(difference)} No words settle that (I5, I8): take in a corrected paper, or "
                "record the drive as lost.",
            )
        second = bool(row.proposed_by) and row.proposed_by != by.actor
        row.reason = row.reason if second else _reason(by.reason or row.reason)
        # What a later paper settled needs nobody's word, unless it was an alarm (I6).
        two = difference.alarm if gone else difference.of_serials
        if two and not second:
            row.proposed_at, row.proposed_by = by.at, by.actor
            row.save()
            record(row, "difference.propose", {}, by)
            return False
        advance(whole, by=by, closing=row)
    return True


def turn_down(site_id: str, difference_id: str, *, seen: int, by: By) -> None:
    """What somebody said does not settle it. Raises RegisterError and StaleError."""
    with transaction.atomic():
        _hold(site_id, difference_id)
        row = _locked(site_id, difference_id, seen)
        if not row.proposed_by:
            raise RegisterError("nothing", "Nobody has said how this was settled.")
        row.proposed_at, row.proposed_by, row.reason = None, "", ""
        row.save()
        record(row, "difference.turn_down", {}, by)


def _reason(text: str) -> str:
    reason = sentence(text)
    if not reason:
        raise RegisterError("no_reason", "Say how it was settled, and who said so.", "reason")
    return reason


def _collection(site_id: str, difference_id: str) -> str:
    rows = CollectionDifference.objects.filter(site_id=site_id, id=difference_id, closed_at=None)
    found = rows.values_list("collection_id", flat=True).first()
    if found is None:
        raise RegisterError("not_found", "This is settled already. Look at the list again.")
    return found


def _hold(site_id: str, difference_id: str) -> None:
    """Nobody compares the papers meanwhile."""
    collection = _collection(site_id, difference_id)
    Collection.objects.select_for_update().get(site_id=site_id, id=collection)


def _locked(site_id: str, difference_id: str, seen: int) -> CollectionDifference:
    rows = CollectionDifference.objects.select_for_update().filter(site_id=site_id)
    row = rows.filter(id=difference_id, closed_at=None).first()
    if row is None:
        raise RegisterError("not_found", "This is settled already. Look at the list again.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row
