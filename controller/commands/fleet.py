"""List the computers: which report, when they were last heard from, and what fails."""

import argparse
import datetime

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.fresh import FRESH_SECONDS

_STATES = ("active", "pending", "refused", "revoked")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("--state", choices=_STATES, help="only these")


def main(options: argparse.Namespace) -> int:
    """Print the list, worst first."""
    shared.ready(options)
    from controller.fleet.models import Device

    rows = Device.objects.order_by("-n_fail", "name", "id")
    if options.state:
        rows = rows.filter(state=options.state)
    computers = [_seen(row) for row in rows.iterator()]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.fleet/1", "computers": computers})
        return OK
    if not computers:
        print("No computer has joined yet. Make a join code: caretaker token create")
        return OK
    head = (
        "name",
        "id",
        "state",
        "needs attention",
        "could be better",
        "couldn't check",
        "fine",
        "heard",
    )
    keys = ("name", "id", "state", "n_fail", "n_warn", "n_unknown", "n_pass", "heard")
    print(shared.table(head, [[one[key] for key in keys] for one in computers]))
    waiting = sum(1 for one in computers if one["state"] == "pending")
    if waiting:
        print(f"\n{waiting} wait to be let in.")
    return OK


def _seen(row: object) -> dict[str, object]:
    from controller.fleet.models import Device

    if not isinstance(row, Device):
        raise TypeError("a device was expected")
    return {
        "name": row.name,
        "id": row.id,
        "state": row.state,
        "platform": row.platform,
        "os_name": row.os_name,
        "model": row.model,
        "profile": row.profile,
        "n_fail": row.n_fail,
        "n_warn": row.n_warn,
        "n_unknown": row.n_unknown,
        "n_pass": row.n_pass,
        "last_seen_at": row.last_seen_at,
        "left_at": row.left_at,
        "heard": heard(row.last_seen_at, row.left_at),
    }


def heard(last_seen_at: int | None, left_at: int | None = None) -> str:
    """When a computer last reported, or was taken off, in words."""
    if last_seen_at is None:
        return "never"
    when = datetime.datetime.fromtimestamp(last_seen_at, tz=datetime.UTC)
    text = f"{when:%-d %b %Y %H:%M} UTC"
    if left_at is not None:
        return f"taken off {text}"
    return f"not since {text}" if clock.now() - last_seen_at > FRESH_SECONDS else text
