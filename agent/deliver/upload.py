"""Delivers what waits, oldest first: report, then what is
needed, then the report again (DESIGN §4).

Stops at the first report that could not be delivered, because the chain has an order. Nothing is
deleted here: answers are laid beside the reports, and `collect` acts on them.
"""

import logging
import time
from typing import Final

import msgspec

from agent import spool, ticking
from agent.deliver import backoff, framing, handover, news, readmission, standing
from agent.deliver.answers import DeliveryError, genuine
from agent.deliver.connection import Connection, Trust
from agent.request import READMIT, REKEY
from agent.state import Identity, State
from wire import dsse, frame, keys, limits, problem
from wire.errors import WireError
from wire.receipt import Receipt

log = logging.getLogger("agent.deliver")

_ROUNDS: Final = 4
"""Report, content, sections, once more for what was lost meanwhile."""


_TRY_ANOTHER_ADDRESS: Final = frozenset(
    {
        *("controller_down", "tls_failed", "middlebox", "damaged_answer", "bad_address"),
        *("wrong_certificate", "untrusted_certificate", "wrong_controller"),
        *("sign_in_page", "proxy_refused", "proxy_down"),
    }
)
"""What another of the controller's addresses may mend."""


class Delivered(msgspec.Struct, frozen=True):
    """What became of the reports that waited. `code` is "" when all were delivered.

    `retry_seconds` is how long the schedule then waits: after a failure, or because the receipt
    asked.
    """

    sent: int
    waiting: int
    code: str = ""
    sentence: str = ""
    retry_seconds: int = 0
    bytes_sent: int = 0
    receipt: Receipt | None = None
    """The newest that came."""
    ruled: bool = False
    """Whether a policy, a scope or credentials were brought along."""


