"""Raise an alarm when something gone is seen, count on one that stands, and take a person's answer
(I11, O35). Never changes the entry.

Called inside the transaction of whatever saw it. Two who see the same thing at once take turns: the
row that says the entry is watched is their lock, taken before the ledger's.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec
from django.db import connection, transaction

from inventory.ghosts import rule, telling, watching
from inventory.ghosts.rule import Mark
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.marks import KINDS, normalise
from inventory.models import Asset, GhostAlarm, WatchedMark

LONGEST_ANSWER: Final = 300
_LONGEST_SOURCE: Final = 80
_PART: Final = 400


class GhostError(Exception):
    """It cannot be answered; the sentence says why and what to do. `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` for programs, `sentence` for people."""
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class Hit(msgspec.Struct, frozen=True):
    """An entry that is gone, and which of the marks asked for are its own."""

    asset: str
    gone_at: int
    marks: frozenset[Mark]


class Proof(msgspec.Struct, frozen=True):
    """What showed it: report `seq` (0 for none), the digest of its envelope or list, the envelope
    packed."""

    seq: int = 0
    digest: str = ""
    envelope: bytes = b""


class Sighting(msgspec.Struct, frozen=True):
    """One thing seen. `source`: the computer's id, whose list, or how the network saw it."""

    hit: Hit
    way: rule.Way
    source: str
    at: int
    proof: Proof = Proof()
    sure: bool = False
    doubt: rule.Doubt = ""


def marks_of(factors: Mapping[str, Collection[str]], drives: Collection[str] = ()) -> set[Mark]:
    """What a computer shows, as it is compared; what identifies nothing is left out."""
    shown = {(kind, normalise(kind, one)) for kind in KINDS for one in factors.get(kind, ())}
    shown |= {(watching.DRIVE, watching.drive_mark(one)) for one in drives}
    return {(kind, value) for kind, value in shown if value}


def look_up(site_id: str, marks: Collection[Mark]) -> list[Hit]:
    """The entries that are gone and have one of these marks: one question for hundreds."""
    wanted = sorted(set(marks))
    found: dict[str, set[Mark]] = {}
    since: dict[str, int] = {}
    kinds = sorted({kind for kind, _ in wanted})
    for start in range(0, len(wanted), _PART):
        part = {value for _, value in wanted[start : start + _PART]}
        rows = WatchedMark.objects.filter(site_id=site_id, kind__in=kinds, value__in=sorted(part))
        for asset, kind, value, at in rows.values_list("asset_id", "kind", "value", "since"):
            if (kind, value) in marks:
                found.setdefault(asset, set()).add((kind, value))
                since[asset] = min(at, since.get(asset, at))
    return [Hit(one, since[one], frozenset(found[one])) for one in sorted(found)]


def entry_hit(site_id: str, asset_id: str) -> Hit | None:
    """The entry itself, where it is watched: its own key spoke."""
    return next(iter(look_up(site_id, {(watching.ENTRY, asset_id)})), None)


def sighted(
    site_id: str, marks: Mapping[str, Collection[str]], seen_at: int, how: str
) -> list[str]:
    """The network saw something with these marks ({kind: [values]} as it told them); ids of alarms
    that were opened. `how` says what saw it, in a few words: it is shown. Never certain (O35)."""
    with transaction.atomic():
        hits = look_up(site_id, marks_of(marks))
        seen = [Sighting(hit, "network", how, seen_at) for hit in hits if hit.gone_at < seen_at]
        return [opened for one in seen if (opened := saw(site_id, one))]


