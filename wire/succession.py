"""A computer that gave up an identity asks to be let in as a new one, without a join code (trust
§4.3).

In the enrolment, `token` and `was` name the former device and `proof` is the former key's signature
over the new one: whoever asks has that computer's disk, or a copy of it. It opens the queue, as a
join code would, and nothing else. The nonce is the asker's own: the same bytes sent again introduce
the same key again, so nothing is gained by repeating them.
"""

from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import keys
from wire.enrolment import Enrol
from wire.errors import WireError

_FIRST: Final = b"caretaker-succession\0"


def prove(former: Ed25519PrivateKey, device: str, nonce: str, public: bytes) -> str:
    """The former key's signature over the device it speaks for, nonce and new key, as hex."""
    return former.sign(_message(device, nonce, public)).hex()


def is_vouched(enrol: Enrol) -> bool:
    """Whether a former key vouches for the new one, instead of a join code."""
    return enrol.token == enrol.was


def check(enrol: Enrol, formers: Iterable[bytes]) -> None:
    """Check the proof by the public keys that the former device has or had (an image may be older
    than a change of key); raises WireError `bad_token`."""
    public = keys.from_text(enrol.public_key)
    message = _message(enrol.token, enrol.nonce, public)
    signature = bytes.fromhex(enrol.proof)
    if len(signature) != 64 or not any(
        public != former and keys.fits(former, signature, message) for former in formers
    ):
        raise WireError("bad_token", "The former key of this computer did not ask for this.")


def _message(device: str, nonce: str, public: bytes) -> bytes:
    return _FIRST + device.encode() + b"\0" + nonce.encode() + b"\0" + public
