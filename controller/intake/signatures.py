"""Ed25519 by libsodium, for the one place that verifies and signs by the thousand.

It takes half the time of OpenSSL's, and other threads run meanwhile. It accepts no signature that
`wire.keys.fits` refuses (both compare without the cofactor and bound S; libsodium refuses besides a
key or R of small order), so what is stored here verifies everywhere.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import (
    crypto_sign,
    crypto_sign_BYTES,
    crypto_sign_open,
    crypto_sign_PUBLICKEYBYTES,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import CryptoError


def fits(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of `public` signed `message`.

    Trap: `crypto_sign_open` asks for no lengths. A signature cut short goes on in the message, and
    of a key too long or too short it reads 32 bytes all the same.
    """
    if len(signature) != crypto_sign_BYTES or len(public) != crypto_sign_PUBLICKEYBYTES:
        return False
    try:
        crypto_sign_open(signature + message, public)
    except CryptoError:
        return False
    return True


class Key:
    """A private key that signs the same bytes as `key.sign`, without holding other threads up."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """Takes the key out of `key` once."""
        _, self._secret = crypto_sign_seed_keypair(key.private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return crypto_sign(message, self._secret)[:crypto_sign_BYTES]
