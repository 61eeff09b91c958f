"""What came back over HTTP: a genuine signed answer, or something that merely answered.

School filters and captive portals answer 200, 403 and 413 with HTML. So nothing counts but
an envelope that a key of the controller signed and that names what we sent (O1); the
status line is not even looked at.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from wire import dsse, keys, problem, receipt, types
from wire.errors import WireError

_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308, 511})
"""Statuses of a page that wants to be signed in to; 511 is named for it (RFC 6585)."""
_TITLE: Final = re.compile(rb"<title[^>]*>([^<]{1,120})", re.IGNORECASE)


class DeliveryError(Exception):
    """Nothing genuine came back; what was sent stays where it is. `code` is stable."""

    def __init__(self, code: str, sentence: str, retry_after: int = 0) -> None:
        """`sentence` says what happened and what to do; `retry_after` is in seconds, 0 unasked."""
        super().__init__(sentence)
        self.retry_after = retry_after
        self.code = code
        self.sentence = sentence


class Answer(msgspec.Struct, frozen=True):
    """A response as it came: status, content type, bytes, where from, and when to come again."""

    status: int
    kind: str
    body: bytes
    address: str
    retry_after: int = 0


def genuine(
    answer: Answer, trusted: Sequence[bytes], request: str
) -> tuple[receipt.Receipt | problem.Problem, bytes]:
    """The signed receipt or problem for `request`, and its bytes.

    `trusted` are the controller's keys. Raises DeliveryError.
    """
    try:
        parsed = dsse.parse(answer.body)
        public = keys.named(parsed.keyid, trusted)
        found: receipt.Receipt | problem.Problem
        if parsed.payload_type == types.RECEIPT:
            found = receipt.open_receipt(parsed, public)
        else:
            found = problem.open_problem(parsed, public)
    except WireError as error:
        raise not_genuine(answer, error) from error
    if found.request != request:
        raise DeliveryError(
            "wrong_request",
            "The controller answered another message than ours.",
        )
    return found, answer.body


def not_genuine(answer: Answer, error: WireError) -> DeliveryError:
    """Say who probably answered, in one sentence a person can act on."""
    if error.code == "bad_signature":
        return DeliveryError(
            "wrong_controller",
            f"What answers at {answer.address} is not the controller this computer was enrolled "
            "with. "
            "Reports are kept. If the controller was replaced, enrol again.",
        )
    if "dsse+json" in answer.kind:
        return DeliveryError(
            "damaged_answer",
            "The controller's answer arrived damaged.",
        )
    if answer.status in (429, 503):
        return DeliveryError(
            "busy", f"The controller at {answer.address} is busy.", answer.retry_after
        )
    is_page = "html" in answer.kind or _TITLE.search(answer.body) is not None
    if answer.status in _ELSEWHERE or (answer.status == 200 and is_page):
        return DeliveryError(
            "sign_in_page",
            f"A sign-in page answered instead of the controller (HTTP {answer.status}). Sign in to "
            f"the network, or ask for {answer.address} to be allowed without sign-in.",
        )
    page = "a web page" if is_page else "something"
    return DeliveryError(
        "middlebox",
        f"A filter or proxy answered instead of the controller ({page}, HTTP {answer.status}). "
        f"Ask for {answer.address} to be allowed without sign-in.",
    )
