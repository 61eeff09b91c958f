"""One server per data folder: two would answer each other's reports and break every chain.

The lock is advisory (`flock`), held for as long as the file is open, so it goes with the process
however that ends. The file says who holds it, for the sentence the second one prints.
"""

import os
import sys
from pathlib import Path
from typing import IO

from controller.datafolder import PRIVATE_FILE, DataFolderError

if sys.platform != "win32":
    import fcntl


def take(data: Path, name: str) -> IO[str]:
    """Take the lock `name` of a data folder; keep the returned file open for as long as it is
    needed.

    Raises DataFolderError naming the holder when another process has it.
    """
    path = data / f"{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    file = os.fdopen(descriptor, "r+", encoding="ascii", errors="replace")
    if not _lock(descriptor):
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
