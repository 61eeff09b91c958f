"""The one door through which a disposal moves (I1): events, rows, entry and ledger in one step.

Several disposals moved at once are one batch and one line in the ledger. Locks are taken in one
order: disposals, what listens (`departing`), entries, the ledger's tail.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypedDict

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from inventory.allocation import services as loans
from inventory.assets import states as entries
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By, Step, write
from inventory.disposal import chain, departing, insides, projecting, rulings, storing
from inventory.disposal.events import (
    Approved,
    Collected,
    Disposed,
    Event,
    HandedOver,
    Received,
    Reinstated,
    Requested,
    WrittenOff,
)
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.projecting import Change
from inventory.disposal.reducing import apply
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import tag_of
from inventory.disposal.states import AWAY, BACK, OUT
from inventory.ghosts import watching as ghosts
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Asset, Disposal
from wire.errors import WireError

MOST_AT_ONCE: Final = 500
DEPARTS: Final = frozenset({"collected", "handed_over", "disposed", "written_off"})
"""Steps after which the entry's computer has no key of ours any more (I15)."""


class Stamp(TypedDict):
    """What every event holds: `Requested(**stamp, …)`."""

    seq: int
    at: int
    actor: str
    rules: str


Make = Callable[[Now, Stamp], Event]
"""Makes the next event of a disposal as it stands."""


class Move(msgspec.Struct, frozen=True):
    """One step of one disposal. `seen`: the number of the last event whoever asks has seen, None
    where that does not matter; `note`: erasable words behind a digest in the event."""

    disposal: str
    make: Make
    seen: int | None = None
    note: storing.Note | None = None


class Recorded(msgspec.Struct, frozen=True):
    """What was recorded of one disposal, and how it stands now."""

    disposal: str
    events: tuple[Event, ...]
    now: Now


class _Open(msgspec.Struct):
    """One disposal while it is moved."""

    row: Disposal
    changes: list[Change]
    links: list[chain.Link]
    notes: dict[int, storing.Note]
    stored: int

    @property
    def now(self) -> Now:
        return self.changes[-1].after if self.changes else NOTHING

    @property
    def new(self) -> list[Change]:
        return self.changes[self.stored :]


def record(site_id: str, moves: Sequence[Move], by: By) -> list[Recorded]:
    """Move disposals that are there, all or none; each in the order of its moves. Raises Refused
    for a step that cannot be, StaleError where somebody else was faster, RegisterError."""
    with transaction.atomic():
        opened = _locked(site_id, {move.disposal for move in moves})
        return _carry_out(site_id, opened, moves, by)


def begin(site_id: str, makes: Mapping[str, Sequence[Make]], by: By) -> list[Recorded]:
    """Begin a disposal for each of these entries, with its first steps; all or none. Raises as
    `record` does."""
    with transaction.atomic():
        assets = _entries(site_id, makes)
        running = Disposal.objects.filter(asset_id__in=list(makes), closed_at=None)
        if found := running.select_related("asset").first():
            name = found.asset.tag or found.asset.name or "It"
            raise RegisterError("open", f"{name} is on its way out already. Look there.", "entry")
        opened = {
            row.id: _Open(row, [], [], {}, 0)
            for row in (storing.new(site_id, asset_id, by.at) for asset_id in sorted(assets))
        }
        moves = [
            Move(one.row.id, make) for one in opened.values() for make in makes[one.row.asset_id]
        ]
        return _carry_out(site_id, opened, moves, by)


def _carry_out(
    site_id: str, opened: dict[str, _Open], moves: Sequence[Move], by: By
) -> list[Recorded]:
    if not 0 < len(opened) <= MOST_AT_ONCE:
        raise RegisterError("too_many", f"Between 1 and {MOST_AT_ONCE} disposals in one step.")
    rules = rulings.in_force(site_id, at=by.at)
    for move in moves:
        _take(opened[move.disposal], move, rules, by)
    storing.check_files(site_id, (c.event for one in opened.values() for c in one.new))
    steps = ((o.row.asset_id, c.event, c.after) for o in opened.values() for c in o.new)
    insides.check(site_id, steps, by.at)
    going = [one for one in opened.values() if _departs(one)]
    departing.hold(site_id, [one.row.asset_id for one in going])
    assets = _entries(site_id, [one.row.asset_id for one in opened.values()])
    try:
        _store(site_id, opened, by)
    except IntegrityError as error:
        raise RegisterError(
            "raced", "Somebody else was faster, or a drive is on two lists. Look again."
        ) from error
    departing.left(site_id, [one.row.asset_id for one in going], by)
    _watch(site_id, opened, by)
    _move_entries(site_id, opened, assets, by)
    _tell_ledger(site_id, opened, by)
    return [
        Recorded(one.row.id, tuple(change.event for change in one.new), one.now)
        for one in opened.values()
    ]


def _take(one: _Open, move: Move, rules: Rules, by: By) -> None:
    """Judge the next step of one disposal, and sign it."""
    now = one.now
    first = len(one.changes) == one.stored
    if move.seen is not None and first and move.seen != now.seq:
        since = [tag_of(c.event) for c in one.changes if c.event.seq > move.seen]
        raise StaleError(since)
    stamp = Stamp(seq=now.seq + 1, at=by.at, actor=by.actor, rules=rules.version)
    event = move.make(now, stamp)
    after = apply(now, event, rules)
    prev = one.links[-1].hash if one.links else one.row.head or storing.start(one.row)
    try:
        link = chain.link(event, prev, _signer())
    except WireError as error:
        sentence = "This step holds a text that is too long, or characters that cannot be kept."
        raise RegisterError("bad_value", sentence) from error
    one.changes.append(Change(now, event, after))
    one.links.append(link)
    if move.note is not None:
        one.notes[event.seq] = move.note


