"""`passwd -S`: one account a line, with how its password is kept and how old it may grow.

Shadow-utils and RHEL's own program agree on the first fields (name, status, day of the last change,
fewest and most days), and both write more after them. The status is L or LK (locked), NP (none, so
anybody may sign in where PAM allows that), P or PS (set). The hash itself is never asked for.
"""

import datetime
import re
from typing import Final, Literal

import msgspec

State = Literal["locked", "blank", "set"]

_STATES: Final[dict[str, State]] = {
    **dict.fromkeys(("L", "LK"), "locked"),
    "NP": "blank",
    **dict.fromkeys(("P", "PS"), "set"),
}
_LINE: Final = re.compile(
    r"(?P<name>[^\s:]{1,256}) (?P<state>LK?|NP|PS?) (?P<day>[\d/-]{8,10}|never)"
    r"(?: -?\d{1,10} (?P<most>-?\d{1,10})\b.*)?"
)
_ENDLESS: Final = 9_999
"""Days; 99999 is how shadow-utils writes "never", and nobody waits 27 years."""


class Status(msgspec.Struct, frozen=True):
    """One account's password."""

    name: str
    state: State
    changed_at: int | None
    """Epoch seconds of the day it was last changed; None: nobody knows."""
    most_days: int | None
    """Days after which it must be changed; None: never."""


def parse(data: bytes) -> list[Status]:
    """Every well-formed line; others (warnings) are skipped."""
    lines = (_LINE.fullmatch(line) for line in data.decode("utf-8", "replace").splitlines())
    return [_status(found) for found in lines if found]


def _status(found: re.Match[str]) -> Status:
    most = int(found["most"] or -1)
    return Status(
        name=found["name"],
        state=_STATES[found["state"]],
        changed_at=_epoch(found["day"]),
        most_days=most if 0 <= most < _ENDLESS else None,
    )


def _epoch(day: str) -> int | None:
    """`2026-11-22`, or `11/22/2026` as older releases write it; the epoch itself means "never"."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            when = datetime.datetime.strptime(day, form).replace(tzinfo=datetime.UTC)
        except ValueError:
            continue
        return int(when.timestamp()) or None
    return None
