"""Where the agent keeps its state and what it calls itself; the only place that reads the
environment.

Data folder: `--data`, else `CARETAKER_DATA`, else `/var/lib/caretaker` as root and the XDG data
folder as anybody else.
"""

import os
import platform
from importlib import metadata
from pathlib import Path


def data_folder(flag: str | None) -> Path:
    """The absolute data folder in force."""
    chosen = flag or os.environ.get("CARETAKER_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/caretaker")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "caretaker"


def release() -> str:
    """The installed version, as it stands in every report."""
    try:
        return metadata.version("caretaker")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def host_name() -> str:
    """What this computer calls itself."""
    return platform.node() or "unnamed"


def colours_wanted() -> bool:
    """Whether the person allows colours (https://no-color.org)."""
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
