"""Tells whoever asked that an entry's computer has left, so that its key ends with it (I15).

The register knows nothing of the computers that report, so the controller listens here. `hold` is
called before anything is written, to lock what `left` will change: entries and the ledger are
locked after that, and two writers then never wait for each other in a circle.
"""

from collections.abc import Collection
from typing import Final, Protocol

from django.db.models import Q

from inventory.assets.writing import By
from inventory.ghosts import watching as ghosts
from inventory.models import DisposalMedium


class Listener(Protocol):
    """Hears of entries of one school whose computers report no more."""

    def hold(self, site_id: str, asset_ids: Collection[str]) -> object:
        """Lock what will change."""
        ...

    def left(self, site_id: str, asset_ids: Collection[str], by: By) -> object:
        """They left: inside the transaction that says so."""
        ...


_LISTENERS: Final[list[Listener]] = []


def listen(listener: Listener) -> None:
    """Call this one from now on; once, however often it is asked for."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def hold(site_id: str, asset_ids: Collection[str]) -> None:
    """These will leave."""
    if asset_ids:
        for listener in _LISTENERS:
            listener.hold(site_id, asset_ids)


def left(site_id: str, asset_ids: Collection[str], by: By) -> None:
    """These have left: they are watched from now on, with every drive that was theirs to account
    for, and whoever listens ends their keys."""
    if asset_ids:
        ghosts.watch(site_id, asset_ids, by.at)
        ghosts.watch_drives(site_id, _drives(site_id, asset_ids, by.at), by.at)
        for listener in _LISTENERS:
            listener.left(site_id, asset_ids, by)


def _drives(site_id: str, asset_ids: Collection[str], at: int) -> dict[str, list[str]]:
    """By entry. One that was destroyed is among them: it should be seen least of all. One that the
    school keeps is not; it is an entry of its own."""
    rows = DisposalMedium.objects.filter(site_id=site_id, disposal__asset__in=list(asset_ids))
    rows = rows.filter(Q(disposal__closed_at=None) | Q(disposal__closed_at__gte=at))
    found: dict[str, list[str]] = {}
    told = rows.exclude(state="retained").values_list("disposal__asset_id", "key", "wwn")
    for asset_id, key, wwn in told:
        found.setdefault(asset_id, []).extend((key, wwn))
    return found
