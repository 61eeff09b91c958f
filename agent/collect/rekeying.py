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
from agent.collect import relinking, replies
from agent.collect.round import credentials, settled
from agent.request import REKEY
from agent.state import State
from wire import enrolment, keys, limits, problem, rekey

log = logging.getLogger("agent.collect")

DONE = "handover.json"


def propose(state: State) -> bool:
    """Prepare a handover to a new key; False while reports wait, which the old key must deliver.

    One that was prepared before and not answered is asked again.
    """
    identity, key = credentials(state)
    if REKEY.hand_out(state):
        return True
    if spool.entries(state.spool):
        return False
    new = keyfile.create_next(state.key)
    seq = settled(state).last.seq + 1
    REKEY.keep(state, rekey.sign_rekey(identity.device, seq, secrets.token_hex(16), key, new))
    files.step("rekeying:asked")
    return REKEY.hand_out(state)


def is_going_on(state: State) -> bool:
    """Whether a handover is asked for: then a no to the old key may only mean that the answer got
    lost on the way."""
    return REKEY.kept(state) is not None


def settle(state: State) -> bool:
    """Go over to the new key if the controller's genuine answer lies there; True if we did."""
    found = replies.read(state, REKEY)
    if found is None:
        return False
    if isinstance(found, enrolment.Enrolment):
        _go_over(state, found)
        return True
    if found.code == "gap" and found.head and not _changing(state):
        # The old key's reports come first: the controller went back to before them.
        if relinking.bring_back(state, chain.Link(found.head.seq, found.head.hash)):
            _try_again(state)
        return False
    if problem.action_for(found.code) not in ("keep", "wait"):
        log.warning("the controller did not take the new key: %s", found.code)
        (state.key / keyfile.NEXT).unlink(missing_ok=True)
        REKEY.forget(state)
    return False


def repeat(state: State) -> bool:
    """Lay out again the handover that was agreed last, unless another is going on."""
    done = files.read_or_none(state.key / DONE, limits.ENVELOPE)
    if done is None or is_going_on(state):
        return False
    REKEY.keep(state, done)
    return REKEY.hand_out(state)


def _changing(state: State) -> bool:
    """Whether the new key of the handover that lies here is not in use yet."""
    return (state.key / keyfile.NEXT).exists()


def _go_over(state: State, found: enrolment.Enrolment) -> None:
    """Safe to be cut off anywhere: what is there decides what is left to do."""
    identity, old = credentials(state)
    if keyfile.load_next(state.key) is not None:
        files.replace(state.key / keyfile.FORMER, keys.public_bytes(old))
        _rewind(state)
        files.step("rekeying:rewound")
        keyfile.take_next(state.key)
    else:
        _try_again(state)  # it knows the key they are signed with again
    state.remember(msgspec.structs.replace(identity, words=found.words))
    if is_going_on(state):
        files.move(state.key / REKEY.asked, state.key / DONE)
    REKEY.forget(state)
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
