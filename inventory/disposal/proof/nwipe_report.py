"""From a PDF report of nwipe to claims. It is not signed and does not say what was read back, so it
is never enough without the log of the same run; what it says of failures counts at once."""

import re
from collections.abc import Iterator
from typing import Final

from checks.formats.nwipe_pdf import Drive, Field, Report
from inventory.disposal.proof.claims import Claim, Hidden, Problem, Result, Verified, quoted
from inventory.disposal.proof.nwipe_steps import PASSES

_BYTES: Final = re.compile(r".{0,20}, ?(\d{1,20}) ?(?:bytes|B|b)")
_TIME: Final = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)")
_RESULTS: Final[dict[str, Result]] = {"ERASED": "erased", "FAILED": "failed", "ABORTED": "aborted"}
_VERIFIED: Final[dict[str, Verified]] = {"Last": "last", "All": "full", "None": "none"}
_HIDDEN: Final[dict[str, Hidden]] = {
    "Not applicable": "not-applicable",
    "No hidden sectors": "none",
    "No hidden sectors **DDNSHDA": "none",
    "Hidden sectors found!": "present",
}


def claims(report: Report) -> list[Claim]:
    """One claim for each drive in the report."""
    return [_claim(drive, report.version) for drive in report.drives]


def _claim(drive: Drive, version: str) -> Claim:
    method, status = _value(drive, "method"), _value(drive, "status")
    size = _BYTES.fullmatch(_value(drive, "size"))
    serial = drive.fields.get("serial")
    return Claim(
        source="nwipe-pdf",
        serial="" if _value(drive, "serial") == "Unknown" else _value(drive, "serial"),
        model=_value(drive, "model"),
        size_bytes=int(size[1]) if size else None,
        method=method,
        technique="overwrite" if method in PASSES else "",
        tool="nwipe",
        tool_version=version,
        verified=_VERIFIED.get(_value(drive, "verify"), "unknown"),
        started=_time(_value(drive, "started")),
        finished=_time(_value(drive, "finished")),
        result=_RESULTS.get(status, "unknown"),
        hidden=_HIDDEN.get(_value(drive, "hidden"), "unknown"),
        bus=_value(drive, "bus"),
        line_number=serial.page if serial else 0,
        line=_line(serial) if serial else "",
        problems=list(_problems(drive)),
    )


def _problems(drive: Drive) -> Iterator[Problem]:
    codes = {"FAILED": "failed", "ABORTED": "aborted", "ERASED": ""}
    status = drive.fields.get("status")
    if status is None:
        yield Problem("missing", note="the drive's status")
    elif code := codes.get(status.value, "status_unknown"):
        yield _at(code, status)
    errors = drive.fields.get("errors")
    if errors is None or set(errors.value) - {"0", "/"}:
        yield _at("errors_counted", errors) if errors else Problem("missing", note="the errors")
    verify = drive.fields.get("verify")
    if verify and verify.value == "None":
        yield _at("not_verified", verify)
    hidden = drive.fields.get("hidden")
    if hidden and _HIDDEN.get(hidden.value) == "present":
        yield _at("hidden", hidden)
    rounds = drive.fields.get("rounds")
    done, _, asked = rounds.value.partition("/") if rounds else ("", "", "")
    if rounds and (done != asked or not done):
        yield _at("incomplete", rounds)
    serial = drive.fields.get("serial")
    if serial and serial.value in ("", "Unknown"):
        yield _at("serial_missing", serial)
    where = status or serial
    yield _at("pdf_alone", where) if where else Problem("pdf_alone")


def _value(drive: Drive, name: str) -> str:
    field = drive.fields.get(name)
    return field.value if field else ""


def _time(text: str) -> str:
    found = _TIME.fullmatch(text)
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}" if found else ""


def _line(field: Field) -> str:
    return quoted(f"{field.label} {field.value}".strip())


def _at(code: str, field: Field) -> Problem:
    return Problem(code, field.page, _line(field))
