"""What installs updates by itself on Linux, in effect: settings, program and timer together.

A setting without its program, or a timer that is masked, installs nothing. unattended-upgrades:
`apt-config dump` and apt-daily-upgrade.timer; dnf-automatic: /etc/dnf/automatic.conf and its
timers; Linux Mint: a flag file and its timer. Traps: `APT::Periodic::Enable "0"` switches off all
of apt's; an enabled timer is a link in timers.target.wants, a masked one a link to /dev/null.
"""

from typing import Final

from checks.formats import apt_config, keyfile
from checks.formats.apt_config import first, is_on
from checks.host import Host, attempt
from checks.operating_system.facts import Automatic
from checks.unseen import Maybe, Unseen

UNITS: Final = "/etc/systemd/system"
STAMPS: Final = (
    "/var/lib/apt/periodic/unattended-upgrades-stamp",
    "/var/lib/systemd/timers/stamp-dnf-automatic.timer",
    "/var/lib/systemd/timers/stamp-dnf-automatic-install.timer",
    "/var/lib/systemd/timers/stamp-mintupdate-automation-upgrade.timer",
)
_DNF_TIMERS: Final = ("dnf-automatic.timer", "dnf-automatic-install.timer")
_UNATTENDED: Final = "/usr/bin/unattended-upgrade"
_MINT_FLAG: Final = "/var/lib/linuxmint/mintupdate-automatic-upgrades-enabled"


def ways(host: Host) -> list[Automatic]:
    """Everything here that is meant to install updates by itself."""
    found = []
    if host.stat(_UNATTENDED) is not None:
        apt = _unattended(host)
        if apt is not None:
            found.append(apt)
    data = host.read("/etc/dnf/automatic.conf")
    if data is not None:
        found.append(_dnf(host, data))
    if host.stat(_MINT_FLAG) is not None:
        timer = attempt(_enabled, host, "mintupdate-automation-upgrade.timer")
        found.append(Automatic("mintupdate", timer, True))
    return found


def ran_at(host: Host) -> int | None:
    """When updates last ran by themselves; None = never, as far as stamps tell."""
    stamps = [host.stat(path) for path in STAMPS]
    return max((stamp.mtime for stamp in stamps if stamp is not None), default=None)


def _unattended(host: Host) -> Automatic | None:
    config: Maybe[apt_config.Config] = attempt(_config, host)
    if isinstance(config, Unseen):
        return Automatic("unattended-upgrades", config, config)
    looks = is_on(first(config, "APT::Periodic::Update-Package-Lists", "0"))
    wanted = is_on(first(config, "APT::Periodic::Unattended-Upgrade", "0"))
    if not looks and not wanted:
        return None
    runs: Maybe[bool] = False
    if is_on(first(config, "APT::Periodic::Enable", "1")):
        runs = attempt(_started, host)
    return Automatic("unattended-upgrades", runs, wanted and _serious(config))


def _config(host: Host) -> apt_config.Config:
    return apt_config.parse(host.run(["apt-config", "dump"]).out)


def _serious(config: apt_config.Config) -> bool:
    """Whether the origins it may install from include a security archive."""
    patterns = config.get("unattended-upgrade::origins-pattern", [])
    allowed = config.get("unattended-upgrade::allowed-origins", [])
    return any("security" in text.lower() or "*" in text for text in (*patterns, *allowed))


def _started(host: Host) -> bool:
    if host.stat(f"{UNITS}/timers.target.wants") is not None:
        return _enabled(host, "apt-daily-upgrade.timer")
    # Without systemd the daily job of cron does the same.
    return host.stat("/etc/cron.daily/apt-compat") is not None


def _enabled(host: Host, timer: str) -> bool:
    if host.link(f"{UNITS}/{timer}") == "/dev/null":
        return False
    return host.link(f"{UNITS}/timers.target.wants/{timer}") is not None


def _dnf(host: Host, data: bytes) -> Automatic:
    apply = (keyfile.get(keyfile.parse(data), "commands", "apply_updates") or "no").lower()
    asked = attempt(_enabled, host, _DNF_TIMERS[0])
    always = attempt(_enabled, host, _DNF_TIMERS[1])
    if isinstance(asked, Unseen) or isinstance(always, Unseen):
        return Automatic("dnf-automatic", Unseen("denied"), Unseen("denied"))
    return Automatic(
        "dnf-automatic", asked or always, always or apply in ("yes", "true", "1", "on")
    )
