"""`xprotect status` and `xprotect version` of macOS 15 and later: whether the antivirus built into
macOS looks at programs when they start and at the disk now and then, and how new its rules are.

Lines `Key: value`, never translated. Traps: `version` puts two keys on one line; the moment is when
this Mac got the rules, with its offset from UTC.
"""

import datetime
import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_LONGEST: Final = 10_000
_SCAN: Final = re.compile(
    r"^XProtect (launch|background) scans: (enabled|disabled)\s*$", re.MULTILINE
)
_VERSION: Final = re.compile(r"^Version: ([0-9][0-9.]{0,20})(?:\s|$)", re.MULTILINE)
_AT: Final = re.compile(
    r"\bInstalled: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\s*$", re.MULTILINE | re.ASCII
)


class Status(msgspec.Struct, frozen=True):
    """Which scans are switched on. None = the line is not there."""

    launch: bool | None
    background: bool | None


class Rules(msgspec.Struct, frozen=True):
    """The rules in use; when they came, epoch seconds UTC, None = it does not say."""

    version: str
    installed_at: int | None


def parse_status(data: bytes) -> Status:
    """Read `xprotect status`. Raises ParseError where it says nothing of either scan."""
    found = dict(_SCAN.findall(_text(data)))
    if not found:
        raise ParseError("xprotect status: no line that is known")
    words = {None: None, "enabled": True, "disabled": False}
    return Status(words[found.get("launch")], words[found.get("background")])


def parse_version(data: bytes) -> Rules:
    """Read `xprotect version`. Raises ParseError."""
    text = _text(data)
    version, at = _VERSION.search(text), _AT.search(text)
    if version is None:
        raise ParseError("xprotect version: no version")
    return Rules(version[1], None if at is None else _epoch(at[1]))


def _text(data: bytes) -> str:
    return data[:_LONGEST].decode("utf-8", "replace")


def _epoch(text: str) -> int | None:
    try:
        at = int(datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").timestamp())
    except (ValueError, OverflowError) as error:
        raise ParseError("xprotect version: no such moment") from error
    return at if at > 0 else None
