"""Look at the controller itself: folder, keys, disk, certificate, backups, clock, database, log.

Exit 2 when something is bad.
A running server looks at the same things by itself and shows what is not well on the overview.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from controller import clock, clockdoubt
from controller.commands import after_restore, shared
from controller.commands.exits import FAILED, OK
from controller.config import Config

if TYPE_CHECKING:  # its looks at the database can be imported only after Django is set up
    from controller.backup.restored import Restored
    from controller.selfcheck.findings import Finding

MARKS = {"ok": "ok", "warn": "LOOK", "bad": "BAD"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument(
        "--clock-is-right", action="store_true", help="after a jump: this machine's time is right"
    )
    parser.add_argument(
        "--restore-is-settled",
        action="store_true",
        help="after a restore: what people did since the backup is done again",
    )


def main(options: argparse.Namespace) -> int:
    """Print what was looked at."""
    config = shared.settle(options)
    if options.clock_is_right:
        clockdoubt.end(config.folder)
        print("Noted: this machine's time is right.", file=sys.stderr)
    if options.restore_is_settled:
        _settle(options, config)
    looks = list(_looks(config))
    whole = any(one.code == "restored" for one in looks)  # else the database cannot be asked
    made = _restored(config) if whole else None
    if options.format == "json":
        rows = [
            {"what": one.what, "code": one.code, "state": one.state, "says": one.sentence}
            | {"ok": one.state != "bad"}
            for one in looks
        ]
        document: dict[str, object] = {"schema": "caretaker.doctor/1", "looks": rows}
        if made is not None:
            document["restored"] = after_restore.document(made)
        shared.print_json(document)
    else:
        for one in looks:
            print(f"{MARKS[one.state]:4} {one.what:17} {one.sentence}")
        if made is not None:
            print(after_restore.text(made))
        if any(one.code == "clocks" and one.state != "ok" for one in looks):
            _clocks()
    return FAILED if any(one.state == "bad" for one in looks) else OK


def _settle(options: argparse.Namespace, config: Config) -> None:
    """Only a person can say it, and it is written down that one did. Raises CannotError."""
    shared.ready(options)
    from controller.backup import epoch, restored

    at = clock.now()
    if restored.settle(config.folder, at):
        epoch.settled(at)
        said = "what people did since the backup is done again."
    else:
        said = "no restore is waiting for that."
    print(f"Noted: {said}", file=sys.stderr)


def _restored(config: Config) -> "Restored | None":
    """The restore that nobody has settled yet."""
    from controller.backup import restored

    made = restored.load(config.folder)
    return made if made and made.at and not made.settled_at else None


def _clocks() -> None:
    """Which computers tell another time, and by how much."""
    from checks.words import clean, duration
    from controller.selfcheck import database

    rows = []
    for device, off in database.wrong_clocks(clock.now()):
        least, way = "at least " if off.at_least else "", "ahead" if off.ahead else "behind"
        name = clean(device.name, 40) or device.id
        rows.append((name, f"{least}{duration(off.seconds)} {way}"))
    print()
    print(shared.table(("computer", "its clock is"), rows))


def _looks(config: Config) -> Iterator["Finding"]:
    from controller.selfcheck import looks

    data = config.folder
    first = looks.folder(data)
    if first.state == "bad":
        yield first
        return
    clockdoubt.load(data)
    shared.django()
    from django.db import DatabaseError

    from controller.selfcheck import database, everything

    try:
        steps = shared.unapplied()
    except DatabaseError as error:
        yield from [first, looks.keys(data), looks.disk(data)]
        yield database.away(error)
        return
    if steps:
        # Of another version: its tables may not be what the other looks expect.
        yield from [first, looks.keys(data), looks.disk(data), database.version(steps)]
        return
    at = clock.now()
    waiting = everything.last_queue(data, at)
    yield from everything.look(data, at, deep=database.deep(data, at), waiting=waiting)
    yield database.version(0)
