"""Withdraws the key of a computer whose entry left, in the step that says so (I15).

Its fingerprint stays: a report that the old key signs is an alarm, and changes nothing (I11). What
is lost keeps its key. `gone` follows every other way by which an entry may have gone.
"""

from collections.abc import Collection
from typing import Final

from controller.fleet import services
from controller.fleet.models import Device
from inventory.assets.writing import By

WHY: Final = "It left the school, so it may not report any more."


class Keys:
    """Listens to what leaves (`inventory.disposal.departing`)."""

    def hold(self, site_id: str, asset_ids: Collection[str]) -> list[str]:
        """Lock the computers that may still report as these, in the order of ids."""
        rows = Device.objects.select_for_update().filter(
            site_id=site_id, state="active", asset_id__in=list(asset_ids)
        )
        return [row.id for row in rows.order_by("id")]

    def left(self, site_id: str, asset_ids: Collection[str], by: By) -> None:
        """Withdraw their keys."""
        for device_id in self.hold(site_id, asset_ids):
            services.revoke(device_id, actor=by.actor, at=by.at, reason=WHY)


KEYS: Final = Keys()
