"""Hands over the request for a new key, and lays the answer beside the reports (O13)."""

from agent import files
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Connection, Trust
from agent.state import Identity, State
from wire import dsse, limits
from wire.errors import WireError

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
    for address in identity.addresses:
        try:
            line = Connection(address, trust, identity.spki)
            try:
                answer = line.post("/v1/rekey", request, packed=False)
            finally:
                line.close()
            dsse.parse(answer.body)
        except (DeliveryError, WireError):
            continue
        files.replace(state.spool / ANSWER, answer.body)
        return True
    return False
