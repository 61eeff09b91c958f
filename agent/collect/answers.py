"""Acts on what the controller answered, after verifying it
here; the sender's word counts for nothing.

A genuine receipt with nothing more needed moves a report to `kept/`. A genuine problem moves it to
`dead/`, stops this identity or has it put aside, brings kept reports back, or has those that wait
linked again. Anything that does not verify is deleted
and the report waits on (O1, O5).
"""

import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from agent import chain, files, spool
from agent.collect import readmitting, rekeying, relinking, rooting, ruling, scoping, succession
from agent.collect.round import credentials, settled
from agent.state import State
from wire import dsse, keys, problem, receipt
from wire.errors import WireError
from wire.report import seen_of

log = logging.getLogger("agent.collect")

KEPT_SECONDS: Final = 30 * 86_400


class Acted(msgspec.Struct):
    """What came of the answers: reports confirmed, condemned, brought back; the code that stops us;
    whether the controller's keys are others now; whether this identity is to be put aside;
    whether our own key is another now; whether the controller knows us again, or has yet to be
    asked to."""

    confirmed: int = 0
    dead: int = 0
    resent: int = 0
    stopped: str = ""
    rooted: bool = False
    copied: bool = False
    rekeyed: bool = False
    ruled: bool = False
    known_again: bool = False
    asks: bool = False


def act(state: State, now: int) -> Acted:
    """Verify and act on every answer in the spool, oldest first.

    Raises StateError before enrolment.
    """
    acted = Acted(rooted=rooting.adopt(state))
    acted.rekeyed = rekeying.settle(state)
    acted.known_again = readmitting.settle(state)
    identity, _ = credentials(state)
    trusted = identity.trusted()
    settled(state)
    for entry in spool.entries(state.spool):
        if relinking.readable(state, entry) is None:
            log.warning("report %d was damaged on the disk and is put aside", entry.seq)
            relinking.bury(state, entry, now)
            acted.dead += 1
            break
        refusal = _problem(entry, trusted)
        if refusal is not None:
            _refused(state, entry, refusal, acted)
            if refusal.code in readmitting.DOUBTFUL:
                readmitting.propose(state, now)
            if acted.stopped or acted.dead or acted.resent or acted.copied:
                break
        confirmation = _receipt(entry, trusted, identity.device)
        if confirmation is None or not _complete(entry, confirmation):
            continue
        _confirmed(state, entry, confirmation)
        acted.confirmed += 1
    acted.asks = readmitting.waits(state)
    acted.ruled = ruling.adopt(state)
    scoping.adopt(state)
    relinking.relink(state)
    spool.prune(state.kept, now, KEPT_SECONDS)
    return acted


def _receipt(entry: spool.Entry, trusted: Sequence[bytes], device: str) -> receipt.Receipt | None:
    data = entry.answer("receipt")
    if data is None:
        return None
    try:
        parsed = dsse.parse(data)
        found = receipt.open_receipt(parsed, keys.named(parsed.keyid, trusted))
    except WireError as error:
        _not_genuine(entry, "receipt", error.code)
        return None
    if found.request != entry.digest() or found.device != device or found.seq != entry.seq:
        _not_genuine(entry, "receipt", "for another report")
        return None
    return found


def _problem(entry: spool.Entry, trusted: Sequence[bytes]) -> problem.Problem | None:
    data = entry.answer("problem")
    if data is None:
        return None
    try:
        parsed = dsse.parse(data)
        found = problem.open_problem(parsed, keys.named(parsed.keyid, trusted))
    except WireError as error:
        _not_genuine(entry, "problem", error.code)
        return None
    if found.request != entry.digest():
        _not_genuine(entry, "problem", "for another report")
        return None
    return found


def _not_genuine(entry: spool.Entry, kind: str, why: str) -> None:
    log.warning("a %s beside report %d is not genuine (%s); the report waits", kind, entry.seq, why)
    entry.clear_answer(kind)


def _complete(entry: spool.Entry, confirmation: receipt.Receipt) -> bool:
    """Nothing more is needed, or nothing more that we still
    have (dropped when the spool was full)."""
    return not any(entry.body(digest) is not None for digest in confirmation.need)


def _confirmed(state: State, entry: spool.Entry, confirmation: receipt.Receipt) -> None:
    """Note what the controller holds, then move.

    A crash between is repeated with the same result.
    """
    links = chain.load(state.key)
    content = files.read_or_none(entry.path / "content.json", 1 << 20)
    whole = content is not None and not confirmation.need
    updated = msgspec.structs.replace(
        links,
        confirmed=chain.Link(entry.seq, confirmation.request),
        nonce=confirmation.nonce,
        policy=confirmation.policy,
        site=confirmation.site or links.site,
        profile=confirmation.profile,
        scope=confirmation.scope or "",
        credentials=confirmation.credentials or "",
        content=dsse.digest(content) if content is not None and whole else "",
        received_at=confirmation.received_at,
        seen=seen_of(confirmation.size, confirmation.root),
        controller=confirmation.release,
    )
    chain.save(state.key, updated)
    files.step("answers:noted")
    entry.clear_answer("problem")
    files.move(entry.path, state.kept / entry.path.name)


def _refused(state: State, entry: spool.Entry, refusal: problem.Problem, acted: Acted) -> None:
    action = problem.action_for(refusal.code)
    log.warning("the controller refused report %d: %s", entry.seq, refusal.code)
    if action == "dead":
        relinking.bury(state, entry, refused_at(entry))
        acted.dead += 1
    elif action == "stop":
        acted.stopped = refusal.code
    elif action == "set_aside" and not rekeying.is_going_on(state):
        acted.copied = True
    elif refusal.code in ("gap", "rolled_back") and refusal.head is not None:
        head = chain.Link(refusal.head.seq, refusal.head.hash)
        if refusal.code == "gap" and succession.can_follow(state, head):
            acted.resent += relinking.bring_back(state, head)
        else:
            acted.resent += succession.rejoin(state, head)
        entry.clear_answer("problem")
    else:
        entry.clear_answer("problem")


def refused_at(entry: spool.Entry) -> int:
    """When the answer beside an entry was written here."""
    return int((entry.path / "problem.json").stat().st_mtime)
