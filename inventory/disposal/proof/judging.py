"""Whether a claim holds for a medium: taken, refused with the line that says why, or for a person.

Pure. The rule is that of disposal §2.1: everything that must be said is said, nothing is said
against it, it is this medium, its whole size and this job's time. Only what is fully understood is
taken; what is not understood is never taken, but a person may look (I5, I6).
"""

import datetime
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import Final, Protocol, get_args

import msgspec

from inventory.disposal import serials
from inventory.disposal.proof.claims import Claim, Problem, Verified, quoted
from inventory.disposal.rules import Rules
from inventory.disposal.states import CLASS_OF, Level, MediumKind, Technique

MOST_NAMED: Final = 10
"""Drives of a file that a sentence lists."""
SLACK: Final = 120
"""Seconds by which the clock of a bench may be off."""


class Medium(Protocol):
    """What is known of a medium; `now.Medium` is one."""

    @property
    def serial(self) -> str:
        """As `serials.key` makes it."""

    @property
    def serial_raw(self) -> str:
        """As it was read; "" where nobody kept that."""

    @property
    def kind(self) -> MediumKind:
        """What decides which technique is worth what."""

    @property
    def size_bytes(self) -> int:
        """0: nobody knows."""

    @property
    def failed(self) -> bool:
        """Whether it was found broken: then only destroying it helps (I6)."""


class Window(msgspec.Struct, frozen=True):
    """When the wipe may have been: epoch seconds, and the zone of the school's clocks."""

    opens: int
    closes: int
    zone: str = "Europe/London"


class Accepted(msgspec.Struct, frozen=True):
    """The claim holds: what it is worth. `finished`: epoch seconds. `hidden_areas_clear`: the
    report says that no sectors are hidden, or that such a drive has none; None: it does not say."""

    level: Level
    technique: Technique
    verified: Verified
    finished: int
    hidden_areas_clear: bool | None


class Refused(msgspec.Struct, frozen=True):
    """The claim does not hold. `line` is the line of the file that says why, as it stands there;
    "" where it is a line that is missing. It is as hostile as the file."""

    code: str
    sentence: str
    line: str
    line_number: int = 0


class NeedsPerson(msgspec.Struct, frozen=True):
    """Nobody but a person can tell."""

    sentence: str
    code: str = ""
    line: str = ""
    line_number: int = 0


Verdict = Accepted | Refused | NeedsPerson

