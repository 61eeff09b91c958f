"""What a wiping tool itself writes onto a drive it has wiped, sector by sector (disposal §2.5)."""

from collections.abc import Mapping
from typing import Final

from checks.media_wipes import SECTOR, Residue

SECTORS: Final[Mapping[Residue, tuple[range, ...]]] = {
    "none": (),
    # Its bootable report in the first sectors, its fingerprint in either of the other two.
    "blancco": (range(131), range(200, 201), range(67_000, 67_001)),
    "wiperapp": (range(1),),
}


def holds(tool: Residue, offset: int) -> bool:
    """Whether the tool may have written into the sector there."""
    return any(offset // SECTOR in sectors for sectors in SECTORS[tool])
