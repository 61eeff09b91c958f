"""Tells whoever asked that who has what, or what stands where, has changed.

The register knows nothing of the computers that report; what they are for follows from its rows,
so the controller listens here. A listener is called inside the transaction of the change, and does
its own work after that is committed.
"""

from collections.abc import Collection
from typing import Final, Protocol


class Listener(Protocol):
    """Hears of entries whose holder or place changed, and of rooms, pools and people whose profile
    did."""

    def __call__(self, site_id: str, ids: Collection[str], actor: str, at: int) -> object:
        """`ids` of entries, rooms, pools or people of one school."""
        ...


FOLLOWED: Final = frozenset({"holder", "room", "pool", "parent", "state", "merged_into"})
"""Fields of an entry whose change is told."""
_LISTENERS: Final[list[Listener]] = []


def listen(listener: Listener) -> None:
    """Call this one from now on; once, however often it is asked for."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def tell(site_id: str, ids: Collection[str], *, actor: str, at: int) -> None:
    """Something changed."""
    if ids:
        for listener in _LISTENERS:
            listener(site_id, ids, actor, at)
