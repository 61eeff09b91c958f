"""`settings.json` of ESET Endpoint on macOS: what its own window shows of its protection.

One large tree; read is only whether files are scanned as they are opened, a number in
`State.ProtectionStatus.RTFSEnabled.Active.ce_val`.
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError

_PATH: Final = ("State", "ProtectionStatus", "RTFSEnabled", "Active", "ce_val")


class State(msgspec.Struct, frozen=True):
    """What is used of it. None = it does not say."""

    realtime: bool | None


def parse(data: bytes) -> State:
    """Read the file. Raises ParseError."""
    try:
        place: object = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"ESET settings: {error}") from error
    if not isinstance(place, dict):
        raise ParseError("ESET settings: no object")
    for key in _PATH:
        place = place.get(key) if isinstance(place, dict) else None
    if place is None:
        return State(None)
    if place not in (0, 1) or isinstance(place, float):
        raise ParseError("ESET settings: neither on nor off")
    return State(bool(place))