def saw(site_id: str, seen: Sighting) -> str:
    """Keep one sighting; the id of the alarm that it opened, "" where it counts on another or the
    thing is watched no more."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A sighting needs a transaction.")
    lock = WatchedMark.objects.select_for_update().filter(
        site_id=site_id, kind=watching.ENTRY, value=seen.hit.asset
    )
    watched = lock.first()
    if watched is None:
        return ""
    source = seen.source.replace("\0", "")[:_LONGEST_SOURCE]
    rows = GhostAlarm.objects.filter(
        asset=seen.hit.asset, gone_at=watched.since, way=seen.way, source=source
    )
    last = rows.order_by("-first_at", "-id").first()
    marks = {mark for mark in seen.hit.marks if mark[0] != watching.ENTRY}
    if rule.is_news(_before(last), sure=seen.sure, marks=marks, at=seen.at):
        return _open(site_id, watched, seen, source)
    if last is not None:
        _count(last, seen)
    return ""


def answer(site_id: str, alarm_id: str, reason: str, *, actor: str, at: int) -> None:
    """A person knows why it was seen, and says so. Raises GhostError."""
    reason = " ".join(reason.split()).replace("\0", "")
    if not reason:
        raise GhostError("no_reason", "Say what you found out, so that whoever asks later knows.")
    if len(reason) > LONGEST_ANSWER:
        raise GhostError("too_long", f"Say it in {LONGEST_ANSWER} characters at most.")
    with transaction.atomic():
        rows = GhostAlarm.objects.select_for_update().filter(site_id=site_id, id=alarm_id)
        row = rows.first()
        if row is None:
            raise GhostError("not_found", "There is no such alarm.")
        if row.answered_at is not None:
            raise GhostError("answered", "Somebody else has answered this already.")
        row.answered_at, row.answered_by, row.answer = at, actor, reason
        row.save(update_fields=["answered_at", "answered_by", "answer"])
        ledger.append(
            site_id=site_id,
            at=at,
            actor=actor,
            verb="ghost.answer",
            subject=row.asset_id,
            after={"alarm": row.id, "seen": row.n},
            reason=reason,
        )


def _before(row: GhostAlarm | None) -> rule.Before | None:
    if row is None:
        return None
    marks = frozenset((kind, value) for kind, value in row.marks)
    return rule.Before(row.sure, marks, row.last_at, row.answered_at is not None)


def _open(site_id: str, watched: WatchedMark, seen: Sighting, source: str) -> str:
    state = Asset.objects.values_list("state", flat=True).get(id=seen.hit.asset)
    row = GhostAlarm(
        id=new_id("ghost", seen.at),
        site_id=site_id,
        asset_id=seen.hit.asset,
        gone_at=watched.since,
        was=state,
        way=seen.way,
        source=source,
        sure=seen.sure,
        doubt=seen.doubt,
        marks=_told(seen.hit.marks),
        seq=seen.proof.seq,
        digest=seen.proof.digest,
        envelope=seen.proof.envelope,
        first_at=seen.at,
        last_at=seen.at,
        last_digest=seen.proof.digest,
    )
    row.save(force_insert=True)
    ledger.append(
        site_id=site_id,
        at=seen.at,
        actor=source if seen.way in ("key", "join", "report", "drive") else ledger.SYSTEM,
        verb="ghost.seen",
        subject=row.asset_id,
        after={"alarm": row.id, "way": row.way, "sure": int(row.sure), "hash": row.digest},
    )
    telling.opened(site_id, row.asset_id, row.id, row.way, row.sure)
    return row.id


def _count(row: GhostAlarm, seen: Sighting) -> None:
    """Seen again. The same report asked about again is no other sighting; where it is certain now
    and was not before, the alarm says so from now on."""
    if seen.proof.digest and seen.proof.digest == row.last_digest:
        return
    row.n += 1
    row.last_at = max(row.last_at, seen.at)
    row.last_digest = seen.proof.digest
    if row.answered_at is None:
        row.marks = _told({*seen.hit.marks, *((k, v) for k, v in row.marks)})
        if seen.sure and not row.sure:
            row.sure, row.doubt, row.seq = True, "", seen.proof.seq
            row.digest, row.envelope = seen.proof.digest, seen.proof.envelope
    row.save()


def _told(marks: Collection[Mark]) -> list[list[str]]:
    real: Sequence[Mark] = sorted(mark for mark in marks if mark[0] != watching.ENTRY)
    return [list(mark) for mark in real[: rule.MOST_MARKS]]
