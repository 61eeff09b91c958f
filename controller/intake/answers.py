"""Outcomes as signed HTTP answers. Whatever an agent may act on is signed and names its request
(O1)."""

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.intake.outcomes import Outcome, Refused, Standing, Taken
from wire import canonical, dsse, types
from wire.enrolment import Enrolment, Hello, sign_enrolment, sign_hello
from wire.problem import CODES, SENTENCES, Problem, sign_problem
from wire.receipt import Receipt

_REASONS: Final = {
    200: "OK",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


class Answer(msgspec.Struct, frozen=True):
    """What goes to the client."""

    status: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class Signer:
    """Signs answers with the controller's key; safe to use from any thread."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """`key` is the one join codes pin."""
        self._key = key

    def hello(self, hello: Hello) -> Answer:
        """The introduction."""
        return _answer(200, sign_hello(hello, self._key))

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
            nonce=secrets.token_hex(16),
        )
        # Not `sign_receipt`, which reads again what it signs: that costs as much as the signature,
        # and every field here was checked when it came, or is our own.
        envelope = dsse.sign(canonical.encode(receipt), types.RECEIPT, self._key)
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


def _answer(status: int, body: bytes, *, retry_after: int | None = None) -> Answer:
    headers = [("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    if body:
        headers.append(("Content-Type", types.CONTENT_TYPE))
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    return Answer(f"{status} {_REASONS[status]}", headers, body)
