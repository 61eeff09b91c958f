"""The device's keys on disk: an Ed25519 key that signs, and
an alias key that never leaves (O16, O19).

Linux: files 0600 in a 0700 folder. A key is written once and never overwritten; giving one up moves
it to `orphan/` together with what it signed.
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent import files
from agent.state import StateError
from wire import keys

_NAME = "device.key"
_ALIAS = "alias.key"
NEXT = "device.key.next"
FORMER = "former.pub"


def load(folder: Path) -> Ed25519PrivateKey | None:
    """The device key, or None if there is none yet.

    Raises StateError for a damaged or readable file.
    """
    return _load(folder / _NAME)


def _load(path: Path) -> Ed25519PrivateKey | None:
    data = _secret(path)
    if data is None:
        return None
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except ValueError as error:
        raise StateError(f"{path} is damaged; enrol this computer again.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StateError(f"{path} is not an Ed25519 key; enrol this computer again.")
    return key


def create(folder: Path) -> Ed25519PrivateKey:
    """Make and store a new device key. Raises FileExistsError if there is one."""
    if (folder / _NAME).exists():
        raise FileExistsError(folder / _NAME)
    return _make(folder / _NAME)


def create_next(folder: Path) -> Ed25519PrivateKey:
    """Make the key that takes over when the controller agrees; one never used makes way."""
    return _make(folder / NEXT)


def load_next(folder: Path) -> Ed25519PrivateKey | None:
    """The key that is to take over, or None."""
    return _load(folder / NEXT)


def take_next(folder: Path) -> None:
    """Put the next key in the old one's place; the old one is gone."""
    files.move(folder / NEXT, folder / _NAME)


def trusted(folder: Path) -> list[bytes]:
    """The public keys that our own reports in the spool may be signed with; the one in use
    first."""
    key = load(folder)
    former = files.read_or_none(folder / FORMER, keys.PUBLIC_BYTES) or b""
    found = [] if key is None else [keys.public_bytes(key)]
    return [*found, former] if len(former) == keys.PUBLIC_BYTES else found


def _make(path: Path) -> Ed25519PrivateKey:
    key = keys.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files.replace(path, pem)
    return key


def alias_key(folder: Path) -> bytes:
    """The key under which names become aliases; made on first
    use and kept for the machine's life."""
    path = folder / _ALIAS
    key = _secret(path)
    if key is not None and len(key) == 32:
        return key
    made = secrets.token_bytes(32)
    if key is not None:  # the disk did not keep it
        files.replace(path, made)
        return made
    return _first_of(path, made)


def _first_of(path: Path, made: bytes) -> bytes:
    """What is at `path`, which is `made` unless another process was quicker: two rounds may begin
    at once, before either has its turn."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    files.write_new(beside, made)
    try:
        os.link(beside, path)
    except FileExistsError:
        return _secret(path) or made
    finally:
        beside.unlink(missing_ok=True)
    files.sync_folder(path.parent)
    return made


def _secret(path: Path) -> bytes | None:
    try:
        if path.stat().st_mode & 0o077:
            raise StateError(f"{path} can be read by other users; run: chmod 600 {path}")
    except FileNotFoundError:
        return None
    return files.read_or_none(path, 4096)
