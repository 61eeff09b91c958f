"""What a round does when this computer finds itself a copy of another, or is told so: it asks to be
let in as a computer of its own, and says so in one sentence.
"""

from typing import Final

from agent import newcomer
from agent.collect import binding, succession
from agent.deliver.connection import Trust
from agent.state import State
from checks.host import Host

ASKS: Final = (
    "This disk was copied from another computer, so its identity was put aside. "
    "This computer asks to be let in as a new one."
)


def has_identity(state: State, host: Host) -> bool:
    """Whether there is an identity to report under; a newcomer's request is ready if there is none.

    Also true for a computer that never enrolled: what comes next says so.
    """
    succession.settle(state, host.clock())
    if state.identity() is not None and binding.is_another_machine(
        state.key, binding.factors(host)
    ):
        succession.begin(state, host)
    return succession.prepare(state, host) is None


def ask(state: State, host: Host, trust: Trust | None) -> bool:
    """Ask the controller and take what it answers; whether there is an identity now. Raises
    DeliveryError."""
    from agent.deliver.joining import join

    asks = newcomer.load(state)
    if asks is not None:
        join(state, asks, trust)
    return succession.settle(state, host.clock())
