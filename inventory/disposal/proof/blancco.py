"""From Blancco's XML to claims, one for each erasure. «Erased with exceptions» never closes by
itself: remapped or hidden sectors may hold what was on them (disposal §2.5)."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from checks.formats.blancco_xml import Erasure, Value
from inventory.disposal import serials
from inventory.disposal.proof.claims import Claim, Problem, Result, Verified, quoted

_RESULTS: Final[dict[str, Result]] = {
    "successful": "erased",
    "erased": "erased",
    "erased with exceptions": "exceptions",
    "successful with exceptions": "exceptions",
    "failed": "failed",
    "not erased": "failed",
    "unsuccessful": "failed",
    "cancelled": "aborted",
    "canceled": "aborted",
    "aborted": "aborted",
    "interrupted": "aborted",
    "in progress": "aborted",
}
_COUNTS: Final = ("failed_sectors", "total_errors", "read_errors", "write_errors", "verify_errors")
_READ_BACK: Final = ("verification", "verification_percentage", "verified_percentage")
_NUMBER: Final = re.compile(r"\d{1,18}")


def claims(erasures: list[Erasure]) -> list[Claim]:
    """One claim for each erasure, in the file's order; one drive twice is a problem of both."""
    count = Counter(serials.key(_text(one, "target.serial")) for one in erasures)
    twice = {key for key, times in count.items() if key and times > 1}
    return [_claim(one, twice) for one in erasures]


def _claim(erasure: Erasure, twice: set[str]) -> Claim:
    state = _text(erasure, "state").casefold()
    result = _RESULTS.get(state, "unknown")
    problems = list(_problems(erasure, result, twice))
    if result == "erased" and any(one.code == "exceptions" for one in problems):
        result = "exceptions"
    serial = _first(erasure, "target.serial")
    standard = _text(erasure, "erasure_standard_name")
    return Claim(
        source="blancco-xml",
        serial=serial.text if serial else "",
        model=" ".join((_text(erasure, "target.vendor"), _text(erasure, "target.model"))).strip(),
        size_bytes=_whole(_text(erasure, "target.capacity")),
        method=standard,
        technique=_technique(erasure),
        level="clear" if _whole(_text(erasure, "firmware_rounds")) == 0 else "",
        tool=erasure.product or "Blancco",
        tool_version=erasure.version,
        passes=_whole(_text(erasure, "total_erasure_rounds")),
        verified=_verified(erasure),
        started=_text(erasure, "start_time") or _text(erasure, "timestamp"),
        finished=_text(erasure, "end_time") or _text(erasure, "timestamp"),
        result=result,
        hidden="unknown",
        line_number=serial.place if serial else erasure.place,
        line=quoted(f"serial: {serial.text}") if serial else "",
        problems=problems,
    )


def _problems(erasure: Erasure, result: Result, twice: set[str]) -> Iterator[Problem]:
    states = erasure.values.get("state", [])
    if not states:
        yield Problem("missing", erasure.place, note="the erasure's state")
    elif result != "erased":
        yield _at("status_unknown" if result == "unknown" else result, "state", states[0])
    yield from (_at("differs", "state", state) for state in states[1:])
    for name, values in erasure.values.items():
        yield from (_at(code, name, one) for one in values if (code := _against(name, one)))
    named = erasure.values.get("target.serial", [])
    if not named:
        yield Problem("serial_missing", erasure.place)
    yield from (_at("serial_differs", "serial", serial) for serial in named[1:])
    if serials.key(_text(erasure, "target.serial")) in twice:
        yield _at("serial_twice", "serial", named[0])


def _against(name: str, value: Value) -> str:
    """The problem that a value is, "" for none."""
    words = name.split(".")
    if "exception" in words or "exceptions" in words:
        return "exceptions"
    if "failure" in words:
        return "failed"
    return "errors_counted" if words[-1] in _COUNTS and _whole(value.text) != 0 else ""


def _technique(erasure: Erasure) -> str:
    """Firmware rounds may be any of several commands, so only a plain overwrite is known."""
    overwriting = _whole(_text(erasure, "overwriting_rounds"))
    return "overwrite" if overwriting and _whole(_text(erasure, "firmware_rounds")) == 0 else ""


def _verified(erasure: Erasure) -> Verified:
    for name in _READ_BACK:
        said = _text(erasure, name).casefold().removesuffix("%").strip()
        if said in ("100", "full"):
            return "last"
        if said in ("0", "none", "off"):
            return "none"
    return "unknown"


def _first(erasure: Erasure, name: str) -> Value | None:
    return next(iter(erasure.values.get(name, [])), None)


def _text(erasure: Erasure, name: str) -> str:
    value = _first(erasure, name)
    return value.text if value else ""


def _whole(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and text.isascii() else None


def _at(code: str, name: str, value: Value) -> Problem:
    return Problem(code, value.place, quoted(f"{name}: {value.text}"))
