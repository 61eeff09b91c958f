"""A person answers what contradicts the log: it stops shouting, and stays in the history (T5).

An answer covers what was said before it and nothing that comes after. Where the log itself is not
what was written, it also fixes the lines as they were then, so that a later change does not hide
behind it, and nights read strictly from there on.
"""

import hashlib

import msgspec
from django.db import transaction

from inventory.ledger import log
from inventory.ledger import services as ledger
from inventory.ledger.contradictions import DIFFERS, SETTLED, VERB, unanswered, words_of
from inventory.ledger.models import Event, Settled
from wire.errors import WireError
from wire.merkle import Frontier


class SettlingError(Exception):
    """It cannot be answered now; the sentence says why."""


class Base(msgspec.Struct, frozen=True):
    """From which line on, and from which frontier, a log has to be as it was written."""

    size: int
    frontier: bytes


class Answer(msgspec.Struct, frozen=True):
    """One answer: who gave it, why, and what was known then."""

    at: int
    actor: str
    reason: str
    computers: int
    differs: str


def settle(site_id: str, *, actor: str, at: int, reason: str, through: int) -> None:
    """Answer what was said up to the event numbered `through`. Raises SettlingError."""
    end = log.end(site_id)
    _check_end(end)
    lines = lines_digest(site_id, end.size)  # before anything is locked: a long log takes a while
    with transaction.atomic():
        log.take([site_id])
        said = list(unanswered(site_id).order_by("seq"))
        if not said:
            raise SettlingError("There is nothing to answer: nothing contradicts the log.")
        if said[-1].seq > through:
            raise SettlingError("More was said since you looked. Read it first, then answer.")
        broken = any(event.verb == DIFFERS for event in said)
        if broken:
            Settled.objects.create(
                site_id=site_id, size=end.size, lines=lines, frontier=end.packed, at=at
            )
        ledger.append(
            site_id=site_id,
            at=at,
            actor=actor,
            verb=SETTLED,
            subject=site_id,
            before={"through": through},
            after={"size": end.size, "lines": lines.hex()} if broken else None,
            reason=reason,
        )


def _check_end(end: log.End) -> None:
    try:
        fits = not end.size or Frontier.unpack(end.packed).size == end.size
    except WireError:
        fits = False
    if not fits:
        raise SettlingError("The log\u2019s own end is damaged: bring a backup back first.")


def base(site_id: str) -> Base | None:
    """Where strict reading begins; None for at the first line: nothing was answered, or the lines
    from before were changed once more."""
    row = Settled.objects.filter(site_id=site_id).order_by("-size").first()
    if row is None or lines_digest(site_id, row.size) != bytes(row.lines):
        return None
    return Base(row.size, bytes(row.frontier))


def lines_digest(site_id: str, size: int) -> bytes:
    """SHA-256 of so many lines as they are, each with its newline; missing ones are left out."""
    digest = hashlib.sha256()
    for line in log.lines(site_id, 0, size):
        digest.update(f"{line}\n".encode())
    return digest.digest()


def answers(site_id: str) -> list[Answer]:
    """All that were given, newest first."""
    mine = Event.objects.filter(site_id=site_id)
    found, before = [], 0
    for event in mine.filter(verb=SETTLED).order_by("seq"):
        said = mine.filter(seq__gt=before, seq__lt=event.seq)
        night = said.filter(verb=DIFFERS).order_by("-seq").first()
        found.append(
            Answer(
                at=event.at,
                actor=event.actor,
                reason=words_of(event),
                computers=said.filter(verb=VERB).values("actor").distinct().count(),
                differs=words_of(night) if night else "",
            )
        )
        before = event.seq
    return found[::-1]
