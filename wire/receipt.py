"""The receipt: the controller's signed word that a report is stored; only it empties a spool.

A receipt with a `need` is a receipt for the report only: the agent sends what is needed, posts the
same report again, and is done when `need` is empty. `index`, `size` and `root` place the report in
the evidence log, once there is one. `nonce` is what the next report echoes. `release` is the
controller's version: when it changes, an agent tries again what was condemned before (O2).
`policy` names the envelope of the policy in force at `site`, "" for none; an agent that holds
another asks for it. `profile` is what the school says this computer is for, "" while nobody has.
`scope` names the envelope of the scope that this computer, as a scanner, may use; left out, it may
ask nothing of any network. `credentials` names the envelope of the secrets sealed for it.
`frames` is the newest version of `wire.frame` that this controller takes, left out for the first.
"""

from typing import Annotated, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET, Meta, UnsetType

from wire import dsse, fields, limits, sealed, types


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to the envelope whose digest is `request`."""

    v: fields.Version = 1
    device: fields.Identifier
    request: fields.Digest
    seq: fields.Seq
    status: Literal["accepted", "duplicate"]
    received_at: fields.Seconds
    need: Annotated[list[fields.Digest], Meta(max_length=limits.SECTIONS + 1)]
    policy: fields.DigestOrNone
    nonce: fields.Nonce
    index: fields.Natural | None = None
    size: fields.Natural | None = None
    root: fields.Root = ""
    next_after_seconds: fields.Seconds | None = None
    release: Annotated[str, Meta(max_length=64)] = ""
    site: fields.IdentifierOrNone = ""
    profile: fields.ProfileOrNone = ""
    frames: Annotated[int, Meta(ge=2, le=255)] | UnsetType = UNSET
    scope: fields.Digest | UnsetType = UNSET
    credentials: fields.Digest | UnsetType = UNSET


def sign_receipt(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    """Sign `receipt` into an envelope; raises WireError `schema`."""
    return sealed.seal(receipt, types.RECEIPT, key)


def open_receipt(parsed: dsse.Parsed, public: bytes) -> Receipt:
    """Verify and read a receipt by the pinned controller key.

    It says nothing about a report until `receipt.request` equals the digest of the envelope sent
    and `receipt.device` and `receipt.seq` are that report's. Raises WireError.
    """
    return sealed.unseal(parsed, types.RECEIPT, Receipt, public)
