"""A school of computers and their controller in one process: the agent's real rounds on made-up
hardware, the controller's real intake, real signatures; only the wires between them are short.
"""

import argparse
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from agent import spool
from agent.collect.budget import Sections
from agent.collect.looking import Look
from agent.commands import run
from agent.deliver.answers import Answer
from agent.enrolling import enrol_machine
from agent.state import State
from checks.catalogue import catalogue
from checks.host import Host
from checks.judging import Device as About
from checks.locking.facts import LockingFacts
from checks.policy import DEFAULT_POLICY
from checks.unseen import Unseen
from controller import clock
from controller.fleet import packed, services
from controller.fleet.models import Device, Report
from tests.controller.intake.conftest import Controller
from tests.fleet_simulation.hardware import Clock, Hardware, Machine
from wire import dsse, types
from wire.join_code import JoinCode

DAY = 86_400
PATCHED = ("upload", "enrol", "joining", "news", "asking")
"""Where the agent opens connections."""
_HERE = argparse.Namespace(part=None, scheduled=False, trust=None, policy=None)
_number = itertools.count(1)


class Nonce(msgspec.Struct):
    """A report of which only this is looked at."""

    nonce: str
    binding: str


@dataclass
class Computer:
    """One physical computer: hardware, and a disk with the agent's state."""

    world: "World"
    machine: Machine
    data: Path
    name: str
    done: run.Done = field(default_factory=run.Done)

    @property
    def state(self) -> State:
        """Its agent's folder."""
        return State(self.data)

    @property
    def device(self) -> str:
        """Who it is to the controller; "" while it is nobody."""
        identity = self.state.identity()
        return identity.device if identity else ""

    def night(self) -> run.Done:
        """One round of the agent, as `caretaker-agent run` makes it."""
        self.machine.boot = f"{self.name}-{next(_number)}"
        self.done = run.Done()
        run._collect(_HERE, self.state, self.machine, self.done, 0.0)
        self._note_signed()
        run._deliver(_HERE, self.state, self.machine, self.done)
        self._note_signed()
        return self.done

    def enrol(self) -> str:
        """Join with a code, and be let in."""
        self.state.prepare()
        enrol_machine(self.state, self.machine, self.world.url, self.world.code())
        services.approve(self.device, actor="system", at=self.world.time.at)
        return self.device

    def copy_of_disk(self, hardware: Hardware, name: str = "") -> "Computer":
        """Another computer with a copy of this one's disk."""
        return self.world.computer(hardware, name or f"{self.name}-copy", self.data)

    def snapshot(self) -> Path:
        """A copy of the disk, kept for later."""
        kept = self.world.folder / f"snapshot-{next(_number)}"
        shutil.copytree(self.data, kept)
        return kept

    def restore(self, snapshot: Path) -> None:
        """Set the disk back."""
        shutil.rmtree(self.data)
        shutil.copytree(snapshot, self.data)

    def _note_signed(self) -> None:
        """Remember what was signed here, whatever becomes of it."""
        for folder in (self.state.spool, self.state.kept):
            for entry in spool.entries(folder):
                payload = dsse.parse(entry.envelope()).payload
                said = msgspec.json.decode(payload, type=Nonce)
                if said.binding in self.bindings():
                    self.world.signed.setdefault(said.nonce, self.name)

    def bindings(self) -> set[str]:
        """How its hardware names itself in reports."""
        from agent.collect import binding

        return {binding.digest(binding.factors(self.machine))}


