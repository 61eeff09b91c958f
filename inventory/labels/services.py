"""Codes are made when labels are printed, and made void when a sheet of them was lost (S25)."""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.labels import codes
from inventory.ledger import services as ledger
from inventory.models import Asset, LabelCode

MOST_AT_ONCE: Final = 1_000
"""Labels of one printing: fifteen sheets of the smallest, or as many as a form may name."""
_BULK: Final = 500


def codes_for(site_id: str, asset_ids: Collection[str], *, by: By) -> dict[str, str]:
    """The good code of each entry by its id; an entry that has none gets one. That labels were
    printed is an event, whoever had codes before. Raises RegisterError."""
    wanted = sorted(set(asset_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise RegisterError("too_many", f"Choose 1 to {MOST_AT_ONCE:,} entries for one printing.")
    with transaction.atomic():
        _lock(site_id, wanted)
        rows = LabelCode.objects.filter(site_id=site_id, asset_id__in=wanted, void_at=None)
        found = dict(rows.values_list("asset_id", "code"))
        new = {asset_id: codes.make() for asset_id in wanted if asset_id not in found}
        LabelCode.objects.bulk_create(
            [
                LabelCode(
                    site_id=site_id, asset_id=asset_id, code=code, made_at=by.at, made_by=by.actor
                )
                for asset_id, code in new.items()
            ],
            batch_size=_BULK,
        )
        _record(site_id, "labels.print", wanted, by)
    return found | new


def void(site_id: str, asset_ids: Collection[str], *, by: By) -> int:
    """Make the codes of these entries void, so that labels with them lead nowhere; how many were.
    Raises RegisterError."""
    wanted = sorted(set(asset_ids))
    with transaction.atomic():
        _lock(site_id, wanted)
        rows = LabelCode.objects.filter(site_id=site_id, asset_id__in=wanted, void_at=None)
        ended = sorted(rows.values_list("asset_id", flat=True))
        rows.update(void_at=by.at, void_by=by.actor)
        if ended:
            _record(site_id, "labels.void", ended, by)
    return len(ended)


def _lock(site_id: str, asset_ids: list[str]) -> None:
    """Whoever prints labels of the same entries at the same time waits here."""
    rows = Asset.objects.select_for_update().filter(site_id=site_id, id__in=asset_ids)
    there = rows.exclude(state__in=GONE).order_by("id").values_list("id", flat=True)
    if list(there) != asset_ids:
        raise RegisterError(
            "not_found", "One of these is not in this school’s register any more. Choose again."
        )


def _record(site_id: str, verb: str, asset_ids: list[str], by: By) -> None:
    ledger.append(
        site_id=site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=new_id("batch", by.at),
        after={"assets": asset_ids},
        reason=by.reason,
    )
