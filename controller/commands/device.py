"""Show one computer: what needs attention, why, and how to fix it. Exit 2 when a check fails."""

import argparse
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.catalogue import catalogue
from checks.verdicts import SEVERITIES
from checks.words import clean, sentence
from controller.commands import shared
from controller.commands.exits import FAILED, OK
from controller.commands.fleet import heard

if TYPE_CHECKING:  # models can be imported only after Django is set up
    from controller.fleet.models import Device, Verdict

WIDTH = 80
_HEADINGS = {
    "fail": "Needs attention",
    "warn": "Could be better",
    "unknown": "Couldn't be checked",
    "pass": "Fine",
}
_MARKS = {"fail": "FAIL", "warn": "WARN", "unknown": "?", "pass": "ok"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("name", help="its name or its id")


def main(options: argparse.Namespace) -> int:
    """Print one computer."""
    shared.ready(options)
    from controller.fleet.models import Verdict

    device = _find(options.name)
    verdicts = list(Verdict.objects.filter(device_id=device.id))
    if options.format == "json":
        shared.print_json(document(device, verdicts))
    else:
        print("\n".join(lines(device, verdicts)))
    return FAILED if any(verdict.status == "fail" for verdict in verdicts) else OK


def _find(name: str) -> "Device":
    from controller.fleet.models import Device

    rows = list(Device.objects.filter(id=name)) or list(
        Device.objects.filter(name__iexact=name)[:9]
    )
    if not rows:
        raise shared.UsageError(f"There is no computer {clean(name)}. Try: caretaker fleet")
    if len(rows) > 1:
        ids = ", ".join(row.id for row in rows)
        raise shared.UsageError(f"Several computers are called {clean(name)}; say which id: {ids}.")
    return rows[0]


def document(device: "Device", verdicts: list["Verdict"]) -> dict[str, object]:
    """The computer as plain JSON values."""
    return {
        "schema": "caretaker.device/1",
        "id": device.id,
        "name": device.name,
        "state": device.state,
        "platform": device.platform,
        "os_name": device.os_name,
        "model": device.model,
        "profile": device.profile,
        "asset": device.asset_id,
        "last_seen_at": device.last_seen_at,
        "reports": device.head_seq,
        "findings": [_finding(device, verdict) for verdict in sorted(verdicts, key=_worst_first)],
    }


def _finding(device: "Device", verdict: "Verdict") -> dict[str, object]:
    check = catalogue().check(verdict.check_id)
    remedy = _remedy(device, verdict)
    return {
        "check": verdict.check_id,
        "status": verdict.status,
        "severity": verdict.severity,
        "title": check.title if check else verdict.check_id,
        "summary": sentence(check, verdict.says, verdict.args),
        "remedy": remedy,
        "since": verdict.since,
    }


def lines(device: "Device", verdicts: list["Verdict"]) -> Iterator[str]:
    """The computer for a person at a terminal, 80 columns."""
    name = clean(device.name, 40) or device.id
    system = clean(device.os_name) or device.platform
    yield f"{name} ({system}), heard from {heard(device.last_seen_at)}"
    yield ""
    for status, heading in _HEADINGS.items():
        group = sorted((v for v in verdicts if v.status == status), key=_worst_first)
        if group:
            yield from (heading, "")
            for verdict in group:
                yield from _entry(device, verdict)
            if status == "pass":
                yield ""
    yield summary(verdicts)


def summary(verdicts: list["Verdict"]) -> str:
    """One line: how many of each."""
    count = {status: sum(1 for v in verdicts if v.status == status) for status in _HEADINGS}
    parts = [f"{count[status]} {heading.lower()}" for status, heading in _HEADINGS.items()]
    return f"{len(verdicts)} checks: {', '.join(parts)}."


def _entry(device: "Device", verdict: "Verdict") -> Iterator[str]:
    check = catalogue().check(verdict.check_id)
    head = textwrap.wrap(check.title if check else verdict.check_id, WIDTH - 5)
    yield f"{_MARKS[verdict.status]:5}{head[0]}"
    yield from (" " * 5 + line for line in head[1:])
    if verdict.status == "pass":
        return
    yield from _wrapped(sentence(check, verdict.says, verdict.args))
    if verdict.status in ("fail", "warn"):
        yield from _wrapped(f"Severity: {verdict.severity}. Check: {verdict.check_id}")
        if remedy := _remedy(device, verdict):
            yield from _wrapped(f"How to fix it: {remedy}")
    yield ""


def _remedy(device: "Device", verdict: "Verdict") -> str:
    check = catalogue().check(verdict.check_id)
    if check is None or verdict.status not in ("fail", "warn"):
        return ""
    return next((text for name, text in check.remedy.items() if name == device.platform), "")


def _worst_first(verdict: "Verdict") -> tuple[int, str]:
    rank = {severity: at for at, severity in enumerate(reversed(SEVERITIES))}
    return rank.get(verdict.severity, len(rank)), verdict.check_id  # type: ignore[call-overload]  # any string may be stored


def _wrapped(text: str) -> list[str]:
    indent = " " * 5
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
