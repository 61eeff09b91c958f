r"""`DynamicInfo` of a scheduled task (`…\Schedule\TaskCache\Tasks\{…}`): when it last ran, and how.

28 bytes (Windows 7, 8) or 36: a version (3), the time it was registered, the time it last began
(both FILETIME), a state, the code its last run ended with, and, where there are 36, when it last
ended well. Described by people who took it apart, not by Microsoft; never read on Windows by us.
"""

import struct
from typing import Final

import msgspec

from checks.formats.errors import ParseError

LENGTHS: Final = (28, 36)
VERSION: Final = 3
_LAYOUT: Final = struct.Struct("<IQQII")
_WORKED: Final = struct.Struct("<Q")
_EPOCH_1601: Final = 11_644_473_600
_LATEST: Final = 253_402_300_799


class TaskInfo(msgspec.Struct, frozen=True):
    """`ran_at` in epoch seconds UTC, None: never. `code` is 0 after a good run."""

    ran_at: int | None
    code: int
    worked_at: int | None = None
    """When it last ended well; None: never, or a value of before Windows 10 without that time."""
    has_worked_at: bool = False


def parse(data: bytes) -> TaskInfo:
    """Read the value. Raises ParseError for another length or version."""
    if len(data) not in LENGTHS:
        raise ParseError("not 28 or 36 bytes")
    version, _, began, _, code = _LAYOUT.unpack_from(data)
    if version != VERSION:
        raise ParseError("another version")
    if len(data) == LENGTHS[0]:
        return TaskInfo(_moment(began), code)
    return TaskInfo(_moment(began), code, _moment(_WORKED.unpack_from(data, LENGTHS[0])[0]), True)


def _moment(filetime: int) -> int | None:
    seconds = filetime // 10_000_000 - _EPOCH_1601
    return seconds if 0 < seconds < _LATEST else None
