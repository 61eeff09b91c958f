"""Where the agent keeps its state and what this computer is
called; the only place that reads the environment.

Data folder: `--data`, else `CARETAKER_DATA`, else `/var/lib/caretaker` as root and the
XDG data folder as anybody else.
"""

import os
from pathlib import Path
from typing import Final

SYSTEM: Final = Path("/var/lib/caretaker")
PUBLIC: Final = Path("/var/cache/caretaker")


def data_folder(flag: str | None) -> Path:
    """The absolute data folder in force."""
    chosen = flag or os.environ.get("CARETAKER_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return SYSTEM
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "caretaker"


def public_folder(data: Path) -> Path | None:
    """Where everybody may read how the last look went: the service's, or the system's own data's.

    None for a data folder of one's own: who looks there may read it anyway.
    """
    given = os.environ.get("CACHE_DIRECTORY")  # systemd.exec(5), by CacheDirectory=
    if given:
        return Path(given)
    return PUBLIC if data == SYSTEM else None


def proxy() -> str:
    """The proxy that the environment sets for this agent alone: `CARETAKER_PROXY`."""
    return os.environ.get("CARETAKER_PROXY", "")


def use_proxy(text: str) -> None:
    """Set it for this process."""
    os.environ["CARETAKER_PROXY"] = text


def host_name() -> str:
    """What this computer calls itself."""
    if hasattr(os, "uname"):
        return os.uname().nodename or "unnamed"
    return os.environ.get("COMPUTERNAME") or "unnamed"


def system_drive() -> str:
    """The drive Windows starts from, such as `C:`."""
    return os.environ.get("SYSTEMDRIVE") or "C:"


def colours_wanted() -> bool:
    """Whether the person allows colours (https://no-color.org)."""
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
