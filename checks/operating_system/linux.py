"""Linux: /etc/os-release, the security archive's lists as apt holds them, dpkg's log, timers.

What is read where: identity in /etc/os-release and /etc/debian_version; paid support of Ubuntu in
/var/lib/ubuntu-advantage/status.json; waiting updates by comparing /var/lib/dpkg/status with the
lists of security archives (`linux_apt`), because simulating apt costs seconds of processor time
where its cache is off; a due restart in /run/reboot-required and by kernels installed after the
last start. On systems with rpm, dnf 4 is asked from its cache (`linux_dnf`): when the last update
came stays unseen there, and all of it where dnf is dnf 5 or zypper is used. Seen on Debian 12.
"""

from checks.formats import os_release, ubuntu_pro
from checks.formats.errors import ParseError
from checks.formats.os_release import OsRelease
from checks.host import CannotLook, Host, attempt, read_text
from checks.operating_system import linux_apt, linux_automatic, linux_dnf
from checks.operating_system.facts import (
    Evidence,
    OperatingSystemFacts,
    OperatingSystemNow,
    Product,
    Update,
)
from checks.unseen import Maybe, Unseen

PRO = "/var/lib/ubuntu-advantage/status.json"
SHOWN = 100
"""Waiting updates named in the report; the rest are counted."""


def read(host: Host) -> OperatingSystemFacts:
    """Which system this is, who fixes it, and whether it updates itself."""
    release = _release(host)
    return OperatingSystemFacts(
        product=_product(release),
        name=_tidy(release.name),
        release=None if release.version_id is None else _tidy(release.version_id),
        point=attempt(_line, host, "/etc/debian_version"),
        build=None,
        edition=None,
        support_end=release.support_end,
        extended=attempt(_extended, host, release),
        kernel=attempt(_line, host, "/proc/sys/kernel/osrelease"),
        architecture=attempt(_line, host, "/proc/sys/kernel/arch"),
        automatic=attempt(linux_automatic.ways, host),
        managed_by=None,
    )


def read_now(host: Host) -> OperatingSystemNow:
    """What waits to be installed, what was, and whether a restart is due."""
    started = attempt(_up_since, host)
    if host.stat("/var/lib/dpkg/status") is None:
        return _without_apt(host, started)
    seen = linux_apt.Apt(host)
    pending: Maybe[list[Update]] = attempt(seen.pending)
    return OperatingSystemNow(
        lists_at=attempt(seen.lists_at),
        pending=pending if isinstance(pending, Unseen) else pending[:SHOWN],
        pending_count=pending if isinstance(pending, Unseen) else len(pending),
        security_at=attempt(seen.security_at),
        memory_at=attempt(seen.memory_at),
        restart_since=_restart(seen, started),
        up_since=started,
        automatic_at=attempt(linux_automatic.ran_at, host),
    )


def _without_apt(host: Host, started: Maybe[int]) -> OperatingSystemNow:
    seen = linux_dnf.Dnf(host) if attempt(linux_dnf.answers, host) is True else None
    blind = Unseen("unsupported")
    pending: Maybe[list[Update]] = attempt(seen.pending) if seen else blind
    return OperatingSystemNow(
        lists_at=attempt(seen.lists_at) if seen else blind,
        pending=pending if isinstance(pending, Unseen) else pending[:SHOWN],
        pending_count=pending if isinstance(pending, Unseen) else len(pending),
        security_at=blind,
        memory_at=blind,
        restart_since=_restart(seen, started) if seen else blind,
        up_since=started,
        automatic_at=attempt(linux_automatic.ran_at, host),
    )


def _restart(seen: linux_apt.Apt | linux_dnf.Dnf, started: Maybe[int]) -> Maybe[int | None]:
    if isinstance(started, Unseen):
        return started
    return attempt(seen.restart_since, started)


def _release(host: Host) -> OsRelease:
    data = host.read("/etc/os-release") or host.read("/usr/lib/os-release")
    if data is None:
        raise CannotLook("unsupported", "no os-release")
    try:
        return os_release.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _product(release: OsRelease) -> Product:
    if release.id == "debian":
        return "debian"
    if release.id == "ubuntu":
        return "ubuntu"
    # Mint's Debian edition has the same ID and its own numbers; only the other is made from Ubuntu.
    if release.id == "linuxmint" and release.base_codename:
        return "linuxmint"
    return "other"


def _extended(host: Host, release: OsRelease) -> list[Evidence]:
    found: list[Evidence] = []
    if release.id == "debian" and release.codename:
        suites = [archive.codename for archive in linux_apt.security_archives(host).values()]
        if f"{release.codename}-security" in suites:
            found.append("debian-lts")
    data = host.read(PRO)
    if data is not None:
        try:
            pro = ubuntu_pro.parse(data)
        except ParseError as error:
            raise CannotLook("parse-error", str(error)) from error
        if pro.attached and "esm-infra" in pro.enabled:
            found.append("ubuntu-pro")
    return found


def _up_since(host: Host) -> int:
    """The kernel's own figure: clock less uptime differs by a second from one look to the next,
    and a fact that does so makes every night a changed one."""
    for line in (read_text(host, "/proc/stat") or "").splitlines():
        name, _, value = line.partition(" ")
        if name == "btime" and value.isascii() and value.isdigit() and len(value) < 12:
            return int(value)
    raise CannotLook("parse-error", "/proc/stat")


def _line(host: Host, path: str) -> str | None:
    text = read_text(host, path, 4096)
    return None if text is None or not text.strip() else _tidy(text.splitlines()[0])


def _tidy(text: str) -> str:
    """A name without control or invisible characters, at most 120 long."""
    return "".join(c for c in text[:480] if c.isprintable()).strip()[:120]
