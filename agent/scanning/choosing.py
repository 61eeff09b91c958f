"""Which folder may be scanned, and by which antivirus of this computer."""

import os
import stat as st
from pathlib import Path
from typing import Final

from agent.hosts import running
from agent.hosts.local import LocalHost
from agent.scanning import clamd, defender
from agent.scanning.clamscan import Clamscan
from agent.scanning.result import ScanError, Scanner, Tree
from checks.host import CannotLook

_NO_FILES: Final = ("/dev", "/proc", "/sys", "/run/user")
"""Places of a running system, where reading a file may wait for ever."""


def folder(text: str) -> str:
    """The whole path of a folder that can be scanned. Raises ScanError."""
    if not text:
        raise ScanError("Name the folder or drive letter of the stick, card or disc.")
    if os.name == "nt" and text.endswith(":"):
        text += "\\"  # `E:` alone is wherever a program last was on that drive
    if os.name != "nt" and text.startswith("//"):
        text = "/" + text.lstrip("/")
    path = os.path.abspath(text)  # noqa: PTH100  (a link in the last place must stay one)
    try:
        info = os.lstat(path)
    except FileNotFoundError as error:
        raise ScanError(f"There is no {path}. Is the stick plugged in and open?") from error
    except OSError as error:
        raise ScanError(f"{path} cannot be looked at: {error.strerror}.") from error
    if st.S_ISLNK(info.st_mode):
        raise ScanError(f"{path} is a link. Name the folder it leads to.")
    if not st.S_ISDIR(info.st_mode):
        raise ScanError(f"{path} is no folder. Name the folder the stick is open at.")
    if _is_the_system(path, info):
        raise ScanError(
            f"{path} is this computer's own system, which its antivirus scans by itself. "
            "Name the folder or drive letter of the stick, card or disc."
        )
    if not os.access(path, os.R_OK | os.X_OK):
        raise ScanError(f"You may not read {path}. Run this as an administrator.")
    return path


def _is_the_system(path: str, info: os.stat_result) -> bool:
    if os.name == "nt":
        drive = os.path.splitdrive(path)[0]
        return path.rstrip("\\/").lower() == drive.lower() == _system_drive()
    # However it is spelt: POSIX leaves `//` as it is, and a root can be mounted again elsewhere.
    if os.path.samestat(info, Path("/").stat()):
        return True
    return any(path == one or path.startswith(f"{one}/") for one in _NO_FILES)


def _system_drive() -> str:
    from agent import settings

    return settings.system_drive().lower()


def scanner(host: LocalHost, tree: Tree) -> Scanner:
    """The antivirus to ask. Raises ScanError where there is none that can be asked."""
    found = _of_windows(host) if host.platform == "windows" else _clamav(host, tree)
    if found is None:
        raise ScanError(
            "There is no antivirus here that can be told to scan a folder. On Linux install "
            "clamav and clamav-freshclam; on Windows switch Microsoft Defender on; else scan it "
            "with the antivirus's own window."
        )
    return found


def _of_windows(host: LocalHost) -> Scanner | None:
    return defender.installed(host)


def _clamav(host: LocalHost, tree: Tree) -> Scanner | None:
    """The daemon, unless it leaves out files that `clamscan` would look into."""
    daemon = clamd.running(host)
    if daemon is not None and not tree.above(daemon.largest):
        return daemon
    try:
        running.program("clamscan")
    except CannotLook:
        return daemon
    return Clamscan()
