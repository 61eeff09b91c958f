"""Homebrew's `INSTALL_RECEIPT.json`, one beside each installed formula.

Traps: `installed_on_request` is missing in receipts of old releases, and `null` in some; `time` is
seconds, in some with a fraction.
"""

import math

import msgspec

from checks.formats.errors import ParseError

_LATEST = 1 << 40


class _File(msgspec.Struct):
    installed_on_request: bool | None = None
    time: int | float | None = None


class Receipt(msgspec.Struct, frozen=True):
    """Whether somebody asked for the formula (None: it does not say), and when, epoch seconds."""

    on_request: bool | None
    installed_at: int | None


def parse(data: bytes) -> Receipt:
    """Read the receipt. Raises ParseError."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"homebrew: {error}") from error
    known = file.time is not None and math.isfinite(file.time) and 0 < file.time < _LATEST
    return Receipt(file.installed_on_request, int(file.time) if known and file.time else None)
