"""A struct into a signed envelope and back: the one path for every payload type.

`seal` decodes what it is about to sign, so nobody signs what the other end must refuse; `unseal`
verifies first and reads afterwards.
"""

from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import canonical, dsse, keys, limits

T = TypeVar("T")


def seal(
    message: object, payload_type: str, key: Ed25519PrivateKey, *, longest: int = limits.STRING
) -> bytes:
    """Sign `message` as `payload_type`; raises the WireError that its reader would raise."""
    payload = canonical.encode(message)
    canonical.decode(payload, type(message), longest=longest)
    return dsse.sign(payload, payload_type, key)


def unseal(
    parsed: dsse.Parsed,
    payload_type: str,
    type: type[T],  # noqa: A002 - as in canonical.decode
    public: bytes,
    *,
    longest: int = limits.STRING,
    fits: keys.Fits = keys.fits,
) -> T:
    """Verify `parsed` against `public`, then read its payload; raises WireError."""
    payload = dsse.verify(parsed, payload_type, public, fits=fits)
    return canonical.decode(payload, type, longest=longest)
