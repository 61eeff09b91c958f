"""From somebody's signature to a scanner that may ask, and back: the controller's own publishing
and intake, the agent's own rounds, the wire between them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.collect import scoping
from agent.survey import held
from agent.survey.scope import Scope, read
from controller import clock
from controller.intake import scanners
from controller.roots import files
from controller.surveys import credentials, drafting, publishing, standing
from controller.surveys.credentials import Place
from tests.controller.intake.conftest import Controller
from tests.fleet_simulation.hardware import Clock, Hardware, Machine
from tests.fleet_simulation.world import Computer, World, furnish
from wire import roots
from wire.credentials import SnmpV2
from wire.secret import Secret

CANARY = "zwitscher-7f3a"


@dataclass
class School:
    """One controller and one computer that was let in."""

    world: World
    scanner: Computer

    @property
    def controller(self) -> Controller:
        return self.world.controller

    def night(self) -> None:
        self.world.next_night()
        assert self.scanner.night().code == ""

    def use(self) -> str:
        """A scope by the controller's own key; its digest."""
        typed = {
            "scanner": self.scanner.device,
            "authorised_by": "Anna",
            "role": "Head",
            "contact": "01632 960123",
            "subnets": ["10.20.0.0/24"],
        }
        at = self.world.time.at
        made = drafting.scope(self.controller.site, "Europe/London", typed)
        envelope = publishing.sign(self.controller.data, publishing.numbered(made, at))
        row = publishing.take(self.controller.data, envelope, actor="system", at=at)
        return row.envelope_digest

    def stands(self) -> standing.Standing:
        (found,) = standing.standings(
            self.controller.site, self.controller.data, self.world.time.at
        )
        return found


@pytest.fixture
def school(controller: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    """The computer has joined and reported once."""
    monkeypatch.setattr(scanners, "_FRESH_SECONDS", 0.0)
    world = World(controller, tmp_path / "computers", Clock(clock.now()))
    furnish(world, monkeypatch)
    clock.use(lambda: world.time.at)
    machine = Machine(Hardware.new(), world.time)
    scanner = Computer(world, machine, world.folder / "office", "office")
    scanner.enrol()
    made = School(world, scanner)
    made.night()
    return made


def test_a_scanner_has_its_scope_a_night_later_then_its_secrets_and_stops_when_told(
    school: School,
) -> None:
    digest = school.use()
    school.night()
    envelope = scoping.in_force(school.scanner.state)
    assert envelope is not None
    believed = roots.open_held(files.envelope(school.controller.data))
    found = read(envelope, believed, school.scanner.device, school.world.time.at)
    assert isinstance(found, Scope)
    assert found.digest == digest
    assert not school.stands().taken
    school.night()
    assert school.stands().taken
    place = Place(school.controller.site, school.scanner.device, "switches")
    at = school.world.time.at
    opened = SnmpV2(Secret(CANARY))
    credentials.add(school.controller.data, place, opened, actor="system", at=at)
    school.night()
    state = school.scanner.state
    assert held.held(state.key, school.scanner.device) == {"switches": opened}
    for file in (*state.root.rglob("*"), *school.controller.data.rglob("*")):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes()
    row = publishing.newest(school.controller.site, school.scanner.device)
    assert row is not None
    publishing.end(row, actor="system", at=at)
    credentials.remove(school.controller.data, place, actor="system", at=at)
    school.night()
    assert scoping.in_force(state) is None
    assert held.held(state.key, school.scanner.device) == {}
    school.night()
    assert not school.stands().taken
