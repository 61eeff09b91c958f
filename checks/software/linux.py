"""Linux: package databases, people's homes as far as programs go, browsers' settings, what runs.

`linux_packages`: /var/lib/dpkg/status and dpkg's log, rpm's database, snapd's socket, system-wide
flatpaks. `linux_people`: per person flatpaks and AppImages, Firefox's prefs.js, Chromium's Local
State, proxies set in GNOME, KDE and environment files. `linux_control`: mount options, fapolicyd.
Titles and settings leave, never a path or an account. Seen on Debian 12.
"""

from checks.host import Host, Process, attempt
from checks.software import linux_browsers, linux_control, linux_packages, linux_people, shared
from checks.software.facts import Blind, SoftwareFacts, SoftwareNow, Title, Where
from checks.unseen import Maybe, Unseen

EPHEMERAL = 32_768
"""From here on Linux hands out ports by itself (net.ipv4.ip_local_port_range)."""


def read(host: Host) -> SoftwareFacts:
    """All programs, browsers' settings, and who may start what."""
    titles: list[Title] = []
    blind: list[Blind] = []
    sources: tuple[tuple[Where, Maybe[list[Title]]], ...] = (
        ("dpkg", attempt(linux_packages.dpkg, host)),
        ("rpm", attempt(linux_packages.rpm, host)),
        ("snap", attempt(linux_packages.snaps, host)),
        ("flatpak", attempt(linux_packages.flatpaks, host)),
    )
    for where, found in sources:
        if isinstance(found, Unseen):
            blind.append(Blind(where, found.unseen))
        else:
            titles += found
    homes = linux_people.look(host)
    titles += homes.titles
    blind += [Blind("homes", reason) for reason in homes.blind]
    kept = shared.kept(titles)
    return SoftwareFacts(
        titles=kept,
        cut=len(set(titles)) - len(kept),
        blind=blind,
        dns=homes.dns,
        proxies=homes.proxies,
        extensions=homes.extensions,
        places=attempt(linux_control.places, host),
        allow_list=attempt(linux_control.allow_list, host),
        browsers=attempt(linux_browsers.policies, host),
    )


def read_now(host: Host) -> SoftwareNow:
    """What runs and what listens."""
    return shared.now(host, EPHEMERAL, _program)


def _program(process: Process, people: set[str]) -> str | None:
    """The program's own file name; None for a person's program whose file nobody may see."""
    if process.exe is None:
        # A service's name for itself is no person's; a person's may be the name of their script.
        return None if process.user in people else shared.tidy(process.name, 64).lower()
    if process.exe.startswith("/memfd:"):
        return "memfd"
    name = process.exe.removesuffix(" (deleted)").rpartition("/")[2]
    return shared.tidy(name, 64).lower()
