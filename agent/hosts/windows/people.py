r"""Who has a profile on this Windows machine, by SID: that is who ever signed in here.

`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\<SID>`: `ProfileImagePath` is the
home. People are `S-1-5-21-…` (of this machine or of a domain) and `S-1-12-1-…` (Entra). A local
account's name comes from WMI; another's is the name of its home, because asking a directory is no
reader's business. Traps: a damaged profile leaves `<SID>.bak`; the home of a renamed account keeps
the old name; `%SystemDrive%` in the path is not expanded.
"""

import ntpath
import re
from typing import Final, Literal

from checks.host import CannotLook, Host, RegistryKey, User

PROFILES: Final = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
LOCAL: Final = ("Win32_UserAccount WHERE LocalAccount=True", "root/cimv2", ("SID", "Name"))
SYSTEM: Final = "S-1-5-18"
_PERSON: Final = re.compile(r"S-1-(5-21|12-1)(-[0-9]{1,10}){4}")
_SID: Final = re.compile(r"S-1-[0-9]{1,15}(-[0-9]{1,10}){1,15}")
_SERVICES: Final = ("S-1-5-19", "S-1-5-20")


def users(host: Host, drive: str = "C:") -> list[User]:
    """Accounts with a profile, by SID. Raises CannotLook."""
    profiles = host.registry("HKLM", PROFILES)
    if profiles is None:
        raise CannotLook("unsupported", "no list of profiles")
    names = _names(host)
    found = []
    for sid in sorted(profiles.subkeys):
        if not _SID.fullmatch(sid):
            continue
        home = _home(host.registry("HKLM", rf"{PROFILES}\{sid}"), drive)
        name = names.get(sid) or ntpath.basename(home.rstrip("\\")) or sid
        found.append(User(name, sid, host.alias("user", name), home, "", _kind(sid)))
    return found


def _kind(sid: str) -> Literal["human", "service", "root"]:
    if sid == SYSTEM:
        return "root"
    return "human" if _PERSON.fullmatch(sid) and sid not in _SERVICES else "service"


def _home(key: RegistryKey | None, drive: str) -> str:
    value = key.values.get("profileimagepath") if key else None
    home = value.data if value is not None and isinstance(value.data, str) else ""
    home = home.split("\0", 1)[0]
    for variable, means in (("%systemdrive%", drive), ("%systemroot%", rf"{drive}\Windows")):
        if home.lower().startswith(variable):
            home = means + home[len(variable) :]
    return home


def _names(host: Host) -> dict[str, str]:
    try:
        rows = host.wmi(*LOCAL)
    except CannotLook:
        return {}  # homes have names too
    return {str(row["SID"]): str(row["Name"]) for row in rows if row["SID"] and row["Name"]}
