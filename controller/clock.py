"""The controller's only clock: whole seconds, UTC.

A demo data folder drives it (`use`), so nothing else in the controller may ask the machine for the
time.
"""

import time
from collections.abc import Callable


def _machine() -> int:
    return int(time.time())


_source: Callable[[], int] = _machine


def now() -> int:
    """Seconds since 1970-01-01T00:00:00Z."""
    return _source()


_held: int | None = None


def hold(trusted: int | None) -> None:
    """While the clock is in doubt, expiry is decided as of `trusted`; `None` ends that (O26)."""
    global _held  # noqa: PLW0603  as below
    _held = trusted


def held() -> int | None:
    """The last moment that is trusted while the clock is in doubt; None: it is not."""
    return _held


def for_expiry(at: int) -> int:
    """The moment by which it is decided whether something has expired."""
    return at if _held is None else min(at, _held)


def use(source: Callable[[], int] | None) -> None:
    """Drive the clock from `source` (demo and tests); `None` goes back to the machine's own."""
    global _source  # noqa: PLW0603  one process has one clock, that is the point of this module
    _source = source or _machine
