"""Give this computer a new key, which the old one vouches for.

For a key that may have been seen, or that is due. Reports that wait are delivered first. Nothing
else changes: the computer keeps its name, its history and its chain of reports, and the old key is
refused from then on.
"""

import argparse
import sys

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from agent.state import State, StateError
from agent.turns import turn


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--trust", choices=("pins", "system"), help="for this time only")


def main(options: argparse.Namespace) -> int:
    """Deliver, hand over, and say how it went."""
    state = shared.state_of(options)
    host = shared.this_machine(state)
    with turn(state.key):
        sentence = _rekey(options, state, host.clock())
    if sentence:
        print(f"caretaker-agent: {shared.cleaned(sentence)}", file=sys.stderr)
        return COULD_NOT
    identity = state.identity()
    words = identity.words if identity else ""
    if options.format == "json":
        shared.print_json({"schema": "caretaker.rekey/1", "words": words})
    else:
        print(f"This computer has a new key. Its words are: {words}")
    return OK


def _rekey(options: argparse.Namespace, state: State, now: int) -> str:
    """What stood in the way, "" when it is done."""
    from agent.collect import answers, rekeying
    from agent.deliver.handover import hand_over
    from agent.deliver.upload import deliver, trust_of

    if answers.act(state, now).rekeyed:
        return ""
    deliver(state, now, options.trust, scheduled=False)
    if answers.act(state, now).rekeyed:
        return ""
    if not rekeying.propose(state):
        return "Reports wait to be delivered; the old key has to do that first. Try again later."
    identity = state.identity()
    if identity is None:
        raise StateError("This computer is not enrolled.")
    if not hand_over(state, identity, trust_of(identity, options.trust)):
        return "The controller does not answer; the same is asked again at the next round."
    if not rekeying.settle(state):
        return "The controller did not take the new key; the old one stays in use."
    return ""
