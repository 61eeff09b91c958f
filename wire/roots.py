"""The roots: which keys, certificates and addresses a school's controller has, in one signed list.

The recovery key signs it. That key lies on paper in the safe, so whoever takes over the controller
cannot sign a list of their own, and whoever loses the controller can (O3). Join codes pin the
recovery key, agents keep the list and take a newer one from whomever they get it: a lost or stolen
controller key, a new certificate, a new host name are all the same small message.

Rules of `follow`, which is all an agent decides by: the version goes up, never down; one version
has one spelling; the key that signs is the recovery key held, or, once a list names a
`next_recovery`, that one and no other. Traps: `open_first` reads a payload before its signature is
verified, because the key is inside; it gives nothing out until key, pin and signature fit.
"""

import hmac
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, dsse, fields, keys, limits, sealed, types
from wire.errors import WireError

Keys = Annotated[list[fields.PublicKey], Meta(max_length=limits.ROOT_KEYS)]


class Roots(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the list. `controllers`: the key that signs now first; the rest are believed
    too. `logs`: the same for checkpoints. `delegated`: the controller itself may sign policy, so
    the two are *not separated* (O21). `addresses`: in the order to try them."""

    v: fields.Version = 1
    version: fields.Seq
    at: fields.Seconds
    recovery: fields.PublicKey
    next_recovery: fields.PublicKeyOrNone = ""
    controllers: Annotated[list[fields.PublicKey], Meta(min_length=1, max_length=limits.ROOT_KEYS)]
    logs: Keys
    policy_signers: Keys
    scope_signers: Keys
    delegated: bool
    tls_spki: Annotated[list[fields.Digest], Meta(max_length=limits.ADDRESSES)]
    addresses: Annotated[list[fields.Address], Meta(max_length=limits.ADDRESSES)]


def sign_roots(roots: Roots, key: Ed25519PrivateKey) -> bytes:
    """Sign `roots` with the recovery key it names; raises WireError `schema` or `bad_key`."""
    if keys.from_text(roots.recovery) != keys.public_bytes(key):
        raise WireError("bad_key", "Roots are signed by the recovery key they name.")
    _check(roots)
    return sealed.seal(roots, types.ROOTS, key)


def open_roots(parsed: dsse.Parsed, recovery: bytes) -> Roots:
    """Verify and read roots signed by this recovery key; raises WireError."""
    roots = sealed.unseal(parsed, types.ROOTS, Roots, recovery)
    if keys.from_text(roots.recovery) != recovery:
        raise WireError("bad_key", "Roots are signed by the recovery key they name.")
    _check(roots)
    return roots


def open_first(parsed: dsse.Parsed, pin: bytes) -> Roots:
    """Read roots by the recovery key that a join code's `pin` names.

    Raises WireError `wrong_controller` if another key is in it, else as `open_roots` does.
    """
    if parsed.payload_type != types.ROOTS:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
    recovery = keys.from_text(canonical.decode(parsed.payload, Roots).recovery)
    if not hmac.compare_digest(keys.pin(recovery), pin):
        raise WireError(
            "wrong_controller",
            "This is not the controller that the join code names; check address and code.",
        )
    return open_roots(parsed, recovery)


def open_held(envelope: bytes) -> Roots:
    """Read roots from one's own keeping: by the key they name. Raises WireError if damaged."""
    parsed = dsse.parse(envelope)
    return open_roots(parsed, keys.from_text(canonical.decode(parsed.payload, Roots).recovery))


def heir(roots: Roots) -> bytes:
    """The recovery key that must sign whatever comes after `roots`."""
    return keys.from_text(roots.next_recovery or roots.recovery)


def follow(held: bytes, offered: bytes) -> Roots | None:
    """The roots in `offered` if they follow those in `held` (both envelopes); None if they are the
    same bytes.

    Raises WireError `old_roots` for a lower version, or the same one in other bytes, and as
    `open_roots` does for another recovery key.
    """
    if offered == held:
        return None
    mine = open_held(held)
    parsed = dsse.parse(offered)
    try:
        theirs = open_roots(parsed, heir(mine))
    except WireError as error:
        if error.code != "bad_signature" or not mine.next_recovery:
            raise
        # Possibly the list held, or one before it: then it is old, whoever signed it.
        theirs = open_roots(parsed, keys.from_text(mine.recovery))
        if theirs.version > mine.version:
            raise
    if theirs.version <= mine.version:
        raise WireError("old_roots", "These roots are older than those held, or contradict them.")
    return theirs


def _check(roots: Roots) -> None:
    """What no single field can say: sound keys, none of them twice in one place."""
    listed = (roots.controllers, roots.logs, roots.policy_signers, roots.scope_signers)
    for one in (*listed, roots.tls_spki, roots.addresses):
        if len(set(one)) != len(one):
            raise WireError("schema", "The roots name something twice.")
    for key in {roots.recovery, *([roots.next_recovery] if roots.next_recovery else [])}:
        keys.from_text(key)
        if any(key in one for one in listed):
            raise WireError("schema", "A recovery key signs roots and nothing else.")
    for key in {key for one in listed for key in one}:
        keys.from_text(key)
    if roots.next_recovery == roots.recovery:
        raise WireError("schema", "The next recovery key is another one.")
