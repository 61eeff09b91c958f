"""Back everything up: database, evidence, certificate, settings and keys, while the server goes on.

DIR must not exist yet. Or --into names a folder for many, each named for its moment (UTC), of which
--keep holds the newest. With neither, the backup goes into the data folder's own `backups/`, which
a broken disk takes along. The keys are sealed to the recovery key that lies in the school's safe.
"""

import argparse
import datetime
import sys
from pathlib import Path

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.config import Config


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("dir", metavar="DIR", nargs="?", help="a folder that does not exist yet")
    parser.add_argument("--into", metavar="FOLDER", help="a folder on another drive, for many")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="with --into: remove all but the newest N"
    )


def main(options: argparse.Namespace) -> int:
    """Take one backup and say where it is."""
    if options.dir and options.into:
        raise shared.UsageError("Name either one folder, or with --into a folder for many.")
    if options.keep is not None and (options.keep < 1 or not options.into):
        raise shared.UsageError("--keep takes 1 or more, and goes with --into.")
    config = shared.ready(options)
    from controller.backup.errors import BackupError
    from controller.backup.taking import prune, take

    at = clock.now()
    try:
        taken = take(config.folder, _target(options, config, at), at)
        if options.keep:
            prune(Path(options.into), options.keep)
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


def _target(options: argparse.Namespace, config: Config, at: int) -> Path:
    if options.dir:
        return Path(options.dir)
    return new_folder(Path(options.into) if options.into else config.folder / "backups", at)


def new_folder(among: Path, at: int, before: str = "") -> Path:
    """A new folder among others; the names sort by time, UTC."""
    stem = f"{before}{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m-%dT%H%M%SZ}"
    folder = among / stem
    number = 1
    while folder.exists():
        number += 1
        folder = among / f"{stem}-{number}"
    return folder


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr)
