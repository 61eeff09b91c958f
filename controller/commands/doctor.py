"""Look at the controller itself: folder, keys, disk, database, certificate, clock. Exit 2 when one
is bad."""

import argparse
import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography import x509

from controller import certificate, clock, datafolder, keyfiles
from controller.commands import shared
from controller.commands.exits import FAILED, OK
from controller.config import Config
from controller.db import soundness
from controller.intake.disk import Disk

CERTIFICATE_DAYS = 14


class Look(msgspec.Struct, frozen=True):
    """One thing looked at."""

    what: str
    ok: bool
    says: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)


def main(options: argparse.Namespace) -> int:
    """Print what was looked at."""
    config = shared.settle(options)
    looks = list(_looks(config))
    if options.format == "json":
        shared.print_json({"schema": "caretaker.doctor/1", "looks": looks})
    else:
        rows = [("ok" if look.ok else "BAD", look.what, look.says) for look in looks]
        for mark, what, says in rows:
            print(f"{mark:4} {what:12} {says}")
    return OK if all(look.ok for look in looks) else FAILED


def _looks(config: Config) -> Iterator[Look]:
    data = config.folder
    try:
        datafolder.check(data)
    except datafolder.DataFolderError as error:
        yield Look("data folder", ok=False, says=str(error))
        return
    yield Look("data folder", ok=True, says=f"{data}, readable by its owner only")
    try:
        keyfiles.signing_key(data)
        keyfiles.derive(data, "doctor", "")
        yield Look("keys", ok=True, says="there and readable")
    except datafolder.DataFolderError as error:
        yield Look("keys", ok=False, says=str(error))
    yield _disk(data)
    yield _certificate(data)
    yield from _database(data)


def _disk(data: Path) -> Look:
    free = shutil.disk_usage(data).free
    full = Disk(data).is_full()
    says = f"{free / 1e9:.1f} GB free"
    return Look("disk", ok=not full, says=f"{says}; too little, reports wait" if full else says)


def _certificate(data: Path) -> Look:
    path = certificate.paths(data)[0]
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        return Look("certificate", ok=False, says=f"{path} cannot be read: {error}")
    now = datetime.datetime.fromtimestamp(clock.now(), tz=datetime.UTC)
    days = (found.not_valid_after_utc - now).days
    return Look("certificate", ok=days >= CERTIFICATE_DAYS, says=f"good for {days} days")


def _database(data: Path) -> Iterator[Look]:
    shared.django()
    from django.db import DatabaseError, connection

    try:
        steps = shared.unapplied()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                found = soundness.fault(cursor.execute)
            yield Look("database", ok=not found, says=f"quick check: {found or 'ok'}")
        else:
            yield Look("database", ok=True, says="reachable")
    except DatabaseError as error:
        yield Look("database", ok=False, says=str(error))
        return
    says = "up to date" if not steps else f"{steps} steps behind; run: caretaker migrate"
    yield Look("version", ok=not steps, says=says)
