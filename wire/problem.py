"""A signed no: the only refusal on which an agent drops, stops, waits or sends again (O1).

Filters and captive portals answer 403 and 413 with HTML; an agent that obeyed those would lose
nights or its identity. So a problem is signed by the controller and names the digest of the very
bytes that were received. If those bytes were damaged on the way, the digest is not the agent's, and
it keeps and retries.

Traps: a stranger must not learn from an answer whether a key is known, so a signature that does not
fit is answered `unknown_key` (`code_for`). A status line is for middleboxes: agents read only
`code`.
"""

from typing import Final, Literal, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire import dsse, fields, sealed, types
from wire.errors import WireError

Action = Literal["keep", "dead", "stop", "wait", "resend", "send_sections", "set_aside"]


class Code(NamedTuple):
    """HTTP status, and what an agent does.

    keep: leave it in the spool, try again on the usual schedule. wait: the same, not before
    `retry_after_seconds`. resend: do the exchange again from what the answer says (a head, a fresh
    nonce, the needs of a fresh receipt). send_sections: send that section again. dead: move it to
    `dead/` and go on; tried again after an upgrade on either side. stop: send nothing more under
    this identity until a person acts, and delete nothing. set_aside: put this identity aside with
    all that is its own, and ask to be let in as a new computer.
    """

    status: int
    action: Action


CODES: Final[dict[str, Code]] = {
    "malformed": Code(400, "dead"),
    "not_canonical": Code(400, "dead"),
    "bad_type": Code(400, "keep"),  # a newer agent's message to an older controller is never dead
    "unknown_key": Code(401, "stop"),
    "revoked": Code(403, "wait"),
    "pending": Code(403, "wait"),
    "refused": Code(403, "stop"),
    "bad_token": Code(403, "stop"),
    "bad_nonce": Code(403, "resend"),
    "not_found": Code(404, "keep"),
    "fork": Code(409, "wait"),
    "rolled_back": Code(409, "resend"),
    "copied": Code(409, "set_aside"),
    "gap": Code(409, "resend"),
    "already_enrolled": Code(409, "stop"),
    "not_needed": Code(409, "resend"),
    "too_large": Code(413, "dead"),
    "schema": Code(422, "dead"),
    "bad_key": Code(422, "stop"),
    "bad_digest": Code(422, "send_sections"),
    "clock": Code(422, "keep"),
    "slow_down": Code(429, "wait"),
    "busy": Code(503, "wait"),
}

SENTENCES: Final[dict[str, str]] = {
    "malformed": "The message could not be read.",
    "not_canonical": "The message is not in its one agreed spelling.",
    "bad_type": "This controller does not know this kind of message; it may need an update.",
    "unknown_key": "This controller does not know this computer; enrol it with a new join code.",
    "revoked": "This computer's key has been withdrawn; ask whoever looks after the controller.",
    "pending": "This computer waits to be let in.",
    "refused": "This computer was not let in.",
    "bad_token": "This join code is not valid here; ask for a new one.",
    "bad_nonce": "The exchange took too long; it starts again by itself.",
    "not_found": "There is nothing here under that name.",
    "fork": "Two computers use one identity, or one was set back; a person has to say which.",
    "rolled_back": "This computer was set back to an earlier state; it goes on from there.",
    "copied": "Another computer has this identity; this one asks to be let in as a new one.",
    "gap": "Earlier reports are missing; they are sent again.",
    "already_enrolled": "This computer's key is enrolled already.",
    "not_needed": "This section is not needed now.",
    "too_large": "The message is larger than agreed.",
    "schema": "The message does not fit what was agreed.",
    "bad_key": "This key must not be used; let the agent make a new one.",
    "bad_digest": "The section was damaged on the way.",
    "clock": "This computer's clock is far ahead; set it right.",
    "slow_down": "Too many messages in a short time; the rest wait.",
    "busy": "The controller is busy; try again later.",
}


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The newest report the controller holds of a device: its number and its envelope's digest."""

    seq: fields.Natural
    hash: fields.DigestOrNone


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Refusal of the bytes whose digest is `request`.

    `request` is the digest of the envelope received, the digest in the path for a section, or empty
    when there was nothing to name (then nobody acts on it). `code` is open, so that an older agent
    can read a newer controller: an unknown one means keep.
    """

    v: fields.Version = 1
    code: fields.Code
    request: fields.DigestOrNone
    sentence: fields.Sentence
    at: fields.Seconds
    head: Head | None = None
    retry_after_seconds: fields.Seconds | None = None


def action_for(code: str) -> Action:
    """Say what an agent does on `code`; an unknown code loses nothing."""
    return CODES[code].action if code in CODES else "keep"


def code_for(error: WireError) -> str:
    """Say which code a stranger is told for `error`."""
    return _TOLD.get(error.code, error.code)


_TOLD = {
    "bad_signature": "unknown_key",
    "bad_join_code": "bad_token",
    "wrong_controller": "bad_token",
    "old_roots": "bad_type",
    "unproven": "unknown_key",
}


def sign_problem(problem: Problem, key: Ed25519PrivateKey) -> bytes:
    """Sign `problem` into an envelope; raises WireError `schema`."""
    return sealed.seal(problem, types.PROBLEM, key)


def open_problem(parsed: dsse.Parsed, public: bytes) -> Problem:
    """Verify and read a problem by the pinned controller key.

    It counts only if `problem.request` is the digest of what the caller sent. Raises WireError.
    """
    return sealed.unseal(parsed, types.PROBLEM, Problem, public)
