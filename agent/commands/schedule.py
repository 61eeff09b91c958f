"""Make the round happen by itself: every four hours, soon
after switching on, and made up for when missed.

As root: a reader without network and a sender without the key. As anybody else:
for this account only.
"""

import argparse
from pathlib import Path

from agent import settings
from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    verbs = ("install", "remove", "status")
    parser.add_argument("what", choices=verbs, metavar="|".join(verbs))
    parser.add_argument(
        "--root", metavar="DIR", type=Path, help="write below this folder and start nothing"
    )


def main(options: argparse.Namespace) -> int:
    """Install, remove or say."""
    import sys

    if not sys.platform.startswith("linux"):
        raise shared.UsageError("Only systemd can be scheduled with so far.")
    from agent.schedule import systemd

    where = systemd.plan(options.root)
    if options.what == "install":
        data = settings.data_folder(options.data)
        if options.root is None:
            shared.state_of(options)
        written = systemd.install(where, data)
        return _say(options, "installed", [str(path) for path in written])
    if options.what == "remove":
        return _say(options, "removed", [str(path) for path in systemd.remove(where)])
    said = systemd.status(where)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.schedule/1", "timers": said})
    else:
        for timer, state in said.items():
            print(f"{timer:28} {state}")
    return OK if "not installed" not in said.values() else COULD_NOT


def _say(options: argparse.Namespace, verb: str, paths: list[str]) -> int:
    if options.format == "json":
        shared.print_json({"schema": "caretaker.schedule/1", verb: paths})
    else:
        print("\n".join(f"{verb}: {path}" for path in paths) or f"nothing {verb}")
    return OK
