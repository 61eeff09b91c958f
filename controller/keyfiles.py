"""The controller's own keys, read from or made in the data folder (O23).

`keys/signing` signs receipts and problems; the roots name it. `keys/log` signs checkpoints of the
evidence log and nothing else. `keys/credentials` is what join-code secrets are derived from, so the
database holds none of them and a stolen backup of it lets nobody in.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller import clock
from controller.data import certificate
from controller.data.datafolder import DataFolderError, write_private
from controller.roots import files
from controller.roots.first import establish
from controller.roots.recovery import Recovery
from wire import keys

JOIN_SECRET_BYTES: Final = 16


def signing_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs what the controller says. Raises DataFolderError when it is missing or
    broken."""
    return _read(data / "keys" / "signing", "signing key")


def log_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs checkpoints of the evidence log. Raises DataFolderError as above."""
    return _read(data / "keys" / "log", "log key")


def log_key_before(data: Path) -> Ed25519PrivateKey | None:
    """The log key before, as long as it has yet to sign for the one in use (trust §4.3)."""
    path = data / "keys" / files.HANDING_OVER
    if not path.exists():
        return None
    before = _read(path, "log key before")
    # The same key twice: a change that was cut off before there was a new one.
    same = keys.public_bytes(before) == keys.public_bytes(log_key(data))
    return None if same else before


def make_keys(data: Path, addresses: Sequence[str] = ()) -> Recovery | None:
    """Make the keys that do not exist yet, and the roots that name them.

    Gives the recovery key when it was made just now: its private half is on no disk, so the caller
    shows it, or nobody ever sees it. `addresses` is where other computers reach this controller.
    """
    if files.exist(data):
        return None  # what is missing now was lost: a new key that no list names would hide that
    for name in ("signing", "log"):
        if not (data / "keys" / name).exists():
            write_private(data / "keys" / name, files.pem(Ed25519PrivateKey.generate()))
    if not (data / "keys" / "credentials").exists():
        write_private(data / "keys" / "credentials", secrets.token_bytes(32))
    return establish(
        data,
        signing=keys.public_bytes(signing_key(data)),
        log=keys.public_bytes(log_key(data)),
        tls_spki=[certificate.spki(data)] if certificate.paths(data)[0].exists() else [],
        addresses=addresses,
        at=clock.now(),
    )


def are_older(data: Path) -> bool:
    """Whether a data folder is from before there was a recovery key: it has keys, and never had a
    list of them."""
    made = (data / "keys" / "signing").exists()
    return made and not files.exist(data) and not files.archived(data)


def check(data: Path) -> None:
    """Raise DataFolderError when a key that serving needs is missing or broken."""
    files.current(data)
    signing_key(data)
    derive(data, "join-code", "")


def _read(path: Path, what: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise DataFolderError(
            f"The {what} {path} cannot be read; restore the data folder from a backup."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DataFolderError(f"The {what} {path} is not an Ed25519 key.")
    return key


def derive(data: Path, purpose: str, name: str, length: int = 32) -> bytes:
    """A secret of `length` ≤ 32 bytes that only the holder of `keys/credentials` can compute."""
    path = data / "keys" / "credentials"
    try:
        root = path.read_bytes()
    except OSError as error:
        raise DataFolderError(
            f"The key file {path} cannot be read; restore it from a backup."
        ) from error
    return hmac.digest(root, f"{purpose}\0{name}".encode(), hashlib.sha256)[:length]


def join_secret(data: Path, code_id: str) -> bytes:
    """The 128-bit secret inside one join code."""
    return derive(data, "join-code", code_id, JOIN_SECRET_BYTES)
