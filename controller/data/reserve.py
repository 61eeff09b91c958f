"""How much of a disk reports may not take (O24)."""

from typing import Final

RESERVE_SHARE: Final = 20
"""One part in twenty, 5 %, stays free..."""
RESERVE_MOST: Final = 512 * 1024 * 1024
"""...but never more than half a GiB, or a large disk would stand half empty."""


def reserve(total: int) -> int:
    """Bytes of a disk of `total` that reports may not take."""
    return min(total // RESERVE_SHARE, RESERVE_MOST)
