"""Where a data folder must not lie: on a network share, or where a cloud service copies it (O23).

Locks do not hold there, SQLite's files get torn, and the keys leave the machine.
"""

from pathlib import Path, PurePath
from typing import Final

SHARES: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "davfs"}
)
SYNCED: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "nextcloud",
    "owncloud",
    "icloud drive",
    "mobile documents",
    "syncthing",
)
"""Beginnings of folder names, lower case."""
_MOUNTS: Final = Path("/proc/self/mounts")


def unfit(path: Path) -> str:
    """Why a folder must not hold data, as the end of a sentence; "" when it may."""
    if part := synced(path):
        return f"lies in {part}, which is copied elsewhere"
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace")
    except OSError:
        return ""
    kind = file_system(path, mounts)
    return f"lies on a network share ({kind})" if kind in SHARES else ""


def synced(path: PurePath) -> str:
    """The part of a path that a cloud service copies; "" when there is none."""
    return next((part for part in path.parts if part.lower().startswith(SYNCED)), "")


def file_system(path: PurePath, mounts: str) -> str:
    """The kind of file system a path is on; `mounts` is the text of /proc/self/mounts."""
    found, longest = "", -1
    for line in mounts.splitlines():
        _, _, rest = line.partition(" ")
        where, _, rest = rest.partition(" ")
        # Spaces and the like are written as octal escapes there.
        place = where.encode("utf-8").decode("unicode_escape")
        if path.is_relative_to(place) and len(place) >= longest:
            found, longest = rest.partition(" ")[0], len(place)
    return found
