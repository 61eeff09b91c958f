"""Many things at once into a place, out of it, or on to another one (S29)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.many import by_id
from inventory.models import Asset
from inventory.places.queries import by_tag, column_of

MOST_TYPED: Final = 500
"""Lines one box takes; more is a sheet's."""
LONGEST_LINE: Final = 128


class Done(msgspec.Struct, frozen=True):
    """How many entries changed, and the step that takes all of it back; "" where none did."""

    number: int
    batch: str


class Typed(msgspec.Struct, frozen=True):
    """What lines of tags or serial numbers came to: `ids` in the order typed; `nobody` are lines
    that are no entry's, `several` such that two entries share, `twice` was typed before."""

    ids: list[str]
    nobody: list[str]
    several: list[str]
    twice: list[str]

    @property
    def fine(self) -> bool:
        """Whether every line is one entry's."""
        return bool(self.ids) and not (self.nobody or self.several)


def read_typed(site_id: str, text: str) -> Typed:
    """Tags or serial numbers, one to a line, as typed or scanned. Raises RegisterError."""
    lines = [" ".join(line.replace("\0", "").split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_TYPED:
        raise RegisterError("too_many", f"Not more than {MOST_TYPED} lines at once.", "tags")
    if any(len(line) > LONGEST_LINE for line in lines):
        sentence = f"A line is longer than {LONGEST_LINE} characters, so it is no tag."
        raise RegisterError("bad_value", sentence, "tags")
    found = by_tag([site_id], lines)
    read = Typed([], [], [], [])
    for line in lines:
        known = found[line.casefold()]
        if len(known) != 1:
            (read.several if known else read.nobody).append(line)
        elif known[0] in read.ids:
            read.twice.append(line)
        else:
            read.ids.append(known[0])
    return read


def put_in(site_id: str, place_id: str, asset_ids: Collection[str], *, by: By) -> Done:
    """Put things into a room, pool or trolley, one step. Raises RegisterError."""
    column = column_of(place_id)
    values: dict[str, object] = {column: place_id}
    if column == "room":
        values["parent"] = ""  # whoever puts a thing into a room has taken it out of its trolley
    return _change(site_id, dict.fromkeys(asset_ids, values), by)


def take_out(site_id: str, place_id: str, asset_ids: Collection[str], *, by: By) -> Done:
    """Take things out of where they are, one step. What was in a trolley still stands in its room.
    Raises RegisterError where one is not there any more."""
    column = column_of(place_id)
    there = Asset.objects.filter(site_id=site_id, **{column: place_id})
    if len(by_id(there.only("id"), asset_ids)) != len(set(asset_ids)):
        raise RegisterError("not_there", "Something is not there any more. Look again.")
    return _change(site_id, {one: {column: ""} for one in asset_ids}, by)


def empty_into(site_id: str, place_id: str, to: str, *, by: By) -> Done:
    """Everything that is in one place goes to another of the same kind, one step; a trolley's
    things may also go to a room. Raises RegisterError."""
    if place_id == to:
        raise RegisterError("same", "That is the same place. Pick another.", "to")
    column = column_of(place_id)
    rows = Asset.objects.filter(site_id=site_id, **{column: place_id}).exclude(state__in=GONE)
    found = list(rows.values_list("id", "parent_id"))
    return _change(site_id, _sent(found, column, to), by)


def _sent(
    found: Sequence[tuple[str, str | None]], column: str, to: str
) -> dict[str, Mapping[str, object]]:
    wanted = column_of(to)
    if column == "room" and wanted == "room":
        # What is in a trolley goes with it: a second time by itself would take it out of there.
        return {asset_id: {"room": to} for asset_id, _ in found}
    if column == "parent" and wanted == "room":
        return {asset_id: {"parent": "", "room": to} for asset_id, _ in found}
    if column == wanted:
        return {asset_id: {column: to} for asset_id, _ in found}
    raise RegisterError("bad_value", "Pick a place of the same kind.", "to")


def _change(
    site_id: str,
    changes: Mapping[str, Mapping[str, object]],
    by: By,
) -> Done:
    own = msgspec.structs.replace(by, batch=by.batch or new_id("batch", by.at))
    number = services.change_many(site_id, changes, by=own, verb="asset.place")
    return Done(number, own.batch if number else "")
