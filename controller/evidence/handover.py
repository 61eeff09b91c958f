"""From one log key to the next: both sign one checkpoint of every school (trust §4.3).

Whoever knows the old key sees by that checkpoint that its owner named the new one, and over which
lines; sheets signed before stay what they are. A key that was stolen or lost signs nothing: then
the new one signs alone, and the list of keys says that it is ours.

Traps: the old key lies beside the new one until that is done, so a crash in between only delays it:
each checkpoint made meanwhile is signed by both.
"""

from pathlib import Path

from django.db import transaction

from controller.evidence import services
from controller.roots import files
from inventory import queries as register
from inventory.ledger import services as ledger


def finish(at: int, data: Path) -> None:
    """Sign where every school's log stands, then let the old key go. Raises DataFolderError."""
    with transaction.atomic():
        for site in register.site_ids():
            services.make(site, actor=ledger.SYSTEM, at=at, data=data)
    (data / "keys" / files.HANDING_OVER).unlink(missing_ok=True)


def waiting(data: Path) -> bool:
    """Whether an old key has yet to sign for its heir."""
    return (data / "keys" / files.HANDING_OVER).exists()
