"""Where the logs of a registry file lie: beside it, under its name with `.LOG1` and `.LOG2`."""

from pathlib import Path
from typing import Final

_ENDS: Final = (".log1", ".log2")
_PACKED: Final = ".xz"


def beside(path: Path) -> list[Path]:
    """The logs of one file, in any case, packed or not; none is no fault.

    Raises OSError where the folder cannot be listed.
    """
    wanted = {path.name.casefold().removesuffix(_PACKED) + end for end in _ENDS}
    return sorted(
        one
        for one in path.parent.iterdir()
        if one.name.casefold().removesuffix(_PACKED) in wanted and one.is_file()
    )
