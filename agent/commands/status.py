"""Say who this computer is to which controller, and how its last report fared.

`--plain` is for anyone who uses this computer: what is looked at, what never leaves it (S17).
"""

import argparse
import datetime
import os
from typing import TYPE_CHECKING

import msgspec

from agent import settings
from agent.commands import shared
from agent.commands.exits import OK
from agent.release import RELEASE
from agent.state import State

if TYPE_CHECKING:
    from agent.public import Public


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--plain", action="store_true", help="in everyday words, for everyone")


def main(options: argparse.Namespace) -> int:
    """Print."""
    state = shared.state_of(options, prepare=False)
    if options.plain:
        told, set_up = _everybodys(state)
        if options.format == "json":
            shared.print_json({"schema": "caretaker.plain/1", "set_up": set_up, "last": told})
        else:
            from agent.commands import plain

            print(plain.page(told, set_up=set_up))
        return OK
    found = _found(state)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.status/1", **found})
        return OK
    for name, value in found.items():
        if value != "":
            print(f"{_label(name):14} {shared.cleaned(_shown(name, value))}")
    return OK


def _everybodys(state: State) -> "tuple[Public | None, bool]":
    """How the last look went, from where we may read it; and whether there is any at all."""
    from agent import chain, public

    if not _readable(state):
        told = public.read(settings.public_folder(state.root.parent) or settings.PUBLIC)
        return told, told is not None
    told = public.read(state.key)
    if told is not None:  # an answer may have come since
        told = msgspec.structs.replace(told, received_at=chain.load(state.key).received_at)
    return told, state.identity() is not None


def _readable(state: State) -> bool:
    """Whether there is a state folder, and we are somebody who may look into it."""
    try:
        return state.key.is_dir() and os.access(state.key, os.R_OK | os.X_OK)
    except PermissionError:
        return False


def _shut(state: State) -> bool:
    """Whether something is there that we may not look into."""
    try:
        state.key.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _label(name: str) -> str:
    for unit in ("_ms", "_bytes", "_ahead_seconds"):
        name = name.removesuffix(unit)
    return name.replace("_", " ")


def _shown(name: str, value: str | int) -> str:
    """A value for people: times as dates, never as seconds."""
    if name == "policy_says":
        from wire.policy import RULED

        return RULED.get(str(value), str(value))
    if name == "clock_ahead_seconds":
        from checks.words import duration

        way = "ahead of" if int(value) > 0 else "behind"
        return f"{duration(abs(int(value)))} {way} the controller's: set it right"
    if name.endswith("_ms"):
        return f"{int(value) / 1000:.1f} s"
    if name.endswith("_bytes"):
        return f"{int(value) / 1e6:.0f} MB"
    if not name.endswith("_at"):
        return str(value)
    return f"{_date(int(value))} UTC" if value else "never"


def _date(at: int) -> str:
    moment = datetime.datetime.fromtimestamp(at, tz=datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _found(state: State) -> dict[str, str | int]:
    from agent import chain, spool

    found: dict[str, str | int] = {"agent": RELEASE, "data": str(state.root.parent)}
    if not _readable(state):
        return found | _from_outside(state)
    identity = state.identity()
    if identity is None:
        return found | {"standing": "not enrolled"}
    from agent.deliver import backoff, standing
    from agent.deliver.upload import stopped

    links = chain.load(state.key)
    stop = stopped(state, identity)
    answer = standing.known(state, identity)
    return (
        found
        | {
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
        | _ruled(state)
        | _cost(state)
        | _clock(state)
    )


def _ruled(state: State) -> dict[str, str | int]:
    """The policy judged by; nothing is said of the catalogue's defaults (O20)."""
    from agent.collect import ruling

    ruled = ruling.in_force(state)
    found: dict[str, str | int] = {"profile": ruling.profile(state) or "", "policy_says": ruled.why}
    if ruled.rules is None:
        return found
    named = f"{ruled.policy.name}, version {ruled.rules.version}"
    return found | {"policy": named, "policy_until_at": ruled.rules.expires_at}


def _cost(state: State) -> dict[str, str | int]:
    """What the last round cost this computer (S10)."""
    from agent import cost

    spent = cost.load(state.key)
    if spent is None:
        return {}
    return {
        "looked_at": spent.at,
        "cpu_ms": spent.cpu_ms,
        "wall_ms": spent.wall_ms,
        "peak_bytes": spent.peak_bytes,
    }


def _clock(state: State) -> dict[str, str | int]:
    """How far off the clock was at the last receipt; nothing is said of one that is right (T17)."""
    from agent import ticking

    ahead = ticking.seen(state.spool)
    return {"clock_ahead_seconds": ahead} if ahead else {}


def _from_outside(state: State) -> dict[str, str | int]:
    """What anybody may know of a computer whose agent belongs to root."""
    from agent import public

    told = public.read(settings.public_folder(state.root.parent) or settings.PUBLIC)
    if told is None:
        return {
            "standing": "not to be seen by you; ask as root" if _shut(state) else "not enrolled"
        }
    return {
        "standing": "known to root only",
        "looked_at": told.looked_at,
        "confirmed_at": told.received_at,
        "cpu_ms": told.cpu_ms,
    }
