"""A school on real intake."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller import keyfiles
from controller.data import datafolder
from tests.controller.intake.conftest import InlineWriter, build
from tests.controller.intake.machine import NOW
from tests.fleet_simulation.hardware import Clock
from tests.fleet_simulation.world import World, furnish, living


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An empty school."""
    data = tmp_path / "controller"
    datafolder.prepare(data)
    keyfiles.make_keys(data)
    made = World(build(data, InlineWriter), tmp_path / "computers", Clock(NOW))
    furnish(made, monkeypatch)
    yield from living(made)
