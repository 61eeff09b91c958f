"""rsnapshot's log: which level ran when, and how it ended.

    [2026-11-22T16:14:21] /usr/bin/rsnapshot -c FILE alpha: started
    [2026-11-22T16:14:21] /usr/bin/rsnapshot -c FILE alpha: completed successfully
    [2026-11-22T16:14:21] … alpha: WARNING: … alpha: completed, but with some warnings
    [2026-11-22T16:14:21] … alpha: ERROR: …

Times are the machine's own clock, without its offset. One run may log many errors, and one that
stops at its own settings logs errors without having started: those of one hour are one run. A run
that neither ended nor failed is left out: it still runs, or the computer stopped. Paths in other
lines are not kept. Seen: rsnapshot 1.4.5 (Debian 12), its words also in its source.
"""

import datetime
import re
from typing import Final, Literal

import msgspec

End = Literal["worked", "warned", "failed"]

_LINE: Final = re.compile(rb"\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\] \S.{0,4000}? (\w{1,64}): (\S.*)")
_WORKED: Final = b"completed successfully"
_WARNED: Final = b"completed, but with some warnings"
_FAILED: Final = b"completed, but with some errors"
_HOUR: Final = len("2026-11-22T16")
LONGEST_LINE: Final = 4_096
_STARTED: Final = b"started"
"""Stands for an hour: a run that said it started has failed, however long it goes on."""


class Run(msgspec.Struct, frozen=True):
    """One run that ended: its level, its end, and the second by the clock on the machine's wall."""

    level: str
    end: End
    local: str


def parse(data: bytes) -> list[Run]:
    """The runs in the order they ended; several errors of one run are one."""
    runs: list[Run] = []
    failed_at: dict[bytes, bytes] = {}
    for line in data.split(b"\n"):
        found = _LINE.match(line[:LONGEST_LINE])
        if found is None or not _is_moment(found[1]):
            continue
        local, level, said = found[1], found[2], found[3].strip()
        end = _end(said)
        if said == b"started":
            failed_at[level] = b""
        elif end == "failed":
            before = failed_at.get(level)
            if not before or (before != _STARTED and before != local[:_HOUR]):
                runs.append(Run(level.decode(), end, local.decode()))
            failed_at[level] = _STARTED if before in (b"", _STARTED) else local[:_HOUR]
        elif end is not None:
            runs.append(Run(level.decode(), end, local.decode()))
        if said.endswith((_WORKED, _WARNED, _FAILED)):
            failed_at.pop(level, None)
    return runs


def _end(said: bytes) -> End | None:
    if said == _WORKED:
        return "worked"
    if said.startswith(b"WARNING: ") and said.endswith(_WARNED):
        return "warned"
    return "failed" if said.startswith(b"ERROR:") else None


def _is_moment(text: bytes) -> bool:
    try:
        datetime.datetime.fromisoformat(text.decode())
    except ValueError:
        return False
    return True
