"""Keys in a backup: sealed to the recovery key, which lies on paper in the school's safe (O25, O3).

X25519 to a throw-away key, HKDF-SHA256, ChaCha20-Poly1305; each by the `cryptography` library. The
throw-away key makes every sealing key new, so the nonce may stay zero.
"""

import base64
import binascii
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from controller.backup.errors import BackupError
from controller.roots.recovery import Recovery, RecoveryKeyError

MAGIC: Final = b"caretaker-sealed-keys/1\n"
PUBLIC: Final = 32
_NONCE: Final = bytes(12)

Files = dict[str, bytes]
"""Path in the data folder → content."""


def recipient(data: Path) -> bytes | None:
    """The public half the keys are sealed to; None in a data folder without a recovery key."""
    try:
        found = (data / "keys" / "recovery.x25519.pub").read_bytes()
    except FileNotFoundError:
        return None
    raw = found if len(found) == PUBLIC else _from_text(found)
    if len(raw) != PUBLIC:
        raise BackupError("keys/recovery.x25519.pub is damaged; restore it from a backup.")
    return raw


def private_half(seed: bytes) -> X25519PrivateKey:
    """What opens the keys, from the recovery key's 32 bytes."""
    raw = HKDF(hashes.SHA256(), PUBLIC, salt=None, info=b"caretaker-backup").derive(seed)
    return X25519PrivateKey.from_private_bytes(raw)


def private_of(text: str) -> X25519PrivateKey:
    """The same from what is printed on the sheet, however it is spaced. Raises BackupError."""
    try:
        return Recovery.parse(text).backup
    except RecoveryKeyError as error:
        raise BackupError(str(error)) from error


def seal(files: Files, public: bytes) -> bytes:
    """The files so that only the holder of the private half reads them."""
    once = X25519PrivateKey.generate()
    head = MAGIC + once.public_key().public_bytes_raw()
    secret = once.exchange(X25519PublicKey.from_public_bytes(public))
    return head + _cipher(secret, head, public).encrypt(_NONCE, pack(files), head)


def open_sealed(sealed: bytes, private: X25519PrivateKey) -> Files:
    """The files. Raises BackupError for another key or damaged bytes."""
    head, body = sealed[: len(MAGIC) + PUBLIC], sealed[len(MAGIC) + PUBLIC :]
    try:
        if not head.startswith(MAGIC):
            raise ValueError
        secret = private.exchange(X25519PublicKey.from_public_bytes(head[len(MAGIC) :]))
        public = private.public_key().public_bytes_raw()
        return unpack(_cipher(secret, head, public).decrypt(_NONCE, body, head))
    except (InvalidTag, ValueError):
        raise BackupError(
            "This recovery key does not open the keys of this backup; "
            "look for the sheet printed when this Caretaker was set up."
        ) from None


def pack(files: Files) -> bytes:
    """Paths and contents as one JSON object."""
    return msgspec.json.encode(files)


def unpack(content: bytes) -> Files:
    """The reverse. Raises BackupError."""
    try:
        return msgspec.json.decode(content, type=Files)
    except msgspec.DecodeError:
        raise BackupError("The keys of this backup cannot be read. Take another one.") from None


def _cipher(secret: bytes, head: bytes, public: bytes) -> ChaCha20Poly1305:
    key = HKDF(hashes.SHA256(), PUBLIC, salt=head[-PUBLIC:] + public, info=MAGIC).derive(secret)
    return ChaCha20Poly1305(key)


def _from_text(found: bytes) -> bytes:
    try:
        return base64.b64decode(found.strip(), validate=True)
    except binascii.Error:
        return b""
