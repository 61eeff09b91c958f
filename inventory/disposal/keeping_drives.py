"""A drive that is taken out and kept gets an entry of its own in the same step (I16)."""

from django.db import transaction

from inventory.assets import services as register
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import working
from inventory.disposal.recording import Recorded
from inventory.disposal.working import NOBODY_ASKED, Keeper
from inventory.models import Asset, Disposal, DisposalMedium


def retain_as_new(
    site_id: str,
    disposal_id: str,
    *,
    medium: str,
    keeper: Keeper = NOBODY_ASKED,
    by: By,
    seen: int | None,
) -> Recorded:
    """Make an entry of the register for a drive, and record that it lives on there; both or
    neither. Raises Refused, StaleError and RegisterError."""
    with transaction.atomic():
        # Adding an entry locks the ledger's end; what `retain` locks comes before that.
        rows = Disposal.objects.select_for_update().filter(site_id=site_id, id=disposal_id)
        row = rows.first()
        drive = DisposalMedium.objects.filter(disposal_id=disposal_id, key=medium).first()
        if row is None or drive is None:
            raise RegisterError("not_found", "There is no such drive in this disposal.")
        Asset.objects.select_for_update().get(site_id=site_id, id=row.asset_id)
        values = {
            "kind": "drive",
            "serial": (drive.serial or medium)[:128],
            "make": drive.make[:128],
            "model": drive.model[:128],
        }
        entry = register.add(site_id, values, by=by)
        return working.retain(
            site_id, disposal_id, medium=medium, entry=entry, keeper=keeper, by=by, seen=seen
        )
