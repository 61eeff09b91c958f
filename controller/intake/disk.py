"""Whether the disk has room for intake; the last of it is kept for what people do (O24)."""

import shutil
import time
from pathlib import Path
from typing import Final

from controller.data.reserve import reserve

_LOOK_EVERY_SECONDS: Final = 1.0


class Disk:
    """Looks at most once a second; safe to call from any thread."""

    def __init__(self, folder: Path, *, reserve_bytes: int | None = None) -> None:
        """`reserve_bytes` overrides the share of the disk that is kept free."""
        self._folder = folder
        self._reserve = reserve_bytes
        self._looked_at = float("-inf")
        self._full = False

    def is_full(self) -> bool:
        """True when intake must not write."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._looked_at = now
            usage = shutil.disk_usage(self._folder)
            kept = reserve(usage.total) if self._reserve is None else self._reserve
            self._full = usage.free < kept
        return self._full
