"""One at a time: a person's `run` and the schedule's must not sign the same number twice.

A lock of the kernel's, so it ends with its process, however that ends. Where there is no such lock
(Windows) the task scheduler's own rule of one instance must do.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from agent.state import StateError

PATIENCE_SECONDS: Final = 120
_LOOK_EVERY: Final = 0.1


@contextmanager
def turn(
    folder: Path, patience: float = PATIENCE_SECONDS, name: str = "turn.lock"
) -> Iterator[None]:
    """Hold the only turn of a `name` in `folder`. Raises StateError when another holds it for too
    long."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    opened = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise StateError(
                        "Another caretaker-agent is at work here; try again in a few minutes."
                    ) from error
                time.sleep(_LOOK_EVERY)
        yield
    finally:
        os.close(opened)
