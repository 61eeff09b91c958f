"""Hands over the request for a new key, and lays the answer beside the reports (O13)."""

from agent import files
from agent.deliver.asking import ask
from agent.deliver.connection import Trust
from agent.state import Identity, State
from wire import limits

ASKED = "rekey.json"
ANSWER = "rekeyed.json"


def waits(state: State) -> bool:
    """Whether a request lies there that nobody answered yet."""
    return (state.spool / ASKED).exists() and not (state.spool / ANSWER).exists()


def hand_over(state: State, identity: Identity, trust: Trust) -> bool:
    """Ask at each address until one answers with an envelope. `collect` believes it or not."""
    request = files.read_or_none(state.spool / ASKED, limits.ENVELOPE)
    if request is None:
        return False
    answer = ask(identity, trust, "/v1/rekey", request)
    if answer is not None:
        files.replace(state.spool / ANSWER, answer.body)
    return answer is not None
