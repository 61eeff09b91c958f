"""Introduce this computer to a controller. A person there then lets it in, by comparing four words.

The join code comes from the controller (`caretaker token create`). `--code -` reads it from
standard input, so that it stays out of the list of running programs.
"""

import argparse
import sys

from agent.commands import network, shared
from agent.commands.exits import COULD_NOT, OK
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Trust
from agent.deliver.enrol import Enrolled
from agent.deliver.upload import stopped
from agent.enrolling import enrol_machine
from agent.leaving import JOIN_CODE, joining
from agent.state import State
from agent.turns import turn
from checks.host import Host
from wire.join_code import JoinCode


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--controller", metavar="URL", help="https://host:port")
    parser.add_argument("--code", help="the join code; - reads it from standard input")
    parser.add_argument(
        "--from-file",
        action="store_true",
        help=f"both from {JOIN_CODE} in the data folder, which is deleted once enrolled",
    )
    parser.add_argument(
        "--trust",
        choices=("pins", "system"),
        default="pins",
        help="pins: this controller's certificate only; system: any this computer trusts",
    )
    network.add_proxy(parser)
    parser.add_argument("--again", action="store_true", help="give up the present identity first")


def main(options: argparse.Namespace) -> int:
    """Enrol, and say what happens next."""
    state = shared.state_of(options)
    code = _code(options, state)
    network.settle(options, state)
    host = shared.this_machine(state)
    try:
        with turn(state.key):
            _make_way(options, state, host)
            enrolled = _enrol(options, state, host, code)
            if options.from_file:
                (state.root.parent / JOIN_CODE).unlink(missing_ok=True)
    except DeliveryError as error:
        if options.format == "json":
            shared.print_json({"schema": "caretaker.enrol/1", "error": error.code})
        print(f"caretaker-agent: {error.sentence}", file=sys.stderr)
        return COULD_NOT
    network.remember(options, state)
    identity = enrolled.identity
    if options.format == "json":
        shared.print_json(
            {
                "schema": "caretaker.enrol/1",
                "device": identity.device,
                "status": enrolled.status,
                "words": identity.words,
                "controller": identity.addresses[0],
            }
        )
        return OK
    if enrolled.status == "refused":
        print("caretaker-agent: This computer was not let in.", file=sys.stderr)
        return COULD_NOT
    print(f"Enrolled with {identity.addresses[0]} as {identity.device}.")
    if enrolled.status == "pending":
        print("Waiting to be let in. Compare these words with the controller's page:")
        print(f"\n    {identity.words}\n")
    print("Next: caretaker-agent run, then caretaker-agent schedule install for every day.")
    return OK


def _code(options: argparse.Namespace, state: State) -> JoinCode:
    """The join code, and beside it the controller's address in `options`. Raises UsageError."""
    if options.from_file:
        found = joining(state)
        if found is None:
            raise shared.UsageError(f"There is no {state.root.parent / JOIN_CODE}.")
        options.controller, options.code = found
    if not (options.controller and options.code):
        raise shared.UsageError("Both --controller and --code are needed, or --from-file.")
    return JoinCode.parse(sys.stdin.readline() if options.code == "-" else options.code)


def _make_way(options: argparse.Namespace, state: State, host: Host) -> None:
    """An identity that still works is given up only when
    asked; a useless one makes way by itself."""
    identity = state.identity()
    if identity is None:
        return
    from agent.collect.binding import factors, is_another_machine
    from agent.collect.introducing import give_up

    useless = is_another_machine(state.key, factors(host)) or stopped(state, identity) is not None
    if not (useless or options.again):
        raise shared.UsageError(
            f"This computer is already enrolled with {identity.addresses[0]} as {identity.device}. "
            "To start over, add --again."
        )
    give_up(state, host.clock())


def _enrol(options: argparse.Namespace, state: State, host: Host, code: JoinCode) -> Enrolled:
    trust: Trust = "system" if options.trust == "system" else "first"
    return enrol_machine(state, host, options.controller, code, trust)
