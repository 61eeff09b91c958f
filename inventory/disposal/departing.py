"""Tells whoever asked that an entry's computer has left, so that its key ends with it (I15).

The register knows nothing of the computers that report, so the controller listens here. `hold` is
called before anything is written, to lock what `left` will change: entries and the ledger are
locked after that, and two writers then never wait for each other in a circle.
"""

from collections.abc import Collection
from typing import Final, Protocol

from inventory.assets.writing import By


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
    """These have left."""
    if asset_ids:
        for listener in _LISTENERS:
            listener.left(site_id, asset_ids, by)
