"""A device takes a new key: the old key and the new one both say so (trust §4.3).

The envelope is signed by the new key, which proves that whoever asks holds it. Inside stands the
old key's signature over the same device, number, key and nonce, which proves that it is the same
device. Reports before `seq` are the old key's for ever, and so is any the controller took before
the handover reached it; the chain goes on from there.

Traps: `open_rekey` reads the payload before its signature is verified, because the key is inside,
and says nothing about the device until `check_handover` has compared the old key.
"""

import base64

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import canonical, dsse, fields, keys, sealed, types
from wire.errors import WireError


class Rekey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`device` will sign with `public_key`, and nothing before its report number `seq`;
    `old_signature` is the old key's over all the other fields."""

    v: fields.Version = 1
    device: fields.Identifier
    seq: fields.Seq
    public_key: fields.PublicKey
    nonce: fields.Nonce
    old_signature: fields.SignatureText


def sign_rekey(
    device: str, seq: int, nonce: str, old: Ed25519PrivateKey, new: Ed25519PrivateKey
) -> bytes:
    """The envelope that hands a device over from `old` to `new`; raises WireError `schema`."""
    made = Rekey(
        device=device,
        seq=seq,
        public_key=keys.to_text(keys.public_bytes(new)),
        nonce=nonce,
        old_signature="",
    )
    signature = base64.b64encode(old.sign(_message(made))).decode()
    return sealed.seal(msgspec.structs.replace(made, old_signature=signature), types.REKEY, new)


def open_rekey(parsed: dsse.Parsed) -> Rekey:
    """Read a handover that the new key signed; `check_handover` comes next. Raises WireError."""
    if parsed.payload_type != types.REKEY:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
    public = keys.from_text(canonical.decode(parsed.payload, Rekey).public_key)
    return sealed.unseal(parsed, types.REKEY, Rekey, public)


def check_handover(rekey: Rekey, old: bytes) -> None:
    """Check that the owner of `old` agrees; raises WireError `bad_signature` or `bad_key`."""
    raw = base64.b64decode(rekey.old_signature)
    if base64.b64encode(raw).decode() != rekey.old_signature:
        raise WireError("not_canonical", "The old key's signature is not in its one spelling.")
    if keys.from_text(rekey.public_key) == old:
        raise WireError("bad_key", "The new key is the old one.")
    if not keys.fits(old, raw, _message(rekey)):
        raise WireError("bad_signature", "The old key did not sign this handover.")


def _message(rekey: Rekey) -> bytes:
    """What the old key signs: the payload without its own signature, under the same type."""
    unsigned = msgspec.structs.replace(rekey, old_signature="")
    return dsse.pae(types.REKEY, canonical.encode(unsigned))
