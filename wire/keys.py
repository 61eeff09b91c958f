"""Ed25519 keys: which may be used, what they are called, and how two people compare them.

The algorithm belongs to the payload type, never to the message: version 1 of every type is Ed25519.
A TPM's P-256 key would come with version 2 of `enrol`.

Traps: `cryptography` loads any 32 bytes. For a key of small order one fixed signature verifies many
or all messages (trust §3.6: 64 of 64 for the neutral element), so owning such a key proves nothing,
not even over a fresh nonce. `load_public` refuses them, every other encoding that is not the one
canonical form of its point, and bytes that are no point at all.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wire.errors import WireError

PUBLIC_BYTES: Final = 32
PIN_BYTES: Final = 16

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_SIGN: Final = 1 << 255

# y of the eight points whose order divides 8: the neutral element, (0, -1), the two with y = 0, and
# four with these two y. With either sign bit, and with p and p + 1 as second names of 0 and 1, they
# make the 14 encodings that libsodium and trust T16 refuse. The tests compute them again from the
# curve.
_Y_OF_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER_Y: Final = frozenset({0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8, _P, _P + 1})

Fits = Callable[[bytes, bytes, bytes], bool]
"""Public key, signature, message → whether they belong together; raises WireError `bad_key`."""

WORDS: Final = 4
_WORD_ROUNDS: Final = 4_096


def generate() -> Ed25519PrivateKey:
    """Make a new private key from the operating system's random numbers."""
    return Ed25519PrivateKey.generate()


def public_bytes(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """Give the 32 raw bytes of the public key (RFC 8032 encoding)."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@lru_cache(maxsize=8192)
def load_public(raw: bytes) -> Ed25519PublicKey:
    """Load 32 raw bytes as a key that may verify signatures; raises WireError `bad_key`.

    Remembered for the last 8,192 keys, because looking for the curve point costs about as much as
    verifying a signature.
    """
    if len(raw) != PUBLIC_BYTES:
        raise WireError(
            "bad_key", f"A public key has {PUBLIC_BYTES} bytes; this one has {len(raw)}."
        )
    y = int.from_bytes(raw, "little") & (_SIGN - 1)
    if y in SMALL_ORDER_Y:
        raise WireError("bad_key", "This public key is of small order: anyone can sign for it.")
    if y >= _P or not _on_curve(y):
        raise WireError(
            "bad_key", "This public key is not a point of the curve in its one encoding."
        )
    return Ed25519PublicKey.from_public_bytes(raw)


def fits(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of `public` signed `message`; raises WireError `bad_key`."""
    key = load_public(public)
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _on_curve(y: int) -> bool:
    """Tell whether some x fits -x² + y² = 1 + d·x²·y² (Euler's criterion on x²)."""
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(x_squared, (_P - 1) // 2, _P) == 1


def to_text(public: bytes) -> str:
    """Write a raw public key as it stands in payloads: standard base64 with its `=`."""
    return base64.b64encode(public).decode()


def from_text(text: str) -> bytes:
    """Read a public key out of a payload and check it; raises WireError `bad_key`."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise WireError("bad_key", "A public key is written in standard base64.") from None
    load_public(raw)
    if to_text(raw) != text:
        raise WireError("bad_key", "A public key has one spelling in base64, and this is another.")
    return raw


@lru_cache(maxsize=8192)
def key_id(public: bytes) -> str:
    """Name a key exactly as `ssh-keygen -l` does: `SHA256:` and 43 characters of base64.

    The hash is over the OpenSSH form of the key, so a technician can compare what we show with what
    the tools on any laptop show. It is a name to look a key up by, never a proof.
    """
    name = b"ssh-ed25519"
    blob = len(name).to_bytes(4, "big") + name + len(public).to_bytes(4, "big") + public
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def named(name: str, publics: Sequence[bytes]) -> bytes:
    """Give the one of some keys that a message names as its signer's.

    When it names none of them, the first: verifying with that one then says `bad_signature`, as
    this does (WireError) where there is no key at all.
    """
    if not publics:
        raise WireError("bad_signature", "Nobody may sign this.")
    return next((public for public in publics if key_id(public) == name), publics[0])


def pin(public: bytes) -> bytes:
    """Give the 16 bytes of a recovery key that a join code carries (128 bits: a second key that
    fits cannot be found)."""
    return hashlib.sha256(b"caretaker-pin\0" + public).digest()[:PIN_BYTES]


def words(public: bytes) -> str:
    """Say a key in four words that one person reads from the device and another from the page.

    36 bits (four of 512 words) behind 4,096 rounds of PBKDF2: about 2⁴⁹ hashes to make a key that
    shows the words of another. That is plenty to tell two laptops in one queue apart, which is all
    it is for. It is no authentication: letting a computer in rests on the join code, its key and a
    person.
    """
    bits = int.from_bytes(
        hashlib.pbkdf2_hmac("sha256", public, b"caretaker-words", _WORD_ROUNDS, 5), "big"
    )
    listed = word_list()
    return " ".join(listed[(bits >> (9 * place)) & 511] for place in reversed(range(WORDS)))


@lru_cache(maxsize=1)
def word_list() -> tuple[str, ...]:
    """Give the 512 words in their fixed order; changing one would rename every key."""
    text = resources.files("wire").joinpath("words.txt").read_text(encoding="ascii")
    return tuple(line for line in text.split() if line)
