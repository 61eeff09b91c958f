"""A count is the fold of its scans: pure, so that any order of two people's scans can be tried.

What was scanned last holds. A thing stands where it was seen last; what is kept in a trolley that
was seen stands with it, unless somebody looked into the trolley: then each thing in it is seen by
itself or missing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

Kind = Literal["seen", "gone", "open", "shut", "lives", "stays", "with"]
"""`seen`: it is here (no asset: the register does not know it); `gone`: that was a mistake;
`open`: somebody looks into this trolley; `shut`: its content counts with it again; `lives`: it
stays here from now on; `stays`: it does not; `with`: what a finished count wrote down for the
content of a trolley."""
_DEEPEST: Final = 4


class Scan(msgspec.Struct, frozen=True):
    """One scan. `counted`: the room of the count; `asset` "" where the register knows none."""

    counted: str
    kind: str
    asset: str
    text: str
    at: int
    by: str
    how: str = ""


class Due(msgspec.Struct, frozen=True):
    """A thing expected in a room of the count, in a trolley or not ("")."""

    counted: str
    asset: str
    trolley: str = ""


class Seen(msgspec.Struct, frozen=True):
    """Where a thing stands, who says so and since when; `trolley`: counted with it, not by
    itself."""

    counted: str
    at: int
    by: str
    how: str = ""
    trolley: str = ""


class RoomTally(msgspec.Struct, frozen=True):
    """One room, as ids in a stable order. `found`: expected and here; `moved`: here, expected
    elsewhere; `elsewhere`: expected here, seen in another room; `missing`: expected, seen nowhere;
    `strange`: what the register does not know."""

    found: list[str]
    moved: list[str]
    elsewhere: list[str]
    missing: list[str]
    strange: list[Scan]

    @property
    def expected(self) -> int:
        """How many things were looked for."""
        return len(self.found) + len(self.elsewhere) + len(self.missing)


class Tally(msgspec.Struct, frozen=True):
    """The whole count."""

    seen: dict[str, Seen]
    due: dict[str, Due]
    opened: frozenset[str]
    lives: dict[str, str]
    """Things that stay where they were seen → the room of the count."""
    strange: dict[str, list[Scan]]
    counters: dict[str, list[str]]
    """Room of the count → who counted there, in the order they began."""

    def room(self, counted: str) -> RoomTally:
        """One room of it. Costs as much as the count is long: for all of them take `rooms`."""
        return self.rooms([counted])[counted]

    def rooms(self, counted: Collection[str]) -> dict[str, RoomTally]:
        """Several, in one walk."""
        made = {one: RoomTally([], [], [], [], self.strange.get(one, [])) for one in counted}
        for asset, due in self.due.items():
            if due.counted in made:
                _sort(made[due.counted], asset, due, self.seen.get(asset))
        for asset, seen in self.seen.items():
            known = self.due.get(asset)
            if seen.counted in made and (known is None or known.counted != seen.counted):
                made[seen.counted].moved.append(asset)
        return made


def fold(
    scans: Sequence[Scan], due: Iterable[Due], inside: Mapping[str, Collection[str]] | None = None
) -> Tally:
    """Put the scans together, in the order they came. `inside`: what trolleys hold that nothing was
    expected of, because their own room is not begun."""
    expected = {one.asset: one for one in due}
    walk = _Walk()
    for scan in scans:
        walk.take(scan)
    for _ in range(_DEEPEST):
        if not _with_trolleys(walk, expected, inside or {}):
            break
    return Tally(
        seen=walk.seen,
        due=expected,
        opened=frozenset(walk.opened),
        lives={a: c for a, c in walk.lives.items() if a in walk.seen and _at(walk, a) == c},
        strange={room: list(found.values()) for room, found in walk.strange.items() if found},
        counters={room: list(who) for room, who in walk.counters.items()},
    )


class _Walk:
    """What the scans so far come to."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.opened: set[str] = set()
        self.lives: dict[str, str] = {}
        self.strange: dict[str, dict[str, Scan]] = defaultdict(dict)
        self.counters: dict[str, dict[str, None]] = defaultdict(dict)

    def take(self, scan: Scan) -> None:
        if scan.kind == "with":
            return
        self.counters[scan.counted][scan.by] = None
        if not scan.asset:
            self._strange(scan)
        elif scan.kind == "seen":
            self._seen(scan)
        elif scan.kind == "gone":
            if scan.asset in self.seen and _at(self, scan.asset) == scan.counted:
                del self.seen[scan.asset]
        elif scan.kind == "open":
            self.opened.add(scan.asset)
        elif scan.kind == "shut":
            self.opened.discard(scan.asset)
        elif scan.kind == "lives":
            self.lives[scan.asset] = scan.counted
        elif scan.kind == "stays":
            self.lives.pop(scan.asset, None)

    def _seen(self, scan: Scan) -> None:
        known = self.seen.get(scan.asset)
        if known is None or known.counted != scan.counted:  # a double scan says nothing new
            self.seen[scan.asset] = Seen(scan.counted, scan.at, scan.by, scan.how)
        self.strange[scan.counted].pop(alike(scan.text), None)

    def _strange(self, scan: Scan) -> None:
        known = self.strange[scan.counted]
        if scan.kind == "gone":
            known.pop(alike(scan.text), None)
        else:
            known.setdefault(alike(scan.text), scan)


def alike(text: str) -> str:
    """How two scanned texts are compared."""
    return " ".join(text.split()).casefold()


def _at(walk: _Walk, asset: str) -> str:
    return walk.seen[asset].counted


def _with_trolleys(
    walk: _Walk, expected: Mapping[str, Due], inside: Mapping[str, Collection[str]]
) -> int:
    """Count what is in trolleys that were seen and that nobody looked into; how many that were."""
    kept_in = {asset: trolley for trolley, assets in inside.items() for asset in assets}
    kept_in |= {asset: due.trolley for asset, due in expected.items()}
    added = {
        asset: msgspec.structs.replace(walk.seen[trolley], trolley=trolley, how="")
        for asset, trolley in kept_in.items()
        if trolley in walk.seen and trolley not in walk.opened and asset not in walk.seen
    }
    walk.seen |= added
    return len(added)


def _sort(room: RoomTally, asset: str, due: Due, seen: Seen | None) -> None:
    if seen is None:
        room.missing.append(asset)
    elif seen.counted == due.counted:
        room.found.append(asset)
    else:
        room.elsewhere.append(asset)
