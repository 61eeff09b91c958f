"""Every state that a few media and people can reach: no accepted step breaks an invariant (§5.5).

The properties judge by what events said, not by what the machine holds; see `holding`.
"""

import functools

import pytest

from inventory.disposal.states import STATES
from tests.inventory.disposal.exploring import Found, Scene, explore
from tests.inventory.disposal.holding import PROPERTIES
from tests.inventory.disposal.scenes import scenes


@functools.cache
def _found(name: str) -> Found:
    return explore(next(scene for scene in scenes() if scene.name == name))


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_no_step_that_is_accepted_breaks_an_invariant(scene: Scene) -> None:
    assert _found(scene.name).broken == frozenset()


def test_every_state_is_reached_and_many_situations_are() -> None:
    found = [_found(scene.name) for scene in scenes()]
    seen = frozenset[str]().union(*(one.seen for one in found))
    assert set(STATES) <= seen
    assert sum(one.states for one in found) > 2_000
    assert sum(one.edges for one in found) > 5_000


def test_every_invariant_that_a_fold_can_hold_has_a_property() -> None:
    restated = {name.split()[0] for name, _, _ in PROPERTIES}
    # I11 is what happens after the end, and is the ghosts' to tell; I1 to I16 otherwise.
    assert restated == {f"I{number}" for number in range(1, 17)} - {"I11"}
