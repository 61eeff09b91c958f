"""Writes and reads the rows of disposals, for `recording`; nobody else writes them.

The caller has locked the disposals, and judged what is stored here.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from inventory.assets.errors import RegisterError
from inventory.disposal import chain, spelling
from inventory.disposal.events import Event, Verified
from inventory.disposal.projecting import Row
from inventory.ids import new_id
from inventory.many import parts
from inventory.models import (
    Disposal,
    DisposalEvent,
    DisposalEvidence,
    DisposalException,
    DisposalMedium,
    DisposalNote,
    Document,
)


class Note(msgspec.Struct, frozen=True):
    """Erasable words; an event holds their `digest`, of which the nonce stops guessing."""

    nonce: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal."""
        return hashlib.sha256(f"{self.nonce}\0{self.text}".encode()).hexdigest()


class Stored(msgspec.Struct, frozen=True):
    """One event to be stored."""

    row: Disposal
    event: Event
    link: chain.Link
    note: Note | None
    once: str


def note(text: str) -> Note | None:
    """A note of what somebody remarked; None for nothing."""
    return Note(secrets.token_hex(16), text) if text else None


def new(site_id: str, asset_id: str, at: int) -> Disposal:
    """A row that is not saved yet."""
    return Disposal(id=new_id("disp", at), site_id=site_id, asset_id=asset_id)


def start(row: Disposal) -> str:
    """What its first event stands behind."""
    return chain.start(row.site_id, row.id)


def links(rows: Collection[Disposal]) -> dict[str, list[chain.Link]]:
    """The stored events of these, in order."""
    found: dict[str, list[chain.Link]] = defaultdict(list)
    for part in parts([row.id for row in rows]):
        stored = DisposalEvent.objects.filter(disposal_id__in=part).order_by("disposal_id", "seq")
        for one in stored:
            link = chain.Link(
                one.seq, bytes(one.body), one.prev, one.hash, one.key, bytes(one.signature)
            )
            found[one.disposal_id].append(link)
    return found


def events(rows: Collection[Disposal]) -> dict[str, list[Event]]:
    """Likewise, read."""
    stored = links(rows)
    return {row.id: read(stored[row.id]) for row in rows}


def read(stored: Iterable[chain.Link]) -> list[Event]:
    """The events of a chain. Raises WireError."""
    return [spelling.decode(link.body) for link in stored]


def save_row(row: Disposal, values: Row, *, is_new: bool) -> None:
    """Make the row say what its events do."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=is_new, force_update=not is_new)


def append(stored: Sequence[Stored], *, batch: str) -> None:
    """Write events and the words behind them."""
    DisposalEvent.objects.bulk_create(
        [
            DisposalEvent(
                site_id=one.row.site_id,
                disposal=one.row,
                seq=one.link.seq,
                at=one.event.at,
                actor=one.event.actor,
                type=spelling.tag_of(one.event),
                body=one.link.body,
                prev=one.link.prev,
                hash=one.link.hash,
                key=one.link.key,
                signature=one.link.signature,
                batch=batch,
                once=one.once,
            )
            for one in stored
        ]
    )
    DisposalNote.objects.bulk_create(
        [
            DisposalNote(
                site_id=one.row.site_id,
                disposal=one.row,
                seq=one.link.seq,
                at=one.event.at,
                nonce=one.note.nonce,
                text=one.note.text,
            )
            for one in stored
            if one.note is not None
        ]
    )


def check_files(site_id: str, recorded: Iterable[Event]) -> None:
    """Raise RegisterError for a digest of no file that this school keeps (I12), and for a machine
    as verifier without a report that the machine signed (I2, S6)."""
    every = list(recorded)
    _check_signed(site_id, every)
    wanted = {digest for event in every for digest in _files(event)}
    known: set[str] = set()
    for part in parts(wanted):
        for model in (DisposalEvidence, Document):
            rows = model.objects.filter(site_id=site_id, sha256__in=part, erased_at=None)
            known.update(rows.values_list("sha256", flat=True))
    if missing := sorted(wanted - known):
        raise RegisterError(
            "no_such_file",
            f"The file {missing[0][:12]}… is not kept here. Add the file first, then say again.",
            "evidence",
        )


def _check_signed(site_id: str, recorded: Iterable[Event]) -> None:
    """Nobody types what a machine read: its report came in by its own key (`reading_back`)."""
    for event in recorded:
        if not isinstance(event, Verified) or not event.verifier.startswith("machine:"):
            continue
        rows = DisposalEvidence.objects.filter(site_id=site_id, source="device")
        if not rows.filter(sha256__in=event.evidence).exists():
            raise RegisterError(
                "not_signed",
                "A computer's reading counts by its own signed report. Run caretaker-agent "
                "verify-wipe there, or have the drive read by somebody who signs in.",
                "verifier",
            )


def _files(event: Event) -> Iterator[str]:
    yield from getattr(event, "evidence", ())
    yield from (offer.evidence for offer in getattr(event, "offers", ()))


def check_elsewhere(site_id: str, media: Mapping[str, Mapping[str, Row]]) -> None:
    """Raise RegisterError where a drive is in another open set (I10)."""
    wanted = {
        key: disposal_id
        for disposal_id, rows in media.items()
        for key, row in rows.items()
        if row["open"]
    }
    both = sum(row["open"] for rows in media.values() for row in rows.values()) > len(wanted)
    open_ones = DisposalMedium.objects.filter(site_id=site_id, open=True)
    for part in parts(wanted):
        rows = open_ones.filter(key__in=part).values_list("key", "disposal_id")
        taken = [key for key, held_by in rows if held_by not in media]
        if taken or both:
            raise RegisterError(
                "medium_elsewhere",
                f"The drive {', '.join(taken) or 'of two of these'} is on the list of another "
                "disposal already. Look which thing it is in (I10).",
                "media",
            )


def save_media(row: Disposal, wanted: Mapping[str, Row]) -> None:
    """Make the media's rows say what the events do."""
    stored = {one.key: one for one in DisposalMedium.objects.filter(disposal=row)}
    for key, values in wanted.items():
        one = stored.pop(key, None)
        new = DisposalMedium(site_id=row.site_id, disposal=row, key=key)
        _save(one or new, values, is_new=one is None)
    for left_over in stored.values():
        left_over.delete()


def save_exceptions(row: Disposal, wanted: Mapping[str, Row]) -> None:
    """Likewise."""
    if not wanted:
        return
    stored = {one.name: one for one in DisposalException.objects.filter(disposal=row)}
    for name, values in wanted.items():
        one = stored.get(name)
        new = DisposalException(site_id=row.site_id, disposal=row, name=name)
        _save(one or new, values, is_new=one is None)


def _save(one: DisposalMedium | DisposalException, values: Row, *, is_new: bool) -> None:
    """Write what is not so already."""
    if not is_new and all(getattr(one, name) == said for name, said in values.items()):
        return
    for name, said in values.items():
        setattr(one, name, said)
    one.save()
