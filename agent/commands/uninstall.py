"""Remove Caretaker's services, keys and reports from this computer, and say what remains.

A last signed report tells the controller, if it can be reached. Reports that were not delivered are
not thrown away: deliver them first (caretaker-agent run), or say --discard.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent import leaving
from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from agent.state import State, StateError
from agent.turns import turn

if TYPE_CHECKING:
    from agent.farewell import Farewell


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--discard", action="store_true", help="also throw away reports that were not delivered"
    )
    parser.add_argument(
        "--root", metavar="DIR", type=Path, help="units are below this folder; stop nothing"
    )


def main(options: argparse.Namespace) -> int:
    """Ask, remove, say what remains."""
    state = shared.state_of(options, prepare=False)
    keep_undelivered(options, state)
    if not options.yes and not _agreed(state):
        print("Nothing was removed.")
        return COULD_NOT
    units = _unscheduled(options)
    told, known = None, (state.root / "identity.json").exists()  # damaged, it was known, too
    if state.key.is_dir():
        from agent import farewell

        with turn(state.key):
            told = farewell.tell(state, shared.this_machine(state), farewell.UNINSTALLED)
            leaving.wipe(state)
    others = leaving.remove(state)
    shared.unpublish(state)
    removed = [*(str(unit) for unit in units), str(state.root)]
    _say(options, removed, _remains(others, told, known=known), told)
    return OK


def keep_undelivered(options: argparse.Namespace, state: State) -> None:
    """Refuse while reports wait that only this key can vouch for. Raises UsageError."""
    waiting = leaving.undelivered(state, shared.this_machine().clock())
    if waiting and not options.discard:
        what = "1 report was" if waiting == 1 else f"{waiting} reports were"
        raise StateError(
            f"{what} not delivered. Run caretaker-agent run first, or add --discard to lose them."
        )


def _agreed(state: State) -> bool:
    if not sys.stdin.isatty():
        raise shared.UsageError("There is nobody to ask: add --yes to remove everything.")
    print(f"This removes Caretaker's services, and its keys and reports in {state.root}.")
    print("They cannot be brought back. Type yes to go on: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _unscheduled(options: argparse.Namespace) -> list[Path]:
    if not sys.platform.startswith("linux"):
        return []
    from agent.schedule import systemd

    return systemd.remove(systemd.plan(options.root))


def _remains(others: list[Path], told: "Farewell | None", *, known: bool) -> list[str]:
    remains = [f"{path} (not the agent's)" for path in others]
    remains.append("the program itself: remove it as it was installed")
    if _account():
        remains.append("the account caretaker, which owns nothing: userdel caretaker")
    if known and (told is None or not told.told):
        remains.append("this computer's page at the controller: say there that it was removed")
    return remains


def _say(
    options: argparse.Namespace, removed: list[str], remains: list[str], told: "Farewell | None"
) -> None:
    if options.format == "json":
        shared.print_json(
            {
                "schema": "caretaker.uninstall/1",
                "removed": removed,
                "remains": remains,
                **shared.farewell_said(told),
            }
        )
        return
    for path in removed:
        print(f"removed: {path}")
    for one in remains:
        print(f"remains: {one}")
    print(shared.farewell_line(told), end="")


def _account() -> bool:
    from agent.schedule.systemd import USER

    if not sys.platform.startswith("linux"):
        return False
    import pwd

    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True
