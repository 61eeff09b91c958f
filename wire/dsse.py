"""DSSE v1: sign exact bytes of a named type, and verify them before anyone reads them (trust §4.1).

The signature is over `PAE(type, payload)`. The envelope around it has one spelling too: canonical
JSON, standard base64 with padding, one signature, no field more. DSSE asks consumers to accept
URL-safe base64 and unknown fields as well; we do not, because the envelope's digest is what
receipts name and what `prev` chains. If a stranger on the way could respell an envelope without
breaking its signature, an honest device would meet a different digest under its own `seq`, which is
the mark of a cloned key. For the same reason `keyid`, which DSSE leaves unsigned, must be the name
of the key that verifies: a hint to find the key by, and after that one more thing that cannot be
altered. Anything that speaks DSSE can still read what we write.
"""

import base64
import binascii
import hashlib
from typing import Annotated, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import canonical, keys, limits
from wire.errors import WireError

_Base64 = Annotated[str, msgspec.Meta(max_length=4 * ((limits.PAYLOAD + 2) // 3))]


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signature: `keyid` as `keys.key_id` writes it, `sig` 64 bytes in base64."""

    keyid: Annotated[str, msgspec.Meta(pattern=r"\ASHA256:[0-9A-Za-z+/]{43}\Z", max_length=50)]
    sig: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z+/]{86}==\Z", max_length=88)]


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The DSSE JSON envelope: `payload` in base64, its type, and exactly one signature."""

    payload: _Base64
    payloadType: Annotated[  # noqa: N815 - the field's name in DSSE
        str, msgspec.Meta(pattern=r"\A[!-~]{1,100}\Z", max_length=100)
    ]
    signatures: Annotated[list[Signature], msgspec.Meta(min_length=1, max_length=1)]


class Parsed(NamedTuple):
    """An envelope taken apart and not yet verified: only `verify` makes its payload believable."""

    payload: bytes
    payload_type: str
    keyid: str
    sig: bytes


def pae(payload_type: str, payload: bytes) -> bytes:
    """Give DSSE's pre-authentication encoding: the bytes that are signed. Lengths count bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, payload_type: str, key: Ed25519PrivateKey) -> bytes:
    """Sign `payload` and give the envelope's bytes; raises WireError `too_large`."""
    _check_size(payload)
    return write(
        Parsed(
            payload=payload,
            payload_type=payload_type,
            keyid=keys.key_id(keys.public_bytes(key)),
            sig=key.sign(pae(payload_type, payload)),
        )
    )


def write(parsed: Parsed) -> bytes:
    """Write an envelope's bytes: the exact opposite of `parse`, signing nothing."""
    sig = base64.b64encode(parsed.sig).decode()
    return canonical.encode(
        Envelope(
            payload=base64.b64encode(parsed.payload).decode(),
            payloadType=parsed.payload_type,
            signatures=[Signature(keyid=parsed.keyid, sig=sig)],
        )
    )


def parse(data: bytes) -> Parsed:
    """Take an envelope apart without believing it.

    Raises WireError `too_large`, `malformed`, `not_canonical` or `schema`.
    """
    envelope = canonical.decode(data, Envelope, limit=limits.ENVELOPE, longest=limits.ENVELOPE)
    (signature,) = envelope.signatures
    payload = _unbase64(envelope.payload)
    _check_size(payload)
    return Parsed(
        payload=payload,
        payload_type=envelope.payloadType,
        keyid=signature.keyid,
        sig=_unbase64(signature.sig),
    )


def verify(
    parsed: Parsed, payload_type: str, public: bytes, *, fits: keys.Fits = keys.fits
) -> bytes:
    """Give the payload if the owner of `public` signed it as `payload_type`.

    The caller names the type it is about to read and takes the key from its own records, found by
    `parsed.keyid`. `fits` may be another implementation of Ed25519 that accepts no more than
    `keys.fits`. Raises WireError `bad_type`, `bad_key` or `bad_signature`.
    """
    if parsed.payload_type != payload_type:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
    if parsed.keyid != keys.key_id(public):
        raise WireError("bad_signature", "The message names another key than the one it must have.")
    if not fits(public, parsed.sig, pae(parsed.payload_type, parsed.payload)):
        raise WireError("bad_signature", "The signature does not fit the message.")
    return parsed.payload


def digest(data: bytes) -> str:
    """Name bytes by their hash: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _check_size(payload: bytes) -> None:
    if len(payload) > limits.PAYLOAD:
        raise WireError("too_large", f"A signed payload may hold {limits.PAYLOAD} bytes.")


def _unbase64(text: str) -> bytes:
    """Decode standard base64 in its one spelling (no stray bits, no missing `=`)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise WireError("malformed", "The envelope holds what is not base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise WireError("not_canonical", "The envelope's base64 is not in its one spelling.")
    return raw
