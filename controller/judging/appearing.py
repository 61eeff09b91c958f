"""Drives that a computer on its way out reports and its disposal does not list: the disposal takes
them in, and is proven again only with them (I3).

One question for a whole batch that was judged; the rest only for computers that are leaving.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from controller import clock
from controller.fleet.models import Device
from controller.judging.messages import Judged
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import insides, services
from inventory.disposal.values import MOST_MEDIA
from inventory.ledger import services as ledger

log = logging.getLogger("caretaker.judging")


def look(judged: Sequence[tuple[Device, Judged]]) -> None:
    """Compare what was just judged once it is committed: steps of disposals lock other rows first.
    A computer in doubt may be another's machine, and says nothing of this entry."""
    sites: dict[str, set[str]] = defaultdict(set)
    for device, one in judged:
        if one.drives and device.asset_id is not None and not device.asset_doubt:
            sites[device.site_id].add(device.asset_id)
    for site_id, assets in sites.items():
        _later(site_id, assets)


def _later(site_id: str, assets: Collection[str]) -> None:
    leaving = insides.running(site_id, assets)

    def take_in() -> None:  # Django names it if it fails, and a partial has no name
        follow(site_id, leaving)

    if leaving:
        transaction.on_commit(take_in, robust=True)


def follow_all(site_id: str) -> int:
    """The same for all that leaves, as the night does: nothing is left behind by a crash between a
    report and what follows from it."""
    return follow(site_id, insides.all_running(site_id))


def follow(site_id: str, leaving: Mapping[str, str]) -> int:
    """Take in what the computers of these (entry → disposal) told; how many drives."""
    at, known = clock.now(), insides.listed(leaving)
    found = insides.unlisted(site_id, known, at)
    by, added = By(ledger.SYSTEM, at, "system"), 0
    for asset_id, one in sorted(found.items()):
        # No more than a set may hold: a computer that lies would otherwise fill it for ever.
        for medium in one.media[: max(0, MOST_MEDIA - len(known[asset_id]))]:
            try:
                services.appear(site_id, leaving[asset_id], medium=medium, by=by, seen=None)
                added += 1
            except RegisterError as error:
                log.warning("code=drive_not_added disposal=%s why=%s", leaving[asset_id], error)
    return added
