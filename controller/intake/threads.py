"""A server's worker must not outlive its server: granian's goes on after its parent was killed."""

import os
import threading
import time
from typing import Final

LOOK_EVERY_SECONDS: Final = 1.0


def leave_with_parent() -> None:
    """End this process soon after the one that started it is gone."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="caretaker-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    # Nothing is lost: what was answered is committed, what was not is sent again.
    os._exit(1)
