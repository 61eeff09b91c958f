"""Back everything up: database, evidence, certificate, settings and keys, while the server goes on.

DIR must not exist yet; without one the backup goes into the data folder's own `backups/`, which a
broken disk takes along. The keys are sealed to the recovery key that lies in the school's safe.
"""

import argparse
import datetime
import sys
from pathlib import Path

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("dir", metavar="DIR", nargs="?", help="a folder that does not exist yet")


def main(options: argparse.Namespace) -> int:
    """Take one backup and say where it is."""
    config = shared.ready(options)
    from controller.backup.errors import BackupError
    from controller.backup.taking import take

    at = clock.now()
    target = Path(options.dir) if options.dir else own_folder(config.folder, at)
    try:
        taken = take(config.folder, target, at)
    except BackupError as error:
        raise shared.CannotError(str(error)) from error
    if options.format == "json":
        shared.print_json({"schema": "caretaker.backup/1", "backup": taken})
        return OK
    print(f"Backed up to {taken.folder} ({taken.size / 1e6:,.1f} MB).")
    if not taken.sealed:
        _warn("There is no recovery key, so the keys lie open in it: keep it as safe as the data.")
    if taken.same_drive:
        _warn("It is on the same drive as the data. Copy it to another one.")
    return OK


def own_folder(data: Path, at: int, before: str = "") -> Path:
    """A new folder in the data folder's `backups/`; the names sort by time, UTC."""
    stem = f"{before}{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m-%dT%H%M%SZ}"
    folder = data / "backups" / stem
    number = 1
    while folder.exists():
        number += 1
        folder = data / "backups" / f"{stem}-{number}"
    return folder


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr)
