"""Where our enrolment stands: pending until a person lets this computer in, active, or refused.

The newest signed answer is kept in the spool folder and verified on every reading, so a file that
somebody put there changes nothing.
"""

from collections.abc import Sequence

from agent import files
from agent.deliver.answers import Answer, DeliveryError, not_genuine
from agent.deliver.connection import Connection
from agent.state import Identity, State
from wire import dsse, enrolment, keys, limits, problem, types
from wire.errors import WireError


def known(state: State, identity: Identity) -> enrolment.Enrolment | None:
    """The newest answer we hold, if it is genuine and ours."""
    data = files.read_or_none(state.spool / "enrolment.json", limits.ENVELOPE)
    if data is None:
        return None
    try:
        parsed = dsse.parse(data)
        public = keys.named(parsed.keyid, identity.trusted())
        found = enrolment.open_enrolment(parsed, public)
    except WireError:
        return None
    return found if found.request == identity.enrolled else None


def check(state: State, identity: Identity, line: Connection) -> None:
    """Go on if we are let in; ask if we are not known to be.

    Raises DeliveryError `pending`, `refused`.
    """
    found = known(state, identity)
    if found is None or found.status != "active":
        found = ask(state, identity, line)
    if found.status == "pending":
        raise DeliveryError(
            "pending",
            f"This computer waits to be let in. Its words are: {found.words}.",
        )
    if found.status == "refused":
        raise DeliveryError(
            "refused", "This computer was not let in. Ask whoever looks after the controller."
        )


def ask(state: State, identity: Identity, line: Connection) -> enrolment.Enrolment:
    """Ask the controller and keep its answer. Raises DeliveryError."""
    answer = line.get(f"/v1/enrol/{identity.device}")
    found, raw = opened(answer, identity.trusted(), identity.enrolled)
    files.replace(state.spool / "enrolment.json", raw)
    return found


def opened(
    answer: Answer, trusted: Sequence[bytes], request: str
) -> tuple[enrolment.Enrolment, bytes]:
    """A genuine enrolment answer to `request`.

    Raises DeliveryError, with a signed problem's code.
    """
    try:
        parsed = dsse.parse(answer.body)
        public = keys.named(parsed.keyid, trusted)
        if parsed.payload_type == types.PROBLEM:
            raise _refused(problem.open_problem(parsed, public), request)
        found = enrolment.open_enrolment(parsed, public)
    except WireError as error:
        raise not_genuine(answer, error) from error
    if found.request != request:
        raise DeliveryError(
            "wrong_request", "The controller answered another enrolment than ours; try again."
        )
    return found, answer.body


def _refused(found: problem.Problem, request: str) -> DeliveryError:
    """A problem about another request is nobody's answer to
    ours (O1); one about none only informs."""
    informs = not found.request and problem.action_for(found.code) in ("keep", "wait", "dead")
    if found.request == request or informs:
        return DeliveryError(found.code, found.sentence)
    return DeliveryError("wrong_request", "The controller answered somebody else; try again.")
