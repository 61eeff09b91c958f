"""Hands over the proof that this computer was let in, and lays down the answer (O5, O13)."""

from agent import files
from agent.deliver import asking
from agent.deliver.answers import Answer, DeliveryError
from agent.deliver.connection import Trust
from agent.deliver.standing import opened
from agent.request import READMIT
from agent.state import Identity, State


def ask(state: State, identity: Identity, trust: Trust) -> bool:
    """Ask at each address until one answers with an envelope. `collect` believes it or not."""
    request = READMIT.to_send(state)
    if request is None:
        return False
    answer = asking.ask(identity, trust, "/v1/readmit", request)
    if answer is not None:
        _stand(state, identity, answer)
        READMIT.answered(state, answer.body)
    return answer is not None


def _stand(state: State, identity: Identity, answer: Answer) -> None:
    """Where our enrolment stands now, if that is what it says: perhaps a person is waited for."""
    try:
        _, raw = opened(answer, identity.trusted(), identity.enrolled)
    except DeliveryError:
        return
    files.replace(state.spool / "enrolment.json", raw)
