"""Hands over the request of a newcomer: a computer that gave up an identity and asks to be let in
as a new one. What comes back is laid down for `collect`, which alone believes it (O13).
"""

from agent import files, newcomer
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Connection, Trust
from agent.deliver.standing import opened
from agent.newcomer import Newcomer
from agent.state import State


def join(state: State, asks: Newcomer, trust: Trust | None = None) -> None:
    """Ask at each address until one answers genuinely. Raises DeliveryError."""
    request = newcomer.request(state)
    identity = asks.identity
    if request is None or not identity.enrolled:
        raise DeliveryError("not_ready", "This computer has not signed its request yet.")
    how: Trust = trust or ("pins" if identity.trust == "pins" and identity.spki else "system")
    last = DeliveryError("controller_down", "The controller has no address.")
    for address in identity.addresses:
        line = Connection(address, how, identity.spki)
        try:
            answer = line.post("/v1/enrol", request, packed=False)
            _, raw = opened(answer, identity.trusted(), identity.enrolled)
        except DeliveryError as error:
            last = error
            continue
        finally:
            line.close()
        files.replace(state.spool / "enrolment.json", raw)
        return
    raise last
