"""Where the boxes and lines of the network map go: a tree that grows to the right. Pure.

The root is the router, or whatever has most cables; what nobody saw a cable of stands apart, for
no cable seen is not the same as no cable. A school's network is a tree in all but name: a cable
that closes a ring is named in the box instead of drawn across others.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal

import msgspec

ROW: Final = 64
BOX_HEIGHT: Final = 48
BOX_WIDTH: Final = 252
INDENT: Final = 40
MARGIN: Final = 8
GAP: Final = 28
"""Between what is joined and what stands apart."""
_TEXT: Final = 30
"""Characters of a line that fit a box."""
_FIRST: Final = ("router", "firewall", "switch", "wireless-controller")

Tone = Literal["good", "warn", "bad", "blind", "plain"]


class Thing(msgspec.Struct, frozen=True):
    """One device as the map shows it. `below`: a line in small letters."""

    id: str
    label: str
    kind: str
    below: str = ""
    tone: Tone = "plain"


class Cable(msgspec.Struct, frozen=True):
    """Between two devices; `port`: the name of the first one's port."""

    one: str
    other: str
    port: str = ""


class Box(msgspec.Struct, frozen=True):
    """A device in its place; `rings`: others it is joined to beyond the tree."""

    thing: Thing
    x: int
    y: int
    text: str
    below: str
    rings: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A cable: down from the one and across to the other, with the port's name over it."""

    x: int
    top: int
    bottom: int
    to: int
    port: str


class Drawing(msgspec.Struct, frozen=True):
    """All of it, in pixels. `apart`: the height below which stands what was seen with no cable."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    apart: int | None


def drawn(things: Sequence[Thing], cables: Iterable[Cable]) -> Drawing:
    """The map of a school: every thing stands in it once."""
    known = {one.id: one for one in things}
    near = _near(known, cables)
    joined = [thing for thing in things if near.get(thing.id)]
    alone = [thing for thing in things if not near.get(thing.id)]
    pen = _Pen(known, near)
    left = {thing.id for thing in joined}
    while left:
        pen.tree(_root([known[one] for one in left], near))
        left -= pen.placed
    apart = None
    if alone:
        if joined:
            apart = pen.next_y + GAP // 2
            pen.next_y += GAP
        for thing in sorted(alone, key=_order):
            pen.put(thing, 0)
    return pen.done(apart)


class _Pen:
    """Puts one row below the other."""

    def __init__(self, known: dict[str, Thing], near: dict[str, dict[str, str]]) -> None:
        """An empty sheet."""
        self.known, self.near = known, near
        self.next_y, self.placed = MARGIN, set[str]()
        self.boxes: list[Box] = []
        self.lines: list[Line] = []

    def tree(self, root: Thing) -> None:
        """A device and all that is joined to it, nearest first, so that a ring is cut at its far
        end; depth first on paper, so that no two lines cross."""
        below = _spread(root.id, self.near)
        waiting: list[tuple[Thing, int, Box | None]] = [(root, 0, None)]
        while waiting:
            thing, depth, parent = waiting.pop()
            box = self.put(thing, depth, self._rings(thing.id, below))
            if parent is not None:
                self._join(parent, box)
            children = sorted((self.known[one] for one in below[thing.id]), key=_order)
            waiting += [(child, depth + 1, box) for child in reversed(children)]

    def put(self, thing: Thing, depth: int, rings: tuple[str, ...] = ()) -> Box:
        """The next row."""
        x = MARGIN + depth * INDENT
        box = Box(thing, x, self.next_y, _short(thing.label), _short(thing.below, 6), rings)
        self.boxes.append(box)
        self.placed.add(thing.id)
        self.next_y += ROW
        return box

    def done(self, apart: int | None) -> Drawing:
        """What was drawn."""
        width = max((box.x for box in self.boxes), default=0) + BOX_WIDTH + MARGIN
        height = self.next_y - (ROW - BOX_HEIGHT) + MARGIN if self.boxes else 2 * MARGIN
        return Drawing(width, height, tuple(self.boxes), tuple(self.lines), apart)

    def _join(self, parent: Box, child: Box) -> None:
        x = parent.x + INDENT // 2
        line = Line(
            x=x,
            top=parent.y + BOX_HEIGHT,
            bottom=child.y + BOX_HEIGHT // 2,
            to=child.x,
            port=self.near[parent.thing.id].get(child.thing.id, ""),
        )
        self.lines.append(line)

    def _rings(self, at: str, below: dict[str, list[str]]) -> tuple[str, ...]:
        drawn_to = {*below[at], *(one for one, children in below.items() if at in children)}
        return tuple(self.known[one].label for one in sorted(self.near[at]) if one not in drawn_to)


def _near(known: Collection[str], cables: Iterable[Cable]) -> dict[str, dict[str, str]]:
    """Device → its neighbours → its own port; both ends may tell of one cable."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for cable in cables:
        if cable.one != cable.other and cable.one in known and cable.other in known:
            found[cable.one][cable.other] = cable.port or found[cable.one].get(cable.other, "")
            found[cable.other].setdefault(cable.one, "")
    return found


def _spread(root: str, near: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Device → those below it, breadth first."""
    below: dict[str, list[str]] = {root: []}
    waiting = deque([root])
    while waiting:
        at = waiting.popleft()
        for one in sorted(near[at]):
            if one not in below:
                below[one] = []
                below[at].append(one)
                waiting.append(one)
    return below


def _root(things: Sequence[Thing], near: dict[str, dict[str, str]]) -> Thing:
    def rank(thing: Thing) -> tuple[int, int, str]:
        known = thing.kind in _FIRST
        first = _FIRST.index(thing.kind) if known else len(_FIRST)
        return first, -len(near[thing.id]), thing.id

    return min(things, key=rank)


def _order(thing: Thing) -> tuple[int, str, str]:
    """Switches before what hangs off them, then by name."""
    first = _FIRST.index(thing.kind) if thing.kind in _FIRST else len(_FIRST)
    return first, thing.label.casefold(), thing.id


def _short(text: str, more: int = 0) -> str:
    most = _TEXT + more
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
