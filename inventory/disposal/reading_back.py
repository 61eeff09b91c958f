"""A computer's signed reading of a wiped drive, written down as the verification of its wipe (I5).

The verifier is the computer, whoever presses the button (I2, S6). Its signed report is kept first,
as evidence; then the step is taken, so this must not run inside another transaction.
"""

from collections.abc import Iterable

import msgspec

from checks.media_wipes import MediaWipe
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import deciding, rulings, serials, storing
from inventory.disposal.events import Verified
from inventory.disposal.now import Now
from inventory.disposal.proof import machine
from inventory.disposal.proof import storing as files
from inventory.disposal.proof.judging import NeedsPerson, Refused
from inventory.disposal.recording import Recorded, Stamp
from inventory.disposal.reducing import replay
from inventory.models import Disposal


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One reading, the computer that signed it, and the signed envelope that tells it."""

    wipe: MediaWipe
    device: str
    envelope: bytes
    received_at: int


def attach(
    site_id: str,
    disposal_id: str,
    told: Told,
    *,
    medium: str,
    by: By,
    seen: int | None,
    every: Iterable[MediaWipe],
    confirmed: bool = False,
) -> Recorded:
    """Write down what a reading says of a medium's last wipe, for or against it. `every`: what the
    school's computers told of this drive, so that no clean reading is chosen over a newer one that
    is not. `confirmed`: `by` has compared what no program can tell, and is not who wiped it (I2).

    Raises RegisterError with the reason where it says nothing of this medium, Refused where the
    step cannot be, StaleError.
    """
    who = by.actor if confirmed else ""
    known = _now(site_id, disposal_id)
    _proven(told, known, medium, who)
    if machine.outdated(told.wipe, every, known.media[serials.key(medium)]):
        raise RegisterError("newer_reading", machine.SENTENCES["newer_reading"], "reading")
    kept = files.keep(
        site_id, "reading", f"Reading {told.wipe.id[:8]}", told.envelope, by=by, source="device"
    )

    def make(now: Now, stamp: Stamp) -> Verified:
        found = _proven(told, now, medium, who)
        wipe = now.media[serials.key(medium)].wipe
        return Verified(
            **stamp,
            medium=serials.key(medium),
            wipe=wipe.seq if wipe else 0,
            verifier=f"machine:{told.device}",
            evidence=(kept.sha256,),
            **msgspec.structs.asdict(found),
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def _now(site_id: str, disposal_id: str) -> Now:
    row = Disposal.objects.filter(site_id=site_id, id=disposal_id).first()
    if row is None:
        raise RegisterError("not_found", "There is no such disposal in this school.")
    return replay(storing.events([row])[row.id], rulings.book(site_id))


def _proven(told: Told, now: Now, medium: str, who: str) -> machine.Reading:
    """`who`: who confirms what only a person can tell, "" for nobody."""
    one = now.media.get(serials.key(medium))
    if one is None:
        say = "This drive is not on the list of this disposal. Add it first, or look which it is."
        raise RegisterError("not_in_set", say, "medium")
    found = machine.proves(told.wipe, one, told.received_at)
    match found:
        case Refused():
            raise RegisterError(found.code, found.sentence, "reading")
        case NeedsPerson() if not who:
            raise RegisterError(found.code, found.sentence, "confirmed")
        case NeedsPerson() if one.wipe and who in (one.wipe.performer, one.wipe.by):
            say = f"{found.sentence} Whoever wiped it cannot say so: ask somebody else (I2)."
            raise RegisterError("same_verifier", say, "confirmed")
        case NeedsPerson():
            return machine.reading(told.wipe)
        case _:
            return found
