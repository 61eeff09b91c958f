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
from checks.software import shared, windows_browsers, windows_control, windows_titles
from checks.software.facts import Blind, SoftwareFacts, SoftwareNow, Title
from checks.unseen import Unseen

BLIND: Final = Unseen("unsupported")
EPHEMERAL: Final = 49_152
"""From here on Windows hands out ports by itself."""


def read(host: Host) -> SoftwareFacts:
    """All programs, browsers' settings, and who may start what."""
    titles: list[Title] = []
    blind: list[Blind] = []
    for where, found in windows_titles.everything(host):
        if isinstance(found, Unseen):
            blind.append(Blind(where, found.unseen))
        else:
            titles += found
    kept = shared.kept(titles)
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
        running=running if isinstance(running, Unseen) else running[: shared.RUNNING],
        hidden=running if isinstance(running, Unseen) else len(running[shared.RUNNING :]),
        listening=attempt(shared.listening, host, EPHEMERAL),
    )


def _running(host: Host) -> list[str]:
    return sorted({name for name in map(_program, host.processes()) if name})


def _program(process: Process) -> str:
    """The program's file name: on Windows that is what a process is called."""
    name = (process.exe or process.name).replace("/", "\\").rpartition("\\")[2]
    return shared.tidy(name, 64).lower().removesuffix(".exe")
