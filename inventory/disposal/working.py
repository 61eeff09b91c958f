"""Steps on the media of a disposal: found, missing, failed, wiped, verified, accepted, destroyed.

What a file says was read and judged before (`inventory.disposal.proof`); here it is written down,
and the guards say whether it counts. `medium` is a serial number however it is spelled.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.disposal import deciding, earlier, recording, serials, wipe_reports
from inventory.disposal.events import (
    Destroyed,
    MediumAppeared,
    MediumFailed,
    MediumMissing,
    Retained,
    Sanitised,
    Validated,
    Verified,
    Witnessed,
)
from inventory.disposal.now import Now
from inventory.disposal.recording import Make, Move, Recorded, Stamp
from inventory.disposal.states import (
    Decision,
    DestroyMethod,
    Level,
    Place,
    Technique,
    VerifyMethod,
    VerifyResult,
)
from inventory.disposal.values import FoundMedium
from inventory.disposal.wording import line, sentence
from inventory.ids import new_id
from inventory.models import Asset, DisposalMedium

DAY = 86_400
EXPLAIN_DAYS = 14
"""To say where a missing drive is."""


def appear(
    site_id: str, disposal_id: str, *, medium: FoundMedium, by: By, seen: int | None
) -> Recorded:
    """A medium that nobody knew of (I3)."""
    (medium,) = earlier.with_failures(site_id, [medium])

    def make(_: Now, stamp: Stamp) -> MediumAppeared:
        return MediumAppeared(**stamp, medium=medium)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def miss(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    owner: str = "",
    due: int | None = None,
    by: By,
    seen: int | None,
) -> Recorded:
    """A medium of the set is not there; an exception opens, with its owner and day (I3)."""
    name = new_id("exc", by.at)
    until = by.at + EXPLAIN_DAYS * DAY if due is None else due

    def make(_: Now, stamp: Stamp) -> MediumMissing:
        return MediumMissing(
            **stamp, medium=_key(medium), exception=name, owner=owner or by.actor, due=until
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def fail(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    evidence: Sequence[str] = (),
    reason: str = "",
    by: By,
    seen: int | None,
) -> Recorded:
    """A medium cannot be wiped: from now on only destroying it will do (I6, T7)."""
    reason = sentence(reason)

    def make(_: Now, stamp: Stamp) -> MediumFailed:
        return MediumFailed(**stamp, medium=_key(medium), evidence=tuple(evidence), reason=reason)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Wiped(msgspec.Struct, frozen=True, kw_only=True):
    """One wipe as a log, a tool or a person tells it; `events.Sanitised` says what each means."""

    medium: str
    level: Level
    technique: Technique
    tool: str
    performer: str
    finished_at: int
    tool_version: str = ""
    offsite: bool = False
    hidden_areas_clear: bool | None = None
    keys_destroyed: bool = False
    evidence: tuple[str, ...] = ()
    reason: str = ""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One reading after a wipe; `wipe` None: after the last one."""

    medium: str
    method: VerifyMethod
    verifier: str
    result: VerifyResult
    finished_at: int
    evidence: tuple[str, ...]
    bytes_read: int = 0
    bound_ppb: int = 0
    wipe: int | None = None


def sanitise(site_id: str, disposal_id: str, wiped: Wiped, *, by: By, seen: int | None) -> Recorded:
    """A medium was wiped. Raises RegisterError where its own report speaks against it."""
    make = wipe_reports.not_contradicted(site_id, sanitised(wiped))
    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def verify(site_id: str, disposal_id: str, read: Read, *, by: By, seen: int | None) -> Recorded:
    """A wipe was read back by somebody else, or by a machine that signed it."""
    return deciding.one(site_id, disposal_id, verified(read), by=by, seen=seen)


def sanitise_and_verify(
    site_id: str, disposal_id: str, wiped: Wiped, read: Read, *, by: By, seen: int | None
) -> Recorded:
    """Both at once, where one log tells of both."""
    make = wipe_reports.not_contradicted(site_id, sanitised(wiped))
    moves = [Move(disposal_id, make, seen), Move(disposal_id, verified(read))]
    return recording.record(site_id, moves, by)[0]


def sanitised(wiped: Wiped) -> wipe_reports.Make:
    """How the event of a wipe is made."""
    values = msgspec.structs.asdict(wiped)
    values |= {
        "medium": _key(wiped.medium),
        "tool": line(wiped.tool),
        "tool_version": line(wiped.tool_version),
        "reason": sentence(wiped.reason),
    }

    def make(_: Now, stamp: Stamp) -> Sanitised:
        return Sanitised(**stamp, **values)

    return make


def verified(read: Read) -> Make:
    """Likewise for a reading."""
    values = msgspec.structs.asdict(read) | {"medium": _key(read.medium)}

    def make(now: Now, stamp: Stamp) -> Verified:
        told = {**values, "wipe": _wipe(now, values["medium"], read.wipe)}
        return Verified(**stamp, **told)

    return make


