"""Public keys of devices by key id, remembered: an entry changes only when its
device takes another key, in this very thread.

Unknown key ids are not remembered, or anyone could fill the memory. Whether the device may report
is not here: that is read with its head, inside the transaction.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection


class Known(NamedTuple):
    """Whose key it is."""

    device: str
    public: bytes


class KeyBook:
    """For the writer thread only."""

    def __init__(self) -> None:
        """Empty; filled as keys are asked for."""
        self._known: dict[str, Known] = {}

    def learn(self, key_ids: Collection[str]) -> None:
        """Read the keys of a batch that are not known yet, in one statement."""
        missing = sorted(set(key_ids) - self._known.keys())
        if not missing:
            return
        marks = ", ".join(["%s"] * len(missing))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key_id, id, public_key FROM fleet_device WHERE key_id IN ({marks})",  # noqa: S608  only marks
                missing,
            )
            for key_id, device, public in cursor.fetchall():
                self._known[key_id] = Known(device, bytes(public))

    def forget(self, key_id: str) -> None:
        """A key that its device gave up for another."""
        self._known.pop(key_id, None)

    def find(self, key_id: str) -> Known | None:
        """The owner of a key that `learn` found."""
        return self._known.get(key_id)