class _Stop(Exception):  # noqa: N818  (ends the loop, with what to tell)
    def __init__(self, code: str, sentence: str, retry: int | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.retry = code, sentence, retry


def deliver(
    state: State, now: int, trust: Trust | None = None, *, scheduled: bool = True
) -> Delivered:
    """Deliver every waiting report. Never raises for the network: the outcome says what happened.

    `scheduled` False means that a person asks, which an identity that was stopped waits for.
    """
    identity = state.identity()
    outcome = _reports(state, identity, now, trust, scheduled=scheduled)
    if identity is not None and READMIT.waits(state):
        readmission.ask(state, identity, trust_of(identity, trust))
    if identity is not None and REKEY.waits(state):
        # After the reports, which the old key signed; and when the answer to the last time got
        # lost, the old key is refused and this is what mends it.
        handover.hand_over(state, identity, trust_of(identity, trust))
    return outcome


def _reports(
    state: State, identity: Identity | None, now: int, trust: Trust | None, *, scheduled: bool
) -> Delivered:
    waiting = [entry for entry in spool.entries(state.spool) if not _done(entry)]
    if identity is None or not waiting:
        return Delivered(0, len(waiting))
    stop = stopped(state, identity) if scheduled else None
    if stop is not None:
        return Delivered(0, len(waiting), stop.code, stop.sentence)
    last = Delivered(0, len(waiting), "controller_down", "The controller has no address.")
    began = time.monotonic()
    for address in identity.addresses:
        last = _through(state, identity, address, trust_of(identity, trust))
        if last.code not in _TRY_ANOTHER_ADDRESS:
            break
    said = last.receipt
    if said is not None and said.status == "accepted":  # a duplicate came before
        ticking.note(state.spool, now + round(time.monotonic() - began) - said.received_at)
    # Who signed another policy may stand in a newer list than ours.
    if last.ruled or last.code in news.MAY_MEND or news.due(state, now) or news.is_lost(identity):
        news.ask(state, identity, now)
    if last.code:
        wait = backoff.failed(state.spool, now, last.retry_seconds or None)
        return msgspec.structs.replace(last, retry_seconds=wait)
    backoff.succeeded(state.spool, now, last.retry_seconds)
    return last


def trust_of(identity: Identity, wanted: Trust | None) -> Trust:
    """What a connection must show: what was asked for, else what was agreed at enrolment."""
    return wanted or ("pins" if identity.trust == "pins" and identity.spki else "system")


def _done(entry: spool.Entry) -> bool:
    """Whether a whole receipt lies there already, waiting for `collect` to act on it."""
    return entry.answer("receipt") is not None


def _through(state: State, identity: Identity, address: str, trust: Trust) -> Delivered:
    waiting = [entry for entry in spool.entries(state.spool) if not _done(entry)]
    sent = bytes_sent = 0
    ruled, line, newest = False, None, None
    try:
        line = Connection(address, trust, identity.spki)
        standing.check(state, identity, line)
        for entry in waiting:
            taken, newest = _one(state, entry, identity, line)
            bytes_sent += taken
            sent += 1
        if newest is not None:
            ruled = news.ask_policy(state, identity, line, newest)
            ruled |= news.ask_survey(state, identity, line, newest)
    except DeliveryError as error:
        left = len(waiting) - sent
        return Delivered(
            sent, left, error.code, error.sentence, error.retry_after, bytes_sent, newest
        )
    except FileNotFoundError:
        # The reader's own service is acting on answers at this very moment.
        left = len(waiting) - sent
        said = "Another caretaker-agent is at work here; the rest is sent next time."
        return Delivered(sent, left, "busy_here", said, 0, bytes_sent, newest)
    except _Stop as stop:
        left = len(waiting) - sent
        return Delivered(sent, left, stop.code, stop.sentence, stop.retry or 0, bytes_sent, newest)
    finally:
        if line is not None:
            line.close()
    asked = newest.next_after_seconds if newest is not None else None
    return Delivered(sent, 0, "", "", asked or 0, bytes_sent, newest, ruled)


def _one(
    state: State, entry: spool.Entry, identity: Identity, line: Connection
) -> tuple[int, Receipt]:
    """Deliver one report; return the bytes it took, and its receipt.

    Raises DeliveryError, or _Stop for a signed refusal.
    """
    trusted = identity.trusted()
    request = entry.digest()
    packed, is_frame = _packed(entry.envelope(), framing.taken(state.spool))
    taken = 0
    for _ in range(_ROUNDS):
        answer = line.post("/v1/reports", packed, packed=is_frame)
        taken += len(packed)
        try:
            found, raw = genuine(answer, trusted, request)
        except DeliveryError:
            framing.forget(state.spool)
            raise
        if isinstance(found, problem.Problem):
            raise _refusal(entry, found, raw)
        framing.note(state.spool, found)
        wanted = [(digest, entry.body(digest)) for digest in found.need]
        bodies = [(digest, body) for digest, body in wanted if body is not None]
        if not bodies:
            entry.put_answer("receipt", raw)
            entry.clear_answer("problem")
            return taken, found
        for digest, body in bodies:
            taken += _section(line, identity, digest, body)
    raise DeliveryError(
        "still_needed",
        "The controller keeps asking for the same parts.",
    )


def _packed(envelope: bytes, version: int) -> tuple[bytes, bool]:
    """The envelope as it travels, in a frame of a version that the controller takes.

    One damaged on disk goes as it is: the controller's signed refusal is what puts it aside.
    """
    try:
        return frame.pack(envelope, version), True
    except WireError:
        return envelope, False


def _section(line: Connection, identity: Identity, digest: str, body: bytes) -> int:
    """Send one body. 204 is not signed and need not be: the
    next receipt says whether it arrived."""
    if len(body) > limits.BODY_COMPRESSED:
        raise DeliveryError("too_large", "A section is larger than any controller accepts.")
    answer = line.put(f"/v1/sections/{digest.removeprefix('sha256:')}", body, identity.device)
    if answer.status != 204:
        trusted = identity.trusted()
        found, _ = genuine(answer, trusted, digest)
        if isinstance(found, problem.Problem) and problem.action_for(found.code) == "wait":
            raise _Stop(found.code, found.sentence, found.retry_after_seconds)
    return len(body)


def _refusal(entry: spool.Entry, found: problem.Problem, raw: bytes) -> _Stop:
    """Lay the refusal beside the report for `collect`, unless it only asks for patience."""
    if for_collect(found):
        entry.put_answer("problem", raw)
    log.warning("report %d refused: %s", entry.seq, found.code)
    return _Stop(found.code, found.sentence, found.retry_after_seconds)


LAID: Final = ("gap", "rolled_back", "pending")


def for_collect(found: problem.Problem) -> bool:
    """Whether the part that holds the key has something to do about it."""
    action = problem.action_for(found.code)
    # "pending" of a report: we are let in, so it is the controller that has forgotten it.
    return action in ("dead", "stop", "set_aside") or found.code in LAID


def stopped(state: State, identity: Identity) -> problem.Problem | None:
    """The genuine refusal that stops this identity until a person acts, if there is one."""
    trusted = identity.trusted()
    for entry in spool.entries(state.spool):
        data = entry.answer("problem")
        if data is None:
            continue
        try:
            parsed = dsse.parse(data)
            found = problem.open_problem(parsed, keys.named(parsed.keyid, trusted))
        except WireError:
            continue  # `collect` removes what is not genuine
        if found.request == entry.digest() and problem.action_for(found.code) == "stop":
            return found
    return None
