"""Make this computer ready to be copied: the last thing before its disk is captured.

A last signed report tells the controller, if it can be reached. Then keys, identity and all reports
are deleted; the services stay. Where the data folder holds a file join-code.txt (the controller's
address on its first line, a join code on its second), every copy enrols by itself when it is first
switched on; else each waits until somebody enrols it. Switch the computer off afterwards: switched
on again it would take an identity of its own before it is copied.
"""

import argparse

from agent import leaving
from agent.commands import shared
from agent.commands.exits import OK
from agent.commands.uninstall import keep_undelivered
from agent.turns import turn


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument(
        "--discard", action="store_true", help="also throw away reports that were not delivered"
    )


def main(options: argparse.Namespace) -> int:
    """Wipe, and say what the copies will do."""
    state = shared.state_of(options)
    joining = leaving.joining(state)
    keep_undelivered(options, state)
    with turn(state.key):
        from agent import farewell

        told = farewell.tell(state, shared.this_machine(state), farewell.SEALED)
        gone = leaving.wipe(state)
    shared.unpublish(state)
    if options.format == "json":
        document = {"schema": "caretaker.seal-image/1", "deleted": gone}
        document |= {"copies": "enrol" if joining else "wait"}
        shared.print_json(document | shared.farewell_said(told))
        return OK
    print("Sealed: no key, identity or report is left." if gone else "There was nothing to seal.")
    if joining:
        print(f"Copies enrol by themselves with {joining[0]} when they are first switched on.")
    else:
        print(f"Copies wait to be enrolled (no {state.root.parent / leaving.JOIN_CODE}).")
    print(shared.farewell_line(told), end="")
    print("Switch this computer off now, and capture its disk without starting it again.")
    return OK
