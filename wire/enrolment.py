"""Enrolment: how a new key introduces itself, and how both sides know who speaks (trust §4.3).

1. The agent asks for the roots (`wire.roots`), whose recovery key the join code pins, then for a
   `Hello`, signed by a controller key that stands in them: first contact needs no certificate (O4).
2. The agent makes a key and sends an `Enrol`, signed by that key over the hello's fresh nonce.
   `proof` is an HMAC under the join code's secret, so the secret never travels and a proof fits one
   key and one nonce.
3. The controller answers with an `Enrolment`, signed: pending until a person lets the computer in.

Traps: `open_enrol` reads a payload before its signature is verified, because the key to verify with
is inside. It reads it with the same strict decoder and gives nothing out until the signature fits
that key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, dsse, fields, keys, limits, sealed, types
from wire.errors import WireError
from wire.join_code import JoinCode

__all__ = [
    "Enrol",
    "Enrolment",
    "Factor",
    "Hello",
    "JoinCode",
    "check_proof",
    "enrol_proof",
    "open_enrol",
    "open_enrolment",
    "open_hello",
    "sign_enrol",
    "sign_enrolment",
    "sign_hello",
]


_NOT_LISTED: Final = (
    "What answers is signed by a key that the school's recovery key does not vouch for; "
    "ask whoever looks after the controller."
)


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """The controller introduces itself: key, a ten-minute nonce, where else it answers."""

    v: fields.Version = 1
    controller: fields.PublicKey
    nonce: fields.HelloNonce
    at: fields.Seconds
    addresses: Annotated[list[fields.Address], Meta(max_length=limits.ADDRESSES)]
    tls_spki: Annotated[list[fields.Digest], Meta(max_length=limits.ADDRESSES)]
    roots: fields.DigestOrNone = ""


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One hardware fact that tells this machine from a copy of its disk: `board_serial`, `uuid`,
    …
    """

    kind: fields.SectionName
    value: fields.FactorValue


class Enrol(msgspec.Struct, frozen=True, kw_only=True):
    """A new key asks to be let in. `was` is the identity this machine gave up, if it had one.

    `token` names the join code, and `proof` is its HMAC; or it names the device that was given up,
    and `proof` is that device's signature (`wire.succession`).
    """

    v: fields.Version = 1
    token: fields.Identifier
    public_key: fields.PublicKey
    nonce: fields.HelloNonce
    proof: fields.Proof
    created_at: fields.Seconds
    agent: fields.Release
    host_name: fields.HostName
    platform: fields.Platform
    factors: Annotated[list[Factor], Meta(max_length=limits.FACTORS)]
    was: fields.IdentifierOrNone = ""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Where the enrolment whose envelope's digest is `request` stands; `words` as `keys.words`."""

    v: fields.Version = 1
    request: fields.Digest
    device: fields.Identifier
    status: Literal["pending", "active", "refused"]
    at: fields.Seconds
    words: fields.Words


def enrol_proof(secret: bytes, nonce: str, public: bytes) -> str:
    """Prove knowledge of a join code's secret for one nonce and key: HMAC-SHA256, as hex."""
    message = b"caretaker-enrol\0" + nonce.encode() + b"\0" + public
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def check_proof(enrol: Enrol, secret: bytes) -> None:
    """Check an enrolment's proof in constant time; raises WireError `bad_token`.

    Sentences that tell an expired code from a used-up one are for callers past this check only.
    """
    expected = enrol_proof(secret, enrol.nonce, keys.from_text(enrol.public_key))
    if not hmac.compare_digest(expected, enrol.proof):
        raise WireError("bad_token", "This join code is not valid here; ask for a new one.")


def sign_hello(hello: Hello, key: Ed25519PrivateKey) -> bytes:
    """Sign `hello` with the very key it names; raises WireError `schema` or `bad_key`."""
    if keys.from_text(hello.controller) != keys.public_bytes(key):
        raise WireError("bad_key", "A hello is signed by the key it names.")
    return sealed.seal(hello, types.HELLO, key)


def open_hello(parsed: dsse.Parsed, controllers: Iterable[bytes]) -> Hello:
    """Read a hello signed by one of the controller's keys, as the roots list them.

    Raises WireError `wrong_controller` if another key signed it or is in it, else as `dsse.verify`
    and `canonical.decode` do.
    """
    _expect(parsed, types.HELLO)
    public = next((key for key in controllers if keys.key_id(key) == parsed.keyid), None)
    if public is None:
        raise WireError("wrong_controller", _NOT_LISTED)
    hello = sealed.unseal(parsed, types.HELLO, Hello, public)
    if keys.from_text(hello.controller) != public:
        raise WireError("wrong_controller", _NOT_LISTED)
    return hello


def sign_enrol(enrol: Enrol, key: Ed25519PrivateKey) -> bytes:
    """Sign `enrol` with the very key it introduces; raises WireError `schema` or `bad_key`."""
    if keys.from_text(enrol.public_key) != keys.public_bytes(key):
        raise WireError("bad_key", "An enrolment is signed by the key it introduces.")
    return sealed.seal(enrol, types.ENROL, key)


def open_enrol(parsed: dsse.Parsed) -> Enrol:
    """Read an enrolment that the key inside it signed.

    The caller still checks the nonce, then `check_proof`, before it answers anything that depends
    on the token. Raises WireError.
    """
    _expect(parsed, types.ENROL)
    public = keys.from_text(canonical.decode(parsed.payload, Enrol).public_key)
    return sealed.unseal(parsed, types.ENROL, Enrol, public)


def sign_enrolment(enrolment: Enrolment, key: Ed25519PrivateKey) -> bytes:
    """Sign `enrolment` into an envelope; raises WireError `schema`."""
    return sealed.seal(enrolment, types.ENROLMENT, key)


def open_enrolment(parsed: dsse.Parsed, public: bytes) -> Enrolment:
    """Verify and read an enrolment by the pinned controller key.

    It counts only if `enrolment.request` is the digest of the enrol envelope sent. Raises
    WireError.
    """
    return sealed.unseal(parsed, types.ENROLMENT, Enrolment, public)


def _expect(parsed: dsse.Parsed, payload_type: str) -> None:
    if parsed.payload_type != payload_type:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
