"""Whether a report is its device's own: signature first, then its form. Pure.

It costs a third of what a report costs, and needs nothing but the bytes and a key: so it may be
done in another process (`verifying`).
"""

import msgspec

from controller.intake import signatures
from wire import dsse, frame
from wire.errors import WireError
from wire.problem import code_for
from wire.report import content_digest_in, open_report


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A framed report, and the key of the device it names."""

    body: bytes
    public: bytes


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """What a report says, if `code` is "": else why it is refused. `digest` is the envelope's, ""
    for what is none."""

    digest: str = ""
    content_digest: str = ""
    payload: bytes = b""
    code: str = ""
    sentence: str = ""


def read(question: Question) -> Reading:
    """Take the frame apart and verify what was in it."""
    try:
        parsed = frame.parse(question.body)
    except WireError as error:
        return refused(error)
    return verify(parsed, dsse.digest(dsse.write(parsed)), question.public)


def verify(parsed: dsse.Parsed, digest: str, public: bytes) -> Reading:
    """Verify an envelope that was taken apart."""
    try:
        report = open_report(parsed, public, fits=signatures.fits)
    except WireError as error:
        return refused(error, digest)
    return Reading(digest, content_digest_in(parsed.payload, report), parsed.payload)


def refused(error: WireError, digest: str = "") -> Reading:
    """What a stranger is told of `error`."""
    return Reading(digest, code=code_for(error), sentence=error.sentence)