SENTENCES: Final[dict[str, str]] = {
    "several_runs": "This file holds more than one run: nwipe adds to a file that is there. Give "
    "each run a file of its own, or enter the result by hand with the reason.",
    "aborted": "The wipe was aborted. Wipe the drive again, to the end.",
    "failed": "The wipe failed. Wipe the drive again, or have it destroyed.",
    "status_unknown": "The tool gives the drive another result than «Erased».",
    "exceptions": "It was erased with exceptions. Somebody must look which, and wipe it again or "
    "have it destroyed.",
    "not_wiped": "The drive was found, but nothing was done to it.",
    "only_verified": "This run only read the drive, it wrote nothing. Wipe the drive.",
    "not_verified": "Nothing was read back after it was written. Wipe it again with verification.",
    "not_read_back": "It was not read back to the end.",
    "errors_counted": "The tool counted errors. Wipe the drive again, or have it destroyed.",
    "error_said": "The tool reports an error of this drive.",
    "short": "Not every byte of the drive was written and read back.",
    "incomplete": "The report stops, or a line is missing.",
    "missing": "The report lacks a line that must be there.",
    "method_unknown": "This is a method of wiping that we do not know.",
    "verify_unknown": "The report does not say how it was verified.",
    "differs": "The report contradicts itself.",
    "serial_missing": "The report does not say the drive's serial number.",
    "serial_hidden": "The serial number was blotted out (nwipe --quiet).",
    "serial_unreadable": "The serial number could not be read.",
    "serial_placeholder": "What stands for a serial number tells no drive from another.",
    "serial_differs": "The report names two serial numbers for one drive.",
    "serial_twice": "Two drives in this report have the same serial number.",
    "hidden": "The drive has hidden sectors (HPA or DCO), and they were not erased. Make them "
    "visible and wipe it again, or have it destroyed.",
    "pdf_alone": "A PDF of nwipe is not signed, and does not say what was read back. Add the log "
    "of the same run.",
    "in_progress": "The wipe was still going on.",
    "never": "The drive says that it was never sanitised.",
    "written_since": "The drive was written to after it was sanitised.",
    "not_named": "This drive is not among those in the report.",
    "wrong_serial": "This is the report of another drive.",
    "wrong_size": "The size in the report is not the size of this drive.",
    "too_early": "The wipe was before this job began.",
    "too_late": "The wipe is dated after it was reported.",
    "failed_medium": "This drive was found broken, so it can only be destroyed. A report that it "
    "was wiped is a reason to look closely: the serial numbers may be mixed up (I6).",
    "not_allowed": "The school's rules do not take this method for this kind of medium.",
    "not_evidence": "This says what the drive can do, not that it was wiped.",
}
"""By code: why a claim is refused."""
PERSONS: Final[dict[str, str]] = {
    "unread": "There is a line in the report that we cannot read. Look at it, and enter the "
    "result by hand with the reason.",
    "warned": "The report warns of something that we do not know.",
    "error_unexplained": "There is an error in the report that may be of this drive.",
    "ended_otherwise": "The run did not end well, and the report does not say which drive it was.",
    "clock": "The clock was set during the run, so its times prove nothing.",
    "swapped": "The serial number may be this drive's, read with its letters swapped in pairs. "
    "Compare it with the label.",
    "hidden_unknown": "Nobody knows whether this drive has hidden sectors. Look with hdparm -N.",
    "size_unknown": "The size of this drive is not known here, so nobody can tell whether all of "
    "it was erased.",
    "size_unsaid": "The report does not say how large the drive is.",
    "time_unsaid": "The report does not say when it was wiped.",
    "result_unsaid": "The report does not say what came of it.",
    "technique_unsaid": "The report says not how it was wiped, or in words that we do not know.",
    "verify_unsaid": "The report does not say whether anything was read back.",
    "serial_unsaid": "The report does not say which drive it is of.",
    "by_hand": "This was entered by hand. Somebody else must confirm it.",
    "certificate": "This is a company's certificate. Somebody must compare it with the paper.",
    "kind_unknown": "The kind of this medium is not known here.",
}
"""By code: why only a person can tell. Never accepted by itself."""
ORDER: Final = (*SENTENCES, *PERSONS)
_ATA: Final = ("hdd_ata", "ssd_sata", "unknown")


def judged(claim: Claim, medium: Medium, rules: Rules, window: Window) -> Verdict:
    """One claim for one medium. The gravest reason comes first, and refusals before doubts."""
    found = [
        *claim.problems,
        *_result(claim),
        *_medium(claim, medium),
        *_hidden(claim, medium, rules),
    ]
    worth, of_level = _worth(claim, medium, rules)
    finished, of_time = _time(claim, window)
    found += [*of_level, *of_time]
    if found or worth is None:
        return _said(min(found, key=lambda one: _rank(one.code)))
    clear = None if claim.hidden == "unknown" else True
    return Accepted(worth[0], worth[1], claim.verified, finished, clear)


def judged_file(claims: Sequence[Claim], medium: Medium, rules: Rules, window: Window) -> Verdict:
    """What a whole file proves of one medium: by the claim of its serial, or by the only one. A
    file that names the medium twice proves nothing of it."""
    mine = [one for one in claims if serials.same(one.serial, medium.serial)]
    if len(mine) > 1:
        return _said(_here(mine[1], "serial_twice"))
    if not mine and len(claims) != 1:
        names = ", ".join(one.serial or "?" for one in claims[:MOST_NAMED]) or "none"
        return _said(Problem("not_named", note=f"it is of {quoted(names)}"))
    return judged((mine or claims)[0], medium, rules, window)


