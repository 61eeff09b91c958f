"""All there is in a school's register, as tables: entries, their history, who had what, places,
papers, and, only where it is asked for, people.

Who had something is an id here, as in the events themselves; names and what somebody wrote about a
loan are in the tables only with `people`. No cell runs in a spreadsheet.
"""

import datetime
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from inventory.assets.fields import FIELDS
from inventory.assets.states import GONE
from inventory.assets.writing import value_of
from inventory.imports.exporting import COLUMNS, cell
from inventory.imports.values import guarded
from inventory.models import Allocation, Asset, AssetEvent, Document, Person, Pool, Room, Site

LONGEST: Final = 32_000
"""Characters of a cell; Excel takes a few more."""
_CHUNK: Final = 2_000
_ELSEWHERE: Final = ("uuid", "parent")
_ENTRY: Final = (
    *(FIELDS[name].title for name in COLUMNS),
    *("State", "Building", *(FIELDS[name].title for name in _ELSEWHERE)),
    *("Holder", "Lent until", "Entered (UTC)", "Entered (school)", "ID"),
)
_CUT: Final = "… (the rest is left out)"

Table = Iterator[list[str]]


class _At:
    """Moments of one school."""

    def __init__(self, timezone: str) -> None:
        self._zone = zoneinfo.ZoneInfo(timezone)

    def __call__(self, epoch: int | None) -> tuple[str, str]:
        """In UTC and in the school's time; "" for none."""
        if epoch is None:
            return "", ""
        utc = datetime.datetime.fromtimestamp(epoch, datetime.UTC)
        local = utc.astimezone(self._zone)
        return utc.strftime("%Y-%m-%d %H:%M:%SZ"), local.strftime("%Y-%m-%d %H:%M:%S")


def tables(site_id: str, *, people: bool = False) -> dict[str, Callable[[], Table]]:
    """What makes each table, by its name, the entries first; each begins with its columns."""
    at = _At(Site.objects.get(id=site_id).timezone)
    found: dict[str, Callable[[], Table]] = {
        "Entries": lambda: _entries(site_id, at, gone=False),
        "No longer ours": lambda: _entries(site_id, at, gone=True),
        "History": lambda: _history(site_id, at),
        "Given out": lambda: _given(site_id, at, people=people),
        "Rooms": lambda: _rooms(site_id, at),
        "Sets": lambda: _pools(site_id, at),
        "Papers": lambda: _papers(site_id, at),
    }
    if people:
        found["People"] = lambda: _people(site_id, at)
    return found


def _entries(site_id: str, at: _At, *, gone: bool) -> Table:
    yield list(_ENTRY)
    rooms = {row.id: row for row in Room.objects.filter(site=site_id)}
    pools = dict(Pool.objects.filter(site=site_id).values_list("id", "name"))
    all_ = Asset.objects.filter(site=site_id).order_by("tag", "id")
    rows = all_.filter(state__in=GONE) if gone else all_.exclude(state__in=GONE)
    for row in rows.iterator(chunk_size=_CHUNK):
        values = {name: value_of(row, name) for name in COLUMNS}
        room = rooms.get(values["room"])
        values |= {"room": room.name if room else "", "pool": pools.get(values["pool"], "")}
        yield [
            *(cell(name, value) for name, value in values.items()),
            *_safe(row.state, room.building if room else "", row.uuid, row.parent_id or ""),
            *_safe(row.holder, row.due_on, *at(row.created_at), row.id),
        ]


def _history(site_id: str, at: _At) -> Table:
    heads = ("Entry", "Number", "When (UTC)", "When (school)", "Who", "From", "What", "Step")
    yield [*heads, "Before", "After"]
    rows = AssetEvent.objects.filter(site=site_id).order_by("asset_id", "seq")
    for row in rows.iterator(chunk_size=_CHUNK):
        who = (row.actor, row.source, row.verb, row.batch)
        sides = (_json(row.before), _json(row.after))
        yield _safe(row.asset_id, str(row.seq), *at(row.at), *who, *sides)


def _given(site_id: str, at: _At, *, people: bool) -> Table:
    heads = ("ID", "Entry", "To", "Since (UTC)", "Since (school)", "Given by", "Lent until")
    later = ("Until (UTC)", "Until (school)", "Taken by", "Came back as", "Goes home")
    yield [*heads, *later, *(("Reason", "Note", "Note on return") if people else ())]
    rows = Allocation.objects.filter(site=site_id).order_by("since", "id")
    for row in rows.iterator(chunk_size=_CHUNK):
        to = row.person_id or row.room_id or row.pool_id or row.trolley_id or ""
        said = (row.reason, row.note, row.return_note) if people else ()
        yield _safe(
            *(row.id, row.asset_id, to, *at(row.since), row.given_by, row.due_on),
            *(*at(row.until), row.taken_by, row.returned_as, "yes" if row.goes_home else "no"),
            *said,
        )


def _rooms(site_id: str, at: _At) -> Table:
    yield ["ID", "Room", "Building", "Order", "Since (UTC)", "Since (school)", "Ended (UTC)"]
    for row in Room.objects.filter(site=site_id).order_by("building", "order", "name", "id"):
        since, ended = at(row.created_at), at(row.ended_at)[0]
        yield _safe(row.id, row.name, row.building, str(row.order), *since, ended)


def _pools(site_id: str, at: _At) -> Table:
    yield ["ID", "Set", "Since (UTC)", "Since (school)", "Ended (UTC)"]
    for row in Pool.objects.filter(site=site_id).order_by("name", "id"):
        yield _safe(row.id, row.name, *at(row.created_at), at(row.ended_at)[0])


def _papers(site_id: str, at: _At) -> Table:
    heads = ("ID", "Entry", "Kind", "Name", "Type", "Bytes", "SHA-256")
    yield [*heads, "Added (UTC)", "Added (school)", "Added by", "Erased (UTC)"]
    rows = Document.objects.filter(site=site_id).order_by("added_at", "id")
    for row in rows.iterator(chunk_size=_CHUNK):
        what = (row.kind, row.name, row.media_type, str(row.size), row.sha256)
        when = (*at(row.added_at), row.added_by, at(row.erased_at)[0])
        yield _safe(row.id, row.asset_id or "", *what, *when)


def _people(site_id: str, at: _At) -> Table:
    yield ["ID", "Name", "Kind", "Class or team", "Reference", "Left on", "Since (UTC)"]
    rows = Person.objects.filter(site=site_id).order_by("name", "id")
    for row in rows.iterator(chunk_size=_CHUNK):
        who = (row.name, row.kind, row.group, row.reference, row.left_on)
        yield _safe(row.id, *who, at(row.created_at)[0])


def _json(side: Mapping[str, Any]) -> str:
    return msgspec.json.encode(side, order="sorted").decode() if side else ""


def _safe(*told: str) -> list[str]:
    return [_cell(text) for text in told]


def _cell(text: str) -> str:
    """No formula, nothing that no sheet can hold, and no more than a cell takes."""
    plain = "".join(c for c in text if c == "\n" or c.isprintable())
    cut = plain if len(plain) <= LONGEST else plain[:LONGEST] + _CUT
    return guarded(cut) if cut else ""
