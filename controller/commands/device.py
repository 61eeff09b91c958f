"""Show one computer: what needs attention, why, and how to fix it. Exit 2 when a check fails."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from checks.catalogue import catalogue
from checks.page import how_to_fix, page
from checks.verdicts import SEVERITIES
from checks.verdicts import Verdict as Said
from checks.words import clean, sentence
from controller.commands import shared
from controller.commands.exits import FAILED, OK
from controller.commands.fleet import heard

if TYPE_CHECKING:  # models can be imported only after Django is set up
    from controller.fleet.models import Device, Verdict


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("name", help="its name or its id")


def main(options: argparse.Namespace) -> int:
    """Print one computer."""
    shared.ready(options)
    from controller.fleet.models import Verdict

    device = find(options.name)
    verdicts = list(Verdict.objects.filter(device_id=device.id))
    if options.format == "json":
        shared.print_json(document(device, verdicts))
    else:
        print("\n".join(lines(device, verdicts)))
    return FAILED if any(verdict.status == "fail" for verdict in verdicts) else OK


def find(name: str) -> "Device":
    """A computer by its id or its name. Raises UsageError."""
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
        "left_at": device.left_at,
        "reports": device.head_seq,
        "findings": [_finding(device, verdict) for verdict in sorted(verdicts, key=_worst_first)],
    }


def _finding(device: "Device", verdict: "Verdict") -> dict[str, object]:
    check = catalogue().check(verdict.check_id)
    return {
        "check": verdict.check_id,
        "status": verdict.status,
        "severity": verdict.severity,
        "title": check.title if check else verdict.check_id,
        "summary": sentence(check, verdict.says, verdict.args),
        "remedy": how_to_fix(check, device.platform, verdict.status, verdict.args),
        "since": verdict.since,
    }


def lines(device: "Device", verdicts: list["Verdict"]) -> Iterator[str]:
    """The computer for a person at a terminal, 80 columns."""
    name = clean(device.name, 40) or device.id
    system = clean(device.os_name) or device.platform
    seen = heard(device.last_seen_at, device.left_at)
    yield f"{name} ({system}), {seen if device.left_at else f'heard from {seen}'}"
    yield ""
    said, colours = _said(verdicts), shared.colours_wanted()
    yield from page(catalogue(), device.platform, said, "Say it on its page.", colours=colours)


def _said(rows: list["Verdict"]) -> list[Said]:
    """As the judges said it; a stored status or severity is one of the closed set."""
    return [
        msgspec.convert(
            {
                "check": row.check_id,
                "status": row.status,
                "severity": row.severity,
                "says": row.says,
                "args": row.args,
            },
            Said,
        )
        for row in rows
    ]


def _worst_first(verdict: "Verdict") -> tuple[int, str]:
    return -list[str](SEVERITIES).index(verdict.severity), verdict.check_id
