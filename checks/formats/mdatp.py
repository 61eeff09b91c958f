"""`mdatp health`: Microsoft Defender for Endpoint on Linux and macOS, as JSON or as lines.

Traps: `healthy: true` stands beside real-time protection off and passive mode, so only
`realTimeProtectionEnabled.value` counts; times are milliseconds since the epoch as text, in lines
the machine's own time without an offset, read as UTC; a value may be wrapped as `{"value": …,
"source": …}` or stand bare; a status is `{"$type": "upToDate"}`; in lines a value may be followed
by ` [managed]`.
"""

import datetime
import re
from typing import Any, Final

import msgspec

from checks.formats.errors import ParseError

_LINE: Final = re.compile(r"^([a-z][a-z0-9_]{2,60}) *: (.*)$")
_WORDS: Final = re.compile(r"_([a-z0-9])")
_MONTHS: Final = {
    name: place
    for place, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_TIME: Final = re.compile(
    r"^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) at (\d{1,2}):(\d\d):(\d\d)\s?([AP]M)?$", re.ASCII
)
_LARGEST: Final = 1 << 40


class Health(msgspec.Struct, frozen=True):
    """What is used of the answer. None = the field is not there. Times are epoch seconds UTC."""

    realtime: bool | None
    passive: bool | None
    definitions_version: str | None
    definitions_at: int | None
    version: str | None
    engine_version: str | None = None
    definitions_status: str | None = None
    """`upToDate` or `up_to_date`, `outdated`, `notLoaded` …"""
    healthy: bool | None = None
    health_issues: list[str] = []
    licensed: bool | None = None
    managed_by: str | None = None
    """`MDE`, `Intune` …; whether anyone beyond this machine decides."""
    tamper_protection: str | None = None
    expires_at: int | None = None
    """The day this version stops."""


def parse(data: bytes) -> Health:
    """Read the answer. Raises ParseError."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    said = _of_json(data) if data.lstrip()[:1] == b"{" else _of_lines(data)
    return Health(
        realtime=_truth(said, "realTimeProtectionEnabled"),
        passive=_truth(said, "passiveModeEnabled"),
        definitions_version=_word(said, "definitionsVersion"),
        definitions_at=_time(said, "definitionsUpdated"),
        version=_word(said, "appVersion"),
        engine_version=_word(said, "engineVersion"),
        definitions_status=_word(said, "definitionsStatus"),
        healthy=_truth(said, "healthy"),
        health_issues=_list(said, "healthIssues"),
        licensed=_truth(said, "licensed"),
        managed_by=_word(said, "managedBy"),
        tamper_protection=_word(said, "tamperProtection"),
        expires_at=_time(said, "productExpiration"),
    )


def _of_json(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"mdatp health: {error}") from error


def _of_lines(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        row = _LINE.match(line.strip())
        if row:
            key = _WORDS.sub(lambda part: part[1].upper(), row[1])
            found.setdefault(key, _plain(row[2].strip().removesuffix("[managed]").strip()))
    if "realTimeProtectionEnabled" not in found:
        raise ParseError("mdatp health: neither JSON nor its lines")
    return found


def _plain(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    if text.startswith("[") and text.endswith("]"):
        return [part.strip().strip('"') for part in text[1:-1].split(",") if part.strip()]
    return text.strip('"')


def _bare(said: dict[str, Any], key: str) -> object:
    value = said.get(key)
    if isinstance(value, dict):
        value = value.get("value", value.get("$type"))
    return value


def _truth(said: dict[str, Any], key: str) -> bool | None:
    value = _bare(said, key)
    if value is None or isinstance(value, bool):
        return value
    if value in ("unavailable", "unknown", ""):
        return None
    raise ParseError(f"mdatp health: {key} is neither true nor false")


def _word(said: dict[str, Any], key: str) -> str | None:
    value = _bare(said, key)
    if value is None or isinstance(value, str):
        return value or None
    raise ParseError(f"mdatp health: {key} is no text")


def _list(said: dict[str, Any], key: str) -> list[str]:
    value = _bare(said, key)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _time(said: dict[str, Any], key: str) -> int | None:
    """Milliseconds, or a day with a clock. Raises ParseError."""
    value = _bare(said, key)
    if value in (None, "", "unavailable"):
        return None
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) < 18:
        at = int(text) // 1000
        return at if 0 < at < _LARGEST else None
    row = _TIME.match(text.replace("\u202f", " "))
    if row is None or row[1] not in _MONTHS:
        raise ParseError(f"mdatp health: {key} is no time")
    hour = int(row[4]) if not row[7] else int(row[4]) % 12 + (12 if row[7] == "PM" else 0)
    day = (int(row[3]), _MONTHS[row[1]], int(row[2]))
    try:
        moment = datetime.datetime(*day, hour, int(row[5]), int(row[6]), tzinfo=datetime.UTC)
    except ValueError as error:
        raise ParseError(f"mdatp health: {key} is no time") from error
    return int(moment.timestamp())
