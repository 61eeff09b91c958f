"""A school's policy as it travels, signed by who may decide (O20, O21, trust T4).

The roots say who may: a person in `policy_signers`, with `ssh-keygen -Y sign -n policy@caretaker`,
or a controller key where they say `delegated` (`wire.signing`).

`Rules.policy` is the canonical JSON text of the policy itself, which `checks` reads; here it is
only made sure that it is such text, within all limits. Which version an agent takes is the agent's
to decide (`agent.collect.ruling`): nothing here remembers anything.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, fields, limits, sealed, signing, types
from wire.errors import WireError
from wire.roots import Roots

NAMESPACE: Final = "policy@caretaker"
"""What `ssh-keygen -Y sign -n` must be given."""
DECISION: Final = signing.Decision(types.POLICY, NAMESPACE, "policy")

RULED: Final = {
    "expired": "the policy is past its date, and still used",
    "old_policy": "another was offered that is older than one it has seen, or contradicts it",
    "not_signed": "another was offered that nobody signed who may, by the list of keys it holds",
    "other_site": "another was offered that is another school's",
    "too_slow": "judging by it took so long that the catalogue's defaults were used",
    "not_understood": "some of it is for a newer release, or out of bounds here, and was left out",
}
"""What a report's `ruled` may say; an unknown word is one of a newer release."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one school's policy. Times are epoch seconds UTC."""

    v: fields.Version = 1
    site: fields.Identifier
    version: fields.Seq
    issued_at: fields.Seconds
    expires_at: fields.Seconds
    policy: Annotated[str, Meta(min_length=2, max_length=limits.PAYLOAD)]


def payload_of(rules: Rules) -> bytes:
    """Give the bytes to sign: for a person, the file to hand to ssh-keygen.

    Raises WireError `schema`, `not_canonical`, `malformed` or `too_large`.
    """
    data = canonical.encode(rules)
    read_payload(data)
    return data


def read_payload(data: bytes) -> Rules:
    """Read such a file before anybody signed it. Raises as `payload_of` does."""
    rules = canonical.decode(data, Rules, longest=limits.PAYLOAD)
    if rules.expires_at <= rules.issued_at:
        raise WireError("schema", "A policy ends after it begins.")
    canonical.decode(rules.policy.encode(), dict[str, Any])
    return rules


def sign_rules(rules: Rules, key: Ed25519PrivateKey) -> bytes:
    """Sign with a controller key, where the roots delegate; raises as `payload_of` does."""
    payload_of(rules)
    return sealed.seal(rules, types.POLICY, key, longest=limits.PAYLOAD)


def join(payload: bytes, signature: bytes, signers: Sequence[bytes]) -> bytes:
    """Put what ssh-keygen wrote about a payload's file into an envelope.

    `signers` are the public keys that may have signed. Raises WireError: `bad_signature` when none
    of them did, `bad_type` for another namespace, and as `payload_of` and `sshsig.bare` do.
    """
    read_payload(payload)
    return signing.join(payload, signature, signers, DECISION)


def open_rules(envelope: bytes, roots: Roots) -> tuple[Rules, str]:
    """Verify a policy by the roots held; give it, and the id of the key that signed.

    Raises WireError: `bad_type`, `bad_signature` for who may not sign, and as `dsse.parse` and
    `payload_of` do.
    """
    parsed = signing.verify(envelope, roots, roots.policy_signers, DECISION)
    return read_payload(parsed.payload), parsed.keyid


def for_keygen(envelope: bytes, public: bytes) -> tuple[bytes, bytes]:
    """Give payload and signature as `ssh-keygen -Y verify` takes them (`signing.for_keygen`)."""
    return signing.for_keygen(envelope, public, DECISION)
