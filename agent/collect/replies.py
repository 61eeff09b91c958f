"""Reads the controller's answer to a request of ours, verified here; the sender's word counts for
nothing (O1, O13)."""

import logging

from agent import files
from agent.request import Request
from agent.state import State
from wire import dsse, enrolment, keys, limits, problem, types
from wire.errors import WireError

log = logging.getLogger("agent.collect")


def read(
    state: State, request: Request, about: str = ""
) -> enrolment.Enrolment | problem.Problem | None:
    """The genuine answer: where this computer's enrolment stands, or why not; None until it is
    here.

    A yes names the digest `about`, or the request's own when that is "". It stays until the request
    is forgotten, so that acting on it may be cut off; any other answer is deleted at once.
    """
    identity = state.identity()
    asked = request.kept(state)
    answer = files.read_or_none(state.spool / request.answer, limits.ENVELOPE)
    if identity is None or asked is None or answer is None:
        return None
    digest = dsse.digest(asked)
    found: enrolment.Enrolment | problem.Problem | None
    try:
        found = _opened(answer, identity.trusted())
    except WireError as error:
        log.warning("the answer to %s is not genuine (%s)", request.asked, error.code)
        found = None
    if isinstance(found, enrolment.Enrolment):
        if (found.request, found.device) == (about or digest, identity.device):
            return found
        found = None
    (state.spool / request.answer).unlink(missing_ok=True)
    return found if found is not None and found.request == digest else None


def _opened(answer: bytes, trusted: list[bytes]) -> enrolment.Enrolment | problem.Problem:
    parsed = dsse.parse(answer)
    public = keys.named(parsed.keyid, trusted)
    if parsed.payload_type == types.PROBLEM:
        return problem.open_problem(parsed, public)
    return enrolment.open_enrolment(parsed, public)
