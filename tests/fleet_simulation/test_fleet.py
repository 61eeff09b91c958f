"""A whole school for a week: clones, wrong clocks, set-back disks, a thief of one key and an
insider who edits the database. The register is right at the end, and nobody innocent is accused.

`FLEET_SIZE=1000` makes it as large as trust §4.7 asks; `make test` runs a small school.
"""

import os
import random
from dataclasses import dataclass, field

from agent import keyfile
from agent.collect import binding
from controller.fleet.forks import shown
from controller.fleet.models import Device, Fork
from inventory.ledger import log
from inventory.ledger.models import Event, Line
from tests.controller.intake.machine import Machine as Forger
from tests.fleet_simulation.hardware import Hardware
from tests.fleet_simulation.world import Computer, World
from wire import dsse

SIZE = int(os.environ.get("FLEET_SIZE", "24"))
CLONES, WRONG_CLOCKS, ROLLBACKS = 0.30, 0.05, 0.03
YEAR = 366 * 86_400
SKEWS = (-56 * YEAR, -YEAR, 90 * 60, 10 * YEAR)


@dataclass
class School:
    """Who is who; `innocent` are all computers but the one whose key was stolen."""

    world: World
    chance: random.Random
    masters: list[Computer] = field(default_factory=list)
    clones: list[Computer] = field(default_factory=list)
    set_back: list[Computer] = field(default_factory=list)
    blind: set[str] = field(default_factory=set)

    def computers(self) -> list[Computer]:
        """All of them, in the order they wake up tonight."""
        found = [*self.masters, *self.clones]
        self.chance.shuffle(found)
        return found

    def night(self) -> None:
        """Everybody reports; whoever asks to come in is let in the next morning."""
        self.world.next_night()
        for computer in self.computers():
            computer.night()
        for device in Device.objects.filter(state="pending"):
            asks = next(one for one in self.computers() if one.device == device.id)
            self.world.let_in(asks)


def founded(world: World) -> School:
    """A school whose clones were just switched on for the first time."""
    school = School(world, random.Random(2026))
    n_clones = round(SIZE * CLONES)
    for _ in range(SIZE - n_clones):
        school.masters.append(world.computer())
        school.masters[-1].enrol()
    for _ in range(2):
        school.night()
    images = [master.snapshot() for master in school.masters[: max(1, n_clones // 29)]]
    for n in range(n_clones):
        image = images[n % len(images)]
        clone = world.computer(Hardware.new(), f"clone-{n}", image)
        school.clones.append(clone)
        if n % 5 == 0:  # one in five cannot tell itself: the controller has to
            (clone.state.key / "binding.json").unlink()
            school.blind.add(clone.name)
    for computer in school.chance.sample(school.masters, max(1, round(SIZE * WRONG_CLOCKS))):
        computer.machine.skew = school.chance.choice(SKEWS)
    school.set_back = school.masters[-max(2, round(SIZE * ROLLBACKS)) :]
    return school


def thief_of(victim: Computer) -> Forger:
    """Somebody with a copy of one computer's key, who sends what he likes."""
    key = keyfile.load(victim.state.key)
    assert key is not None
    return Forger(victim.world.controller.door, key=key, device=victim.device)


def lies_for_others(thief: Forger, others: list[Computer]) -> None:
    """The stolen key speaks for no other computer."""
    for other in others:
        draft = thief.draft(device=other.device, seq=9_999, prev=dsse.digest(b"a lie"))
        assert thief.door.post(thief.sign(draft, advance=False)).problem.code == "unknown_key"


def lies_for_the_victim(thief: Forger, victim: Computer) -> str:
    """He forks, is told the head, and goes on from there in the victim's name."""
    bound = binding.digest(binding.factors(victim.machine))
    draft = thief.draft(seq=2, prev=dsse.digest(b"stale"), binding=bound)
    told = thief.door.post(thief.sign(draft, advance=False)).problem
    if told.code == "rolled_back" and told.head is not None:
        thief.seq, thief.prev = told.head.seq, told.head.hash
        thief.door.post(thief.sign(thief.draft(binding=bound)))
    return told.code


def test_the_register_is_right_and_nobody_innocent_is_accused(world: World) -> None:
    school = founded(world)
    victim = school.masters[3]
    thief = thief_of(victim)
    snapshots = {computer.name: computer.snapshot() for computer in school.set_back}
    codes = []
    for night in range(5):
        school.night()
        if night == 2:
            for computer in school.set_back:
                computer.restore(snapshots[computer.name])
        lies_for_others(thief, [one for one in school.masters if one is not victim][:20])
        codes.append(lies_for_the_victim(thief, victim))
    assert codes[-1] == "fork"

    everybody = school.computers()
    devices = {device.id: device for device in Device.objects.all()}
    assert len(devices) == len(everybody) == len({one.device for one in everybody})
    assert {device.state for device in devices.values()} == {"active"}
    for computer in everybody:
        marks = devices[computer.device].factors
        assert marks["serial"] == [computer.machine.hardware.board]
    assert world.lost() == set()
    nights_are_under_their_own_names(school, victim)

    accused = {alarm.id for alarm in shown.alarms(Device.objects.all())}
    assert accused == {victim.device}
    of_set_back = Fork.objects.filter(device__in=[one.device for one in school.set_back])
    assert {fork.answer for fork in of_set_back} == {"rolled_back"}
    insider_is_seen(school)


def nights_are_under_their_own_names(school: School, victim: Computer) -> None:
    """Only the victim's are mixed; and a copy that cannot tell itself, and wakes before the
    original, has one report in the original's chain before it is told."""
    name_of = {one.device: one.name for one in school.computers()}
    strays = [
        (device, made)
        for nonce, device in school.world.arrived().items()
        if device != victim.device and (made := school.world.signed[nonce]) != name_of[device]
    ]
    assert {made for _, made in strays} <= school.blind
    assert len({device for device, _ in strays}) == len(strays)


def insider_is_seen(school: School) -> None:
    """Somebody with the database changes one line of the log: the computers' own reports say so,
    and say nothing against a computer."""
    before = shown.alarms(Device.objects.all())
    assert not Event.objects.filter(verb="log.contradicted").exists()
    site = school.world.controller.site
    size = log.extent(site).size
    # What lies before a waypoint is not read again for each report, only by who verifies it all.
    lines = Line.objects.filter(idx__gte=max(size - SIZE // 2, size - size % log.STRIDE))
    row = lines.filter(text__startswith="report").order_by("idx").first()
    assert row is not None
    Line.objects.filter(site_id=row.site_id, idx=row.idx).update(digest=b"\x00" * 32)
    forget_roots(school.world)
    school.night()
    told = Event.objects.filter(verb="log.contradicted")
    assert {event.subject for event in told} == {site}
    assert shown.alarms(Device.objects.all()) == before


def forget_roots(world: World) -> None:
    """As after the next start of the controller: what it remembers of the log is read again."""
    witness = world.controller.room._store.witness
    witness._roots.clear()
