"""The device's keys on disk: an Ed25519 key that signs, and
an alias key that never leaves (O16, O19).

Linux: files 0600 in a 0700 folder. A key is written once and never overwritten; giving one up moves
it to `orphan/` together with what it signed.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent import files
from agent.state import StateError
from wire import keys

_NAME = "device.key"
_ALIAS = "alias.key"


def load(folder: Path) -> Ed25519PrivateKey | None:
    """The device key, or None if there is none yet.

    Raises StateError for a damaged or readable file.
    """
    data = _secret(folder / _NAME)
    if data is None:
        return None
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except ValueError as error:
        raise StateError(f"{folder / _NAME} is damaged; enrol this computer again.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StateError(f"{folder / _NAME} is not an Ed25519 key; enrol this computer again.")
    return key


def create(folder: Path) -> Ed25519PrivateKey:
    """Make and store a new device key. Raises FileExistsError if there is one."""
    key = keys.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    if (folder / _NAME).exists():
        raise FileExistsError(folder / _NAME)
    files.replace(folder / _NAME, pem)
    return key


def alias_key(folder: Path) -> bytes:
    """The key under which names become aliases; made on first
    use and kept for the machine's life."""
    path = folder / _ALIAS
    key = _secret(path)
    if key is None or len(key) != 32:
        key = secrets.token_bytes(32)
        files.replace(path, key)
    return key


def _secret(path: Path) -> bytes | None:
    try:
        if path.stat().st_mode & 0o077:
            raise StateError(f"{path} can be read by other users; run: chmod 600 {path}")
    except FileNotFoundError:
        return None
    return files.read_or_none(path, 4096)
