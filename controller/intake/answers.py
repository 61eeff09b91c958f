"""Outcomes as signed HTTP answers. Whatever an agent may act on is signed and names its request
(O1)."""

import secrets
from collections.abc import Callable
from importlib.metadata import version
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET

from controller.intake import signatures
from controller.intake.outcomes import Noted, Offered, Outcome, Refused, Standing, Taken
from wire import canonical, dsse, frame, keys, types
from wire.enrolment import Enrolment, Hello, sign_enrolment, sign_hello
from wire.problem import CODES, SENTENCES, Problem, sign_problem
from wire.receipt import Receipt

_EMPTY: Final = [("cache-control", "no-store")]
_SIGNED: Final = [*_EMPTY, ("content-type", types.CONTENT_TYPE)]
_NOTE: Final = [*_EMPTY, ("content-type", "text/plain; charset=utf-8")]
"""A checkpoint is a text that its own signature stands under, and no envelope."""
_NONCES: Final = 256


class Answer(msgspec.Struct, frozen=True):
    """What goes to the client."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Nonces:
    """Random numbers, drawn by the hundred: one by one, each costs as much as a signature."""

    def __init__(self) -> None:
        """None left."""
        self._left: list[str] = []

    def take(self) -> str:
        """32 hexadecimal digits."""
        try:
            return self._left.pop()
        except IndexError:
            block = secrets.token_hex(16 * _NONCES)
            first, *self._left = [block[at : at + 32] for at in range(0, len(block), 32)]
            return first


class Signer:
    """Signs answers with the controller's key, from any thread."""

    def __init__(
        self, key: Ed25519PrivateKey, pace: Callable[[], int | None] = lambda: None
    ) -> None:
        """`key` is a controller key of the roots; `pace` says how long who was served stays
        away."""
        self._key = key
        self._pace = pace
        self._keyid = keys.key_id(keys.public_bytes(key))
        self._fast = signatures.Key(key)
        self._nonces = _Nonces()
        self._release = version("caretaker")

    def hello(self, hello: Hello) -> Answer:
        """The introduction."""
        return _answer(200, sign_hello(hello, self._key))

    def listed(self, roots: bytes | None) -> Answer:
        """Roots as the recovery key signed them; nothing new is no content."""
        return _answer(204, b"") if roots is None else _answer(200, roots)

    def answer(self, outcome: Outcome, *, request: str, at: int) -> Answer:
        """`request` is the digest of the bytes that were asked with, "" when there were none."""
        if isinstance(outcome, Taken):
            return self._receipt(outcome, request)
        if isinstance(outcome, Refused):
            return self._problem(outcome, request, at)
        if isinstance(outcome, Standing):
            enrolment = Enrolment(
                request=outcome.request,
                device=outcome.device,
                status=outcome.status,
                at=at,
                words=outcome.words,
            )
            return _answer(202 if outcome.new else 200, sign_enrolment(enrolment, self._key))
        if isinstance(outcome, Offered) and outcome.envelope:
            return _answer(200, outcome.envelope, etag=outcome.digest)
        if isinstance(outcome, Noted) and outcome.note:
            return Answer(200, _NOTE, outcome.note.encode())
        return _answer(204, b"")

    def _receipt(self, taken: Taken, request: str) -> Answer:
        receipt = Receipt(
            device=taken.device,
            request=request,
            seq=taken.seq,
            status=taken.status,
            received_at=taken.received_at,
            need=taken.need,
            policy=taken.policy,
            site=taken.site,
            profile=taken.profile,
            nonce=self._nonces.take(),
            index=taken.index,
            size=taken.size,
            root=taken.root,
            release=self._release,
            next_after_seconds=self._pace(),
            frames=frame.NEWEST,
            scope=taken.scope or UNSET,
            credentials=taken.credentials or UNSET,
        )
        # Not `sign_receipt`, which reads again what it signs: that costs as much as the signature,
        # and every field here was checked when it came, or is our own.
        payload = canonical.encode(receipt)
        envelope = dsse.write(
            dsse.Parsed(
                payload=payload,
                payload_type=types.RECEIPT,
                keyid=self._keyid,
                sig=self._fast.sign(dsse.pae(types.RECEIPT, payload)),
            )
        )
        return _answer(202 if taken.status == "accepted" else 200, envelope)

    def _problem(self, refused: Refused, request: str, at: int) -> Answer:
        problem = Problem(
            code=refused.code,
            request=request,
            sentence=refused.sentence or SENTENCES[refused.code],
            at=at,
            head=refused.head,
            retry_after_seconds=refused.retry_after_seconds,
        )
        return _answer(
            CODES[refused.code].status,
            sign_problem(problem, self._key),
            retry_after=refused.retry_after_seconds,
        )


def _answer(status: int, body: bytes, *, retry_after: int | None = None, etag: str = "") -> Answer:
    headers = _SIGNED if body else _EMPTY
    if etag:
        headers = [*headers, ("etag", f'"{etag}"')]
    if retry_after is not None:
        headers = [*headers, ("retry-after", str(retry_after))]
    return Answer(status, headers, body)