def _said(problem: Problem) -> Refused | NeedsPerson:
    note = f": {problem.note}." if problem.note else "."
    if problem.code in SENTENCES:
        sentence = SENTENCES[problem.code].removesuffix(".") + note
        return Refused(problem.code, sentence, problem.line, problem.line_number)
    sentence = PERSONS.get(problem.code, PERSONS["unread"]).removesuffix(".") + note
    return NeedsPerson(sentence, problem.code, problem.line, problem.line_number)


def _rank(code: str) -> int:
    return ORDER.index(code) if code in ORDER else len(ORDER)


def _result(claim: Claim) -> Iterator[Problem]:
    """What the report says in a word; a parser also points at the line, and that goes first."""
    if claim.result in ("failed", "aborted", "exceptions"):
        yield _here(claim, claim.result)
    elif claim.result != "erased":
        yield _here(claim, "result_unsaid")
    if claim.verified == "none":
        yield _here(claim, "not_verified")
    elif claim.verified == "unknown":
        yield _here(claim, "verify_unsaid")


def _medium(claim: Claim, medium: Medium) -> Iterator[Problem]:
    if medium.failed:
        yield _here(claim, "failed_medium")
    if not serials.key(claim.serial):
        yield _here(claim, "serial_unsaid")
    elif serials.suspect(claim.serial, medium.serial_raw or medium.serial):
        yield _here(claim, "swapped")
    elif not serials.same(claim.serial, medium.serial):
        yield _here(claim, "wrong_serial", f"it is of {claim.serial}, not of {medium.serial}")
    if not medium.size_bytes:
        yield _here(claim, "size_unknown")
    elif claim.size_bytes is None:
        yield _here(claim, "size_unsaid")
    elif claim.size_bytes != medium.size_bytes:
        yield _here(
            claim, "wrong_size", f"{claim.size_bytes:,} bytes, not {medium.size_bytes:,} bytes"
        )


def _hidden(claim: Claim, medium: Medium, rules: Rules) -> Iterator[Problem]:
    """Sectors that the drive does not show keep what was on them (disposal §3.1, 4)."""
    if claim.hidden == "present":
        yield _here(claim, "hidden")
    elif (
        claim.hidden == "unknown" and medium.kind in _ATA and not rules.wiping.hidden_areas_unknown
    ):
        yield _here(claim, "hidden_unknown")


_Worth = tuple[Level, Technique]


def _worth(claim: Claim, medium: Medium, rules: Rules) -> tuple[_Worth | None, list[Problem]]:
    """What the technique is worth on such a medium: never more than the report itself says."""
    technique = next((one for one in get_args(Technique) if one == claim.technique), None)
    if technique is None:
        return None, [_here(claim, "technique_unsaid")]
    reached = rules.reached(technique, CLASS_OF[medium.kind])
    if reached is None:
        return None, [_here(claim, "not_allowed", claim.method)]
    return ("clear" if claim.level == "clear" else reached, technique), []


def _time(claim: Claim, window: Window) -> tuple[int, list[Problem]]:
    """A time without a zone is the school's or UTC, as bench systems have it; either may fit."""
    starts, ends = _epochs(claim.started, window.zone), _epochs(claim.finished, window.zone)
    if not ends:
        return 0, [_here(claim, "time_unsaid")]
    latest = window.closes + SLACK
    for start, end in zip(starts or ends, ends, strict=True):
        if window.opens - SLACK <= start <= end <= latest:
            return end, []
    early = min(starts or ends) < window.opens
    return 0, [_here(claim, "too_early" if early else "too_late", claim.finished)]


def _epochs(text: str, zone: str) -> list[int]:
    """What a time may mean; one value twice where it has an offset. Empty: no time."""
    try:
        at = datetime.datetime.fromisoformat(text)
        local = zoneinfo.ZoneInfo(zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return []
    if at.tzinfo is not None:
        return [int(at.timestamp())] * 2
    return [int(at.replace(tzinfo=one).timestamp()) for one in (local, datetime.UTC)]


def _here(claim: Claim, code: str, note: str = "") -> Problem:
    return Problem(code, claim.line_number, claim.line, quoted(note))
