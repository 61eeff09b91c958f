r"""Windows: installed titles, people's profiles as far as programs go, browsers, what may start.

`windows_titles`: Uninstall keys as 64-bit and 32-bit programs see them and of every loaded hive,
Store packages, known programs in people's own folders. `windows_browsers`: policies in the
registry, people's Firefox and Chromium files, proxies, Windows' own way to ask for names.
`windows_control`: AppLocker, App Control, S mode, SmartScreen and their like. Titles and settings
leave, never a path or an account. An account that is not signed in keeps its own proxy and its own
entries to itself: its folders are looked at instead, and its proxy when it next is. No Windows
machine was at hand: written from Microsoft's documentation and public inventories.
"""

from typing import Final

from checks.host import Host, Process, attempt
from checks.software import windows_browsers, windows_control, windows_titles
from checks.software.facts import Blind, Port, SoftwareFacts, SoftwareNow, Title
from checks.unseen import Unseen

BLIND: Final = Unseen("unsupported")
ROOM: Final = 450_000
"""Bytes the list of titles may take of a section's 512 KiB."""
RUNNING: Final = 400
EPHEMERAL: Final = 49_152
"""From here on Windows hands out ports by itself."""
LOOPBACK: Final = ("127.", "::1", "::ffff:127.")


def read(host: Host) -> SoftwareFacts:
    """All programs, browsers' settings, and who may start what."""
    titles: list[Title] = []
    blind: list[Blind] = []
    for where, found in windows_titles.everything(host):
        if isinstance(found, Unseen):
            blind.append(Blind(where, found.unseen))
        else:
            titles += found
    kept = _kept(titles)
    people = windows_browsers.look(host)
    return SoftwareFacts(
        titles=kept,
        cut=len(set(titles)) - len(kept),
        blind=sorted(set(blind), key=lambda one: (one.where, one.reason)),
        dns=people.dns,
        proxies=people.proxies,
        extensions=people.extensions,
        places=BLIND,
        allow_list=BLIND,
        starting=attempt(windows_control.starting, host),
        installs_elevated=attempt(windows_control.installs_elevated, host),
        browsers=attempt(windows_browsers.policies, host),
    )


def read_now(host: Host) -> SoftwareNow:
    """What runs and what listens."""
    running = attempt(_running, host)
    return SoftwareNow(
        running=running if isinstance(running, Unseen) else running[:RUNNING],
        hidden=running if isinstance(running, Unseen) else len(running[RUNNING:]),
        listening=attempt(_listening, host),
    )


def _kept(titles: list[Title]) -> list[Title]:
    """Each title once, strangers first, as many as there is room for."""
    ordered = sorted(set(titles), key=lambda t: (t.system, t.name, t.version, t.source, t.id))
    room = ROOM
    for index, title in enumerate(ordered):
        text = f"{title.name}{title.version}{title.publisher}{title.id}"
        room -= 90 + len(text.encode("utf-8", "replace"))
        if room < 0:
            return ordered[:index]
    return ordered


def _running(host: Host) -> list[str]:
    return sorted({name for name in map(_program, host.processes()) if name})


def _program(process: Process) -> str:
    """The program's file name: on Windows that is what a process is called."""
    name = (process.exe or process.name).replace("/", "\\").rpartition("\\")[2]
    return windows_titles.tidy(name, 64).lower().removesuffix(".exe")


def _listening(host: Host) -> list[Port]:
    found = {
        (one.protocol, one.port, one.address.startswith(LOOPBACK))
        for one in host.listeners()
        if one.port < EPHEMERAL or one.protocol == "tcp"
    }
    return [Port(*one) for one in sorted(found)]
