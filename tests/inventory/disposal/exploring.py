"""Every state that some steps can reach, breadth first, each accepted step held against the
properties of `holding` (spec §5.5).

States are told apart by what the machine holds and by what events said. Number and time stand
still, so that the same situation is one state however long the way to it was; a wipe made in a
scene therefore has the number `NEXT`, and any other number stands for an older wipe.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from inventory.disposal.events import Event
from inventory.disposal.guards.table import TABLE, Table
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.reducing import apply
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules, default
from tests.inventory.disposal import holding
from tests.inventory.disposal.telling import START, Story, step
from tests.inventory.disposal.watching import Ghost, follow, state_of

NEXT: Final = 41
"""The number of every step of a scene."""
T: Final = START + 100_000
"""The time of every step of a scene."""

ANY: Final = "any"
_ENCODER: Final = msgspec.msgpack.Encoder(order="sorted")


class Scene(NamedTuple):
    """Where it begins, and the steps that are tried in every state."""

    name: str
    now: Now
    ghost: Ghost
    rules: Rules
    steps: tuple[Event, ...]


class Found(NamedTuple):
    """What exploring a scene found."""

    states: int
    edges: int
    seen: frozenset[str]
    """States of the machine."""
    broken: frozenset[str]
    """Names of properties."""


def pinned(now: Now) -> Now:
    """A state with number and time standing still."""
    at = T if now.state else 0
    return msgspec.structs.replace(now, seq=NEXT - 1, at=at, seen_again=0)


class Stage:
    """Makes a scene from a story that was told so far."""

    def __init__(self, name: str, story: Story | None = None, rules: Rules | None = None) -> None:
        """Begins after the story, or before anything happened."""
        self.name = name
        self.rules = story.rules if story else rules or default()
        self.now = pinned(story.now) if story else pinned(NOTHING)
        self.ghost = Ghost()
        for event in story.history if story else ():
            self.ghost = follow(self.ghost, event)
        self.ghost.seq, self.ghost.at = NEXT - 1, self.now.at
        self.steps: list[Event] = []

    def tries(self, tag: str, /, **said: Any) -> "Stage":
        """One more step that is tried in every state."""
        said = {"seq": NEXT, "at": T, **said}
        self.steps.append(step(self.now, tag, self.rules, **said))
        return self

    def scene(self) -> Scene:
        """The scene as it is now."""
        return Scene(self.name, self.now, self.ghost, self.rules, tuple(self.steps))


def accepted(scene: Scene, table: Table = TABLE) -> Iterator[tuple[Now, Ghost, Event, Now, Ghost]]:
    """Every step that is accepted in any state that can be reached, once."""
    seen = {_key(scene.now, scene.ghost)}
    level = [(scene.now, scene.ghost)]
    while level:
        coming = []
        for now, ghost in level:
            for event in scene.steps:
                try:
                    after = pinned(apply(now, event, scene.rules, table))
                except Refused:
                    continue
                told = follow(ghost, event)
                told.seq, told.at = NEXT - 1, T
                yield now, ghost, event, after, told
                key = _key(after, told)
                if key not in seen:
                    seen.add(key)
                    coming.append((after, told))
        level = coming


def explore(scene: Scene, table: Table = TABLE, *, until: str = "") -> Found:
    """All of a scene, or up to the first step that breaks the property named `until`; `ANY` is
    whichever comes first."""
    states, edges = {str(scene.now.state)}, 0
    broken: set[str] = set()
    keys = {_key(scene.now, scene.ghost)}
    for _, ghost, event, after, told in accepted(scene, table):
        edges += 1
        broken.update(holding.broken(ghost, event, scene.rules))
        if after.state not in state_of(told, scene.rules):
            broken.add("I1 state as told")
        if until in broken or (until == ANY and broken):
            break
        states.add(str(after.state))
        keys.add(_key(after, told))
    return Found(len(keys), edges, frozenset(states), frozenset(broken))


def _key(now: Now, ghost: Ghost) -> bytes:
    return _ENCODER.encode((now, ghost))
