"""Public keys of devices by key id, remembered: an entry changes only when its
device takes another key, in this very thread.

Unknown key ids are not remembered, or anyone could fill the memory. Whether the device may report
is not here: that is read with its head, inside the transaction.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from django.db import connection

_FORMER: Final = """
    SELECT p.key_id, p.device_id, p.public_key
    FROM fleet_pastkey p JOIN fleet_device d ON d.id = p.device_id
    WHERE p.key_id IN ({marks}) AND d.state = 'active'
"""


class Known(NamedTuple):
    """Whose key it is."""

    device: str
    public: bytes


class KeyBook:
    """For the writer thread only."""

    def __init__(self) -> None:
        """Empty; filled as keys are asked for."""
        self._known: dict[str, Known] = {}
        self._former: dict[str, Known] = {}

    def learn(self, key_ids: Collection[str]) -> None:
        """Read the keys of a batch that are not known yet, in one statement."""
        self._former = {}
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
        if strangers := [key_id for key_id in missing if key_id not in self._known]:
            self._learn_former(strangers)

    def _learn_former(self, key_ids: list[str]) -> None:
        """Keys that devices in use had before; for this batch only."""
        marks = ", ".join(["%s"] * len(key_ids))
        with connection.cursor() as cursor:
            cursor.execute(_FORMER.format(marks=marks), key_ids)
            for key_id, device, public in cursor.fetchall():
                self._former[key_id] = Known(device, bytes(public))

    def forget(self, key_id: str) -> None:
        """A key that its device gave up for another."""
        self._known.pop(key_id, None)

    def find(self, key_id: str) -> Known | None:
        """The owner of a key that `learn` found."""
        return self._known.get(key_id)

    def find_former(self, key_id: str) -> Known | None:
        """The owner of a key that `learn` found to be one given up."""
        return self._former.get(key_id)
