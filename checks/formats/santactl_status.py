"""`santactl status --json`: how Santa decides on a Mac which programs may start."""

import msgspec

from checks.formats.errors import ParseError


class _Daemon(msgspec.Struct):
    mode: str = ""


class _File(msgspec.Struct):
    daemon: _Daemon


class Status(msgspec.Struct, frozen=True):
    """`mode` as printed: `Monitor`, `Lockdown`, `Standalone`; empty where it says none."""

    mode: str


def parse(data: bytes) -> Status:
    """Read the answer. Raises ParseError."""
    try:
        return Status(msgspec.json.decode(data, type=_File).daemon.mode)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"santactl: {error}") from error
