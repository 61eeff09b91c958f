"""One round with one bad reader, in a program of its own: `reader_lab HOW STATE_FOLDER BOOT`.

Prints what became of each section, if it lives to tell.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from types import ModuleType

from agent.collect import budget, reading
from agent.collect.breadcrumbs import Watch
from agent.hosts.local import LocalHost
from checks.catalogue import catalogue
from checks.unseen import Unseen

NOW = 1_795_300_000


def exits() -> None:
    """End at once, past every `finally`."""
    os._exit(3)


def killed() -> None:
    """What the kernel does to who takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def hangs() -> None:
    """Never come back from a library, holding Python's only turn."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})
    ctypes.PyDLL(None).pause()


def stopped() -> None:
    """Switched off in the middle of it."""
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Read two domains, the first of them badly."""
    how, folder, boot = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    bad = ModuleType("bad")

    def read(_: object) -> Unseen:
        if how != "well":
            {"exits": exits, "killed": killed, "hangs": hangs, "stopped": stopped}[how]()
        return Unseen("denied")

    bad.read = bad.read_now = read  # type: ignore[attr-defined]  # a module made here
    good = reading.reader_of
    reading.reader_of = lambda domain, platform: (
        bad if domain == "locking" else good(domain, platform)
    )
    if how == "hangs":  # a fast lab; what reads well may take its time
        budget.WALL_SECONDS = 0.1  # type: ignore[misc,assignment]  # a constant
    domains = tuple(d for d in catalogue().domains if d.name in ("locking", "hardware"))
    watch = Watch(folder, NOW, boot)
    found = budget.read_everything(LocalHost(b"k" * 32), domains[::-1], watch)
    said = {k.section: b.unseen if isinstance(b, Unseen) else "seen" for k, b in found.items()}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
