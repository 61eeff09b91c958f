"""macOS: applications, formulas, people's browsers, what may start, what runs.

`macos_titles`: folders of applications and Homebrew. `macos_browsers`: policies, people's Firefox
and Chromium files, proxies, encrypted names. `macos_control`: Gatekeeper and Santa. Titles and
settings leave, never a path or an account. Programs of the sealed system volume are macOS's own:
of those that run only the ones that a watch-list knows are told. Never run on a Mac.
"""

from typing import Final

from checks.host import Host, Process, attempt
from checks.software import macos_browsers, macos_control, macos_titles, shared
from checks.software.facts import SoftwareFacts, SoftwareNow
from checks.software.watchlists import watched_running
from checks.unseen import Unseen

BLIND: Final = Unseen("unsupported")
EPHEMERAL: Final = 49_152
"""From here on macOS hands out ports by itself (net.inet.ip.portrange.first)."""
_SEALED: Final = ("/System/", "/usr/", "/bin/", "/sbin/")
_OPEN: Final = ("/System/Volumes/Data/", "/usr/local/")
"""Places below those that are not sealed."""


def read(host: Host) -> SoftwareFacts:
    """All programs, browsers' settings, and who may start what."""
    found = macos_titles.look(host)
    kept = shared.kept(found.titles)
    people = macos_browsers.look(host)
    return SoftwareFacts(
        titles=kept,
        cut=len(set(found.titles)) - len(kept),
        blind=found.blind,
        dns=people.dns,
        proxies=people.proxies,
        extensions=people.extensions,
        places=BLIND,
        allow_list=BLIND,
        starting=attempt(macos_control.starting, host),
        browsers=attempt(macos_browsers.policies, host),
    )


def read_now(host: Host) -> SoftwareNow:
    """What runs and what listens."""
    return shared.now(host, EPHEMERAL, _program, told=_is_told)


def _is_told(process: Process, name: str) -> bool:
    return watched_running(name) or not _sealed(process)


def _program(process: Process, people: set[str]) -> str | None:
    """The program's own file name; None for a person's program whose file nobody may see."""
    if process.exe is None and process.user in people:
        return None
    name = (process.exe or process.name).rpartition("/")[2]
    return shared.tidy(name, 64).lower()


def _sealed(process: Process) -> bool:
    path = process.exe or ""
    return path.startswith(_SEALED) and not path.startswith(_OPEN)
