"""What is handed over in one step: many things, one receipt, one signature (S40); the same for what
comes back; and taking back a give that was a mistake.
"""

from collections.abc import Collection, Mapping
from typing import Final, get_args

import msgspec
from django.db import transaction

from inventory.allocation import services
from inventory.allocation.services import FOR_GOOD, Back, PersonalUse, Terms
from inventory.assets import undoing
from inventory.assets.errors import RegisterError
from inventory.assets.following import holders_above
from inventory.assets.states import GONE
from inventory.assets.undoing import Undone
from inventory.assets.writing import By, Step, write
from inventory.documents import services as documents
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Allocation, Asset, AssetEvent, Person

MOST_AT_ONCE: Final = 500
"""Things in one handover: more than a school gives out on one morning."""
MISTAKE: Final = "mistake"
_DIGEST: Final = 64


def give(
    site_id: str, asset_ids: Collection[str], holder: str, *, by: By, terms: Terms = FOR_GOOD
) -> str:
    """Give things as one step; its id. Raises RegisterError."""
    _check_number(asset_ids)
    own = _batched(by)
    services.allocate(site_id, asset_ids, holder, by=own, terms=terms)
    return own.batch


def receive(site_id: str, asset_ids: Collection[str], *, by: By, back: Back | None = None) -> str:
    """Take things back as one step; its id. Raises RegisterError where nobody has any of them."""
    _check_number(asset_ids)
    own = _batched(by)
    with transaction.atomic():
        if not services.take_back(site_id, asset_ids, by=own, back=back):
            raise RegisterError("nothing", "These are back already.")
    return own.batch


def sign(site_id: str, batch: str, digest: str, *, by: By) -> None:
    """Keep the digest of the picture somebody drew under a handover, given or returned; once.
    Raises RegisterError."""
    if len(digest) != _DIGEST:
        raise RegisterError("bad_value", "A signature is named by its digest.", "signature")
    with transaction.atomic():
        rows = Allocation.objects.select_for_update().filter(site_id=site_id)
        given = list(rows.filter(batch=batch).order_by("id")) if batch else []
        back = list(rows.filter(return_batch=batch).order_by("id")) if batch and not given else []
        column = "signature" if given else "return_signature"
        if not given and not back:
            raise RegisterError("not_found", "There is no such handover.")
        if all(getattr(row, column) for row in given or back):
            raise RegisterError("signed", "This is signed already.")
        for row in given or back:
            setattr(row, column, digest)
            row.save(update_fields=[column])
        verb = "loan.sign" if given else "loan.sign_return"
        _record(site_id, verb, batch, by, after={"signature": digest})


def sign_with(site_id: str, batch: str, signature: bytes, *, by: By) -> None:
    """Keep a signature (`inventory.documents.signatures`) and note it under a handover, both or
    neither. Raises RegisterError."""
    with transaction.atomic():
        kept = documents.keep(site_id, "signature", "Signature", signature, by=by)
        sign(site_id, batch, kept.sha256, by=by)


def declare(site_id: str, loan_id: str, personal_use: str, *, by: By) -> None:
    """Note what the person says about use of their own (HMRC asks about significant use); it is
    asked again each year. Raises RegisterError."""
    if personal_use not in filter(None, get_args(PersonalUse)):
        raise RegisterError("bad_value", "Say either none or significant.", "personal_use")
    with transaction.atomic():
        rows = Allocation.objects.select_for_update().filter(site_id=site_id, until=None)
        loan = rows.exclude(person=None).filter(id=loan_id).first()
        if loan is None:
            raise RegisterError("not_found", "Nobody has this any more.")
        before = loan.personal_use
        loan.personal_use, loan.declared_at = personal_use, by.at
        loan.save(update_fields=["personal_use", "declared_at"])
        after = {"personal_use": personal_use}
        _record(site_id, "loan.declare", loan_id, by, after=after, before=before)


def undo(site_id: str, batch: str, *, by: By) -> Undone:
    """Take back a give that was a mistake: things are as before it, with whoever had them then, and
    what is kept in them is where it was. Those that were returned or changed since stay and are
    named, and those whose place or holder of then is no more. Raises RegisterError."""
    with transaction.atomic():
        loans, things, events = _given(site_id, batch)
        will = {one: dict(event.before) for one, event in events.items() if _still(things, event)}
        for asset_id in will.keys() & loans.keys():
            if loans[asset_id].until is not None:
                del will[asset_id]
        undoing.leave_hindered(site_id, things, will)
        for asset_id in will.keys() - loans.keys():  # goes only with what it is kept in
            if will.keys().isdisjoint(holders_above(things[asset_id].parent_id or "")):
                del will[asset_id]
        back = [loan for one, loan in loans.items() if one in will]
        _reopen(back, batch, by)
        own = msgspec.structs.replace(by, source="system", batch=new_id("batch", by.at))
        ordered = sorted(will, key=lambda one: (one not in loans, one))
        write(site_id, [Step(things[one], "asset.undo", will[one]) for one in ordered], own)
    return Undone(len(back), sorted(things.keys() - will.keys()))


def _given(
    site_id: str, batch: str
) -> tuple[dict[str, Allocation], dict[str, Asset], dict[str, AssetEvent]]:
    """The loans of a handover, all entries it changed or lent, and its events, by entry; locked:
    who had them, then the things, then the loans, as whoever gives does."""
    given = Allocation.objects.filter(site_id=site_id, batch=batch)
    if not batch or not given.exists():
        raise RegisterError("not_found", "There is no such handover.")
    found = AssetEvent.objects.filter(site_id=site_id, batch=batch)
    events = {event.asset_id: event for event in found}
    had = [event.before.get("holder", "") for event in events.values()]
    by_id(Person.objects.select_for_update().filter(site_id=site_id), list(filter(None, had)))
    ids = {*events, *given.values_list("asset_id", flat=True)}
    rows = by_id(Asset.objects.select_for_update().filter(site_id=site_id), ids)
    loans = {loan.asset_id: loan for loan in given.select_for_update().order_by("asset_id")}
    things = {row.id: row for row in rows if row.id in loans or row.state not in GONE}
    return loans, things, {one: event for one, event in events.items() if one in things}


def _still(things: Mapping[str, Asset], event: AssetEvent) -> bool:
    """Whether a thing is as the give left it."""
    return undoing.is_still(things[event.asset_id], event.after)


def _reopen(loans: Collection[Allocation], batch: str, by: By) -> None:
    """End these as mistakes, and open again what this step itself had ended."""
    ids = [loan.id for loan in loans]
    Allocation.objects.filter(id__in=ids).update(
        until=by.at, taken_by=by.actor, returned_as=MISTAKE
    )
    ended = Allocation.objects.filter(
        return_batch=batch, asset_id__in=[loan.asset_id for loan in loans]
    )
    ended.update(until=None, taken_by="", returned_as="", return_batch="", return_note="")


def _check_number(asset_ids: Collection[str]) -> None:
    if not asset_ids:
        raise RegisterError("nothing", "Name at least one thing: by its tag, or from the list.")
    if len(asset_ids) > MOST_AT_ONCE:
        raise RegisterError("too_many", f"Not more than {MOST_AT_ONCE} things in one step.")


def _batched(by: By) -> By:
    return by if by.batch else msgspec.structs.replace(by, batch=new_id("batch", by.at))


def _record(
    site_id: str, verb: str, subject: str, by: By, *, after: Mapping[str, str], before: str = ""
) -> None:
    ledger.append(
        site_id=site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=subject,
        before=dict.fromkeys(after, before) if before else None,
        after=after,
    )
