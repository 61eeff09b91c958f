"""Enrols this machine: the one place where the part that signs and the part that connects meet.

Repeating it is safe. A nonce that went stale is fetched again once; a key whose answer got lost on
the way is given up for a new one, because only the controller could tell which device it became.
"""

from agent.collect.introducing import give_up, introduce
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Trust
from agent.deliver.enrol import Enrolled, enrol
from agent.state import State
from checks.host import Host
from wire.enrolment import Hello
from wire.join_code import JoinCode


def enrol_machine(
    state: State, host: Host, controller: str, code: JoinCode, trust: Trust = "first"
) -> Enrolled:
    """Enrol with a join code. Raises DeliveryError with a stable code and one sentence."""

    def introduction(hello: Hello) -> bytes:
        return introduce(state, host, hello, code).envelope

    for last_try in (False, True):
        try:
            return enrol(state, controller, code, introduction, trust=trust, now=host.clock())
        except DeliveryError as error:
            if last_try or error.code not in ("bad_nonce", "already_enrolled", "bad_key"):
                raise
            if error.code != "bad_nonce":
                give_up(state, host.clock())
    raise AssertionError("the second try returns or raises")
