r"""Windows: whose folder below `C:\Users` others may look into.

`icacls FOLDER\* /save FILE` writes every folder's permissions in no language; like secedit it can
only write into a file, which lies in %SystemRoot%\security, where only administrators may, and
holds nothing but permissions. Needs an administrator. A person whose folder is not in the listing
was not seen, so nothing is said of anybody's.
"""

from typing import Final

import msgspec

from checks.accounts.windows_shares import is_everyone, is_guests
from checks.formats import icacls_save
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.windows import WINDOWS_NT, text

EXPORT: Final = r"security\caretaker-homes.txt"
FRESH_SECONDS: Final = 3_600
"""A listing older than that was not written in this round."""
LETTERS: Final = frozenset({"DU", "DG"})
"""All users and guests of a domain, where Windows writes letters for them instead of a SID."""


class Homes(msgspec.Struct):
    """Folders looked at, and those others can look into."""

    looked_at: int
    open: int


def read_homes(host: Host) -> Homes:
    """Everybody's folder. Raises CannotLook."""
    homes = [user.home for user in host.users() if user.kind == "human" and user.home]
    if not homes:
        return Homes(0, 0)
    if not host.privileged:
        raise CannotLook("denied", "icacls")
    folder = homes[0].rpartition("\\")[0]
    readers = _readers(host, folder)
    mine = [home.rpartition("\\")[2].casefold() for home in homes]
    if any(home.rpartition("\\")[0].casefold() != folder.casefold() for home in homes):
        raise CannotLook("unsupported", "people's folders in several places")
    if not readers.keys() >= set(mine):
        raise CannotLook("denied", "icacls left out a folder")
    return Homes(len(mine), sum(any(map(_others, readers[name])) for name in mine))


def _others(who: str) -> bool:
    return who in LETTERS or is_everyone(who) or is_guests(who)


def _readers(host: Host, folder: str) -> dict[str, list[str]]:
    """Who may look into each folder, by its name. Raises CannotLook.

    The exit code tells of links that may not be opened (`Default User`) and decides nothing.
    """
    windows = text(host.registry("HKLM", WINDOWS_NT), "SystemRoot") or r"C:\Windows"
    path = rf"{windows}\{EXPORT}"
    host.run(["icacls.exe", rf"{folder}\*", "/save", path, "/c", "/q"])
    written = host.stat(path)
    if written is None or written.mtime < host.clock() - FRESH_SECONDS:
        raise CannotLook("denied", "icacls wrote nothing")
    data = host.read(path) or b""
    try:
        return {entry.name.casefold(): entry.readers for entry in icacls_save.parse(data)}
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