def validate(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    decision: Decision,
    wipe: int | None = None,
    reason: str = "",
    by: By,
    seen: int | None,
) -> Recorded:
    """A person accepts a wipe, or has it repeated, or asks for a stronger one."""
    reason, key = sentence(reason), _key(medium)

    def make(now: Now, stamp: Stamp) -> Validated:
        return Validated(
            **stamp, medium=key, wipe=_wipe(now, key, wipe), decision=decision, reason=reason
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Destruction(msgspec.Struct, frozen=True, kw_only=True):
    """How a medium was destroyed, before whom; `evidence` are photographs."""

    medium: str
    method: DestroyMethod
    witness: str
    place: Place = "on_site"
    particle_mm: int = 0
    evidence: tuple[str, ...] = ()


def destroy(
    site_id: str, disposal_id: str, destruction: Destruction, *, by: By, seen: int | None
) -> Recorded:
    """Somebody says that a medium was destroyed; it counts once the witness says so too."""
    values = msgspec.structs.asdict(destruction) | {"medium": _key(destruction.medium)}

    def make(_: Now, stamp: Stamp) -> Destroyed:
        return Destroyed(**stamp, **values, awaits_witness=True)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def witness(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    saw: bool,
    destruction: int | None = None,
    reason: str = "",
    by: By,
    seen: int | None,
) -> Recorded:
    """The witness says whether they saw the destruction that was recorded as event `destruction`;
    None: as the last one."""
    reason, key = sentence(reason), _key(medium)

    def make(now: Now, stamp: Stamp) -> Witnessed:
        known = now.media.get(key)
        last = known.unconfirmed.seq if known and known.unconfirmed else 0
        number = last if destruction is None else destruction
        return Witnessed(**stamp, medium=key, destruction=number, seen=saw, reason=reason)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Keeper(msgspec.Struct, frozen=True, kw_only=True):
    """As what somebody keeps a medium that was approved to go; a committee's minute and paper."""

    role: str = ""
    minute: str = ""
    evidence: tuple[str, ...] = ()


NOBODY_ASKED: Final = Keeper()
"""Before the approval no role is asked for."""


def retain(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    entry: str,
    keeper: Keeper = NOBODY_ASKED,
    by: By,
    seen: int | None,
) -> Recorded:
    """A medium was taken out and is kept, as an entry of its own (I16). Raises RegisterError."""
    key = _key(medium)
    values = msgspec.structs.asdict(keeper) | {"minute": line(keeper.minute)}

    def make(now: Now, stamp: Stamp) -> Retained:
        if entry != now.asset:
            check_entry(site_id, entry, key)
        return Retained(**stamp, medium=key, entry=entry, **values)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def check_entry(site_id: str, entry: str, medium: str) -> None:
    """Raise RegisterError for what is no entry of this school, is gone, or is not the medium with
    this serial number (I3, I16)."""
    row = Asset.objects.filter(site_id=site_id, id=entry).first()
    if row is None:
        raise RegisterError("not_found", "There is no such entry in this school.", "entry")
    if row.state in GONE:
        say = "This entry is not in use any more, so nothing can live on in it. Choose another."
        raise RegisterError("entry_gone", say, "entry")
    if not serials.same(row.serial, medium):
        say = (
            f"This entry does not have the drive's serial number, {medium}. Choose the entry that "
            "is this drive, or write the number into it first."
        )
        raise RegisterError("other_serial", say, "entry")


def check_unknown(site_id: str, disposal_id: str, medium: str) -> None:
    """Raise RegisterError where the register knows a medium by more than the report that named it:
    then it was somewhere (I16)."""
    others = DisposalMedium.objects.filter(site_id=site_id, key=medium)
    entries = Asset.objects.filter(site_id=site_id).exclude(serial="").values_list("serial")
    known = others.exclude(disposal_id=disposal_id).exists() or any(
        serials.same(serial, medium) for (serial,) in entries.iterator()
    )
    if known:
        say = (
            f"The register knows the drive {medium} from elsewhere, so it was somewhere. Look for "
            "it among the entries and disposals, and say where it is, or that it is lost."
        )
        raise RegisterError("known_elsewhere", say, "outcome")


def _wipe(now: Now, medium: str, wipe: int | None) -> int:
    """The number of the wipe meant: the last one where nobody says; 0 where there is none."""
    if wipe is not None:
        return wipe
    known = now.media.get(medium)
    return known.wipe.seq if known is not None and known.wipe is not None else 0


def _key(serial: str) -> str:
    """Raises RegisterError for a serial number that identifies nothing (§5.3)."""
    key = serials.key(serial)
    if not key:
        raise RegisterError(
            "bad_serial",
            "This serial number identifies no drive: at least six letters and digits, and none "
            "that a maker leaves as a placeholder. Read it off the drive's label.",
            "medium",
        )
    return key
