"""Programs that were installed for the whole computer: dpkg, rpm, snap, flatpak.

Whose a Debian package is: its maintainer's address is one of the distribution's, or its newest
changelog entry names one of Debian's own suites (some of Debian's maintainers use private
addresses). Traps: both can be imitated by who may install packages, so watch-lists look at every
title; a PPA rebuilt from Debian's source counts as Debian's; dpkg keeps no date of installing, so
dpkg's log is asked, and the time of the file list is the latest it can be.
"""

import re
from typing import Final

from checks.formats import deb_changelog, dpkg_log, dpkg_status, flatpak_list, rpm_query, snapd
from checks.formats.dpkg_status import Package
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.software.facts import Title
from checks.software.shared import tidy

LARGEST: Final = 32 << 20
LOGS: Final = ("/var/log/dpkg.log.1", "/var/log/dpkg.log")
RPM_DATABASES: Final = (
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/lib/rpm/Packages.db",
    "/var/lib/rpm/Packages",
    "/usr/lib/sysimage/rpm/Packages.db",
)
MAKERS: Final = (
    *("debian.org", "alioth-lists.debian.net", "ubuntu.com", "canonical.com"),
    *("linuxmint.com", "raspberrypi.com", "raspberrypi.org"),
)
"""Mail domains of distributions."""
SUITES: Final = re.compile(
    r"^(unstable|experimental|testing|sid|(jessie|stretch|buster|bullseye|bookworm|trixie|forky|duke)"
    r"(-[a-z\-]+)?)$"
)
"""Where Debian's own uploads go; packages from elsewhere say `stable`, an Ubuntu name and so on."""
RPM_MAKERS: Final = (
    *("Fedora Project", "Red Hat, Inc.", "CentOS", "Rocky Enterprise Software Foundation"),
    *("AlmaLinux", "openSUSE", "SUSE LLC <https://www.suse.com/>", "Oracle America"),
)
_BASE: Final = ("required", "important", "standard")


def dpkg(host: Host) -> list[Title]:
    """Debian packages that are present; none where there is no dpkg."""
    data = host.read("/var/lib/dpkg/status", LARGEST)
    if data is None:
        return []
    try:
        packages = dpkg_status.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    strangers = [package for package in packages if not _by_address(package)]
    strangers = [package for package in strangers if not _by_changelog(host, package)]
    since = _since(host, strangers)
    foreign = {(package.name, package.architecture) for package in strangers}
    return [
        Title(
            tidy(package.name, 120),
            tidy(package.version, 60),
            "dpkg",
            publisher=_publisher(package) if stranger else "",
            system=not stranger,
            installed_at=since.get(package.name) if stranger else None,
        )
        for package in packages
        for stranger in ((package.name, package.architecture) in foreign,)
    ]


def _by_address(package: Package) -> bool:
    host = package.maintainer.rpartition("@")[2].rstrip("> ").lower()
    return package.priority in _BASE or any(
        host == maker or host.endswith(f".{maker}") for maker in MAKERS
    )


def _by_changelog(host: Host, package: Package) -> bool:
    for name in ("changelog.Debian.gz", "changelog.gz"):
        data = host.read(f"/usr/share/doc/{package.name}/{name}")
        if data is not None:
            try:
                entry = deb_changelog.parse(data)
            except ParseError:
                continue
            return any(SUITES.match(suite) for suite in entry.suites)
    return False


def _since(host: Host, strangers: list[Package]) -> dict[str, int]:
    """By when each was there, at the latest: installed in dpkg's log, or before it began."""
    if not strangers:
        return {}
    texts = [host.read(path, LARGEST) for path in LOGS]
    logs = [dpkg_log.parse(text) for text in texts if text is not None]
    begins = min((log.begins_at for log in logs if log.begins_at is not None), default=None)
    installed: dict[str, int] = {}
    for log in logs:
        for action in log.actions:
            if action.verb == "install":
                installed[action.name] = action.at
    found = {}
    for package in strangers:
        known = installed.get(package.name)
        if known is None:
            files = _files(host, package)
            times = [time for time in (files, begins) if time is not None]
            known = min(times, default=None)
        if known is not None:
            found[package.name] = known
    return found


def _files(host: Host, package: Package) -> int | None:
    for name in (package.name, f"{package.name}:{package.architecture}"):
        stat = host.stat(f"/var/lib/dpkg/info/{name}.list")
        if stat is not None:
            return stat.mtime
    return None


def _publisher(package: Package) -> str:
    """The maintainer's name without the address; an address alone keeps its domain."""
    name, _, address = package.maintainer.partition("<")
    return tidy(name.strip(' "') or address.rpartition("@")[2].rstrip(">"), 60)


def rpm(host: Host) -> list[Title]:
    """Packages of rpm's database; none where there is no database."""
    if all(host.stat(path) is None for path in RPM_DATABASES):
        return []
    ran = host.run(["rpm", "-qa", "--qf", rpm_query.QUERY])
    if ran.code != 0:
        raise CannotLook("parse-error", f"rpm exited {ran.code}")
    try:
        packages = rpm_query.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    titles = []
    for package in packages:
        ours = package.vendor in RPM_MAKERS
        titles.append(
            Title(
                tidy(package.name, 120),
                tidy(package.version, 60),
                "rpm",
                publisher="" if ours else tidy(package.vendor, 60),
                system=ours,
                installed_at=None if ours else package.installed_at,
            )
        )
    return titles


def snaps(host: Host) -> list[Title]:
    """Installed snaps; none where snapd does not answer on its socket because it is not there."""
    answer = host.ask("/run/snapd.socket", snapd.QUESTION)
    if answer is None:
        return []
    try:
        found = snapd.parse(answer)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    titles = []
    for snap in found:
        ours = snap.kind != "app" or snap.publisher == "Canonical"
        name, version = tidy(snap.name, 120), tidy(snap.version, 60)
        publisher = "" if ours else tidy(snap.publisher, 60)
        since = None if ours else snap.installed_at
        titles.append(
            Title(name, version, "snap", publisher=publisher, system=ours, installed_at=since)
        )
    return titles


def flatpaks(host: Host) -> list[Title]:
    """Applications installed as flatpaks for everybody."""
    return flatpaks_in(host, "/var/lib/flatpak", None)


def flatpaks_in(host: Host, folder: str, person: str | None) -> list[Title]:
    """Applications of one installation; the program is asked only where there are any."""
    if not host.list(f"{folder}/app"):
        return []
    scope = "--system" if person is None else "--user"
    columns = f"--columns={flatpak_list.COLUMNS}"
    ran = host.run(["flatpak", "list", "--app", scope, columns], as_user=person)
    if ran.code != 0:
        raise CannotLook("parse-error", f"flatpak exited {ran.code}")
    try:
        apps = flatpak_list.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    titles = []
    for app in apps:
        stat = host.stat(f"{folder}/app/{app.id}") if "/" not in app.id else None
        since = None if stat is None else stat.mtime
        name = tidy(app.name or app.id, 120)
        titles.append(
            Title(
                name,
                tidy(app.version, 60),
                "flatpak",
                id=tidy(app.id, 120),
                publisher=tidy(app.origin, 60),
                installed_at=since,
            )
        )
    return titles
