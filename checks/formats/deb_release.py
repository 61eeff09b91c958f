"""An archive's `Release` or `InRelease` file: which suite it is, and the day the archive made it.

The date is the archive's own, so unlike a file's time it tells how fresh the list is even when
fetching has been failing for weeks. The signature is apt's to check, not ours.
"""

import datetime
import email.utils

import msgspec

from checks.formats.errors import ParseError


class Release(msgspec.Struct, frozen=True):
    """The head of a release file; times are epoch seconds, None where not given."""

    origin: str
    label: str
    suite: str
    codename: str
    version: str
    dated_at: int | None
    valid_until: int | None


def parse(data: bytes) -> Release:
    """Read the fields before the list of hashes. Raises ParseError if it names no archive."""
    fields: dict[str, str] = {}
    for line in data[:65536].decode("utf-8", "replace").splitlines():
        key, colon, value = line.partition(":")
        if colon and key and not key[0].isspace():
            fields.setdefault(key, value.strip())
    if not any(fields.get(key) for key in ("Origin", "Label", "Suite", "Codename")):
        raise ParseError("names no archive")
    return Release(
        fields.get("Origin", ""),
        fields.get("Label", ""),
        fields.get("Suite", ""),
        fields.get("Codename", ""),
        fields.get("Version", ""),
        _epoch(fields.get("Date", "")),
        _epoch(fields.get("Valid-Until", "")),
    )


def _epoch(text: str) -> int | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return int(moment.timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
