"""Tells whoever asked that something gone was seen: what leaves keeps it among its own steps (I11).

A listener is called inside the transaction of the sighting, and does its own work after that is
committed.
"""

from typing import Final, Protocol


class Listener(Protocol):
    """Hears of each alarm that is opened."""

    def __call__(self, site_id: str, asset_id: str, alarm_id: str, way: str, sure: bool) -> object:
        """`way` is one of `rule.WAYS`."""
        ...


_LISTENERS: Final[list[Listener]] = []


def listen(listener: Listener) -> None:
    """Call this one from now on; once, however often it is asked for."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def opened(site_id: str, asset_id: str, alarm_id: str, way: str, sure: bool) -> None:
    """An alarm was opened."""
    for listener in _LISTENERS:
        listener(site_id, asset_id, alarm_id, way, sure)
