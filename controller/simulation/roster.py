"""Who is in the invented school: N computers in the shares of `school.toml`, the same for one seed.

Everything about a computer follows from (seed, its number), so that a smaller school is the start
of a larger one and two runs agree byte for byte.
"""

import functools
import random
import tomllib
import uuid
from importlib.resources import files

import msgspec

from checks.host import Platform
from checks.policy import Profile


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sort of computer in the school."""

    id: str
    share: int
    platform: Platform
    profile: Profile
    portable: bool
    make: str
    models: list[str]
    name: str
    disk_gb: int
    memory_gb: int
    years: tuple[int, ...] = (0,)


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something wrong with some computers; `nights` 0 means nobody mends it."""

    id: str
    percent: int
    nights: int
    kinds: list[str]
    built_in: bool = False
    """There from the first night: nobody's computer goes back to an older Windows overnight."""


class School(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of `school.toml`."""

    name: str
    kind: list[Kind]
    fault: list[Fault]
    programs: dict[Platform, list[tuple[str, str, str, bool]]]
    """Name, version, publisher, shipped with the system."""
    extras: dict[str, tuple[str, str, str, str]]
    """By fault: name, version, publisher, file name it runs as."""


class Machine(msgspec.Struct, frozen=True):
    """One invented computer. `faults` maps a fault to the nights (from 0) on which it shows."""

    number: int
    kind: Kind
    name: str
    model: str
    serial: str
    uuid: str
    mac: str
    disk_serial: str
    faults: dict[str, range]

    def has(self, fault: str, night: int) -> bool:
        """Whether the fault shows on this night."""
        return night in self.faults.get(fault, ())

    def random(self, *about: object) -> random.Random:
        """Chance of its own for one matter, always the same."""
        return random.Random(f"{self.serial} {about}")  # noqa: S311  (invention, not secrecy)


@functools.cache
def school() -> School:
    """The school's data, checked."""
    text = (files("controller.simulation") / "school.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), School)


def roster(count: int, nights: int, seed: int) -> list[Machine]:
    """`count` computers of the school, with faults over `nights` nights."""
    plan = school()
    wheel = [kind for kind in plan.kind for _ in range(kind.share)]
    random.Random(seed).shuffle(wheel)  # noqa: S311  (invention, not secrecy)
    numbers: dict[str, int] = {}
    machines = []
    for number in range(count):
        kind = wheel[number % len(wheel)]
        numbers[kind.id] = numbers.get(kind.id, 0) + 1
        machines.append(
            _machine(number, kind, numbers[kind.id], nights=nights, seed=seed, faults=plan.fault)
        )
    return machines


def _machine(
    number: int, kind: Kind, of_kind: int, *, nights: int, seed: int, faults: list[Fault]
) -> Machine:
    chance = random.Random(f"{seed} {number}")  # noqa: S311  (invention, not secrecy)
    return Machine(
        number=number,
        kind=kind,
        name=kind.name.format(number=of_kind, year=kind.years[of_kind % len(kind.years)]),
        model=chance.choice(kind.models),
        serial="".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=8)),
        uuid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        mac="00:1b:21:" + ":".join(f"{chance.randrange(256):02x}" for _ in range(3)),
        disk_serial="S" + "".join(chance.choices("0123456789ABCDEF", k=14)),
        faults={
            fault.id: _nights(chance, fault, nights)
            for fault in faults
            if (not fault.kinds or kind.id in fault.kinds) and chance.randrange(100) < fault.percent
        },
    )


def _nights(chance: random.Random, fault: Fault, nights: int) -> range:
    """Half of the faults are there from the first night, the others appear on a later one."""
    early = chance.random() < 0.5
    start = 0 if early or fault.built_in or nights < 2 else chance.randrange(1, nights)
    return range(start, start + fault.nights if fault.nights else nights + 1)
