"""What systemd's journal keeps, by the settings of journald: asked by logging and by backups."""

from typing import Final

from checks.formats import keyfile
from checks.host import Host

KEEPS_NOTES: Final = ("debug", "info", "7", "6")
"""Values of `MaxLevelStore` that keep messages of level `info`: a sign-in, and a service's good
end. Failures are of a higher level, so others may keep those alone."""
_FOLDERS: Final = ("/usr/lib/systemd/journald.conf.d", "/etc/systemd/journald.conf.d")


def settings(host: Host) -> dict[str, str]:
    """As systemd merges them: drop-ins by name, those in /etc in place of others. Raises
    CannotLook."""
    dropins = {
        name: f"{folder}/{name}"
        for folder in _FOLDERS
        for name in (host.list(folder) or [])
        if name.endswith(".conf")
    }
    found: dict[str, str] = {}
    for path in ("/etc/systemd/journald.conf", *(dropins[name] for name in sorted(dropins))):
        entries = keyfile.parse(host.read(path) or b"").get("Journal", {})
        found |= {name: entry.value for name, entry in entries.items() if entry.value}
    return found


def level(found: dict[str, str]) -> str:
    """The least level that is stored."""
    return found.get("MaxLevelStore", "debug").lower()
