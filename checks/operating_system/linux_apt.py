"""What apt and dpkg know of security updates, read from their files.

A security archive is one whose Release file says so in its suite, codename or label. Traps: apt
may keep lists compressed (`apt-helper cat-file` unpacks them); a list's file time is the server's,
so the date inside counts; an index too large to read falls back on a simulation by apt itself.
"""

import functools
from typing import Final

from checks.formats import (
    apt_simulation,
    deb_index,
    deb_release,
    deb_version,
    dpkg_log,
    dpkg_status,
)
from checks.formats.deb_release import Release
from checks.formats.dpkg_log import Action, Log
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.operating_system.facts import Update

LISTS: Final = "/var/lib/apt/lists"
LOGS: Final = ("/var/log/dpkg.log.1", "/var/log/dpkg.log")
LARGEST: Final = 32 << 20
"""Bytes of one index or log read at most; Ubuntu's largest security index is 15 MB."""
HELPER: Final = "/usr/lib/apt/apt-helper"
SIMULATE: Final = ("apt-get", "-s", "-o", "Debug::NoLocking=1", "dist-upgrade")


def security_archives(host: Host) -> dict[str, Release]:
    """Security archives whose lists the machine holds, by the start of their files' names."""
    found: dict[str, Release] = {}
    for name in host.list(LISTS) or []:
        prefix = name.removesuffix("_InRelease").removesuffix("_Release")
        if prefix == name or "security" not in name.lower():
            continue
        try:
            release = deb_release.parse(host.read(f"{LISTS}/{name}", LARGEST) or b"")
        except ParseError:
            continue
        words = f"{release.suite} {release.codename} {release.label}".lower()
        if "security" in words:
            found.setdefault(prefix, release)
    return found


class Apt:
    """One look at apt's files; each is read at most once."""

    def __init__(self, host: Host) -> None:
        """Nothing is read before it is asked for."""
        self._host = host

    def lists_at(self) -> int | None:
        """When the newest list of security updates was made; None without any."""
        dates = [release.dated_at for release in self._archives.values()]
        return max((date for date in dates if date is not None), default=None)

    def pending(self) -> list[Update]:
        """Security updates offered and not installed, by name."""
        try:
            offered = self._offered
        except CannotLook as blind:
            if blind.reason != "too-large":
                raise
            return self._simulated()
        found = [
            Update(package, offered[package])
            for package, version in self._installed.items()
            if package in offered and deb_version.newer(offered[package], version)
        ]
        return sorted(found, key=lambda update: update.name)

    def security_at(self) -> int | None:
        """When a package that security archives serve was last upgraded."""
        offered = self._offered
        times = [a.at for a in self._actions if a.verb == "upgrade" and a.name in offered]
        return max(times, default=None)

    def memory_at(self) -> int | None:
        """Where dpkg's log begins."""
        return min((log.begins_at for log in self._logs if log.begins_at is not None), default=None)

    def restart_since(self, started: int) -> int | None:
        """Since when a restart is due: somebody asks for one, or a newer kernel was installed."""
        times = []
        for path in ("/run/reboot-required", "/var/run/reboot-required"):
            asked = self._host.stat(path)
            if asked is not None and asked.kind == "file":
                times.append(max(asked.mtime, started))
        running = (self._host.read("/proc/sys/kernel/osrelease", 4096) or b"").decode().strip()
        for name in self._installed:
            kernel = name.removeprefix("linux-image-")
            if kernel == name or not kernel[:1].isdigit() or deb_version.newer(running, kernel):
                continue
            files = self._host.stat(f"/var/lib/dpkg/info/{name}.list")
            if files is not None and files.mtime > started:
                times.append(files.mtime)
        return min(times, default=None)

    @functools.cached_property
    def _archives(self) -> dict[str, Release]:
        return security_archives(self._host)

    @functools.cached_property
    def _installed(self) -> dict[str, str]:
        data = self._host.read("/var/lib/dpkg/status", LARGEST)
        try:
            packages = dpkg_status.parse(data or b"")
        except ParseError as error:
            raise CannotLook("parse-error", str(error)) from error
        return {package.name: package.version for package in packages}

    @functools.cached_property
    def _offered(self) -> dict[str, str]:
        """The newest version of each package that any security archive offers."""
        newest: dict[str, str] = {}
        for name in self._host.list(LISTS) or []:
            if "_Packages" not in name or not any(name.startswith(p) for p in self._archives):
                continue
            try:
                offers = deb_index.parse(self._index(name))
            except ParseError as error:
                raise CannotLook("parse-error", str(error)) from error
            for offer in offers:
                known = newest.get(offer.name)
                if known is None or deb_version.newer(offer.version, known):
                    newest[offer.name] = offer.version
        return newest

    def _index(self, name: str) -> bytes:
        path = f"{LISTS}/{name}"
        if name.endswith("_Packages"):
            return self._host.read(path, LARGEST) or b""
        ran = self._host.run([HELPER, "cat-file", path])
        if ran.code != 0:
            raise CannotLook("parse-error", f"apt-helper exited {ran.code}")
        return ran.out

    def _simulated(self) -> list[Update]:
        ran = self._host.run(SIMULATE, 60)
        if ran.code != 0:
            raise CannotLook("parse-error", f"apt-get exited {ran.code}")
        planned = [p for p in apt_simulation.parse(ran.out) if p.security and p.old is not None]
        return [Update(p.name, p.new) for p in sorted(planned, key=lambda p: p.name)]

    @functools.cached_property
    def _logs(self) -> list[Log]:
        data = [self._host.read(path, LARGEST) for path in LOGS]
        return [dpkg_log.parse(text) for text in data if text is not None]

    @property
    def _actions(self) -> list[Action]:
        return [action for log in self._logs for action in log.actions]
