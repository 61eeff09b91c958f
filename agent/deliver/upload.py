"""Delivers what waits, oldest first: report, then what is needed, then the report again (DESIGN
§4).

Stops at the first report that could not be delivered, because the chain has an order. Nothing is
deleted here: answers are laid beside the reports, and `collect` acts on them.
"""

import logging
from typing import Final

import msgspec

from agent import spool
from agent.deliver import backoff, standing
from agent.deliver.answers import DeliveryError, genuine
from agent.deliver.connection import Connection, Trust
from agent.state import Identity, State
from wire import keys, limits, packing, problem, receipt

log = logging.getLogger("agent.deliver")

_ROUNDS: Final = 4
"""Report, content, sections, once more for what was lost meanwhile."""
_SMALLEST_GZIPPED: Final = 1_400


class Delivered(msgspec.Struct, frozen=True):
    """What became of the reports that waited. `code` is "" when all were delivered."""

    sent: int
    waiting: int
    code: str = ""
    sentence: str = ""
    retry_seconds: int = 0
    bytes_sent: int = 0


class _Stop(Exception):  # noqa: N818  (ends the loop, with what to tell)
    def __init__(self, code: str, sentence: str, retry: int | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.retry = code, sentence, retry


def deliver(state: State, now: int, trust: Trust | None = None) -> Delivered:
    """Deliver every waiting report. Never raises for the network: the outcome says what
    happened."""
    identity = state.identity()
    waiting = [entry for entry in spool.entries(state.spool) if not _done(entry)]
    if identity is None or not waiting:
        return Delivered(0, len(waiting))
    last = Delivered(0, len(waiting), "controller_down", "The controller has no address.")
    for address in identity.addresses:
        last = _through(
            state, identity, Connection(address, _trust(identity, trust), identity.spki)
        )
        if last.code not in ("controller_down", "tls_failed"):
            break
    if last.code:
        wait = backoff.failed(state.spool, now, last.retry_seconds or None)
        return msgspec.structs.replace(last, retry_seconds=wait)
    backoff.succeeded(state.spool)
    return last


def _trust(identity: Identity, wanted: Trust | None) -> Trust:
    return wanted or ("pins" if identity.trust == "pins" and identity.spki else "system")


def _done(entry: spool.Entry) -> bool:
    """Whether a whole receipt lies there already, waiting for `collect` to act on it."""
    return entry.answer("receipt") is not None


def _through(state: State, identity: Identity, line: Connection) -> Delivered:
    waiting = [entry for entry in spool.entries(state.spool) if not _done(entry)]
    sent = bytes_sent = 0
    try:
        standing.check(state, identity, line)
        for entry in waiting:
            bytes_sent += _one(entry, identity, line)
            sent += 1
    except DeliveryError as error:
        return Delivered(sent, len(waiting) - sent, error.code, error.sentence, 0, bytes_sent)
    except _Stop as stop:
        left = len(waiting) - sent
        return Delivered(sent, left, stop.code, stop.sentence, stop.retry or 0, bytes_sent)
    finally:
        line.close()
    return Delivered(sent, 0, bytes_sent=bytes_sent)


def _one(entry: spool.Entry, identity: Identity, line: Connection) -> int:
    """Deliver one report; return the bytes it took. Raises DeliveryError, or _Stop for a signed
    refusal."""
    public = keys.from_text(identity.controller)
    envelope = entry.envelope()
    request = entry.digest()
    packed = packing.gzip_bytes(envelope) if len(envelope) > _SMALLEST_GZIPPED else envelope
    taken = 0
    for _ in range(_ROUNDS):
        answer = line.post("/v1/reports", packed, gzipped=packed is not envelope)
        taken += len(packed)
        found, raw = genuine(answer, public, request)
        if isinstance(found, problem.Problem):
            raise _refusal(entry, found, raw)
        wanted = [(digest, entry.body(digest)) for digest in found.need]
        bodies = [(digest, body) for digest, body in wanted if body is not None]
        if not bodies:
            entry.put_answer("receipt", raw)
            return taken
        for digest, body in bodies:
            taken += _section(line, identity, public, digest, body)
    raise DeliveryError(
        "still_needed",
        "The controller keeps asking for the same parts; the report is kept and sent again later.",
    )


def _section(line: Connection, identity: Identity, public: bytes, digest: str, body: bytes) -> int:
    """Send one body. 204 is not signed and need not be: the next receipt says whether it
    arrived."""
    if len(body) > limits.BODY_COMPRESSED:
        raise DeliveryError("too_large", "A section is larger than any controller accepts.")
    answer = line.put(f"/v1/sections/{digest.removeprefix('sha256:')}", body, identity.device)
    if answer.status != 204:
        found, _ = genuine(answer, public, digest)
        if isinstance(found, problem.Problem) and problem.action_for(found.code) == "wait":
            raise _Stop(found.code, found.sentence, found.retry_after_seconds)
    return len(body)


def _refusal(entry: spool.Entry, found: problem.Problem, raw: bytes) -> _Stop:
    """Lay the refusal beside the report for `collect`, unless it only asks for patience."""
    action = problem.action_for(found.code)
    if action in ("dead", "stop") or found.code == "gap":
        entry.put_answer("problem", raw)
    log.warning("report %d refused: %s", entry.seq, found.code)
    return _Stop(found.code, found.sentence, found.retry_after_seconds)


def received(entry: spool.Entry, public: bytes) -> receipt.Receipt | None:
    """The receipt beside a report, verified; for `status`."""
    from wire import dsse
    from wire.errors import WireError

    data = entry.answer("receipt")
    try:
        return None if data is None else receipt.open_receipt(dsse.parse(data), public)
    except WireError:
        return None
