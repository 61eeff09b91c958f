"""The signed lists on disk: `keys/roots.json` is the one in force, `keys/roots-<version>.json` each
there ever was.

The old ones stay: they prove which key was the controller's when an old receipt was signed, and a
computer that was away while the recovery key changed has to take the list of that change first.
Traps: only public things lie here; the folder is private because all of `keys/` is.
"""

import os
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.data.datafolder import DataFolderError, write_private
from wire import dsse, keys, roots
from wire.errors import WireError
from wire.roots import Roots

RECOVERY: Final = "recovery.pub"
BACKUP: Final = "recovery.x25519.pub"
HANDING_OVER: Final = "log.before"
"""A log key that was replaced and has yet to sign for the next one."""
_ARCHIVED: Final = re.compile(r"\Aroots-([0-9]{1,9})\.json\Z")


def exist(data: Path) -> bool:
    """Whether this data folder has roots."""
    return _newest(data).exists()


def envelope(data: Path) -> bytes:
    """The list in force, signed. Raises DataFolderError."""
    try:
        return _newest(data).read_bytes()
    except OSError as error:
        raise DataFolderError(
            f"{_newest(data)} cannot be read; restore the data folder from a backup, "
            "or run: caretaker quickstart"
        ) from error


def current(data: Path) -> Roots:
    """The list in force, read. Raises DataFolderError."""
    try:
        return roots.open_held(envelope(data))
    except WireError as error:
        raise DataFolderError(
            f"{_newest(data)} is damaged; restore the data folder from a backup."
        ) from error


def digest(data: Path) -> str:
    """How a hello names the list in force. Raises DataFolderError."""
    return dsse.digest(envelope(data))


def recovery_public(data: Path) -> bytes:
    """The public half of the recovery key that join codes pin. Raises DataFolderError."""
    return keys.from_text(current(data).recovery)


def after(data: Path, version: int) -> bytes | None:
    """The list to take next by who holds `version`; None when nothing is newer.

    The newest, unless the recovery key was handed over in between: then that list comes first, or
    nobody could tell that the newest is genuine.
    """
    newest = current(data)
    if newest.version <= version:
        return None
    for number in archived(data):
        if version < number < newest.version:
            held = (data / "keys" / f"roots-{number}.json").read_bytes()
            if roots.open_held(held).next_recovery:
                return held
    return envelope(data)


def archived(data: Path) -> list[int]:
    """The versions kept, lowest first."""
    found = (_ARCHIVED.match(path.name) for path in (data / "keys").iterdir())
    return sorted(int(match[1]) for match in found if match)


def of_version(data: Path, version: int) -> Roots:
    """One of the lists kept. Raises OSError and WireError."""
    return roots.open_held((data / "keys" / f"roots-{version}.json").read_bytes())


def put(data: Path, signed: bytes) -> Roots:
    """Put a list in force. Raises WireError for one that is not sound."""
    found = roots.open_held(signed)
    replace(data / "keys" / f"roots-{found.version}.json", signed)
    replace(_newest(data), signed)
    return found


def replace(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all, in place of an older one."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    write_private(beside, content)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def pem(key: Ed25519PrivateKey) -> bytes:
    """A private key as it lies on disk: PKCS8, unencrypted, readable by its owner alone."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _newest(data: Path) -> Path:
    return data / "keys" / "roots.json"
