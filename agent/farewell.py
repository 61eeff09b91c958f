"""Tells the controller that this computer leaves, in one last report like any other (S15).

Signed, in the chain and with its receipt, because a message that takes a computer off a school's
list must not be anybody's to send. Best effort: without a network the computer leaves all the same,
and whoever removed it is told to say so on its page.
"""

from typing import Final

import msgspec

from agent import chain, keyfile
from agent.collect import answers, binding
from agent.collect.round import collect
from agent.deliver import proxy
from agent.deliver.upload import deliver
from agent.spool import SpoolFullError
from agent.state import State, StateError
from checks.catalogue import CatalogueError
from checks.host import Host
from checks.policy import PolicyError

UNINSTALLED: Final = "uninstalled"
SEALED: Final = "sealed"
_TRIES: Final = 2
"""Once more after an answer that mends something: older reports asked for, newer keys."""


class Farewell(msgspec.Struct, frozen=True):
    """Whether the controller has the last report, or what stood in the way."""

    told: bool
    sentence: str = ""


def tell(state: State, host: Host, how: str) -> Farewell | None:
    """Look once more, and deliver that with whatever waits; None for a computer that is nobody's.

    Whoever calls holds the turn and deletes the key afterwards.
    """
    try:
        if not _has_a_name(state, host):
            return None
        proxy.settle(state.spool)
        now = host.clock()
        answers.act(state, now)
        return _last(state, host, how, now)
    except (StateError, SpoolFullError, CatalogueError, PolicyError) as error:
        return Farewell(False, str(error))
    except OSError as error:
        return Farewell(False, error.strerror or str(error))


def _has_a_name(state: State, host: Host) -> bool:
    """A copied disk does not speak for the computer it was copied from."""
    if state.identity() is None or keyfile.load(state.key) is None:
        return False
    return not binding.is_another_machine(state.key, binding.factors(host))


def _last(state: State, host: Host, how: str, now: int) -> Farewell:
    made = collect(state, host, leaving=how)
    sentence = ""
    for _ in range(_TRIES):
        sentence = deliver(state, now, scheduled=False).sentence
        answers.act(state, now)
        if chain.load(state.key).confirmed.seq >= made.seq:
            return Farewell(True)
    return Farewell(False, sentence)
