"""Carry reports on a stick where there is no network to the controller.

`export DIR` copies what waits to DIR; on the controller `caretaker import-spool DIR` takes it in
and writes signed receipts beside it; `import-receipts DIR` brings those back. Until then every
report stays here, and is also delivered over the network if there is one again.
"""

import argparse
from pathlib import Path

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from agent.state import Identity, State, StateError
from agent.turns import turn


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument(
        "verb",
        choices=("export", "import-receipts"),
        metavar="export|import-receipts",
        help="export: copy the reports that wait; import-receipts: bring signed answers back",
    )
    parser.add_argument("dir", metavar="DIR", help="a folder on the stick")


def main(options: argparse.Namespace) -> int:
    """Do one of the two."""
    from agent.deliver.stick import StickError

    state = shared.state_of(options)
    identity = state.identity()
    if identity is None:
        raise StateError(
            "This computer is not enrolled. Ask for a join code and run: "
            "caretaker-agent enrol --controller URL --code CODE"
        )
    target = Path(options.dir)
    if not target.is_dir():
        raise shared.UsageError(f"There is no folder {target}")
    try:
        with turn(state.key):
            if options.verb == "export":
                return _export(options, state, identity, target)
            return _import(options, state, identity, target)
    except StickError as error:
        raise StateError(str(error)) from error


def _export(options: argparse.Namespace, state: State, identity: Identity, target: Path) -> int:
    from agent.deliver.stick import export
    from wire import stick

    done = export(state, identity, target)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.spool-export/1", "done": done})
        return OK
    if not done.reports:
        print("No report waits to be delivered.")
        return OK
    where = shared.cleaned(str(target / stick.FOLDER / identity.device))
    what = "1 report" if done.reports == 1 else f"{done.reports} reports"
    print(f"{what} ({done.size:,} bytes) copied to {where}, and still here too.")
    print(f"Next, on the controller: caretaker import-spool {shared.cleaned(str(target))}")
    return OK


def _import(options: argparse.Namespace, state: State, identity: Identity, source: Path) -> int:
    from agent.collect import answers
    from agent.deliver.stick import bring_back

    brought = bring_back(state, identity, source)
    acted = answers.act(state, shared.this_machine(state).clock())
    if options.format == "json":
        document = {"brought": brought, "confirmed": acted.confirmed, "stopped": acted.stopped}
        shared.print_json({"schema": "caretaker.spool-receipts/1", **document})
    else:
        print(
            f"{acted.confirmed} reports confirmed; {brought.missing} have no answer on the stick."
        )
        if brought.foreign:
            print(
                f"{brought.foreign} answers are not the controller's to these reports: left alone."
            )
        if brought.incomplete:
            print(f"{brought.incomplete} reports lack parts on the controller: export them again.")
    return COULD_NOT if brought.foreign or brought.incomplete or acted.stopped else OK
