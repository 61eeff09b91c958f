"""Who may sign policy and scope for this school, beside or instead of the controller (O21).

A signer is a person's own Ed25519 key, the kind that `ssh-keygen -t ed25519` makes; its private
half never comes near the controller. Only the recovery key changes the list. While `delegated`
holds, the controller's key signs policy too: one machine then both asks and judges.

Trap: one of the controller's own keys as a signer would look separated and would not be.
"""

import base64
import binascii
from pathlib import Path
from typing import Final, Literal

from controller.roots import changing
from controller.roots.recovery import Recovery
from wire import keys, limits
from wire.errors import WireError
from wire.roots import Roots

Duty = Literal["policy", "scope"]
LISTED: Final[dict[Duty, str]] = {"policy": "policy_signers", "scope": "scope_signers"}
_KIND: Final = b"ssh-ed25519"


class SignerError(Exception):
    """What was asked cannot be done; the sentence says why, and what to do."""


def read_public(text: str) -> bytes:
    """The 32 bytes in one line of a `.pub` file as ssh-keygen writes it. Raises SignerError."""
    if "PRIVATE KEY" in text:
        raise SignerError("This is a private key. Keep it where it is, and give its .pub file.")
    words = text.split()
    if len(words) < 2 or words[0] != _KIND.decode():
        raise SignerError(
            "A signer's key is one line that begins with ssh-ed25519; "
            "make one with: ssh-keygen -t ed25519"
        )
    try:
        blob = base64.b64decode(words[1], validate=True)
        head, public = blob[:-32], blob[-32:]
        if head != _string(_KIND) + (32).to_bytes(4, "big"):
            raise SignerError("This key is cut or damaged; copy the whole line of the .pub file.")
        keys.load_public(public)
    except (binascii.Error, ValueError) as error:
        why = error.sentence if isinstance(error, WireError) else "copy the whole line."
        raise SignerError(f"This key cannot be used: {why}") from error
    return public


def change(
    data: Path,
    recovery: Recovery,
    at: int,
    *,
    duty: Duty,
    add: bytes | None = None,
    remove: bytes | None = None,
    delegated: bool | None = None,
    version: int = 0,
) -> Roots:
    """Sign a list with one signer more or fewer; `delegated` None leaves that as it is.

    What is so already is left so: no new list is made then. Raises SignerError and
    RecoveryKeyError.
    """
    current = changing.check(data, recovery)
    field = LISTED[duty]
    listed: list[str] = list(getattr(current, field))
    if add is not None:
        _check_may_sign(current, keys.to_text(add))
        listed += [keys.to_text(add)] * (keys.to_text(add) not in listed)
    if remove is not None:
        if keys.to_text(remove) not in listed:
            raise SignerError(f"{keys.key_id(remove)} does not sign {duty} here.")
        listed.remove(keys.to_text(remove))
    if len(listed) > limits.ROOT_KEYS:
        raise SignerError(f"There may be {limits.ROOT_KEYS} signers; remove one first.")
    own = current.delegated if delegated is None else delegated
    if not own and not (listed if duty == "policy" else current.policy_signers):
        raise SignerError(
            "Then nobody could sign policy: add another signer first, or let the controller sign "
            "again with --delegate."
        )
    if (listed, own) == (getattr(current, field), current.delegated):
        return current
    return changing.change(data, recovery, at, version=version, **{field: listed, "delegated": own})


def _check_may_sign(roots: Roots, public: str) -> None:
    if public in (*roots.controllers, *roots.logs):
        raise SignerError("This is one of the controller's own keys; a signer has one of his own.")
    if public in (roots.recovery, roots.next_recovery):
        raise SignerError("The recovery key signs the list of keys and nothing else.")


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
