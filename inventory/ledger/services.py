"""Append to the ledger, inside the transaction of the effect it records (O6, O7)."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from inventory.ledger import log
from inventory.ledger.models import Event, EventNote

SYSTEM: Final = "system"
"""Actor of what the controller does by itself."""


def digest(value: Mapping[str, Any]) -> str:
    """`sha256:` and hex over canonical JSON; "" for nothing."""
    if not value:
        return ""
    return "sha256:" + hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def append(
    *,
    site_id: str,
    at: int,
    actor: str,
    verb: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Write one event and its line in the log; return it. Must run inside the transaction that has
    the effect.

    `before` and `after` are states made of ids, numbers and closed values; only their digests are
    stored.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A ledger event needs its effect's transaction."
        )
    nonce = secrets.token_hex(16) if reason else ""
    tail = log.take([site_id])[site_id]
    tail.seq += 1
    event = Event(
        site_id=site_id,
        seq=tail.seq,
        at=at,
        actor=actor,
        verb=verb,
        subject=subject,
        before_digest=digest(before or {}),
        after_digest=digest(after or {}),
        reason_digest=reason_digest(nonce, reason) if reason else "",
    )
    event.line = tail.add(at, said(event))
    log.write([tail])
    event.save(force_insert=True)
    if reason:
        EventNote.objects.create(event=event, site_id=site_id, nonce=nonce, text=reason)
    return event


def erase_reasons(site_id: str, at: int) -> int:
    """Empty the words behind reasons that are past their days; the events and their digests
    stay."""
    days = EventNote.keep_for.days or 0
    old = EventNote.objects.filter(site_id=site_id, event__at__lt=at - days * 86_400)
    return old.exclude(text="").update(text="", nonce="")


def last_at() -> int:
    """When the newest event of any school was written; 0 when there is none."""
    return Event.objects.aggregate(last=Max("at"))["last"] or 0


def reason_digest(nonce: str, text: str) -> str:
    """The digest an event keeps of a person's words; the nonce stops a short text from being
    guessed.
    """
    return "sha256:" + hashlib.sha256(f"{nonce}\0{text}".encode()).hexdigest()


def said(event: Event) -> str:
    """An event as its line has it: verb, subject, actor, and the digests of before, after and
    reason, a dash for none."""
    digests = (event.before_digest, event.after_digest, event.reason_digest)
    return " ".join([event.verb, event.subject, event.actor, *(one or "-" for one in digests)])
