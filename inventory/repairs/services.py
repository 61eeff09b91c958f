"""Send things for repair and have them back; answer for a drive that is not the old one (S28)."""

from collections.abc import Collection
from typing import Final, Literal

import msgspec
from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.states import State
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Away
from inventory.repairs.comparing import Inside

Drive = Literal["in", "out", "none"]
DRIVES: Final = ("in", "out", "none")
_LONGEST: Final = {"repairer": 128, "reference": 64, "fault": 500, "answer": 500}


class Sent(msgspec.Struct, frozen=True):
    """To whom, under which number, with its drive or without, with personal data or without."""

    repairer: str
    drive: str
    personal_data: str
    reference: str = ""
    fault: str = ""
    expected_on: str = ""


def send(
    site_id: str, asset_id: str, sent: Sent, *, by: By, before: Inside, seen: int | None = None
) -> str:
    """A thing goes away for repair; the id of that. `before`: what was in it when it last reported.
    Raises RegisterError and StaleError."""
    sent = _checked(sent)
    with transaction.atomic():
        assets.lock(site_id, [asset_id])
        if Away.objects.filter(site_id=site_id, asset=asset_id, returned_at=None).exists():
            raise RegisterError("away", "It is away for repair already.")
        assets.move(site_id, [asset_id], "repair", by=by, seen={asset_id: seen})
        row = Away(
            id=new_id("away", by.at),
            site_id=site_id,
            asset_id=asset_id,
            sent_at=by.at,
            sent_by=by.actor,
            repairer=sent.repairer,
            reference=sent.reference,
            fault=sent.fault,
            drive=sent.drive,
            personal_data=sent.personal_data,
            expected_on=sent.expected_on,
            before=msgspec.to_builtins(before),
        )
        row.save(force_insert=True)
        after = {"away": row.id, "drive": sent.drive, "personal_data": sent.personal_data}
        _record(row, "repair.send", by, after | {"expected_on": sent.expected_on})
    return row.id


def back(site_id: str, asset_id: str, state: State, *, by: By) -> None:
    """It is back, in use or in store. Raises RegisterError."""
    if state not in ("in_use", "stored"):
        raise RegisterError("bad_value", "Say whether it is in use again or in store.", "state")
    with transaction.atomic():
        rows = Away.objects.select_for_update().filter(site_id=site_id, asset=asset_id)
        row = rows.filter(returned_at=None).first()
        if row is None:
            raise RegisterError("not_away", "It is back already.")
        row.returned_at, row.returned_by = by.at, by.actor
        row.save(update_fields=["returned_at", "returned_by"])
        if Asset.objects.filter(site_id=site_id, id=asset_id, state="repair").exists():
            assets.move(site_id, [asset_id], state, by=by)
        _record(row, "repair.back", by, {"away": row.id})


def answer(site_id: str, away_id: str, text: str, *, left: Collection[str] = (), by: By) -> None:
    """Say what became of what is not the old one; once. `left`: old drives of which nobody said
    where they are, for which words are not enough (T6). Raises RegisterError."""
    if left:
        say = "Say first, for each old drive, where it is now: it needs an entry of its own."
        raise RegisterError("drives_first", say)
    text = _text("answer", text)
    if not text:
        raise RegisterError("bad_value", "Say what became of it, so that it can be proved later.")
    with transaction.atomic():
        rows = Away.objects.select_for_update().filter(site_id=site_id, id=away_id)
        row = rows.filter(returned_at__isnull=False).first()
        if row is None:
            raise RegisterError("not_found", "There is nothing to answer here.")
        if row.answered_at is not None:
            raise RegisterError("answered", "Somebody else has answered this already.")
        row.answered_at, row.answered_by, row.answer = by.at, by.actor, text
        row.save(update_fields=["answered_at", "answered_by", "answer"])
        _record(row, "repair.answer", by, {"away": row.id})


def _checked(sent: Sent) -> Sent:
    if sent.drive not in DRIVES:
        raise RegisterError("bad_value", "Say whether its drive goes along.", "drive")
    if sent.personal_data not in ("yes", "no"):
        raise RegisterError("bad_value", "Say whether personal data goes along.", "personal_data")
    if sent.personal_data == "yes" and sent.drive == "out":
        sentence = "Without its drive no personal data goes along. Say which of the two is right."
        raise RegisterError("bad_value", sentence, "personal_data")
    repairer = _text("repairer", sent.repairer)
    if not repairer:
        raise RegisterError("bad_value", "Say who has it for repair.", "repairer")
    return msgspec.structs.replace(
        sent,
        repairer=repairer,
        reference=_text("reference", sent.reference),
        fault=_text("fault", sent.fault),
        expected_on=str(clean("bought_on", sent.expected_on)),
    )


def _text(name: str, text: str) -> str:
    plain = str(clean("name", text[:255])) if name != "fault" else str(clean("notes", text[:4000]))
    if len(plain) > _LONGEST[name] or len(text) > 4_000:
        raise RegisterError("bad_value", f"Not more than {_LONGEST[name]} characters there.", name)
    return plain


def _record(row: Away, verb: str, by: By, after: dict[str, str]) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.asset_id,
        after=after,
    )
