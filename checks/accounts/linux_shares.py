"""Linux: folders that Samba shares with guests or with everyone (/etc/samba/smb.conf).

A share counts as open to everyone if nothing says whose it is: neither `valid users` nor, for
people's own folders, the special `[homes]`, nor a path that holds the user's name. NFS is not read:
its exports name computers, not people.
"""

from typing import Final

from checks.accounts.facts import Share
from checks.formats import keyfile
from checks.host import CannotLook, Host

CONF: Final = "/etc/samba/smb.conf"
SERVERS: Final = ("/usr/sbin/smbd", "/usr/local/samba/sbin/smbd")
_SPECIAL: Final = ("homes", "printers", "print$", "netlogon", "sysvol", "ipc$")
_TRUE: Final = ("yes", "true", "1")


def read_shares(host: Host) -> list[Share]:
    """Shares that are open; none where Samba's server is not installed. Raises CannotLook."""
    if all(host.stat(path) is None for path in SERVERS):
        return []
    data = host.read(CONF)
    if data is None:
        return []
    sections = {
        name: {key.replace(" ", "").lower(): entry.value for key, entry in entries.items()}
        for name, entries in keyfile.parse(data).items()
    }
    common = next((keys for name, keys in sections.items() if name.lower() == "global"), {})
    if any("include" in keys or "registryshares" in keys for keys in sections.values()):
        raise CannotLook("unsupported", "shares that stand elsewhere")
    guests = common.get("maptoguest", "never").lower() != "never"
    found = []
    for name, keys in sections.items():
        if not name or name.lower() == "global" or not _on(keys, "available", "yes"):
            continue
        guest_ok = _on(keys, "guestok", "no") or _on(keys, "public", "no")
        if guest_ok and guests:
            found.append(Share(host.alias("share", name), "guests"))
        elif name.lower() not in _SPECIAL and "%" not in keys.get("path", "") and _open(keys):
            found.append(Share(host.alias("share", name), "everyone"))
    return found


def _on(keys: dict[str, str], key: str, default: str) -> bool:
    return keys.get(key, default).strip().lower() in _TRUE


def _open(keys: dict[str, str]) -> bool:
    return not keys.get("validusers", keys.get("users", "")).strip()
