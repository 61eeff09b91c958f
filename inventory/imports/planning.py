"""What a sheet would do to the register, row by row, before anything is done. Pure: the register as
it stands is handed in.

A row names its entry by one column, the key: the tag, the serial number, or the number in the
accounts. It makes a new entry, changes one, or says what is known; or it is refused, with the row,
the column and why. An empty cell says nothing: it never empties a field.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, get_args

import msgspec

from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, Value
from inventory.assets.states import State
from inventory.imports.columns import PASSED_OVER, STATE
from inventory.imports.sheets import Row, Sheet
from inventory.imports.values import NOTHING, said, understood
from inventory.marks import normalise
from inventory.places.services import LONGEST

Key = Literal["tag", "serial", "finance_number"]
KEYS: Final[tuple[Key, ...]] = get_args(Key)
_STATE_WORDS: Final[Mapping[State, str]] = {
    "in_use": "in use,in_use,deployed,deployable,active,live,assigned",
    "stored": "stored,in store,spare,ready to deploy,in stock,pending",
    "repair": "repair,in repair,out for repair,away for repair,out for diagnostics",
    "lost": "lost,missing,lost/stolen",
    "stolen": "stolen",
    "retired": "retired,archived,end of life,to be disposed,broken",
}
_STATES: Final = {word: state for state, words in _STATE_WORDS.items() for word in words.split(",")}
_PLACES: Final = ("room", "pool")
_GONE: Final = frozenset({"disposed", "disposed of", "scrapped", "sold", "written off", "recycled"})


class Held(msgspec.Struct, frozen=True):
    """An entry as it stands."""

    id: str
    state: str
    values: Mapping[str, Value]
    leaving: bool = False
    """It is on its way out, so only its disposal moves it."""


class Refused(msgspec.Struct, frozen=True):
    """A row that will not be imported; `column` as the sheet calls it, "" for the whole row."""

    row: int
    column: str
    why: str


class Planned(msgspec.Struct, frozen=True):
    """A row that will: a new entry (`asset_id` "") or what changes of one. `state` "" leaves it."""

    row: int
    asset_id: str
    values: Mapping[str, Value]
    state: State | Literal[""] = ""


class Plan(msgspec.Struct, frozen=True):
    """All of it. `rooms` and `pools` are not there yet and would be made."""

    new: list[Planned]
    changed: list[Planned]
    same: int
    refused: list[Refused]
    rooms: list[str]
    pools: list[str]


class Register(msgspec.Struct, frozen=True):
    """What planning has to know: entries, and rooms and pools by name. `alike`: the ids of rooms
    that share a name, in two buildings; a sheet cannot tell them apart."""

    entries: Sequence[Held]
    rooms: Mapping[str, str]
    pools: Mapping[str, str]
    alike: Mapping[str, frozenset[str]] = {}


def plan(sheet: Sheet, columns: Mapping[int, str], key: Key, held: Register) -> Plan:
    """Try out every row. Raises RegisterError where no column is the key."""
    if key not in columns.values():
        title = FIELDS[key].title
        raise RegisterError("no_key", f"No column of this sheet is the {title.lower()}.", key)
    planning = _Planning(sheet.headers, columns, key, held)
    for row in sheet.rows:
        planning.take(row)
    return planning.made()


class _Planning:
    """A sheet on its way through the register as it will be after the rows before."""

    def __init__(
        self, headers: Sequence[str], columns: Mapping[int, str], key: Key, held: Register
    ) -> None:
        self._headers, self._columns, self._key, self._held = headers, columns, key, held
        entries = held.entries
        self._known = {_comparable(key, e.values[key]): e for e in entries if e.values[key]}
        self._tags = {str(one.values["tag"]): one.id for one in entries if one.values["tag"]}
        self._seen: dict[str, int] = {}
        self._new: list[Planned] = []
        self._changed: list[Planned] = []
        self._same = 0
        self._refused: list[Refused] = []
        self._places: dict[str, dict[str, str]] = {"room": {}, "pool": {}}

    def made(self) -> Plan:
        rooms, pools = (list(self._places[field].values()) for field in _PLACES)
        return Plan(self._new, self._changed, self._same, self._refused, rooms, pools)

    def take(self, row: Row) -> None:
        """Plan one row, or say everything that is wrong with it."""
        faults, values, state = self._read(row)
        found = _comparable(self._key, values.get(self._key))
        mine = self._known.get(found)
        if not faults:
            faults = list(self._clashes(row, found, values, mine))
        if not faults and mine is not None and mine.leaving and state not in ("", mine.state):
            why = "is on its way out; its disposal moves it"
            faults = [Refused(row.number, "State", why)]
        if faults:
            self._refused += faults
            return
        self._seen[found] = row.number
        if self._stands_in(str(values.get("room", "")), mine):
            del values["room"]
        self._name_places(values)
        if values.get("tag"):
            self._tags[str(values["tag"])] = mine.id if mine else f"row {row.number}"
        if mine is None:
            self._new.append(Planned(row.number, "", values, state))
            return
        changes = {name: value for name, value in values.items() if mine.values.get(name) != value}
        moved: State | Literal[""] = state if state != mine.state else ""
        if changes or moved:
            self._changed.append(Planned(row.number, mine.id, changes, moved))
        else:
            self._same += 1

    def _read(self, row: Row) -> tuple[list[Refused], dict[str, Value], State | Literal[""]]:
        if row.fault:
            return [Refused(row.number, "", row.fault)], {}, ""
        faults: list[Refused] = []
        values: dict[str, Value] = {}
        state: State | Literal[""] = ""
        for number, field in self._columns.items():
            cell = row.cells[number]
            try:
                if field == STATE:
                    state = _state(cell)
                elif field != PASSED_OVER:
                    values[field] = _value(field, cell)
            except RegisterError as error:
                faults.append(Refused(row.number, self._headers[number], error.sentence))
        said = {name: value for name, value in values.items() if value not in ("", None)}
        return faults, said, state

    def _clashes(
        self, row: Row, found: str, values: Mapping[str, Value], mine: Held | None
    ) -> Iterator[Refused]:
        title = FIELDS[self._key].title
        if not found:
            yield Refused(row.number, title, "is empty or identifies nothing")
        elif found in self._seen:
            yield Refused(row.number, title, f"is the same as in row {self._seen[found]}")
        tag = str(values.get("tag", "")) if self._key != "tag" else ""
        owner = self._tags.get(tag) if tag else None
        if owner is not None and (mine is None or owner != mine.id):
            yield Refused(row.number, FIELDS["tag"].title, f"{tag} is another entry's already")
        room = str(values.get("room", ""))
        if room.casefold() in self._held.alike and not self._stands_in(room, mine):
            why = f"there are several rooms called {room}; it is not clear which is meant"
            yield Refused(row.number, FIELDS["room"].title, why)

    def _stands_in(self, room: str, mine: Held | None) -> bool:
        """Whether an entry is in a room of this name, whichever."""
        alike = self._held.alike.get(room.casefold(), frozenset())
        return mine is not None and mine.values.get("room") in alike

    def _name_places(self, values: dict[str, Value]) -> None:
        """Rooms and pools by their ids, or by the names they will get."""
        for field, there in (("room", self._held.rooms), ("pool", self._held.pools)):
            name = str(values.get(field, ""))
            if not name:
                continue
            low = name.casefold()
            known = there.get(low)
            values[field] = known or self._places[field].setdefault(low, name)


def _value(field: str, cell: str) -> Value:
    return _place(field, cell) if field in _PLACES else understood(field, cell)


def _place(field: str, cell: str) -> str:
    literally = said(cell)
    text = cell if literally is None else literally
    name = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    if literally is None and name.casefold() in NOTHING:
        return ""
    if len(name) > LONGEST:
        sentence = f"{FIELDS[field].title}: a name has not more than {LONGEST} characters."
        raise RegisterError("bad_value", sentence, field)
    return name


def _state(cell: str) -> State | Literal[""]:
    plain = " ".join(cell.casefold().split())
    if not plain or plain in _STATES:
        return _STATES[plain] if plain else ""
    if plain in _GONE:
        raise RegisterError(
            "disposed", "What is disposed of is recorded as a disposal, with its papers.", STATE
        )
    raise RegisterError("bad_value", f"State: “{cell[:40]}” is no state that is known.", STATE)


def _comparable(key: Key, value: Value) -> str:
    """Serial numbers are compared as computers are recognised, others as they are written."""
    text = "" if value is None else str(value)
    return normalise("serial", text) if key == "serial" else text.casefold()
