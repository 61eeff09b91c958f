"""What dnf 4 knows of security updates, from its own cache: no network, no lock, no root.

`dnf -C` reads the system's cache, also as an ordinary user; root asks as `nobody`, so that dnf
writes its logs to a folder of that user's and not to the system's. Seen with dnf 4.14 and a
repository made by createrepo_c; Rocky, AlmaLinux and RHEL 8 to 10 have dnf 4. dnf 5 (Fedora 41 and
later) answers other commands in another form, which could not be tried: it stays unseen.

Traps: a repository without advisories (CentOS Stream, most makers' own) looks like one with nothing
to fix, so the distribution's own must have them; caches of repositories that were removed stay.
"""

import functools
import re
from collections.abc import Callable
from typing import Final, TypeVar

from checks.formats import dnf_advisories, dnf_advisory_dates, repomd, rpm_query
from checks.formats.dnf_advisories import Offer
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.operating_system.facts import Update

PROGRAM: Final = "/usr/bin/dnf"
CACHE: Final = "/var/cache/dnf"
ASK: Final = ("dnf", "-q", "-C", "--noplugins", "--disableexcludes=all", "updateinfo")
"""What an administrator excluded or locked waits all the same; plugins may write between the
lines."""
PATIENCE: Final = 30
"""Seconds for one answer; two are asked, and the domain has 90."""
_OWN: Final = re.compile(r"(?:.*[-_])?(?:baseos|appstream|updates)(?:[-_].*)?-[0-9a-f]{16}")
"""Cache folders (`<id>-<hash>`) of the distributions' own repositories: `baseos`, `appstream`,
`rhel-9-for-x86_64-baseos-rpms`, `ol9_baseos_latest`; Fedora's `updates`."""
_NOT_FOR_USE: Final = re.compile(r"testing|debug|source")
_RESTARTS: Final = (
    *("kernel", "kernel-core", "kernel-rt", "kernel-rt-core", "glibc", "linux-firmware"),
    *("systemd", "dbus", "dbus-broker", "dbus-daemon", "microcode_ctl"),
)
"""What `dnf needs-restarting --reboothint` holds a restart to be due for, and the packages that
carry the kernel itself."""
_RANKS: Final = ("critical", "high", "medium", "low", None)
T = TypeVar("T")


def answers(host: Host) -> bool:
    """Whether this machine's dnf is one whose answers we know."""
    return (host.link(PROGRAM) or "").rpartition("/")[2] == "dnf-3"


class Dnf:
    """One look through dnf; each answer is asked for at most once."""

    def __init__(self, host: Host) -> None:
        """Nothing is asked before it is needed."""
        self._host = host

    def lists_at(self) -> int | None:
        """When the distribution made the newest list of advisories held here; None without any."""
        return max(self._lists, default=None)

    def pending(self) -> list[Update]:
        """Security updates offered and not installed, by name. Raises CannotLook."""
        if not self._lists:
            raise CannotLook("unsupported", "no advisories in the cache")
        offers = self._ask("list", dnf_advisories.parse)
        dates = self._ask("info", dnf_advisory_dates.parse) if offers else {}
        packages: dict[str, list[Offer]] = {}
        for offer in offers:
            packages.setdefault(offer.name, []).append(offer)
        return [_update(packages[name], dates) for name in sorted(packages)]

    def restart_since(self, started: int) -> int | None:
        """Since when something was replaced that only a restart brings to life."""
        argv = ["rpm", "-qa", "--qf", rpm_query.QUERY, *_RESTARTS]
        ran = self._host.run(argv)
        if ran.code != 0:
            raise CannotLook("parse-error", "rpm")
        times = [package.installed_at for package in _parsed(rpm_query.parse, ran.out)]
        return min((at for at in times if at is not None and at > started), default=None)

    @functools.cached_property
    def _lists(self) -> list[int]:
        """When each list of advisories of the distribution's own repositories was made."""
        found = []
        for name in self._host.list(CACHE) or []:
            if _OWN.fullmatch(name) and not _NOT_FOR_USE.search(name):
                data = self._host.read(f"{CACHE}/{name}/repodata/repomd.xml")
                found.append(_parsed(repomd.parse, data).get("updateinfo", 0) if data else 0)
        return [at for at in found if at]

    def _ask(self, what: str, parse: Callable[[bytes], T]) -> T:
        user = "nobody" if self._host.privileged else None
        ran = self._host.run([*ASK, what, "--security"], PATIENCE, user)
        if ran.code != 0:
            # A repository that is enabled and was never fetched: what it offers nobody knows.
            raise CannotLook("stale", ran.err.decode("utf-8", "replace")[:200])
        return _parsed(parse, ran.out)


def _parsed(parse: Callable[[bytes], T], data: bytes) -> T:
    try:
        return parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _update(offers: list[Offer], dates: dict[str, int]) -> Update:
    """One package: as serious as its worst advisory, and for as long as that one's oldest."""
    worst = min((offer.severity for offer in offers), key=_RANKS.index)
    known = [at for o in offers if o.severity == worst and (at := dates.get(o.advisory))]
    newest = max(offers, key=lambda offer: dates.get(offer.advisory, 0))
    return Update(newest.name, newest.version, worst, min(known, default=None))
