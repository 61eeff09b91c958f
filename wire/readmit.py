"""A device shows a controller that no longer knows it that it was let in once (O5).

A controller brought back from a backup knows nothing of computers that joined after it. Each of
them holds what no stranger can: the enrolment it signed, and the answer in which a key of the
controller says that it is active. Both travel here as they were, signed by the key in use; if that
is another than it joined with, the handover between the two stands beside them.

What is proven is that the controller let this very key in, not that it never turned it out again:
`receipt`, the newest it holds, says when it was last known to be welcome. Nobody but the device
can make `enrolment` speak for it, so whoever repeats a readmission lets in nobody else.

Traps: `open_readmit` reads the payload before its signature is verified, because the key is inside;
nothing it says counts until `prove` has held it against the controller's keys.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, dsse, enrolment, fields, keys, limits, receipt, rekey, sealed, types
from wire.errors import WireError

Envelope = Annotated[str, Meta(max_length=limits.CARRIED)]
"""An envelope as text, whole, inside another message; "" for none."""


class Readmit(msgspec.Struct, frozen=True, kw_only=True):
    """`device` asks to be known again under `public_key`. `roots`: the list of keys it holds."""

    v: fields.Version = 1
    device: fields.Identifier
    public_key: fields.PublicKey
    nonce: fields.Nonce
    enrol: Envelope
    enrolment: Envelope
    handover: Envelope = ""
    receipt: Envelope = ""
    roots: Envelope = ""


class Proven(NamedTuple):
    """What a readmission proves: the enrolment the device joined with, with the digest and the
    parts of its envelope; when the controller said that it is active; when it was last welcome,
    and in which school (0 and "" where no receipt says so)."""

    enrol: enrolment.Enrol
    digest: str
    parsed: dsse.Parsed
    let_in_at: int
    welcome_at: int
    site: str


def sign_readmit(readmit: Readmit, key: Ed25519PrivateKey) -> bytes:
    """Sign with the key in use, which it names; raises WireError `schema` or `bad_key`."""
    if keys.from_text(readmit.public_key) != keys.public_bytes(key):
        raise WireError("bad_key", "A readmission is signed by the key it names.")
    return sealed.seal(readmit, types.READMIT, key, longest=limits.CARRIED)


def open_readmit(parsed: dsse.Parsed) -> Readmit:
    """Read a readmission that the key inside it signed. Raises WireError."""
    if parsed.payload_type != types.READMIT:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
    found = canonical.decode(parsed.payload, Readmit, longest=limits.CARRIED)
    public = keys.from_text(found.public_key)
    return sealed.unseal(parsed, types.READMIT, Readmit, public, longest=limits.CARRIED)


def prove(readmit: Readmit, controllers: Sequence[bytes]) -> Proven:
    """Hold a readmission against the controller's keys. Raises WireError, for every gap in it."""
    parsed = dsse.parse(readmit.enrol.encode())
    asked = enrolment.open_enrol(parsed)
    digest = dsse.digest(readmit.enrol.encode())
    answer = dsse.parse(readmit.enrolment.encode())
    answered = enrolment.open_enrolment(answer, keys.named(answer.keyid, controllers))
    if (answered.request, answered.device) != (digest, readmit.device):
        raise WireError("unproven", "The answer is to another enrolment than this one.")
    if answered.status != "active":
        raise WireError("unproven", "The answer does not say that this computer was let in.")
    joined = keys.from_text(asked.public_key)
    if keys.from_text(readmit.public_key) != joined:
        _check_handover(readmit, joined)
    newest = _newest_receipt(readmit, controllers)
    welcome_at, site = (newest.received_at, newest.site) if newest else (0, "")
    return Proven(asked, digest, parsed, answered.at, welcome_at, site)


def _check_handover(readmit: Readmit, joined: bytes) -> None:
    """The key it joined with handed over to the one in use."""
    if not readmit.handover:
        raise WireError("unproven", "This is not the key that was let in.")
    found = rekey.open_rekey(dsse.parse(readmit.handover.encode()))
    rekey.check_handover(found, joined)
    if (found.device, found.public_key) != (readmit.device, readmit.public_key):
        raise WireError("unproven", "The handover is to another key than the one in use.")


def _newest_receipt(readmit: Readmit, controllers: Sequence[bytes]) -> receipt.Receipt | None:
    if not readmit.receipt:
        return None
    parsed = dsse.parse(readmit.receipt.encode())
    found = receipt.open_receipt(parsed, keys.named(parsed.keyid, controllers))
    if found.device != readmit.device:
        raise WireError("unproven", "The receipt is another computer's.")
    return found
