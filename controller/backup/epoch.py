"""The `restored` epoch: what a controller that was brought back writes down about itself (O5).

In each school's ledger stands which backup it was and how far that reached. Reports the controller
no longer holds come back by themselves: a computer that is ahead is told our head and hands back
what it kept. One that joined after the backup shows that it was let in (`intake.readmitting`).
"""

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from controller.backup.errors import BackupError
from controller.backup.restoring import Checked
from controller.evidence import services as evidence
from controller.fleet import services as fleet
from controller.fleet.models import Device
from inventory import queries as register
from inventory.ledger import checkpoints as sheets
from inventory.ledger import queries
from inventory.ledger import services as ledger

READMIT: Final = "device.readmit"
SETTLED: Final = "controller.restore_settled"
AGAIN: Final = "Withdrawn after the backup that was brought back, as the evidence log says."


def begin(checked: Checked, at: int) -> None:
    """Write the event in each school's ledger."""
    with transaction.atomic():
        for site, seq in ledgers().items():
            ledger.append(
                site_id=site,
                at=at,
                actor=ledger.SYSTEM,
                verb=queries.RESTORE,
                subject=site,
                before={"ledger": checked.manifest.ledgers.get(site, seq)},
                after={"manifest": checked.digest, "made_at": checked.manifest.made_at},
            )


def withdraw_again(ids: Iterable[str], at: int) -> list[str]:
    """Withdraw the computers that the backup still has as let in; which those were."""
    again = Device.objects.filter(id__in=list(ids), state="active").values_list("id", flat=True)
    found = sorted(again)
    for device in found:
        fleet.revoke(device, actor=ledger.SYSTEM, at=at, reason=AGAIN)
    return found


def settled(at: int) -> None:
    """Write down that a person has done again what was lost."""
    with transaction.atomic():
        for site in register.site_ids():
            ledger.append(site_id=site, at=at, actor=ledger.SYSTEM, verb=SETTLED, subject=site)


def check_logs() -> None:
    """Hold every school's log against its own signed checkpoints, the newest among them in the
    backup's list. Raises BackupError.
    """
    for site in register.site_ids():
        if not all(one.consistent for one in evidence.checked(site)):
            raise BackupError(
                f"The evidence log of {site} in this backup is not what its checkpoints were "
                "signed over; somebody changed it. Keep this backup as it is, and take another."
            )


def checkpoints(sites: Iterable[str]) -> dict[str, str]:
    """School → its newest signed checkpoint."""
    return {site: found[0].note for site in sites if (found := sheets.newest(site, 1))}


def ledgers() -> dict[str, int]:
    """School → number of its newest event; 0 where nothing happened yet."""
    written = queries.heads()
    return {site: written.get(site, 0) for site in register.site_ids()}
