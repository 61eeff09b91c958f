"""Whether a machine's signed reading of a drive says something about a medium, and what (I5).

Pure. A reading (`caretaker-agent verify-wipe`) is taken only where it is this medium by the serial
that the drive itself told, its whole size, begun after the wipe was finished, and read to its end.
What is not understood, or only typed by a person, is for a person.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from checks.media_wipes import MediaWipe, bound
from inventory.disposal import serials
from inventory.disposal.now import Medium
from inventory.disposal.proof.judging import SLACK, NeedsPerson, Refused
from inventory.disposal.states import VerifyMethod, VerifyResult

SENTENCES: Final[dict[str, str]] = {
    "not_a_drive": "Only a part of a drive, or a copy in a file, was read. Read the whole drive:"
    " caretaker-agent verify-wipe /dev/… --expect zero.",
    "wrong_serial": "This is the reading of another drive.",
    "serial_unsaid": "The drive told no serial number and nobody typed one, so nobody knows which"
    " drive was read.",
    "wrong_size": "The drive that was read is not as large as this one.",
    "failed_medium": "This drive was found broken, so it can only be destroyed. That it could be"
    " read is a reason to look closely: the serial numbers may be mixed up (I6).",
    "not_wiped": "No wipe of this drive is written down, so there is nothing that a reading could"
    " prove. Enter the wipe first.",
    "too_early": "The reading began before the wipe was finished. Read the drive again (I5).",
    "too_late": "By the computer's clock the reading ended after its report arrived. Set its clock"
    " right and read the drive again.",
    "stopped": "The reading was stopped before its end. Read the drive again.",
    "proves_nothing": "Random bytes were expected, and encrypted files look the same. Wipe the"
    " drive with zeros and read it again.",
    "newer_reading": "A later reading of this drive did not find it empty. Add that one, or wipe"
    " the drive again and read it again (I5).",
    "not_whole": "Not all of the drive was read. Read it again.",
}
"""By code: why a reading is not taken."""
PERSONS: Final[dict[str, str]] = {
    "serial_typed": "The drive told no serial number; somebody typed it. Compare the label.",
    "swapped": "The serial number may be this drive's, told with its letters swapped in pairs."
    " Compare it with the label.",
    "other_wwn": "Serial number and size fit, but the drive's world-wide name is another. Compare"
    " the label.",
    "size_unknown": "The size of this drive is not known here, so nobody can tell whether all of"
    " it was read.",
    "pattern": "The drive holds a pattern in place of zeros. Compare it with what the drive's"
    " maker says its own erase leaves.",
    "residue": "The drive holds what a wiping tool writes there itself. Compare it with the"
    " tool that wiped it.",
}
"""By code: why only a person can tell."""


class Reading(msgspec.Struct, frozen=True):
    """What a `Verified` event takes from it (`events.Verified`). `found` and `error` are results
    as well: they speak against the wipe."""

    method: VerifyMethod
    result: VerifyResult
    bound_ppb: int
    bytes_read: int
    finished_at: int


Verdict = Reading | Refused | NeedsPerson


def proves(wipe: MediaWipe, medium: Medium, received_at: int) -> Verdict:
    """What a reading, told in a report that arrived at `received_at`, says of a medium."""
    code = _refused(wipe, medium, received_at)
    if code:
        return Refused(code, SENTENCES[code], "")
    code = _doubted(wipe, medium)
    if code:
        return NeedsPerson(PERSONS[code], code)
    return reading(wipe)


def outdated(wipe: MediaWipe, every: Iterable[MediaWipe], medium: Medium) -> bool:
    """Whether a clean reading is older than one of the same drive that was not clean (I5)."""
    return wipe.outcome == "clean" and any(
        one.outcome != "clean"
        and one.ended_at > wipe.ended_at
        and serials.same(one.serial or one.typed_serial, medium.serial)
        for one in every
    )


def reading(wipe: MediaWipe) -> Reading:
    """As an event holds it, for what `proves` takes or a person has taken."""
    results: dict[str, VerifyResult] = {"clean": "clean", "survived": "found"}
    return Reading(
        method="sample" if wipe.sample else "full",
        result=results.get(wipe.outcome, "error"),
        bound_ppb=bound(wipe.sample.blocks, 99) if wipe.sample else 0,
        bytes_read=wipe.read_bytes,
        finished_at=wipe.ended_at,
    )


def _refused(wipe: MediaWipe, medium: Medium, received_at: int) -> str:
    """The gravest reason first."""
    told = wipe.serial or wipe.typed_serial
    known = medium.serial_raw or medium.serial
    wiped = medium.wipe
    reasons = {
        "not_a_drive": wipe.what != "drive",
        "serial_unsaid": not serials.key(told),
        "wrong_serial": not (serials.same(told, medium.serial) or serials.suspect(told, known)),
        "wrong_size": bool(medium.size_bytes) and wipe.size_bytes != medium.size_bytes,
        "failed_medium": medium.failed,
        "not_wiped": wiped is None,
        "too_early": wiped is not None and wipe.began_at < wiped.finished_at,
        "too_late": wipe.ended_at > received_at + SLACK or wipe.ended_at < wipe.began_at,
        "stopped": wipe.outcome == "stopped",
        "proves_nothing": wipe.outcome == "unproven" or wipe.pattern == "random",
        "not_whole": wipe.outcome == "clean" and not _whole(wipe),
    }
    return next((code for code, so in reasons.items() if so), "")


def _whole(wipe: MediaWipe) -> bool:
    """Whether a clean reading is one by its own numbers."""
    if wipe.survivors or wipe.why or not wipe.whole:
        return False
    if wipe.sample is None:
        return wipe.read_bytes == wipe.size_bytes
    return wipe.sample.blocks > 0 and 0 < wipe.read_bytes <= wipe.size_bytes


def _doubted(wipe: MediaWipe, medium: Medium) -> str:
    reasons = {
        "serial_typed": not wipe.serial,
        "swapped": not serials.same(wipe.serial or wipe.typed_serial, medium.serial),
        "other_wwn": bool(wipe.wwn and medium.wwn) and _plain(wipe.wwn) != _plain(medium.wwn),
        "size_unknown": not medium.size_bytes,
        "pattern": wipe.outcome == "clean" and wipe.pattern == "periodic",
        "residue": wipe.outcome == "clean" and wipe.residue_sectors > 0,
    }
    return next((code for code, so in reasons.items() if so), "")


def _plain(wwn: str) -> str:
    """`0x5002538f…`, `naa.5002538F…`, `eui.0025…` and `wwn-0x…` name one thing."""
    bare = wwn.casefold().strip()
    for prefix in ("wwn-", "naa.", "eui.", "nvme.", "0x"):
        bare = bare.removeprefix(prefix)
    return bare
