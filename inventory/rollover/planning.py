"""What a rollover would do: from where things stand before it, so that swaps and circles are right.

Nothing here changes anything. `Plan.mark` says whether what was previewed is still so.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from inventory.assets.errors import RegisterError
from inventory.assets.following import everything_in
from inventory.assets.states import GONE
from inventory.many import by_id
from inventory.models import Asset, Person
from inventory.places.queries import Place, column_of, one

MOST_ROWS: Final = 500
_STAYS: Final = ("lost", "stolen", "retired")
"""States in which a thing stays where it belonged: nobody can carry it."""
_CANNOT_HAVE: Final = (*_STAYS, "repair")


class Asked(msgspec.Struct, frozen=True):
    """Old place → new place, person → person who takes over, people who leave, and on which day.

    A room's or pool's things go to another; a trolley goes to a room with all in it, or its things
    to another trolley.
    """

    places: Mapping[str, str] = {}
    hands: Mapping[str, str] = {}
    leavers: tuple[str, ...] = ()
    left_on: str = ""


class Stays(msgspec.Struct, frozen=True):
    """An entry that would be meant and does not move: `why` is `lost`, `repair`, … or `loan`."""

    asset: str
    name: str
    why: str


class Plan(msgspec.Struct, frozen=True):
    """What would be done. `changes`: entry → fields; `gives`: (from, to, entries); `moved`: (from,
    to, how many) of places; `keeps`: leaver → how many things they still have then."""

    changes: dict[str, dict[str, object]]
    moved: list[tuple[str, str, int]]
    gives: list[tuple[str, str, list[str]]]
    leavers: list[tuple[str, str, str]]
    stays: list[Stays]
    keeps: dict[str, int]
    mark: str

    @property
    def empty(self) -> bool:
        """Whether nothing would happen."""
        return not (self.changes or self.gives or self.leavers)


def plan(site_id: str, asked: Asked) -> Plan:
    """Work it out. Raises RegisterError for what cannot be meant."""
    if len(asked.places) + len(asked.hands) + len(asked.leavers) > MOST_ROWS:
        raise RegisterError("too_many", f"Not more than {MOST_ROWS} lines at once.")
    changes: dict[str, dict[str, object]] = {}
    sent: dict[tuple[str, str], tuple[str, str]] = {}
    stays: list[Stays] = []
    seqs: dict[str, int] = {}
    for source, to in sorted(asked.places.items(), key=_trolleys_last):
        from_, into = _place(site_id, source), _place(site_id, to)
        rows = _meant(site_id, from_, into)
        going = [row for row in rows if not _stays(row, into)]
        stays += [
            Stays(row.id, row.tag or row.name, row.state) for row in rows if _stays(row, into)
        ]
        seqs |= {row.id: row.seq for row in going}
        for row in going:
            sent[row.id, column_of(to)] = (source, to)
            changes[row.id] = {**changes.get(row.id, {}), column_of(into.id): into.id}
    counted = Counter(sent.values())
    moved = [(*pair, counted[pair]) for pair in sorted(asked.places.items(), key=_trolleys_last)]
    _stand_with_their_trolley(site_id, changes)
    gives, on_loan = _gives(site_id, asked.hands, seqs)
    leavers = _leavers(site_id, asked)
    keeps = _keeps(site_id, [person for person, _, _ in leavers], gives)
    told = [changes, gives, leavers, sorted(seqs.items())]
    mark = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    return Plan(changes, moved, gives, leavers, stays + on_loan, keeps, mark)


def _trolleys_last(row: tuple[str, str]) -> tuple[bool, str]:
    """A trolley that is sent somewhere goes there, whatever becomes of the room it stood in."""
    return (row[0].startswith("asset_"), row[0])


def _place(site_id: str, place_id: str) -> Place:
    found = one([site_id], place_id)
    if found is None:
        raise RegisterError("not_found", "One of these places is not there any more. Look again.")
    return found


def _meant(site_id: str, from_: Place, into: Place) -> list[Asset]:
    if from_.id == into.id:
        raise RegisterError("same", f"{from_.name} cannot move to itself. Leave it empty to stay.")
    things = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE).order_by("id")
    if from_.kind == "trolley" and into.kind == "room":
        return by_id(things, [from_.id, *everything_in(site_id, from_.id)])
    if from_.kind != into.kind:
        sentence = f"{from_.name} cannot move to {into.name}: a room goes to a room, a set to a set"
        raise RegisterError("bad_value", f"{sentence}, a trolley to a room or a trolley.")
    return list(things.filter(**{column_of(from_.id): from_.id}))


def _stays(row: Asset, into: Place) -> bool:
    """A lost thing stays where it belonged; one of a trolley still belongs to that trolley."""
    return row.state in _STAYS and (row.parent_id is None or into.kind == "trolley")


def _stand_with_their_trolley(site_id: str, changes: dict[str, dict[str, object]]) -> None:
    """What goes into another trolley stands where that one stands afterwards."""
    wanted = {str(values["parent"]) for values in changes.values() if "parent" in values}
    rows = by_id(Asset.objects.filter(site_id=site_id), wanted)
    rooms: dict[str, object] = {row.id: row.room_id or "" for row in rows}
    rooms |= {i: changes[i]["room"] for i in wanted if "room" in changes.get(i, {})}
    for values in changes.values():
        if "parent" in values:
            values["room"] = rooms[str(values["parent"])]


def _gives(
    site_id: str, hands: Mapping[str, str], seqs: dict[str, int]
) -> tuple[list[tuple[str, str, list[str]]], list[Stays]]:
    gives: list[tuple[str, str, list[str]]] = []
    stays: list[Stays] = []
    known = {row.id: row for row in _people(site_id, {*hands, *hands.values()})}
    for from_, to in sorted(hands.items()):
        if from_ == to:
            raise RegisterError("same", f"{known[from_].name} cannot take over from themselves.")
        going: list[str] = []
        for row in Asset.objects.filter(site_id=site_id, holder=from_).order_by("id"):
            why = "loan" if row.due_on else row.state if row.state in _CANNOT_HAVE else ""
            if why:
                stays.append(Stays(row.id, row.tag or row.name, why))
            else:
                going.append(row.id)
                seqs[row.id] = row.seq
        if going:
            gives.append((from_, to, going))
    return gives, stays


def _leavers(site_id: str, asked: Asked) -> list[tuple[str, str, str]]:
    rows = _people(site_id, set(asked.leavers))
    if rows and not asked.left_on:
        raise RegisterError("bad_value", "Say on which day they leave.", "left_on")
    staying = {row.id for row in rows} & set(asked.hands.values())
    if staying:
        name = next(row.name for row in rows if row.id in staying)
        raise RegisterError("bad_value", f"{name} leaves, so nobody’s things can go to them.")
    return [(row.id, row.left_on, asked.left_on) for row in rows if row.left_on != asked.left_on]


def _people(site_id: str, ids: set[str]) -> list[Person]:
    rows = list(Person.objects.filter(site_id=site_id, id__in=ids).exclude(name="").order_by("id"))
    if len(rows) != len(ids):
        raise RegisterError("not_found", "One of these people is not known any more. Look again.")
    return rows


def _keeps(
    site_id: str, leavers: list[str], gives: Iterable[tuple[str, str, list[str]]]
) -> dict[str, int]:
    rows = Asset.objects.filter(site_id=site_id, holder__in=leavers).exclude(state__in=GONE)
    going = {one for _, _, ids in gives for one in ids}
    keeps: dict[str, int] = {}
    for asset_id, holder in rows.values_list("id", "holder"):
        if asset_id not in going:
            keeps[holder] = keeps.get(holder, 0) + 1
    return keeps


def told(plan: Plan) -> list[list[Any]]:
    """What a row of the history keeps of a plan's moves: ids and numbers."""
    given = [[from_, to, len(ids)] for from_, to, ids in plan.gives]
    return [list(row) for row in plan.moved] + given
