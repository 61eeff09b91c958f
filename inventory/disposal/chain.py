"""The chain of one disposal's events: hashed one over the other, each signed (I1, I12). Pure.

`hash` = SHA-256 of DSSE's PAE over the event's canonical bytes behind the 32 bytes of the hash
before; the first event stands behind `start`, so that no chain passes for another disposal's. What
is signed are the same bytes. Verifying needs the rows and the public keys, and nothing else.

Trap: whoever holds a key of the controller can write a whole new chain. That is what the ledger's
lines are for, whose checkpoints lie elsewhere: each holds the hash of its event.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, Literal, Protocol

import msgspec

from inventory.disposal import spelling
from inventory.disposal.events import Event
from wire import dsse, keys
from wire.errors import WireError

PAYLOAD_TYPE: Final = "application/vnd.caretaker.disposal-event.v1+json"
_START: Final = "caretaker-disposal"

What = Literal["gap", "broken", "hash", "unreadable", "unknown_key", "signature", "cut"]
SENTENCES: Final[dict[What, str]] = {
    "gap": "A step is missing before this one.",
    "broken": "This step does not follow the one before it.",
    "hash": "This step is not what it was when it was recorded.",
    "unreadable": "This step cannot be read.",
    "unknown_key": "This step is signed by a key that was never the controller’s.",
    "signature": "The signature does not fit this step.",
    "cut": "Steps are missing at the end.",
}


class Signed(msgspec.Struct, frozen=True):
    """A signature and the name of its key, as `wire.keys.key_id` writes it."""

    key: str
    signature: bytes


class Signer(Protocol):
    """Signs with a key of the controller; raises what its own key store raises."""

    def __call__(self, message: bytes) -> Signed:
        """Sign these bytes."""
        ...


class Link(msgspec.Struct, frozen=True):
    """One stored event; `prev` and `hash` in hexadecimal."""

    seq: int
    body: bytes
    prev: str
    hash: str
    key: str
    signature: bytes


class Wrong(msgspec.Struct, frozen=True):
    """What does not fit at one event, or behind the last."""

    seq: int
    what: What

    @property
    def sentence(self) -> str:
        """For people."""
        return SENTENCES[self.what]


def start(site_id: str, disposal_id: str) -> str:
    """What the first event of a disposal stands behind."""
    return hashlib.sha256(f"{_START}\0{site_id}\0{disposal_id}".encode()).hexdigest()


def link(event: Event, prev: str, sign: Signer) -> Link:
    """The next of a chain. Raises WireError for an event that cannot be spelled."""
    body = spelling.encode(event)
    message = _message(prev, body)
    signed = sign(message)
    digest = hashlib.sha256(message).hexdigest()
    return Link(event.seq, body, prev, digest, signed.key, signed.signature)


def verify(
    links: Sequence[Link], begin: str, publics: Mapping[str, bytes], head: str = ""
) -> list[Wrong]:
    """What does not fit in a chain that begins behind `begin` and should end in `head` ("" is not
    compared); nothing for a sound one. `publics` are the controller's keys by name."""
    wrong: list[Wrong] = []
    prev = begin
    for number, one in enumerate(links, start=1):
        what = _wrong(one, number, prev, publics)
        if what is not None:
            wrong.append(Wrong(one.seq, what))
        prev = one.hash
    if head and prev != head:
        wrong.append(Wrong(len(links) + 1, "cut"))
    return wrong


def _wrong(one: Link, number: int, prev: str, publics: Mapping[str, bytes]) -> What | None:
    message = _message(one.prev, one.body)
    if hashlib.sha256(message).hexdigest() != one.hash:
        return "hash"
    if one.prev != prev:
        return "gap" if one.seq > number else "broken"
    try:
        if spelling.decode(one.body).seq != number:
            return "gap"
    except WireError:
        return "unreadable"
    public = publics.get(one.key)
    if public is None:
        return "unknown_key"
    return None if keys.fits(public, one.signature, message) else "signature"


def _message(prev: str, body: bytes) -> bytes:
    return dsse.pae(PAYLOAD_TYPE, bytes.fromhex(prev) + body)
