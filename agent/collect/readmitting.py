"""Asks a controller that no longer knows this computer to know it again, by what it let us in with
(O5).

A controller brought back from a backup has lost who joined, or was let in, after it. Its genuine
`unknown_key` or `pending` stops nothing for good then: the enrolment as we signed it, the answer
that says we are active, and the newest receipt lie here, and together they are a proof. A
controller that has another reason for its refusal says it again, and we ask once a day. Files:

    key/joined.json          the enrolment we joined with, as it was signed
    key/readmit.json         the request, as it was signed; the sender's copy is in the spool
    key/readmit.asked        when it was made
    spool/readmitted.json    the controller's answer; believed only once it is verified here
"""

import logging
import secrets
from pathlib import Path
from typing import Final

from agent import files, newcomer, spool
from agent.collect import rekeying, replies
from agent.collect.round import credentials
from agent.request import READMIT, REKEY
from agent.state import State
from wire import dsse, enrolment, keys, limits, problem, readmit
from wire.errors import WireError

log = logging.getLogger("agent.collect")

DOUBTFUL: Final = ("unknown_key", "pending")
"""Refusals of a report that contradict an enrolment that is active."""
MADE: Final = "readmit.asked"
EVERY_SECONDS: Final = 86_400


def propose(state: State, now: int) -> bool:
    """Lay the proof out for the sender, once a day; False if there is nothing to ask with.

    Our last change of key is asked for again with it: the controller may have lost that alone.
    """
    if READMIT.hand_out(state):
        return True
    if not _due(state, now):
        return False
    files.replace(state.key / MADE, b"%d" % now)
    repeated = rekeying.repeat(state)
    proof = _proof(state)
    if proof is None:
        return repeated
    READMIT.keep(state, proof)
    return READMIT.hand_out(state)


def _proof(state: State) -> bytes | None:
    """What we were let in with, signed; None when it is not here, or proves nothing."""
    identity, key = credentials(state)
    enrol = _text(state.key / newcomer.JOINED)
    answer = _text(state.spool / "enrolment.json")
    if not answer or dsse.digest(enrol.encode()) != identity.enrolled:
        return None
    made = readmit.Readmit(
        device=identity.device,
        public_key=keys.to_text(keys.public_bytes(key)),
        nonce=secrets.token_hex(16),
        enrol=enrol,
        enrolment=answer,
        handover=_text(state.key / rekeying.DONE),
        receipt=_newest_receipt(state),
        roots=_text(state.key / "roots.json"),
    )
    try:
        readmit.prove(made, identity.trusted())
        return readmit.sign_readmit(made, key)
    except WireError as error:
        log.warning("nothing here proves that this computer was let in (%s)", error.code)
        return None


def waits(state: State) -> bool:
    """Whether the sender has something to ask for us."""
    return READMIT.waits(state) or REKEY.waits(state)


def settle(state: State) -> bool:
    """Go on if the controller knows this computer again; True if it does."""
    identity = state.identity()
    found = replies.read(state, READMIT, identity.enrolled) if identity else None
    if found is None:
        return False
    if isinstance(found, enrolment.Enrolment):
        for entry in spool.entries(state.spool):
            entry.clear_answer("problem")
        log.warning("the controller knows this computer again")
    elif problem.action_for(found.code) in ("keep", "wait"):
        return False
    READMIT.forget(state)
    return isinstance(found, enrolment.Enrolment)


def _newest_receipt(state: State) -> str:
    """Of what was confirmed last; "" when nothing is kept any more."""
    kept = (_text(entry.path / "receipt.json") for entry in reversed(spool.entries(state.kept)))
    return next((one for one in kept if one), "")


def _due(state: State, now: int) -> bool:
    """Whether a day has passed; a clock set back does not make it wait longer."""
    data = files.read_or_none(state.key / MADE, 32) or b""
    return not (data.isdigit() and 0 <= now - int(data) < EVERY_SECONDS)


def _text(path: Path) -> str:
    """A file that holds an envelope; "" for one that is missing, too long or no text."""
    data = files.read_or_none(path, limits.CARRIED) or b""
    return data.decode("ascii") if data.isascii() else ""
