"""`bduitool get ps`: the state of Bitdefender Endpoint Security Tools on Linux, `Key: value` lines.

Some lines are indented bullets (` - Antimalware status: On`). The update time reads
`2023-08-24 at 11:44:37 GMT+2`, the offset in hours and optionally minutes.
"""

import datetime
import re

import msgspec

from checks.formats.errors import ParseError

_LINE = re.compile(r"^(?:- +)?([A-Z][^:]{1,60}):\s+(\S.*)$")
_TIME = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d) at (\d\d):(\d\d):(\d\d)(?: GMT([+-]\d{1,2})?(?::?(\d\d))?)?$"
)


class State(msgspec.Struct, frozen=True):
    """What is used of the answer. None = the line is not there. `updated_at` is epoch seconds
    UTC."""

    version: str | None
    engines: str | None
    antimalware: bool | None
    updated_at: int | None
    newer_content: bool | None = None
    """Newer definitions are there and not installed yet."""
    scan_type: str | None = None


def parse(data: bytes) -> State:
    """Read the lines. Raises ParseError if none is known, or for an impossible time."""
    lines = (_LINE.match(line.strip()) for line in data.decode("utf-8", "replace").splitlines())
    pairs = {match[1]: match[2] for match in lines if match}
    if not pairs.keys() & {"Product version", "Antimalware status"}:
        raise ParseError("bduitool: no line that is known")
    status = pairs.get("Antimalware status")
    updated = pairs.get("Last security content update")
    return State(
        pairs.get("Product version"),
        pairs.get("Engines version"),
        None if status is None else status == "On",
        None if updated is None else _epoch(updated),
        _yes(pairs.get("New security content available")),
        pairs.get("Currently used scan type") or pairs.get("Installed scan type"),
    )


def _yes(text: str | None) -> bool | None:
    return None if text is None else text.strip().lower() == "yes"


def _epoch(text: str) -> int:
    match = _TIME.match(text)
    if match is None:
        raise ParseError("bduitool: a time of another form")
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    hours, minutes = int(match[7] or 0), int(match[8] or 0)
    offset = datetime.timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes)
    try:
        zone = datetime.timezone(offset)
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise ParseError(f"bduitool: {error}") from error
    return int(moment.timestamp())
