"""A copy that dies on its way to an identity of its own, at every third step, gets there all the
same.
"""

import itertools
from collections.abc import Callable

import pytest

from controller.fleet.models import Device
from tests.fleet_simulation.hardware import Hardware
from tests.fleet_simulation.world import World


class KilledError(BaseException):
    """The power went."""


def killer(steps: int) -> Callable[[str], None]:
    """Stands for `files.step`: lets so many pass."""
    left = iter(range(steps))

    def step(_: str) -> None:
        if next(left, None) is None:
            raise KilledError

    return step


def test_killed_anywhere_on_the_way_to_an_identity_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = world.enrolled(nights=1)
    world.next_night()
    for at in itertools.count(0, 3):
        copy = original.copy_of_disk(Hardware.new(), f"copy-{at}")
        monkeypatch.setattr("agent.files.step", killer(at))
        try:
            copy.night()
            whole = True
        except KilledError:
            whole = False
        monkeypatch.setattr("agent.files.step", lambda _: None)
        if whole:
            break
        assert copy.night().code == "pending", at
        assert Device.objects.get(id=copy.device).was == original.device
        assert Device.objects.filter(was=original.device).count() == at // 3 + 1
        assert not (copy.state.root / "newcomer.json").exists()
        Device.objects.filter(id=copy.device).update(state="active")
        assert copy.night().code == "", at
    assert at > 20
    assert world.lost() == set()
