"""The nonce of a hello, kept by nobody: it carries its own time and a MAC, so hellos cost no memory
(trust T16)."""

import hashlib
import hmac
import secrets
from typing import Final

LIFE_SECONDS: Final = 600
"""How long an agent may take from hello to enrol."""
_RANDOM: Final = 8
_MAC: Final = 16


def make(secret: bytes, at: int) -> str:
    """A fresh nonce, good for ten minutes from `at`."""
    head = at.to_bytes(8, "big") + secrets.token_bytes(_RANDOM)
    return (head + _mac(secret, head)).hex()


def is_fresh(secret: bytes, nonce: str, at: int) -> bool:
    """Whether this controller made the nonce, at most ten minutes ago."""
    try:
        raw = bytes.fromhex(nonce)
    except ValueError:
        return False
    head, mac = raw[:-_MAC], raw[-_MAC:]
    if len(head) != 8 + _RANDOM or not hmac.compare_digest(mac, _mac(secret, head)):
        return False
    return 0 <= at - int.from_bytes(head[:8], "big") <= LIFE_SECONDS


def _mac(secret: bytes, head: bytes) -> bytes:
    return hmac.digest(secret, b"caretaker-hello\0" + head, hashlib.sha256)[:_MAC]
