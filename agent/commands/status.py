"""Say who this computer is to which controller, and how its last report fared.

`--plain` is for anyone who uses this computer: what is looked at, what never leaves it (S17).
"""

import argparse
import datetime

from agent.commands import shared
from agent.commands.exits import OK
from agent.release import RELEASE
from agent.state import State


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--plain", action="store_true", help="in everyday words, for everyone")


def main(options: argparse.Namespace) -> int:
    """Print."""
    state = shared.state_of(options, prepare=False)
    found = _found(state)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.status/1", **found})
    elif options.plain:
        print(_plain(found))
    else:
        for name, value in found.items():
            if value != "":
                print(f"{name.replace('_', ' '):14} {shared.cleaned(_shown(name, value))}")
    return OK


def _shown(name: str, value: str | int) -> str:
    """A value for people: times as dates, never as seconds."""
    if not name.endswith("_at"):
        return str(value)
    return f"{_date(int(value))} UTC" if value else "never"


def _date(at: int) -> str:
    moment = datetime.datetime.fromtimestamp(at, tz=datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _found(state: State) -> dict[str, str | int]:
    from agent import chain, spool

    found: dict[str, str | int] = {"agent": RELEASE, "data": str(state.root.parent)}
    identity = state.identity() if state.root.is_dir() else None
    if identity is None:
        return found | {"standing": "not enrolled"}
    from agent.deliver import backoff, standing
    from agent.deliver.upload import stopped

    links = chain.load(state.key)
    stop = stopped(state, identity)
    answer = standing.known(state, identity)
    return found | {
        "standing": answer.status if answer else "unknown",
        "device": identity.device,
        "words": identity.words,
        "controller": identity.addresses[0],
        "last_report": links.last.seq,
        "confirmed": links.confirmed.seq,
        "confirmed_at": links.received_at,
        "waiting": len(spool.entries(state.spool)),
        "dead": len(spool.entries(state.dead)),
        "stopped": stop.code if stop else "",
        "failures": backoff.load(state.spool).failures,
    }


def _plain(found: dict[str, str | int]) -> str:
    from importlib.resources import files

    at = int(found.get("confirmed_at", 0))
    if found["standing"] == "not enrolled":
        last = "This computer is not watched over by a Caretaker controller."
    elif not at:
        last = "No report has been received from this computer yet."
    else:
        last = f"The last report was received on {_date(at)} UTC."
    words = files("agent.commands").joinpath("plain.txt").read_text(encoding="utf-8")
    return f"{words.strip()}\n\n{last}"
