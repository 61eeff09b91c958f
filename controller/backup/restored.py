"""That this controller was brought back from a backup, and what people have to do again (O5, O24).

A file in the data folder, written with the restore and kept until a person says that everything is
done: what people decided between the backup and the loss is gone, and no computer can tell us.
Traps: a damaged file counts as a restore nobody has settled, so that nothing is let in on its word.
"""

from pathlib import Path
from typing import Final

import msgspec

from controller.backup import disk

NAME: Final = "restored.json"


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """`made_at`: the moment of the backup. `at`: when it was brought back. `settled_at`: when a
    person said that everything is done again; 0 until then. `withdrawn`, `decided`: computers that
    were withdrawn in between, and all that people decided, where a log from elsewhere says so
    (`since`)."""

    made_at: int
    at: int
    manifest: str = ""
    settled_at: int = 0
    withdrawn: list[str] = []
    decided: list[str] = []


DAMAGED: Final = Restored(made_at=0, at=0)


def load(data: Path) -> Restored | None:
    """The last restore; None if this data folder was never brought back."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=Restored)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return DAMAGED


def save(data: Path, restored: Restored) -> None:
    """Write it, whole or not at all."""
    disk.replace(data / NAME, msgspec.json.encode(restored))


def settle(data: Path, at: int) -> bool:
    """A person says that everything is done again; False when nothing was to be done."""
    found = load(data)
    if found is None or found.settled_at:
        return False
    save(data, msgspec.structs.replace(found, settled_at=at))
    return True
