"""What a server's worker sets for itself as a process.

It must not outlive its server: granian's goes on after its parent was killed. And it should not
look for garbage in Django's modules with every few hundred reports: that cost a tenth of intake.
"""

import atexit
import gc
import os
import sys
import threading
import time
from typing import Final

LOOK_EVERY_SECONDS: Final = 1.0
GARBAGE_AFTER: Final = 50_000
"""Objects made and still there before the first look for cycles (Python's own: 700)."""


def settle_memory() -> None:
    """Leave what was loaded at start out of every later look for garbage, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 20)


def leave_at_once() -> None:
    """When this process ends, end it there and then.

    granian's threads may still ask for the interpreter while it is being taken down, and then they
    abort with a page of Rust. Nothing is lost: what was answered is committed.
    """
    atexit.register(_leave)


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def leave_with_parent() -> None:
    """End this process soon after the one that started it is gone."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="caretaker-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    # Nothing is lost: what was answered is committed, what was not is sent again.
    os._exit(1)
