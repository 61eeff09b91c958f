"""scapy, loaded late and alone, and strangers' bytes given to it for a limited time.

scapy is 50 MB and half a second: a sweep by ARP alone never loads it. It would import
`cryptography` to see whether that is there; operations §E keeps the two out of one program, so here
it is not there.
"""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any, Final

APART: Final = ("cryptography", "paramiko", "pysnmp", "msgspec", "IPython", "matplotlib")
SECONDS: Final = 0.25
"""One frame has 1,514 bytes; scapy takes a thousandth of a second for it."""
MOST: Final = 4_000
"""Frames that are dissected in one walk."""
MOST_EACH: Final = 100
"""Of them from one sender, so that a loud one does not drown the rest."""


class _TooLong(BaseException):
    """Raised by the timer; no `except Exception` in a library swallows it."""


class MissingError(Exception):
    """scapy is not installed, or cannot be loaded."""


def load() -> ModuleType:
    """scapy's layers as one module. Raises MissingError."""
    for name in APART:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None: importing it fails
    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    try:
        from agent.survey.worker import layers
    except ImportError as error:
        raise MissingError(str(error)) from error
    return layers


class Dissector:
    """Takes frames apart while the walk's allowance lasts."""

    def __init__(self) -> None:
        self._left = MOST
        self._by: dict[bytes, int] = {}
        self.cut = False
        """Frames were passed over: what is missing may have been in them."""

    def take(self, sender: bytes, dissect: Callable[[], Any]) -> Any:
        """What `dissect` makes of a frame; None for one that is malformed or takes too long."""
        count = self._by.get(sender, 0)
        if self._left <= 0 or count >= MOST_EACH:
            self.cut = True
            return None
        self._left -= 1
        self._by[sender] = count + 1
        try:
            with _bounded(SECONDS):
                return dissect()
        except _TooLong:
            return None
        except Exception:  # noqa: BLE001  (a library's dissector may raise anything at all)
            return None


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
