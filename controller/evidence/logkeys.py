"""The public keys under a school's checkpoints: the one in use, and those there were before it.

A checkpoint of years ago is checked with the key of its time. Which keys were ever the log's own is
said by the signed lists of keys, old ones included (O3).

Trap: a key that was stolen stays here. Whether a checkpoint signed by it is worth anything, only
the lines under its root say; they do so for every other key as well.
"""

from collections.abc import Iterable
from pathlib import Path

from controller.data.datafolder import DataFolderError
from controller.evidence import services
from controller.keyfiles import log_key
from controller.roots import files
from wire import keys, note
from wire.errors import WireError
from wire.roots import open_held


def ever(data: Path) -> list[bytes]:
    """The key in use first, then those there were before it. Raises DataFolderError."""
    found = [keys.public_bytes(log_key(data))]
    for version in reversed(files.archived(data)):
        path = data / "keys" / f"roots-{version}.json"
        try:
            found += [keys.from_text(one) for one in open_held(path.read_bytes()).logs]
        except (OSError, WireError) as error:
            raise DataFolderError(f"{path} cannot be read: {error}") from error
    return list(dict.fromkeys(found))


def signers(site: str, text: str, known: Iterable[bytes]) -> list[bytes]:
    """Those of the keys that signed this checkpoint of a school's log, in the order given."""
    return [public for public in known if _opened(site, text, public)]


def read(site: str, text: str, known: Iterable[bytes]) -> note.Checkpoint | None:
    """What a checkpoint of a school's log says, if one of the keys signed it."""
    found = (_opened(site, text, public) for public in known)
    return next((one for one in found if one is not None), None)


def _opened(site: str, text: str, public: bytes) -> note.Checkpoint | None:
    try:
        return note.open_note(text.encode(), services.origin(site), public)
    except WireError:
        return None
