"""What the readers of all systems do alike with the programs and sockets they found."""

from collections.abc import Callable, Iterable
from typing import Final

from checks.host import Host, Process, attempt
from checks.software.facts import Port, SoftwareNow, Title
from checks.unseen import Unseen

LONGEST: Final = 120
ROOM: Final = 450_000
"""Bytes the list of titles may take of a section's 512 KiB."""
RUNNING: Final = 400
"""Names of running programs that are told."""
LOOPBACK: Final = ("127.", "::1", "::ffff:127.")


def tidy(text: str, longest: int = LONGEST) -> str:
    """A name without control or invisible characters, and no longer than it may be."""
    if not text.isprintable() or len(text) > longest:
        text = "".join(c for c in text[: longest * 4] if c.isprintable())[:longest]
    return text.strip()


def kept(titles: Iterable[Title]) -> list[Title]:
    """Each title once, strangers first, as many as there is room for."""
    ordered = sorted(set(titles), key=lambda t: (t.system, t.name, t.version, t.source, t.id))
    room = ROOM
    for index, title in enumerate(ordered):
        text = f"{title.name}{title.version}{title.publisher}{title.id}"
        room -= 90 + len(text.encode("utf-8", "replace"))
        if room < 0:
            return ordered[:index]
    return ordered


def now(
    host: Host,
    ephemeral: int,
    program: Callable[[Process, set[str]], str | None],
    told: Callable[[Process, str], bool] = lambda _process, _name: True,
) -> SoftwareNow:
    """What runs and what listens. `program`: the name of a running one, None where it is hidden,
    by the aliases of people; `told`: whether one is worth telling."""
    running = attempt(_running, host, program, told)
    return SoftwareNow(
        running=running if isinstance(running, Unseen) else running[0],
        hidden=running if isinstance(running, Unseen) else running[1],
        listening=attempt(listening, host, ephemeral),
    )


def _running(
    host: Host,
    program: Callable[[Process, set[str]], str | None],
    told: Callable[[Process, str], bool],
) -> tuple[list[str], int]:
    people = {user.alias for user in host.users() if user.kind == "human"}
    names: set[str] = set()
    hidden = 0
    for process in host.processes():
        name = program(process, people)
        if name is None:
            hidden += 1
        elif name and told(process, name):
            names.add(name)
    ordered = sorted(names)
    return ordered[:RUNNING], hidden + len(ordered[RUNNING:])


def listening(host: Host, ephemeral: int) -> list[Port]:
    """Listening sockets; from `ephemeral` on the system hands out UDP ports by itself.

    Raises CannotLook.
    """
    found = {
        (one.protocol, one.port, one.address.startswith(LOOPBACK))
        for one in host.listeners()
        if one.port < ephemeral or one.protocol == "tcp"
    }
    return [Port(*one) for one in sorted(found)]
