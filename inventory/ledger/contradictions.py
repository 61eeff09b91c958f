"""The log and what somebody saw of it do not agree: computers that signed another root, and our own
nightly reading (trust §4.5, T5).

Intake stores what a computer saw and cannot know whether lines were changed or the computer made it
up; both are events of their own here. After a backup was brought back, computers saw lines that
were lost with the disk. For as long as they keep what they sent, that is an event of another name:
it accuses nobody (O5).
"""

import logging
from typing import Final

import msgspec
from django.db.models import Count, Max, Q, QuerySet

from inventory.ledger import queries
from inventory.ledger import services as ledger
from inventory.ledger.models import Event, EventNote

VERB: Final = "log.contradicted"
LOST: Final = "log.lost"
DIFFERS: Final = "log.differs"
KEPT_SECONDS: Final = 30 * 86_400
"""How long after a restore a computer may still speak of the log before it."""
SETTLED: Final = "log.settled"
AGAIN_SECONDS: Final = 86_400
"""One event a computer in this time, however often it says so."""
SHOWN_SECONDS: Final = 120 * 86_400
"""A term: as long somebody who should know of it can have been away."""

_log = logging.getLogger("caretaker.ledger")


class Contradicted(msgspec.Struct, frozen=True):
    """How many computers said so, what a night found (a sentence, "" if all was well), when the
    last of it was, and its number: whoever answers says up to where they read."""

    computers: int
    differs: str
    last_at: int
    newest: int


def recent(site_id: str, now: int) -> Contradicted | None:
    """What contradicts the log of one school lately and was not answered; None when all agree."""
    events = unanswered(site_id).filter(at__gte=now - SHOWN_SECONDS)
    found = events.aggregate(
        computers=Count("actor", distinct=True, filter=Q(verb=VERB)),
        last_at=Max("at"),
        newest=Max("seq"),
    )
    if found["newest"] is None:
        return None
    night = events.filter(verb=DIFFERS).order_by("-seq").first()
    return Contradicted(**found, differs=words_of(night) if night else "")


def unanswered(site_id: str) -> QuerySet[Event]:
    """The events nobody has answered yet."""
    mine = Event.objects.filter(site_id=site_id)
    answered = mine.filter(verb=SETTLED).aggregate(seq=Max("seq"))["seq"] or 0
    return mine.filter(verb__in=(VERB, DIFFERS), seq__gt=answered)


def who(site_id: str) -> list[str]:
    """The computers nobody has answered for yet, by id."""
    said = unanswered(site_id).filter(verb=VERB)
    return sorted(set(said.values_list("actor", flat=True)))


def words_of(event: Event) -> str:
    """The words given with an event; a plain sentence once they were erased."""
    note = EventNote.objects.filter(event=event).first()
    return (note.text if note else "") or "The words were erased; their digest is kept."


def is_lost(site_id: str, size: int, at: int) -> bool:
    """Whether what was seen of a log so long went with the disk before a restore."""
    back = queries.restored(site_id)
    return back is not None and size > back.line and at - back.at <= KEPT_SECONDS


def tell(site_id: str, device: str, at: int, size: int, root: str) -> None:
    """Write down that a computer signed that the log had this root at this size."""
    lost = is_lost(site_id, size, at)
    if not lost:
        _log.error("code=log_contradicted site=%s device=%s size=%d", site_id, device, size)
    ledger.append(
        site_id=site_id,
        at=at,
        actor=device,
        verb=LOST if lost else VERB,
        subject=site_id,
        after={"size": size, "root": root},
    )


def told_since(site_id: str, since: int) -> set[str]:
    """The computers that were written down since then."""
    events = Event.objects.filter(site_id=site_id, verb__in=(VERB, LOST), at__gte=since)
    return set(events.values_list("actor", flat=True))


def differs(site_id: str, at: int, good: int, sentence: str) -> bool:
    """Write down that of the log only the first `good` lines are what was written; whether that is
    news."""
    after = {"good": good}
    newest = unanswered(site_id).filter(verb=DIFFERS).order_by("-seq").first()
    if newest is not None and newest.after_digest == ledger.digest(after):
        return False
    _log.error("code=log_differs site=%s good=%d", site_id, good)
    ledger.append(
        site_id=site_id,
        at=at,
        actor=ledger.SYSTEM,
        verb=DIFFERS,
        subject=site_id,
        after=after,
        reason=sentence,
    )
    return True
