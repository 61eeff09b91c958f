"""From what a drive says of itself (NVMe's sanitize log, hdparm) to claims.

The drive's own word is good evidence that a firmware command ended, and of nothing else: the
sanitize log names no drive, so a person says which it was (disposal §2.2, §2.3).
"""

from collections.abc import Iterator
from typing import Final

from checks.formats.hdparm import Drive
from checks.formats.nvme_sanitize_log import DONE, Log
from inventory.disposal.proof.claims import Claim, Hidden, Problem, Result, quoted

_ACTIONS: Final = {
    "block_erase": ("Sanitize block erase", "block_erase"),
    "overwrite": ("Sanitize overwrite", "firmware_overwrite"),
    "crypto_erase": ("Sanitize crypto erase", "crypto_erase"),
}
_RESULTS: Final[dict[str, Result]] = {
    "completed": "erased",
    "completed_no_deallocate": "erased",
    "failed": "failed",
}


def sanitize_claims(log: Log, lines: list[str]) -> list[Claim]:
    """The one claim of a sanitize log: how the operation ended, of a drive that it leaves out."""
    method, technique = _ACTIONS.get(log.action, ("", ""))
    result = _RESULTS.get(log.state, "unknown")
    return [
        Claim(
            source="nvme-sanitize-log",
            serial="",
            method=method,
            technique=technique,
            tool="nvme-cli",
            passes=log.passes or None,
            result=result,
            hidden="not-applicable",
            bus="NVME",
            line_number=log.places.get("status", 0),
            line=_line(lines, log.places.get("status", 0)),
            problems=list(_of_log(log, lines)),
        )
    ]


def _of_log(log: Log, lines: list[str]) -> Iterator[Problem]:
    place = log.places.get("status", 0)
    codes = {"never": "never", "in_progress": "in_progress", "failed": "failed"}
    code = codes.get(log.state, "" if log.state else "status_unknown")
    if code:
        yield Problem(code, place, _line(lines, place))
    if log.progress != DONE:
        at = log.places.get("progress", 0)
        yield Problem("in_progress", at, _line(lines, at))
    if log.global_erased is False:
        yield Problem("written_since", place, _line(lines, place))


def hdparm_claims(drive: Drive, lines: list[str]) -> list[Claim]:
    """What hdparm says: who the drive is, what it hides, and how its last sanitize operation
    ended. Which operation that was it does not say."""
    hidden: dict[bool | None, Hidden] = {True: "present", False: "none", None: "unknown"}
    place = drive.places.get("serial", 0)
    return [
        Claim(
            source="hdparm-identify",
            serial=drive.serial,
            model=drive.model,
            size_bytes=drive.size_bytes,
            tool="hdparm",
            result=_ended(drive),
            hidden=hidden[drive.hidden],
            bus="ATA",
            line_number=place,
            line=_line(lines, place),
            problems=list(_of_drive(drive, lines)),
        )
    ]


def _ended(drive: Drive) -> Result:
    if drive.sanitize_state == "failed" or drive.sanitize_done is False:
        return "failed"
    return "erased" if drive.sanitize_done and drive.sanitize_state == "idle" else "unknown"


def _of_drive(drive: Drive, lines: list[str]) -> Iterator[Problem]:
    place = drive.places.get("sanitize", 0)
    if drive.sanitize_state == "in_progress":
        yield Problem("in_progress", place, _line(lines, place))
    elif _ended(drive) == "failed":
        yield Problem("failed", place, _line(lines, place))
    elif _ended(drive) == "unknown":
        at = drive.places.get("serial", place)
        yield Problem("not_evidence", at, _line(lines, at))
    if drive.hidden:
        at = drive.places.get("hidden", 0)
        yield Problem("hidden", at, _line(lines, at))


def _line(lines: list[str], place: int) -> str:
    return quoted(lines[place - 1].strip()) if 0 < place <= len(lines) else ""
