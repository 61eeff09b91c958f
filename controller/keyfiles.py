"""The controller's own keys, read from or made in the data folder (O23).

`keys/signing` signs receipts and problems; join codes pin it. `keys/credentials` is what join-code
secrets are derived from, so the database holds none of them and a stolen backup of it lets nobody
in.
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.datafolder import DataFolderError, write_private

JOIN_SECRET_BYTES: Final = 16


def signing_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs what the controller says. Raises DataFolderError when it is missing or
    broken."""
    path = data / "keys" / "signing"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise DataFolderError(
            f"The signing key {path} cannot be read; restore the data folder from a backup."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DataFolderError(f"The signing key {path} is not an Ed25519 key.")
    return key


def make_keys(data: Path) -> None:
    """Make the keys that do not exist yet."""
    if not (data / "keys" / "signing").exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(data / "keys" / "signing", pem)
    if not (data / "keys" / "credentials").exists():
        write_private(data / "keys" / "credentials", secrets.token_bytes(32))


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
