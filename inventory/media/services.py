"""Enter and change drives, decide about them, say that one is back or lost (O20).

Nobody approves what they entered or changed themselves; whoever changes what an approval was for
asks anew.
"""

import datetime
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from checks.removable_media.named import MOST_ENTRIES, entry, salt_of, serial_key
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Medium, Person

KINDS: Final = ("stick", "card", "disk")
ENDS: Final = ("returned", "lost", "gone")
MOST: Final = 1_000
"""Drives of one school that are in use."""
MOST_DAYS: Final = 3 * 366
FIELDS: Final = (
    "label",
    "kind",
    "model",
    "serial",
    "usb",
    "holder_id",
    "encrypted",
    "use",
    "until",
)
_ASKS: Final = frozenset({"kind", "key", "usb", "holder_id", "encrypted", "use", "until"})
"""What an approval is for; a change of it needs another."""
_USB: Final = re.compile(r"(?:VID_)?([0-9a-f]{4})(?::|&PID_)([0-9a-f]{4})", re.IGNORECASE)
_PATH: Final = re.compile(r"\A(?:USBSTOR|USB)\\.*\\", re.IGNORECASE)


def keep(
    site_id: str,
    values: Mapping[str, Any],
    *,
    by: By,
    today: str,
    medium_id: str = "",
    seen: int = 0,
) -> str:
    """Enter a drive, or change the one named; its id. Raises RegisterError; StaleError where
    somebody else was faster."""
    wanted = _cleaned(site_id, values, today)
    try:
        with transaction.atomic():
            row = _locked(site_id, medium_id, seen) if medium_id else _new(site_id, by)
            before = _said(row) if medium_id else None
            asked = {name: getattr(row, name) for name in _ASKS}
            for name, value in wanted.items():
                setattr(row, name, value)
            if any(getattr(row, name) != value for name, value in asked.items()):
                row.asked_at, row.asked_by = by.at, by.actor
                row.decision, row.decided_at, row.decided_by, row.reason = "", None, "", ""
            row.save()
            _record(row, "medium.change" if medium_id else "medium.create", before, by)
    except IntegrityError as error:
        raise RegisterError(
            "taken", "A drive with this serial number is in the register already.", "serial"
        ) from error
    return row.id


def decide(
    site_id: str, medium_id: str, decision: str, *, seen: int, by: By, today: str, reason: str = ""
) -> None:
    """Approve or refuse. Raises RegisterError and StaleError."""
    if decision not in ("approved", "refused"):
        raise RegisterError("bad_value", "Say whether it is approved or refused.")
    if decision == "refused" and not reason.strip():
        raise RegisterError("no_reason", "Say why it is refused.", "reason")
    with transaction.atomic():
        row = _locked(site_id, medium_id, seen)
        if row.asked_by == by.actor:
            raise RegisterError("own", "You asked for it, so somebody else decides.")
        if decision == "approved" and row.until < today:
            raise RegisterError("over", "Its last day is over; give it a later one first.")
        before = _said(row)
        row.decision, row.decided_at, row.decided_by = decision, by.at, by.actor
        row.reason = reason.strip()[:500]
        if decision == "approved":
            row.entry = _entry(row, today)
        row.save()
        _record(row, "medium.approve" if decision == "approved" else "medium.refuse", before, by)


def end(site_id: str, medium_id: str, how: str, *, seen: int, by: By) -> None:
    """A drive is back, lost or not the school's any more; it stays on record. Raises RegisterError
    and StaleError."""
    if how not in ENDS:
        raise RegisterError("bad_value", "Say whether it is back, lost or gone.")
    with transaction.atomic():
        row = _locked(site_id, medium_id, seen)
        before = _said(row)
        row.ended_at, row.ended_by, row.ended_how = by.at, by.actor, how
        row.save()
        _record(row, "medium.end", before, by)


def _new(site_id: str, by: By) -> Medium:
    if Medium.objects.filter(site_id=site_id, ended_at=None).count() >= MOST:
        raise RegisterError("too_many", f"A school has at most {MOST:,} drives in use.")
    return Medium(
        id=new_id("drive", by.at),
        site_id=site_id,
        seq=1,
        asked_at=by.at,
        asked_by=by.actor,
        decision="",
    )


def _locked(site_id: str, medium_id: str, seen: int) -> Medium:
    rows = Medium.objects.select_for_update().filter(site_id=site_id, id=medium_id)
    row = rows.filter(ended_at=None).first()
    if row is None:
        raise RegisterError("not_found", "This drive is not in use here any more.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def _cleaned(site_id: str, values: Mapping[str, Any], today: str) -> dict[str, Any]:
    found = {name: values[name] for name in FIELDS}
    serial = _PATH.sub("", found["serial"].strip())
    found["serial"] = serial.rpartition("&")[0] or serial
    found["key"] = serial_key(found["serial"])
    if found["serial"][1:2] == "&" or not found["key"]:
        raise RegisterError(
            "bad_serial",
            "Windows made this number up, or it is one that many drives share: a drive without a "
            "serial number of its own cannot be told from others.",
            "serial",
        )
    found["usb"] = _numbers(found["usb"])
    if found["kind"] not in KINDS or found["encrypted"] not in ("", "yes", "no"):
        raise RegisterError("bad_value", "Choose one of the list.", "kind")
    _check_day(found["until"], today)
    holder = found["holder_id"] or None
    people = Person.objects.filter(site_id=site_id, id=holder).exclude(name="")
    if holder is not None and not people.exists():
        raise RegisterError("not_found", "This person is not in the register any more.", "holder")
    return found | {"holder_id": holder}


def _numbers(text: str) -> str:
    """`0781:5581`, from that or from Windows' `VID_0781&PID_5581`."""
    if not text.strip():
        return ""
    found = _USB.search(text)
    if found is None:
        raise RegisterError("bad_value", "Write them as 0781:5581, or leave them out.", "usb")
    return f"{found[1]}:{found[2]}".lower()


def _check_day(day: str, today: str) -> None:
    try:
        left = datetime.date.fromisoformat(day) - datetime.date.fromisoformat(today)
    except ValueError as error:
        raise RegisterError("bad_value", "Write the day as 31/08/2027.", "until") from error
    if not 0 <= left.days <= MOST_DAYS:
        raise RegisterError(
            "bad_value", "The last day lies between today and three years from now.", "until"
        )


def _entry(row: Medium, today: str) -> str:
    """How the policy will name it: all of a school's under one salt, as long as there are any."""
    others = Medium.objects.filter(site_id=row.site_id, decision="approved", ended_at=None)
    held = list(others.exclude(id=row.id).filter(until__gte=today).values_list("entry", flat=True))
    if len(held) >= MOST_ENTRIES:
        raise RegisterError("too_many", f"At most {MOST_ENTRIES} drives can be approved at once.")
    salt = salt_of(held[0]) if held else secrets.token_hex(8)
    # A card tells no maker's and product's numbers, and behind a reader it shows the reader's.
    return entry(salt, row.serial, "" if row.kind == "card" else row.usb)


def _said(row: Medium) -> dict[str, Any]:
    """What the ledger's digest is over: no words people typed, no serial number."""
    names = ("seq", "kind", "encrypted", "until", "decision", "entry", "ended_how")
    return {name: getattr(row, name) for name in names} | {"holder": row.holder_id or ""}


def _record(row: Medium, verb: str, before: Mapping[str, Any] | None, by: By) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        before=before,
        after=_said(row),
    )
