"""What PowerShell is asked and what its answers mean; nothing here starts anything.

Traps: Windows PowerShell 5.1 makes a list of one item that item, may wrap a list as `{"value",
"Count"}`, and older moments look like `/Date(…)/`; `-EncodedCommand` wants UTF-16LE.
"""

import base64
import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from checks.host import CannotLook, WmiRows
from checks.unseen import Reason

FLAGS: Final = (
    *("-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass"),
    *("-InputFormat", "Text", "-OutputFormat", "Text", "-EncodedCommand"),
)
LINE_LIMIT: Final = 8 << 20
"""Bytes of one answer at most."""
_ROWS = 10_000

_CLASS: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}( WHERE [ -~]{1,400})?")
_NAMESPACE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([/\\][A-Za-z_][A-Za-z0-9_]*)*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_CODE: Final = re.compile(r"0x[0-9A-Fa-f]{8}")
_OLD_DATE: Final = re.compile(r"/Date\((-?[0-9]{1,17})\)/")

_REASONS: Final[dict[int, Reason]] = {
    0x80041003: "denied",  # WBEM_E_ACCESS_DENIED
    0x80041062: "denied",  # WBEM_E_PRIVILEGE_NOT_HELD
    0x80070005: "denied",  # E_ACCESSDENIED
    0x80041010: "unsupported",  # WBEM_E_INVALID_CLASS: this machine has no such class
    0x8004100E: "unsupported",  # WBEM_E_INVALID_NAMESPACE
    0x80041013: "unsupported",  # WBEM_E_PROVIDER_LOAD_FAILURE
    0x80041014: "unsupported",  # WBEM_E_INITIALIZATION_FAILURE
    0x8004100C: "unsupported",  # WBEM_E_NOT_SUPPORTED
    0x80041017: "unsupported",  # WBEM_E_INVALID_QUERY
    0x80041069: "timeout",  # WBEM_E_TIMED_OUT
    0x00040004: "timeout",  # WBEM_S_TIMEDOUT
    0x8004106C: "too-large",  # WBEM_E_QUOTA_VIOLATION
}


def encoded(script: str) -> str:
    """A script as `-EncodedCommand` takes it."""
    return base64.b64encode(script.encode("utf-16-le")).decode("ascii")


def question(number: int, cls: str, namespace: str, properties: Sequence[str]) -> bytes:
    """One line for PowerShell. Raises CannotLook for what is no question.

    `cls` may have a condition: `Win32_Group WHERE SID='S-1-5-32-544'`.
    """
    sound = _CLASS.fullmatch(cls) and _NAMESPACE.fullmatch(namespace) and properties
    if not sound or not all(_NAME.fullmatch(name) for name in properties):
        raise CannotLook("unsupported", f"{cls[:80]!r} is no class of WMI")
    asked = {
        "id": number,
        "namespace": namespace.replace("\\", "/"),
        "query": f"SELECT {','.join(properties)} FROM {cls}",  # noqa: S608  (WQL, of names just checked)
        "all": f"SELECT * FROM {cls}",  # noqa: S608  (as above)
        "properties": list(properties),
    }
    return json.dumps(asked, ensure_ascii=True).encode("ascii") + b"\n"


def numbered(line: bytes, number: int) -> bytes:
    """A question under another number."""
    asked = {**json.loads(line), "id": number}
    return json.dumps(asked, ensure_ascii=True).encode("ascii") + b"\n"


def far_question(number: int, ask: str, words: Mapping[str, object]) -> bytes:
    """One line for `far.ps1`."""
    return json.dumps({"id": number, "ask": ask, **words}, ensure_ascii=True).encode() + b"\n"


def given(line: bytes, number: int) -> Any:
    """What an answer gives, JSON of any shape. Raises CannotLook."""
    return _unwrapped(_sound(line, number).get("gives"))


def rows(line: bytes, number: int, properties: Sequence[str]) -> WmiRows:
    """The rows in an answer. Raises CannotLook."""
    found = _unwrapped(_sound(line, number).get("rows"))
    if found is None:
        found = []
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise CannotLook("parse-error", "PowerShell gave no rows")
    if len(found) > _ROWS:
        raise CannotLook("too-large", "rows")
    return [{name: _value(row.get(name)) for name in properties} for row in found]


def _sound(line: bytes, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CannotLook("parse-error", "PowerShell") from error
    if not isinstance(said, dict) or said.get("id") != number:
        raise CannotLook("parse-error", "PowerShell answered something else")
    if "error" in said:
        raise CannotLook(reason(str(said["error"])), str(said["error"])[:200])
    return said


def reason(error: str) -> Reason:
    """Why PowerShell could not look, by the number in its error, never by its words."""
    found = _CODE.search(error)
    if found:
        return _REASONS.get(int(found[0], 16), "crashed")
    if any(word in error for word in ("SecurityException", "UnauthorizedAccess", "denied")):
        return "denied"
    return "tool-missing" if "CommandNotFound" in error else "crashed"


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"value", "Count"}:
        return value["value"]
    return value


def _value(given: Any) -> int | str | bool | list[int] | list[str] | None:
    value = _unwrapped(given)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    if isinstance(value, str):
        return _moment(value)
    if isinstance(value, list):
        whole = [one for one in value if isinstance(one, int) and not isinstance(one, bool)]
        if len(whole) == len(value):
            return whole
        return [_said(one) for one in value if one is not None]
    raise CannotLook("parse-error", "a value that is none")


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _moment(said: str) -> str:
    """A moment of the older kind as ISO 8601; any other text as it is, half characters replaced."""
    old = _OLD_DATE.fullmatch(said)
    if old is None:
        return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    try:
        return (start + datetime.timedelta(milliseconds=int(old[1]))).isoformat()
    except OverflowError as error:
        raise CannotLook("parse-error", "no moment") from error
