"""Steps by which it is decided what leaves: taken out of use, looked into, asked for, approved.

Whoever calls has checked what the person may do; who may do it *here* (I2) the guards say.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import earlier, recording, storing
from inventory.disposal.events import (
    Approved,
    Held,
    HoldReleased,
    Inspected,
    MediumAppeared,
    MediumMissing,
    Reinstated,
    Rejected,
    Requested,
    Withdrawn,
)
from inventory.disposal.evolving import DAY, EXPLAIN_DAYS
from inventory.disposal.media import NOTHING, Proposal
from inventory.disposal.now import Now
from inventory.disposal.recording import Make, Move, Recorded, Stamp
from inventory.disposal.states import HoldKind, PersonalData, Route
from inventory.disposal.values import FoundMedium, Offer
from inventory.disposal.wording import line, sentence
from inventory.ids import new_id
from inventory.many import by_id
from inventory.models import Asset, DisposalMedium

Seen = Mapping[str, int | None]
"""Disposal → number of the last event whoever asks has seen; None where that does not matter."""
_OUT_OF_REACH: Final = {
    "repair": "{name} is away for repair. Note that it is back first; then it can be withdrawn.",
    "lost": "{name} is lost. Record the loss, or note that it was found.",
    "stolen": "{name} was stolen. Record the loss, or note that it was found.",
    "disposed": "{name} was disposed of already.",
    "merged": "{name} is one thing with another entry. Look there.",
    "withdrawn": "{name} was entered by mistake, so there is nothing to dispose of.",
}


def withdraw(
    site_id: str,
    asset_ids: Collection[str],
    *,
    reason: str,
    personal_data: PersonalData | None = None,
    told: Mapping[str, Proposal] | None = None,
    by: By,
) -> list[Recorded]:
    """Take things out of use, as one step; a disposal begins for each. `personal_data` None: as
    each entry says, or unknown. `told`: entry → its media as its computer last told them. Raises
    RegisterError."""
    makes = first_steps(
        site_id, asset_ids, reason=reason, personal_data=personal_data, told=told or {}
    )
    return recording.begin(
        site_id, {one: [make] for one, make in makes.items()}, batched(by, makes)
    )


def first_steps(
    site_id: str,
    asset_ids: Collection[str],
    *,
    reason: str,
    personal_data: PersonalData | None,
    told: Mapping[str, Proposal],
    lost: bool = False,
) -> dict[str, Make]:
    """How the disposal of each entry begins. Raises RegisterError for one that cannot be."""
    reason = sentence(reason)
    rows = by_id(Asset.objects.filter(site_id=site_id), asset_ids)
    if not rows or len(rows) != len(set(asset_ids)):
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    known = earlier.media(site_id, [row.id for row in rows])
    for row in rows:
        _check_here(row, lost=lost)
    return {
        row.id: _withdrawn(
            row,
            reason,
            personal_data or said(row),
            earlier.with_failures(
                site_id, earlier.joined(told.get(row.id, NOTHING), known.get(row.id, ()))
            ),
        )
        for row in rows
    }


def said(row: Asset) -> PersonalData:
    """What an entry says of personal data in it; nothing said is unknown (T6)."""
    return "yes" if row.personal_data == "yes" else "no" if row.personal_data == "no" else "unknown"


def _check_here(row: Asset, *, lost: bool) -> None:
    name = row.tag or row.name or "It"
    reachable = lost and row.state in ("repair", "lost", "stolen")
    if row.state in _OUT_OF_REACH and not reachable:
        raise RegisterError("bad_state", _OUT_OF_REACH[row.state].format(name=name), "entry")
    if not lost and row.holds.exclude(state__in=("disposed", "merged", "withdrawn")).exists():
        raise RegisterError("holds", f"Take out of {name} what is kept in it first.", "entry")


def _withdrawn(
    row: Asset, reason: str, personal_data: PersonalData, found: tuple[FoundMedium, ...]
) -> Make:
    tag = line(row.tag or row.serial or row.name or row.id)

    def make(_: Now, stamp: Stamp) -> Withdrawn:
        return Withdrawn(
            **stamp,
            asset=row.id,
            tag=tag,
            reason=reason,
            personal_data=personal_data,
            found=found,
        )

    return make


def inspect(
    site_id: str,
    disposal_id: str,
    *,
    media: Sequence[FoundMedium] = (),
    none_confirmed: bool = False,
    missing: Sequence[FoundMedium] = (),
    by: By,
    seen: int | None,
) -> Recorded:
    """Somebody looked inside: all that is in it, or that there is nothing (I4). `missing`: what was
    known or reported and is not there; each opens an exception that its finder owns (I3)."""
    found = earlier.with_failures(site_id, media)

    def make(_: Now, stamp: Stamp) -> Inspected:
        return Inspected(**stamp, media=found, none_confirmed=none_confirmed)

    known = DisposalMedium.objects.filter(site_id=site_id, disposal_id=disposal_id)
    keys = set(known.values_list("key", flat=True)) if missing else set()
    makes = [_appeared(lost) for lost in missing if lost.serial not in keys]
    makes += [_missed(lost, by) for lost in missing]
    moves = [Move(disposal_id, each, seen) for each in (*makes, make)]
    return recording.record(site_id, moves, by)[0]


def _appeared(medium: FoundMedium) -> Make:
    return lambda _, stamp: MediumAppeared(**stamp, medium=medium)


def _missed(medium: FoundMedium, by: By) -> Make:
    name, due = new_id("exc", by.at), by.at + EXPLAIN_DAYS * DAY
    return lambda _, stamp: MediumMissing(
        **stamp, medium=medium.serial, exception=name, owner=by.actor, due=due
    )


class Asked(msgspec.Struct, frozen=True):
    """What somebody asks for: which way out, worth what, why; written offers for a sale."""

    route: Route
    value_pence: int
    licences_checked: bool
    reason: str = ""
    offers: tuple[Offer, ...] = ()


def request(site_id: str, disposal_id: str, asked: Asked, *, by: By, seen: int | None) -> Recorded:
    """Ask for a way out."""
    return request_all(site_id, {disposal_id: seen}, asked, by=by)[0]


def request_all(site_id: str, seen: Seen, asked: Asked, *, by: By) -> list[Recorded]:
    """Ask for the same way out for several, as one step; the value is each one's."""
    reason = sentence(asked.reason)

    def make(_: Now, stamp: Stamp) -> Requested:
        return Requested(
            **stamp,
            route=asked.route,
            reason=reason,
            value_pence=asked.value_pence,
            offers=asked.offers,
            licences_checked=asked.licences_checked,
        )

    return several(site_id, seen, make, by=by)