def _signer() -> chain.Signer:
    signer: chain.Signer = import_string(settings.DISPOSAL_SIGNER)
    return signer


def _departs(one: _Open) -> bool:
    return any(tag_of(change.event) in DEPARTS for change in one.new)


def _locked(site_id: str, ids: Collection[str]) -> dict[str, _Open]:
    """The disposals and their histories, locked in the order of ids. Raises RegisterError."""
    rows = by_id(Disposal.objects.select_for_update().filter(site_id=site_id), ids)
    if len(rows) != len(set(ids)):
        raise RegisterError("not_found", "There is no such disposal in this school.")
    book = rulings.book(site_id)
    histories = storing.events(rows)
    opened = {}
    for row in rows:
        changes = projecting.history(histories[row.id], book)
        opened[row.id] = _Open(row, changes, [], {}, len(changes))
    return opened


def _entries(site_id: str, ids: Collection[str]) -> dict[str, Asset]:
    rows = by_id(Asset.objects.select_for_update().filter(site_id=site_id), ids)
    if len(rows) != len(set(ids)):
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return {row.id: row for row in rows}


def _store(site_id: str, opened: Mapping[str, _Open], by: By) -> None:
    book = rulings.book(site_id)
    for one in opened.values():
        values = projecting.columns(one.changes, book)
        storing.save_row(one.row, {**values, "head": one.links[-1].hash}, is_new=one.stored == 0)
    storing.append(
        [
            storing.Stored(
                one.row,
                change.event,
                link,
                one.notes.get(change.event.seq),
                _once(one.changes, change.event),
            )
            for one in opened.values()
            for change, link in zip(one.new, one.links, strict=True)
        ],
        batch=by.batch,
    )
    media = {one.row.id: projecting.media(one.now) for one in opened.values()}
    storing.check_elsewhere(site_id, media)
    for one in opened.values():
        storing.save_media(one.row, media[one.row.id])
        storing.save_exceptions(one.row, projecting.exceptions(one.changes))


def _once(changes: Sequence[Change], event: Event) -> str:
    """For what a step of its type may be taken once: an approval for its request, a collection and
    a receipt for theirs; "" for one that may come again."""
    if isinstance(event, Approved):
        asked = [c.event.seq for c in changes if isinstance(c.event, Requested)]
        return str(max(one for one in asked if one < event.seq))
    if isinstance(event, Collected | Received):
        return event.collection
    return "the end" if isinstance(event, Disposed | HandedOver | Reinstated | WrittenOff) else ""


def _watch(site_id: str, opened: Mapping[str, _Open], by: By) -> None:
    """What went, or is missing, is looked out for with its drives (I11, I15). Kept ones stay."""
    gone = {
        one.row.asset_id: one.now
        for one in opened.values()
        if one.now.state in (*AWAY, "missing", *OUT)
    }
    drives = {
        asset_id: [
            medium.serial_raw or serial
            for serial, medium in now.media.items()
            if medium.never_there or not (medium.kept_as or medium.gone)
        ]
        for asset_id, now in gone.items()
    }
    ghosts.watch(site_id, sorted(gone), by.at)
    ghosts.watch_drives(site_id, {one: told for one, told in drives.items() if told}, by.at)


def state_of(now: Now) -> str:
    """Where an entry is in its life while, and after, its disposal stands so."""
    if now.state in OUT:
        return "disposed"
    if now.state in BACK:
        return "stored"
    if now.state == "missing" and now.loss is not None:
        return now.loss.kind
    return "retired"


def _move_entries(
    site_id: str, opened: Mapping[str, _Open], assets: Mapping[str, Asset], by: By
) -> None:
    """The entries follow; nobody has what is out of use or gone, but whoever lost it had it."""
    to = {one.row.asset_id: state_of(one.now) for one in opened.values()}
    given = [
        one for one, state in to.items() if assets[one].holder and state not in ("lost", "stolen")
    ]
    if given:
        loans.take_back(site_id, given, by=by)
        assets = _entries(site_id, list(to))
    verbs = {one.row.asset_id: f"disposal.{one.now.state}" for one in opened.values()}
    steps = [
        Step(assets[asset_id], verbs[asset_id], {"state": state})
        for asset_id, state in sorted(to.items())
        if assets[asset_id].state != state
    ]
    for step in steps:
        if step.asset.state in entries.GONE:
            raise RegisterError("gone", "The register says that this is not there any more.")
    write(site_id, steps, by)


def _tell_ledger(site_id: str, opened: Mapping[str, _Open], by: By) -> None:
    """One line for each event, or one for each type of a batch: digests only (O12)."""
    if not by.batch:
        for one in opened.values():
            for change, link in zip(one.new, one.links, strict=True):
                after = {"seq": link.seq, "event": link.hash, "asset": one.row.asset_id}
                _line(site_id, tag_of(change.event), one.row.id, after, by)
        return
    hashes: dict[str, list[str]] = defaultdict(list)
    for one in opened.values():
        for change, link in zip(one.new, one.links, strict=True):
            hashes[tag_of(change.event)].append(link.hash)
    for tag, found in hashes.items():
        _line(site_id, tag, by.batch, {"events": found}, by)


def _line(site_id: str, tag: str, subject: str, after: Mapping[str, object], by: By) -> None:
    ledger.append(
        site_id=site_id,
        at=by.at,
        actor=by.actor,
        verb=f"disposal.{tag}",
        subject=subject,
        after=after,
    )
