"""One server per data folder: two would answer each other's reports and break every chain.

The lock is advisory (`flock`), held for as long as the file is open, so it goes with the process
however that ends. The file says who holds it, for the sentence the second one prints.
"""

import os
import sys
import time
from pathlib import Path
from typing import IO, Final

from controller.data.datafolder import PRIVATE_FILE, DataFolderError

if sys.platform != "win32":
    import fcntl

_LOOK_EVERY_SECONDS: Final = 0.05


def take(data: Path, name: str, *, patience_seconds: float = 0) -> IO[str]:
    """Take the lock `name` of a data folder; keep the returned file open for as long as it is
    needed.

    Waits for another process to end for as long as `patience_seconds`. Raises DataFolderError
    naming the holder when another process has it.
    """
    path = data / f"{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    file = os.fdopen(descriptor, "r+", encoding="ascii", errors="replace")
    deadline = time.monotonic() + patience_seconds
    while not (taken := _lock(descriptor)) and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
    if not taken:
        holder = file.read(16).strip() or "unknown"
        file.close()
        raise DataFolderError(
            f"Another Caretaker (process {holder}) is using {data}; "
            "stop it, or choose another folder with --data."
        )
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
