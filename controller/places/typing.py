"""What people type for a place or a person, found again by its name."""

from collections.abc import Iterable

import msgspec

from controller.wording.shown import shown
from inventory import naming
from inventory.assets.errors import RegisterError
from inventory.places import queries as places
from inventory.rollover import queries as rollovers


class Named(msgspec.Struct, frozen=True):
    """Names that may be typed: `labels` in the order people pick from, each with its id."""

    what: str
    labels: list[tuple[str, str]]

    def find(self, typed: str) -> str:
        """The id of what was typed, whatever its capitals. Raises RegisterError."""
        wanted = " ".join(typed.split()).casefold()
        found = [id_ for id_, label in self.labels if label.casefold() == wanted]
        if len(found) == 1:
            return found[0]
        why = "more than one has this name" if found else "pick a name from the list"
        raise RegisterError("not_found", f"{self.what} “{shown(typed, 60)}”: {why}.")

    def label_of(self, id_: str) -> str:
        """What an id is called; "" for one that is not among them."""
        return next((label for one, label in self.labels if one == id_), "")


def people(site: str) -> Named:
    """People of a school; two of one name are told apart by their reference."""
    rows = rollovers.people(site)
    names = [name.casefold() for _, name, _ in rows]
    twice = {name for name in names if names.count(name) > 1} if len(names) < 2_000 else set()
    return Named(
        "Person",
        [
            (id_, f"{shown(name)} ({shown(ref)})" if ref and name.casefold() in twice else name)
            for id_, name, ref in rows
        ],
    )


def rooms(site: str) -> Named:
    """Rooms of a school."""
    return Named("Room", _shown(naming.rooms({site})))


def pools(site: str) -> Named:
    """Sets of a school."""
    return Named("Set", _shown(naming.pools({site})))


def trolleys(site: str) -> Named:
    """Trolleys of a school, by name, or by tag where they have none."""
    return Named("Trolley", _shown((one.id, one.name) for one in places.trolleys({site})))


def _shown(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(id_, shown(name, 170)) for id_, name in rows]