class Approval(msgspec.Struct, frozen=True):
    """How somebody approves: as what, with which words; a committee's minute and its paper."""

    role: str
    comment: str = ""
    minute: str = ""
    evidence: tuple[str, ...] = ()


def approve(
    site_id: str,
    disposal_id: str,
    approval: Approval,
    *,
    media: Sequence[str] | None = None,
    by: By,
    seen: int | None,
) -> Recorded:
    """Approve what was asked for, with these media and no others (I3); None: with those that the
    event seen had."""
    return _approve(site_id, {disposal_id: seen}, approval, media, by)[0]


def approve_all(site_id: str, seen: Seen, approval: Approval, *, by: By) -> list[Recorded]:
    """Approve several, as one step, each with the media it had when it was seen."""
    return _approve(site_id, seen, approval, None, by)


def _approve(
    site_id: str, seen: Seen, approval: Approval, media: Sequence[str] | None, by: By
) -> list[Recorded]:
    comment = sentence(approval.comment, "comment")
    minute = line(approval.minute)
    moves = []
    for disposal_id, number in seen.items():
        note = storing.note(comment)

        def make(now: Now, stamp: Stamp, note: storing.Note | None = note) -> Approved:
            current = [serial for serial, one in now.media.items() if not one.gone]
            return Approved(
                **stamp,
                role=approval.role,
                media=tuple(sorted(current if media is None else media)),
                minute=minute,
                evidence=approval.evidence,
                comment=note.digest if note else "",
            )

        moves.append(Move(disposal_id, make, number, note))
    return recording.record(site_id, moves, batched(by, seen))


def reject(
    site_id: str, disposal_id: str, *, role: str, comment: str = "", by: By, seen: int | None
) -> Recorded:
    """Turn a request down."""
    note = storing.note(sentence(comment, "comment"))

    def make(_: Now, stamp: Stamp) -> Rejected:
        return Rejected(**stamp, role=role, comment=note.digest if note else "")

    return one(site_id, disposal_id, make, by=by, seen=seen, note=note)


def hold(
    site_id: str, disposal_id: str, *, kind: HoldKind, reason: str, by: By, seen: int | None
) -> Recorded:
    """Nothing may be wiped, destroyed or let go from now on (I13)."""
    reason, name = sentence(reason), new_id("hold", by.at)

    def make(_: Now, stamp: Stamp) -> Held:
        return Held(**stamp, hold=name, kind=kind, reason=reason)

    return one(site_id, disposal_id, make, by=by, seen=seen)


def release_hold(
    site_id: str,
    disposal_id: str,
    *,
    hold: str,
    role: str,
    reason: str,
    by: By,
    seen: int | None,
) -> Recorded:
    """A hold ends (I13)."""
    reason = sentence(reason)

    def make(_: Now, stamp: Stamp) -> HoldReleased:
        return HoldReleased(**stamp, hold=hold, role=role, reason=reason)

    return one(site_id, disposal_id, make, by=by, seen=seen)


def reinstate(site_id: str, disposal_id: str, *, reason: str, by: By, seen: int | None) -> Recorded:
    """The school keeps it after all; it is in store again, and nothing of it is proven."""
    reason = sentence(reason)

    def make(_: Now, stamp: Stamp) -> Reinstated:
        return Reinstated(**stamp, reason=reason)

    return one(site_id, disposal_id, make, by=by, seen=seen)


def one(
    site_id: str,
    disposal_id: str,
    make: Make,
    *,
    by: By,
    seen: int | None,
    note: storing.Note | None = None,
) -> Recorded:
    """One step of one disposal."""
    return recording.record(site_id, [Move(disposal_id, make, seen, note)], by)[0]


def several(site_id: str, seen: Seen, make: Make, *, by: By) -> list[Recorded]:
    """The same step of several, all or none, as one batch."""
    moves = [Move(disposal_id, make, number) for disposal_id, number in seen.items()]
    return recording.record(site_id, moves, batched(by, seen))


def batched(by: By, things: Collection[str]) -> By:
    """As part of a batch where there are several."""
    if len(things) < 2 or by.batch:
        return by
    return msgspec.structs.replace(by, batch=new_id("batch", by.at))