@dataclass
class World:
    """The school."""

    controller: Controller
    folder: Path
    time: Clock
    url: str = "https://controller.test:8443"
    signed: dict[str, str] = field(default_factory=dict)
    """Nonce of each report ever signed → name of the computer that made it."""
    down: bool = False

    def computer(
        self, hardware: Hardware | None = None, name: str = "", disk: Path | None = None
    ) -> Computer:
        """A computer, its disk empty or a copy."""
        name = name or f"pc-{next(_number)}"
        data = self.folder / name
        if disk is not None:
            shutil.copytree(disk, data)
        return Computer(self, Machine(hardware or Hardware.new(), self.time), data, name)

    def enrolled(
        self, hardware: Hardware | None = None, name: str = "", nights: int = 1
    ) -> Computer:
        """A computer that was let in and has reported."""
        made = self.computer(hardware, name)
        made.enrol()
        for _ in range(nights):
            self.next_night()
            assert made.night().code == ""
        return made

    def code(self) -> JoinCode:
        """A join code."""
        return self.controller.code()

    def next_night(self) -> None:
        """A day passes."""
        self.time.at += DAY

    def arrived(self) -> dict[str, str]:
        """Nonce of each report the controller holds → the device it holds it of."""
        rows = Report.objects.values_list("envelope", "device_id")
        return {
            msgspec.json.decode(packed.payload(bytes(row)), type=Nonce).nonce: device
            for row, device in rows
        }

    def lost(self) -> set[str]:
        """Reports that were signed and are neither at the controller nor waiting anywhere."""
        waiting = set()
        for path in self.folder.glob("*/agent/*/*/envelope.json"):
            if path.parts[-3] in ("spool", "kept"):
                payload = dsse.parse(path.read_bytes()).payload
                waiting.add(msgspec.json.decode(payload, type=Nonce).nonce)
        return self.signed.keys() - self.arrived().keys() - waiting

    def let_in(self, computer: Computer) -> None:
        """A person compared the words."""
        services.approve(computer.device, actor="user_1", at=self.time.at)

    def whose(self) -> dict[str, str]:
        """Device → name of the one computer whose reports it holds; fails if there are two."""
        found: dict[str, set[str]] = {}
        for nonce, device in self.arrived().items():
            found.setdefault(device, set()).add(self.signed[nonce])
        assert all(len(names) == 1 for names in found.values()), found
        return {device: names.pop() for device, names in found.items()}

    def controller_forgets(self, device: str, *, after: int) -> None:
        """As after a restore of an old back-up: reports later than `after` never were."""
        rows = Report.objects.filter(device_id=device)
        rows.filter(seq__gt=after).delete()
        public = bytes(Device.objects.get(id=device).public_key)
        last = packed.envelope(bytes(rows.get(seq=after).envelope), types.REPORT, public)
        Device.objects.filter(id=device).update(head_seq=after, head_hash=dsse.digest(last))

    def states(self) -> dict[str, str]:
        """Device → state."""
        return dict(Device.objects.values_list("id", "state"))


def connection_of(world: World) -> type:
    """The class that stands for the agent's HTTPS connection."""

    class Line:
        """A very short wire."""

        def __init__(self, address: str, trust: str, pins: list[str]) -> None:
            self.address = address

        def get(self, path: str) -> Answer:
            return self._ask("GET", path, b"", {})

        def post(self, path: str, body: bytes, *, packed: bool) -> Answer:
            kind = types.PACKED_TYPE if packed else types.CONTENT_TYPE
            return self._ask("POST", path, body, {"content_type": kind})

        def put(self, path: str, body: bytes, device: str) -> Answer:
            headers = {"caretaker_device": device, "content_encoding": "gzip"}
            return self._ask("PUT", path, body, headers)

        def close(self) -> None:
            """Nothing is open."""

        def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
            from agent.deliver.answers import DeliveryError

            if world.down:
                raise DeliveryError("controller_down", "The controller does not answer.")
            reply = world.controller.door.ask(method, path, body, **headers)
            kind = reply.headers.get("Content-Type", "")
            return Answer(reply.status, kind, reply.body, self.address)

    return Line


def a_look(host: Host, *_: object, **__: object) -> Look:
    """What a computer of which nothing can be seen finds; quick, because there are thousands."""
    sections: Sections = {LockingFacts: Unseen("denied")}
    about = About(host.platform)
    return Look(host.clock(), sections, [], DEFAULT_POLICY, catalogue(), about)


def furnish(world: World, patch: pytest.MonkeyPatch) -> None:
    """Put the short wires and the quick look in place."""
    line = connection_of(world)
    for name in PATCHED:
        patch.setattr(f"agent.deliver.{name}.Connection", line)
    patch.setattr("agent.collect.round.look", a_look)
    patch.setattr("agent.commands.run._tell", lambda *_: None)
    patch.setattr("os.fsync", lambda _: None)  # what a power cut does has tests of its own


def living(world: World) -> Iterator[World]:
    """While the controller's clock is the world's."""
    clock.use(lambda: world.time.at)
    yield world
    clock.use(None)
