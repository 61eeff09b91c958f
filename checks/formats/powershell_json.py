"""What `ConvertTo-Json` prints: rows, whichever PowerShell wrote them.

Traps: Windows PowerShell 5.1 prints one object alone and nothing for none, dates as `/Date(…)/` or
as an object around it, and `#< CLIXML` or warnings before the JSON; 7 prints dates in ISO 8601.
Below `-Depth` objects became text, which nobody can turn back. Dates become ISO 8601 UTC, those
that mean never (years 1 and 1601) None, and passwords are left out.
"""

import datetime
import json
import re
from typing import Any, Final

from checks.formats import secret_values, windows_text
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 24
DEEPEST: Final = 32
MOST: Final = 400_000
"""Values in all."""

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DATE: Final = re.compile(r"\\?/Date\((-?\d{1,17})(?:[+-]\d{4})?\)\\?/")
_ISO: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_CLIXML: Final = "#< CLIXML"
_START: Final = re.compile(r"\{|\[\s*(?:$|[\[\]{\"\d-]|true\b|false\b|null\b)")
_NEVER: Final = 1601
"""Years up to this one are zero in one of Windows' clocks."""


def parse(data: bytes) -> list[Any]:
    """The rows, none for no output: objects mostly. Raises ParseError."""
    found = _found(windows_text.decode(data, LONGEST).replace("\0", ""))
    rows = found if isinstance(found, list) else [] if found is None else [found]
    return [_Plain().value("", row, 0) for row in rows] if len(rows) <= MOST else _refuse()


def _found(text: str) -> Any:
    """From the first line that begins JSON on: warnings and progress stand before it, and a warning
    may begin with a bracket as well. Rows printed one by one have a line each.
    """
    if text.lstrip().startswith(_CLIXML):
        text = text.partition("</Objs>")[2]
    lines = [line.lstrip("\ufeff \t\r") for line in text.split("\n")]
    start = next((place for place, line in enumerate(lines) if _START.match(line)), 0)
    rows = [line.rstrip() for line in lines[start:] if line.strip()]
    if len(rows) > 1 and all(row.startswith("{") and row.endswith("}") for row in rows):
        return [_decoded(row) for row in rows]
    return _decoded("\n".join(lines[start:]))


def _decoded(text: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_int=_whole, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ParseError("powershell: nested too deeply") from error
    except ValueError as error:
        raise ParseError("powershell: not JSON") from error


def _whole(text: str) -> int | float:
    """A number of a thousand digits takes long to read, and none is meant."""
    return int(text) if len(text) <= 20 else 0.0


def _refuse() -> list[Any]:
    raise ParseError("powershell: too many values")


class _Plain:
    """Turns decoded JSON into what the readers expect, counting as it goes."""

    def __init__(self) -> None:
        self._count = 0

    def value(self, name: str, value: Any, depth: int) -> Any:
        self._count += 1
        if self._count > MOST or depth > DEEPEST:
            raise ParseError("powershell: too many values, or nested too deeply")
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return [self.value(name, one, depth + 1) for one in value]
        if isinstance(value, str):
            return _text(name, value)
        return value

    def _object(self, value: dict[str, Any], depth: int) -> Any:
        # 5.1 wraps a date, and a list that went through Select-Object, in an object of its own.
        if value.keys() >= {"value", "DateTime"} or value.keys() == {"value", "Count"}:
            return self.value("", value["value"], depth + 1)
        return {_whole_text(key): self.value(key, one, depth + 1) for key, one in value.items()}


def _text(name: str, value: str) -> str | None:
    if found := _DATE.fullmatch(value):
        try:
            return _iso(_EPOCH + datetime.timedelta(milliseconds=int(found[1])))
        except OverflowError:
            return None
    if found := _ISO.fullmatch(value):
        try:
            zone = found[3].replace("Z", "+00:00")
            moment = datetime.datetime.fromisoformat(found[1] + zone)
            return _iso(moment.astimezone(datetime.UTC), found[2] or "")
        except (ValueError, OverflowError):
            return None if found[1].startswith("0001") else value
    return secret_values.without(name, _whole_text(value))


def _whole_text(value: str) -> str:
    """Half a character, which an escape may name, is none."""
    if value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _iso(moment: datetime.datetime, fraction: str = "") -> str | None:
    if moment.year <= _NEVER:
        return None
    if not fraction and moment.microsecond:
        fraction = f"{moment.microsecond:06d}"
    seconds = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{seconds}.{fraction}Z" if fraction else f"{seconds}Z"
