"""Hands over the request for a new key, and lays the answer beside the reports (O13)."""

from agent.deliver.asking import ask
from agent.deliver.connection import Trust
from agent.request import REKEY
from agent.state import Identity, State


def hand_over(state: State, identity: Identity, trust: Trust) -> bool:
    """Ask at each address until one answers with an envelope. `collect` believes it or not."""
    request = REKEY.to_send(state)
    if request is None:
        return False
    answer = ask(identity, trust, "/v1/rekey", request)
    if answer is not None:
        REKEY.answered(state, answer.body)
    return answer is not None
