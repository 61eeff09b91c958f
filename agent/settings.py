"""Where the agent keeps its state and what this computer is
called; the only place that reads the environment.

Data folder: `--data`, else `CARETAKER_DATA`, else `/var/lib/caretaker` as root and the
XDG data folder as anybody else.
"""

import os
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


def host_name() -> str:
    """What this computer calls itself."""
    if hasattr(os, "uname"):
        return os.uname().nodename or "unnamed"
    return os.environ.get("COMPUTERNAME") or "unnamed"


def colours_wanted() -> bool:
    """Whether the person allows colours (https://no-color.org)."""
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
