"""Changes this computer's key: makes the new one, has both sign the handover, and goes over to it
once the controller has said yes (trust §4.3).

The old key signs until that answer is here and genuine. When it got lost on the way, the same
handover is asked again and answered alike; reports that the old key signed meanwhile are signed
again. Files of one handover:

    key/device.key.next      the new key, until it takes the old one's place
    key/rekey.json           the handover as both keys signed it; the sender's copy is in the spool
    key/former.pub           the key before, by which reports that wait are still our own
    spool/rekeyed.json       the controller's answer; believed only once it is verified here
    key/handover.json        the last one that was agreed, for a controller that lost it (O5)
"""

import logging
import secrets

import msgspec

from agent import chain, files, keyfile, spool
from agent.collect import relinking
from agent.collect.round import credentials, settled
from agent.state import Identity, State
from wire import dsse, enrolment, keys, limits, problem, rekey, types
from wire.errors import WireError

log = logging.getLogger("agent.collect")

ASKED = "rekey.json"
ANSWER = "rekeyed.json"
DONE = "handover.json"


def propose(state: State) -> bool:
    """Prepare a handover to a new key; False while reports wait, which the old key must deliver.

    One that was prepared before and not answered is asked again.
    """
    identity, key = credentials(state)
    envelope = files.read_or_none(state.key / ASKED, limits.ENVELOPE)
    if envelope is None:
        if spool.entries(state.spool):
            return False
        new = keyfile.create_next(state.key)
        seq = settled(state).last.seq + 1
        envelope = rekey.sign_rekey(identity.device, seq, secrets.token_hex(16), key, new)
        files.replace(state.key / ASKED, envelope)
        files.step("rekeying:asked")
    files.replace(state.spool / ASKED, envelope)
    return True


def is_going_on(state: State) -> bool:
    """Whether a handover is asked for: then a no to the old key may only mean that the answer got
    lost on the way."""
    return (state.key / ASKED).exists()


def settle(state: State) -> bool:
    """Go over to the new key if the controller's genuine answer lies there; True if we did."""
    identity = state.identity()
    asked = files.read_or_none(state.key / ASKED, limits.ENVELOPE)
    answer = files.read_or_none(state.spool / ANSWER, limits.ENVELOPE)
    if identity is None or asked is None or answer is None:
        return False
    found = _genuine(identity, answer, dsse.digest(asked))
    if isinstance(found, enrolment.Enrolment):
        _go_over(state, identity, found)
        return True
    (state.spool / ANSWER).unlink(missing_ok=True)
    if found is not None and found.code == "gap" and found.head and not _changing(state):
        # The old key's reports come first: the controller went back to before them.
        if relinking.bring_back(state, chain.Link(found.head.seq, found.head.hash)):
            _try_again(state)
        return False
    if found is not None and problem.action_for(found.code) not in ("keep", "wait"):
        log.warning("the controller did not take the new key: %s", found.code)
        (state.key / keyfile.NEXT).unlink(missing_ok=True)
        _forget(state)
    return False


def repeat(state: State) -> bool:
    """Lay out again the handover that was agreed last, unless another is going on."""
    done = files.read_or_none(state.key / DONE, limits.ENVELOPE)
    if done is None or (state.key / ASKED).exists():
        return False
    files.replace(state.key / ASKED, done)
    files.replace(state.spool / ASKED, done)
    return True


def _changing(state: State) -> bool:
    """Whether the new key of the handover that lies here is not in use yet."""
    return (state.key / keyfile.NEXT).exists()


def _genuine(
    identity: Identity, answer: bytes, request: str
) -> enrolment.Enrolment | problem.Problem | None:
    """The signed answer to this very handover, or None."""
    found: enrolment.Enrolment | problem.Problem
    try:
        parsed = dsse.parse(answer)
        public = keys.named(parsed.keyid, identity.trusted())
        if parsed.payload_type == types.PROBLEM:
            found = problem.open_problem(parsed, public)
        else:
            found = enrolment.open_enrolment(parsed, public)
    except WireError as error:
        log.warning("an answer about the new key is not genuine (%s)", error.code)
        return None
    return found if found.request == request else None


def _go_over(state: State, identity: Identity, found: enrolment.Enrolment) -> None:
    """Safe to be cut off anywhere: what is there decides what is left to do."""
    new = keyfile.load_next(state.key)
    if new is not None:
        _, old = credentials(state)
        files.replace(state.key / keyfile.FORMER, keys.public_bytes(old))
        _rewind(state)
        files.step("rekeying:rewound")
        keyfile.take_next(state.key)
    else:
        _try_again(state)  # it knows the key they are signed with again
    state.remember(msgspec.structs.replace(identity, words=found.words))
    if (state.key / ASKED).exists():
        files.move(state.key / ASKED, state.key / DONE)
    _forget(state)
    log.warning("this computer has a new key")


def _rewind(state: State) -> None:
    """Reports that never arrived lose the old key's place in the chain; they are signed again."""
    for entry in spool.entries(state.spool):
        if entry.answer("receipt") is not None:
            continue
        links = chain.load(state.key)
        before = relinking.link_before(state, links, entry.seq)
        chain.save(state.key, msgspec.structs.replace(links, last=before, pending=None))
        break
    _try_again(state)


def _try_again(state: State) -> None:
    """What was refused because of the key waits as if it had never been sent."""
    for entry in spool.entries(state.spool):
        entry.clear_answer("problem")


def _forget(state: State) -> None:
    for path in (state.spool / ASKED, state.spool / ANSWER, state.key / ASKED):
        path.unlink(missing_ok=True)
