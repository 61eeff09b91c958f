"""Linux logging: the journal, rsyslog's files, auditd's, what keeps the clock, the sign-in notice.

PAM writes every sign-in to syslog: successes at level `info`, failures at `notice`. The journal
keeps them where it is stored (journald.conf with drop-ins: `Storage`, `MaxLevelStore`), up to
`SystemMaxUse`, by default a tenth of its file system and at most 4 GiB; where `MaxRetentionSec` is
set, size decides nothing. Its oldest record is in the name of its oldest file (16 hex digits of
microseconds), which the group `systemd-journal` sees. rsyslog writes /var/log/auth.log (Debian) or
secure (Fedora), which logrotate cuts by age: the last write to the oldest piece is how far they
reach at least; untouched for two days, nobody writes them. auditd's own trail: `linux_audit`. The
clock: chrony, ntpd or systemd-timesyncd runs. The notice: GDM's banner in dconf's system files,
else, without a display manager, /etc/issue; LightDM and SDDM can show none. What a distribution
writes into /etc/issue is its name and no notice. Seen on Debian 12; the journal is constructed, as
systemd does not run there.
"""

import re
from typing import Final

from checks import journald
from checks.formats import keyfile
from checks.formats.lsblk import walk
from checks.hardware.blockdevices import block_devices
from checks.host import CannotLook, Host, attempt, read_text
from checks.logging import linux_audit
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.notices import banner, week_end
from checks.unseen import Maybe, Unseen

CLOCKS: Final = frozenset({"chronyd", "ntpd", "ntpd-rs", "systemd-timesyncd", "systemd-timesyn"})
"""The kernel cuts a program's name after 15 characters."""
FEWEST_WORDS: Final = 8
_FAILURES: Final = ("notice", "5")
_MOST_DEFAULT: Final = 4 << 30
_JOURNAL: Final = re.compile(r"system@[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{16})\.journal")
_SIZE: Final = re.compile(r"([0-9]{1,15})([KMGTP]?)")
_TEXTS: Final = ("auth.log", "secure")
_DISPLAY: Final = "/etc/systemd/system/display-manager.service"
_DCONF: Final = ("/etc/dconf/db/gdm.d", "/etc/dconf/db/local.d")
_ESCAPES: Final = re.compile(r"\\(?:[a-zA-Z]\{[^}]*\}|[a-zA-Z])|\x1b\[[0-9;]*[A-Za-z]")


def read(host: Host) -> LoggingFacts:
    """Both kinds of log, the clock and the notice."""
    return LoggingFacts(
        trails=attempt(_trails, host),
        clock_kept=attempt(_clock, host),
        banners=attempt(_banners, host),
    )


def _trails(host: Host) -> list[Trail]:
    found = (_journal(host), _syslog(host), linux_audit.trail(host))
    return [trail for trail in found if trail is not None]


def _journal(host: Host) -> Trail | None:
    """None: nothing is kept over a restart."""
    if host.stat("/run/systemd/journal") is None:
        return None
    settings = journald.settings(host)
    storage = settings.get("Storage", "auto").lower()
    kept = storage == "persistent" or (storage == "auto" and host.stat("/var/log/journal"))
    if not kept:
        return None
    level = journald.level(settings)
    return Trail(
        kind="journal",
        success=level in journald.KEEPS_NOTES,
        failure=level in journald.KEEPS_NOTES + _FAILURES,
        log_bytes=attempt(_limit, host, settings),
        oldest_at=attempt(_oldest, host),
    )


def _limit(host: Host, settings: dict[str, str]) -> int | None:
    if settings.get("MaxRetentionSec", "0").strip() not in ("", "0"):
        return None
    asked = settings.get("SystemMaxUse")
    if asked is not None:
        found = _SIZE.fullmatch(asked.strip().upper())
        if found is None:
            raise CannotLook("parse-error", "SystemMaxUse")
        return int(found[1]) << 10 * " KMGTP".index(found[2] or " ")
    sizes = {
        mount: device.fs_size_bytes
        for device in walk(block_devices(host))
        for mount in device.mounts
    }
    size = next((sizes[one] for one in ("/var/log", "/var", "/") if sizes.get(one)), None)
    if size is None:
        raise CannotLook("unsupported", "the size of /var/log")
    return min(size // 10, _MOST_DEFAULT)


def _oldest(host: Host) -> int | None:
    names = [
        name
        for folder in host.list("/var/log/journal") or []
        for name in (host.list(f"/var/log/journal/{folder}") or [])
    ]
    began = [int(found[1], 16) // 1_000_000 for found in map(_JOURNAL.fullmatch, names) if found]
    return week_end(min(began)) if began else None


def _syslog(host: Host) -> Trail | None:
    names = host.list("/var/log") or []
    live = next((name for name in _TEXTS if name in names), None)
    touched = None if live is None else host.stat(f"/var/log/{live}")
    if touched is None or host.clock() - touched.mtime > linux_audit.UNTOUCHED:
        return None
    stats = [host.stat(f"/var/log/{name}") for name in names if name.startswith(f"{live}.")]
    times = [stat.mtime for stat in stats if stat is not None and stat.kind == "file"]
    oldest = week_end(min(times)) if times else None
    return Trail("syslog", success=True, failure=True, log_bytes=None, oldest_at=oldest)


def _clock(host: Host) -> bool:
    return linux_audit.runs(host, *sorted(CLOCKS))


def _banners(host: Host) -> list[Banner]:
    return [_banner(host)]


def _banner(host: Host) -> Banner:
    display = host.link(_DISPLAY)
    if display is not None:
        text: Maybe[str | None] = _of_gdm(host) if "gdm" in display else None
        if isinstance(text, Unseen):
            return Banner("graphical", text, text)
        return banner("graphical", text)
    issue = read_text(host, "/etc/issue") or ""
    words = _ESCAPES.sub(" ", issue).split()
    return banner("console", issue if len(words) >= FEWEST_WORDS else None)


def _of_gdm(host: Host) -> Maybe[str | None]:
    """What GDM's own profile says beats the machine's, and the later name the earlier."""
    enabled, text = False, None
    for folder in reversed(_DCONF):
        for name in sorted(host.list(folder) or []):
            data = attempt(host.read, f"{folder}/{name}")
            if isinstance(data, Unseen):
                return data
            entries = keyfile.parse(data or b"").get("org/gnome/login-screen", {})
            if "banner-message-enable" in entries:
                enabled = entries["banner-message-enable"].value == "true"
            if "banner-message-text" in entries:
                text = entries["banner-message-text"].value.strip("'\"")
    return text if enabled else None
