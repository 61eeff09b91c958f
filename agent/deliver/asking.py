"""Asks a controller for one thing at each of its addresses; what comes is for `collect` to judge
(O13)."""

from agent.deliver.answers import Answer, DeliveryError
from agent.deliver.connection import Connection, Trust
from agent.state import Identity
from wire import dsse
from wire.errors import WireError


def ask(identity: Identity, trust: Trust, path: str, request: bytes) -> Answer | None:
    """The first answer that looks like an envelope; None when nobody gives one."""
    for address in identity.addresses:
        try:
            line = Connection(address, trust, identity.spki)
            try:
                answer = line.post(path, request, packed=False)
            finally:
                line.close()
            dsse.parse(answer.body)
        except (DeliveryError, WireError):
            continue
        return answer
    return None
