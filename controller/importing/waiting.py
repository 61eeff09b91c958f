"""Sheets that wait to be imported: on the disk, for whoever sent them, for an hour.

What is kept is the sheet as it was understood, not the file: reading 50,000 rows again with each
step would take longer than looking at them.
"""

import re
import secrets
import shutil
from pathlib import Path
from typing import Final

import msgspec

from controller.config import current
from controller.data.datafolder import PRIVATE_FOLDER, write_private
from inventory.assets.errors import RegisterError
from inventory.imports.sheets import Sheet

FOLDER: Final = "sheets"
SECONDS: Final = 3_600
MOST: Final = 3
"""Sheets of one person; the oldest goes when another comes."""
SPARE_BYTES: Final = 512 << 20
_NAME: Final = re.compile(r"(\d{10})-([0-9a-f]{32})")
"""Of a file: when it came, in epoch seconds, and what it is called in addresses."""
_PERSON: Final = re.compile(r"[A-Za-z0-9_]{1,40}")


class Waiting(msgspec.Struct, frozen=True):
    """One of them. `name`: what the file was called; `site`: the school it is for."""

    token: str
    site: str
    name: str
    at: int
    sheet: Sheet


def keep(actor: str, site: str, name: str, sheet: Sheet, at: int) -> str:
    """Keep one; what it is called in addresses. Raises RegisterError where the disk is full."""
    let_go(at)
    folder = _folder(actor)
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    one = Waiting(secrets.token_hex(16), site, name[:120], at, sheet)
    data = msgspec.msgpack.encode(one)
    if shutil.disk_usage(folder).free < SPARE_BYTES + len(data):
        raise RegisterError("full", "The controller's disk is nearly full: make room there first.")
    for old in _files(folder)[: -MOST + 1]:
        old.unlink(missing_ok=True)
    write_private(folder / f"{at:010}-{one.token}", data)
    return one.token


def read(actor: str, token: str, now: int) -> Waiting | None:
    """One of a person's own; None where it is none of theirs, or let go."""
    path = next((one for one in _files(_folder(actor)) if one.name.endswith(f"-{token}")), None)
    if path is None or _is_past(path, now):
        return None
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Waiting)
    except (msgspec.DecodeError, OSError):
        return None


def listed(actor: str, now: int) -> list[Waiting]:
    """A person's own, newest first."""
    found = [read(actor, path.name[11:], now) for path in reversed(_files(_folder(actor)))]
    return [one for one in found if one is not None]


def forget(actor: str, token: str) -> None:
    """Let one go."""
    for path in _files(_folder(actor)):
        if path.name.endswith(f"-{token}"):
            path.unlink(missing_ok=True)


def let_go(now: int) -> None:
    """Everybody's that are past their hour."""
    root = current().folder / FOLDER
    for person in list(root.iterdir()) if root.is_dir() else []:
        for path in _files(person):
            if _is_past(path, now):
                path.unlink(missing_ok=True)


def _folder(actor: str) -> Path:
    if not _PERSON.fullmatch(actor):
        raise ValueError("no such person")
    return current().folder / FOLDER / actor


def _files(folder: Path) -> list[Path]:
    """Oldest first."""
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in there if _NAME.fullmatch(one.name))


def _is_past(path: Path, now: int) -> bool:
    return not 0 <= now - int(path.name[:10]) <= SECONDS
