"""Who may sign what a school decides (policy, scope), and how: one way for both (O20, O21).

A person whom the roots list signs the payload as a file, with `ssh-keygen -Y sign` and a key that
never comes near the controller; where the roots say `delegated`, a controller key signs it as it
signs a receipt. The envelope is the same and its `sig` is 64 bytes either way (`sshsig.bare`), so
it has one spelling and its digest names it. What was signed differs in its first bytes (`SSHSIG`,
`DSSEv1`): neither passes for the other.
"""

from collections.abc import Sequence
from typing import NamedTuple

from wire import dsse, keys, sshsig
from wire.errors import WireError
from wire.roots import Roots


class Decision(NamedTuple):
    """A kind of decision: its payload type, what `ssh-keygen -Y sign -n` must be given, its name in
    sentences."""

    kind: str
    namespace: str
    called: str


def join(payload: bytes, signature: bytes, signers: Sequence[bytes], decision: Decision) -> bytes:
    """Put what ssh-keygen wrote about a payload's file into an envelope; the payload is unread.

    `signers` are the public keys that may have signed. Raises WireError: `bad_signature` when none
    of them did, `bad_type` for another namespace, and as `sshsig.bare` does.
    """
    for public in signers:
        try:
            raw = sshsig.bare(payload, signature, decision.namespace, public)
        except WireError as error:
            if error.code != "bad_signature":
                raise
            continue
        named = keys.key_id(public)
        return dsse.write(dsse.Parsed(payload, decision.kind, named, raw))
    raise _nobody(decision)


def verify(
    envelope: bytes, roots: Roots, signers: Sequence[str], decision: Decision
) -> dsse.Parsed:
    """Give an envelope's parts once a listed person signed it, or a controller key that may.

    Raises WireError `bad_type`, `bad_signature`, and as `dsse.parse` does.
    """
    parsed = dsse.parse(envelope)
    if parsed.payload_type != decision.kind:
        raise WireError("bad_type", "This is another kind of message than the one expected here.")
    if not (_by_person(parsed, signers, decision) or _by_controller(parsed, roots, decision)):
        raise _nobody(decision)
    return parsed


def for_keygen(envelope: bytes, public: bytes, decision: Decision) -> tuple[bytes, bytes]:
    """Give payload and signature as `ssh-keygen -Y verify` takes them, for a stranger to check.

    Believes nothing; raises as `dsse.parse` does.
    """
    parsed = dsse.parse(envelope)
    return parsed.payload, sshsig.dressed(parsed.sig, decision.namespace, public)


def _nobody(decision: Decision) -> WireError:
    called = decision.called
    return WireError("bad_signature", f"Nobody whom the list of keys names signed this {called}.")


def _by_person(parsed: dsse.Parsed, signers: Sequence[str], decision: Decision) -> bool:
    public = _listed(parsed.keyid, signers)
    return public is not None and sshsig.fits(
        parsed.payload, parsed.sig, decision.namespace, public
    )


def _by_controller(parsed: dsse.Parsed, roots: Roots, decision: Decision) -> bool:
    public = _listed(parsed.keyid, roots.controllers) if roots.delegated else None
    signed = dsse.pae(decision.kind, parsed.payload)
    return public is not None and keys.fits(public, parsed.sig, signed)


def _listed(name: str, texts: Sequence[str]) -> bytes | None:
    """The key of that name, if it stands in the list."""
    publics = map(keys.from_text, texts)
    return next((public for public in publics if keys.key_id(public) == name), None)
