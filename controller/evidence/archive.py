"""What an export holds, file by file, and how it is read back without believing it.

statement.json        what this is, with the SHA-256 of every other file (in-toto's shape)
statement.json.sig    the controller's signature over it, as ssh-keygen writes one
allowed_signers       what ssh-keygen needs to check that
entries.txt           the log, one line each
checkpoint            its length and root, signed by the log key
keys/*.pem            public keys: the controller's, the log's, each witness's
handovers/*.note      checkpoints that two log keys signed: one handed over to the next
witnesses/*.json      the newest signed report of each computer that saw the log
proofs/*.tlog-proof   the way of each of those reports' lines into the checkpoint
verify_log.py         checks entries.txt against a printed sheet, with Python alone
verify_line.py        checks one line and its proof against a printed sheet, likewise
VERIFY.txt            how to check all this by hand
"""

import errno
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from wire.errors import WireError

STATEMENT: Final = "statement.json"
SIGNATURE: Final = "statement.json.sig"
ENTRIES: Final = "entries.txt"
CHECKPOINT: Final = "checkpoint"
CONTROLLER_KEY: Final = "keys/controller.pem"
LOG_KEY: Final = "keys/log.pem"
NAMESPACE: Final = "evidence@caretaker"
"""What the signature is for; one made for anything else is refused."""
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "urn:caretaker:evidence:v1"

LARGEST: Final = 2 * 1024**3
"""Bytes of an export after inflating; a school's hundred years."""
MOST_FILES: Final = 20_000
PACKED: Final = 100
"""Times that a file may become larger; digests become three times as large, a bomb a thousand."""
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError),
)
"""All that reading a damaged archive raises; ValueError is for names that are no text."""
_NAME: Final = re.compile(
    r"(?:[A-Za-z_.]{1,32}|(?:keys|witnesses|proofs|handovers)/[0-9A-Za-z_]{1,48}"
    r"\.(?:pem|json|tlog-proof|note))"
)
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the archive; the same files give the same bytes. Raises FileExistsError, OSError."""
    with path.open("xb") as out:
        pack(out, files)


def pack(out: IO[bytes], files: Mapping[str, bytes]) -> None:
    """The same, to an open file."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def read(path: Path) -> dict[str, bytes]:
    """Every file of an archive, in memory. Raises WireError for what is no export, OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {entry.filename: _one(archive, entry) for entry in _listed(archive)}
    except WireError:
        raise
    except _DAMAGED as error:
        raise WireError("malformed", "The file is no export, or it is damaged.") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # which is what a place before the file's beginning gives
            raise
        raise WireError("malformed", "The file is no export, or it is damaged.") from error


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    packed = any(one.file_size > PACKED * one.compress_size + 4_096 for one in entries)
    if packed or len(names) > MOST_FILES or sum(one.file_size for one in entries) > LARGEST:
        raise WireError("too_large", "The file is larger than any export.")
    if "line.txt" in names:
        said = "The file proves one line and is no export; VERIFY.txt in it says how to check it."
        raise WireError("malformed", said)
    if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise WireError("malformed", "The file holds what no export holds.")
    return entries


def _one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise WireError("malformed", "The file is damaged.")
    return data
