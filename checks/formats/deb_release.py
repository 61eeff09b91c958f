"""An archive's `Release` or `InRelease` file: which suite it is, and the day the archive made it.

The date is the archive's own, so unlike a file's time it tells how fresh the list is even when
fetching has been failing for weeks. The signature is apt's to check, not ours.
"""

import datetime
import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

# By hand, because email.utils and strptime each take longer to load than the whole file to read.
_DATE: Final = re.compile(
    r"^(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:UTC|GMT|[+-]0000)$"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"


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
    match = _DATE.match(text)
    at = -1 if match is None else _MONTHS.find(match[2])
    if match is None or at % 3:
        return None
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    try:
        moment = datetime.datetime(
            year, at // 3 + 1, day, hour, minute, second, tzinfo=datetime.UTC
        )
    except ValueError:
        return None
    return int(moment.timestamp())
