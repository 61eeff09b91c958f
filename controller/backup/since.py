"""What people decided between a backup and the loss, as far as an export of the evidence log says
(O5, O6).

An export that was made after the backup lies elsewhere, with a governor or on another machine. It
counts only if its checkpoint is signed by a log key that the backup knows, and if its first lines
are the backup's own log. It holds ids and no names, so it says whom and not why.
"""

from pathlib import Path
from typing import Final, NamedTuple

from controller.backup.errors import BackupError
from controller.evidence import archive, logkeys, verifying
from inventory import queries as register
from inventory.ledger import log
from wire.errors import WireError

WITHDRAWN: Final = "device.revoke"
MOST: Final = 500
"""Decisions kept to be read; a school makes fewer in a term."""
_BY_ITSELF: Final = frozenset(
    {
        *("report", "fork", "checkpoint", "backup.make", "night.close", "controller.finding"),
        *("log.lost", "log.contradicted", "controller.restore"),
        *("evidence.export", "evidence.proof"),
    }
)
"""What is written without a person, or needs no doing again."""


class Since(NamedTuple):
    """`withdrawn`: ids of computers. `decided`: lines without number and digests, for reading."""

    withdrawn: list[str]
    decided: list[str]


NOTHING: Final = Since([], [])


def read(export: Path, data: Path) -> Since:
    """What an export adds to the log of the backup. Raises BackupError for one that is not of this
    controller, or not younger."""
    try:
        checks = verifying.verify(export)
        files = archive.read(export)
    except (OSError, WireError) as error:
        raise BackupError(f"{export} cannot be used: {error}") from error
    if wrong := [check.sentence for check in checks if not check.fits]:
        raise BackupError(f"{export} cannot be believed: {wrong[0]}")
    site = _site(files[archive.CHECKPOINT].decode("utf-8", "replace"), data)
    lines, ours = verifying.Log(files[archive.ENTRIES]), log.extent(site)
    if not lines.fits(ours.size, ours.root):
        raise BackupError(f"{export} does not go on from the log of this backup.")
    return _since([lines.at(index).decode() for index in range(ours.size, lines.size)])


def _site(checkpoint: str, data: Path) -> str:
    known = logkeys.ever(data)
    for site in register.site_ids():
        if logkeys.read(site, checkpoint, known) is not None:
            return site
    raise BackupError(
        "The export is of another controller, or signed with a log key that this backup does not "
        "know; bring the backup back without it, and read its entries.txt."
    )


def _since(lines: list[str]) -> Since:
    withdrawn, decided = [], []
    for line in lines:
        _, at, verb, subject, actor, *_ = [*line.split(" "), "", "", ""]
        if verb in _BY_ITSELF or actor.startswith("dev_"):
            continue
        decided.append(f"{at} {verb} {subject} {actor}")
        if verb == WITHDRAWN:
            withdrawn.append(subject)
    return Since(list(dict.fromkeys(withdrawn)), decided[-MOST:])
