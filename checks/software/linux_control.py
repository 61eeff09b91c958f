"""Who may start what on Linux: mount options of folders all may write to, and fapolicyd.

fapolicyd counts as set up when its service is enabled and `permissive` is not 1 in
/etc/fapolicyd/fapolicyd.conf; whether it runs is told by the drifting section.
"""

from typing import Final

from checks.formats import keyfile, mounts
from checks.host import CannotLook, Host
from checks.software.facts import AllowList, Place, WritablePath

PLACES: Final[tuple[WritablePath, ...]] = ("/home", "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  (looked at, not written)
CONFIG: Final = "/etc/fapolicyd/fapolicyd.conf"
ENABLED: Final = "/etc/systemd/system/multi-user.target.wants/fapolicyd.service"


def places(host: Host) -> list[Place]:
    """Each folder that is there, and whether its file system starts programs."""
    data = host.read("/proc/self/mounts")
    if not data:
        raise CannotLook("unsupported", "no list of mounts")
    table = mounts.parse(data)
    found = []
    for path in PLACES:
        if host.stat(path) is not None:
            mount = mounts.holding(table, path)
            found.append(Place(path, mount is not None and "noexec" in mount.options))
    return found


def allow_list(host: Host) -> AllowList | None:
    """How fapolicyd is set up; None where it is not installed."""
    data = host.read(CONFIG)
    if data is None:
        return None
    if host.link(ENABLED) is None:
        return "off"
    permissive = keyfile.get(keyfile.parse(data), "", "permissive") or "0"
    return "enforcing" if permissive.strip() == "0" else "permissive"
