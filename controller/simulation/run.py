"""Drives an invented school through a controller of its own, night after night.

The clock is driven: the controller of a demonstration folder reads its time from the file `clock`
while the run lasts. The last night ends at the machine's own time, so that afterwards the pages are
as fresh as on a real morning. Nothing is written past the intake but what people do: join codes and
letting computers in.
"""

import datetime
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from checks.policy import Policy, Profile
from controller.data.demo import set_clock
from controller.fleet import services
from controller.policy import publishing
from controller.policy.written import read
from controller.simulation.device import Speaker, wrong_by
from controller.simulation.line import Line
from controller.simulation.roster import Machine
from inventory import queries as register
from wire import first_use
from wire.enrolment import JoinCode

DAY: Final = 86_400
THREADS: Final = 4
ACTOR: Final = "simulation"
JOINING_PACE: Final = 1
"""Seconds of driven time between two computers that join; a code's limit is 60 a minute."""
LEFT_PENDING: Final = 3
"""Computers that nobody has let in yet, so that the waiting page has something to show."""

Progress = Callable[[str, int, int], None]


class Night(msgspec.Struct, frozen=True):
    """What one night brought."""

    heard: int
    silent: int


class Simulation:
    """One invented school against one running controller."""

    def __init__(self, data: Path, port: int, public: bytes, site_id: str) -> None:
        """`public` is the controller's signing key; the controller is already serving `data`."""
        self._data = data
        self._port = port
        self._public = public
        self._site = site_id
        self._lines = threading.local()
        first_use.prepare()  # many computers speak at once, each in a thread

    def join(
        self, machines: Sequence[Machine], seed: int, start: int, progress: Progress
    ) -> list[Speaker]:
        """Let every computer join with the code of its profile, and let all but a few in."""
        policy = self._put_in_force(start)
        codes: dict[Profile, JoinCode] = {}
        speakers = []
        line = self._line()
        for done, machine in enumerate(machines):
            at = start + done * JOINING_PACE
            set_clock(self._data, at)
            profile = machine.kind.profile
            if profile not in codes:
                codes[profile] = self._code(profile, at)
            speaker = Speaker(machine, seed, policy)
            device = line.enrol(speaker, codes[profile], at)
            if done < len(machines) - LEFT_PENDING or len(machines) <= LEFT_PENDING:
                services.approve(device, actor=ACTOR, at=at, reason="invented school")
                speakers.append(speaker)
            progress("joining", done + 1, len(machines))
        return speakers

    def _put_in_force(self, at: int) -> Policy:
        """What the school asks, signed by its controller."""
        policy = policy_of(register.zone_of(self._site))
        rules = publishing.draft(self._site, policy, at)
        publishing.use(self._data, rules, actor=ACTOR, at=at)
        return policy

    def night(self, speakers: Sequence[Speaker], night: int, at: int, progress: Progress) -> Night:
        """One round: every computer that is on reports."""
        set_clock(self._data, at)
        awake = [s for s in speakers if not _is_off(s.machine, night)]
        with ThreadPoolExecutor(THREADS) as pool:
            for done, _ in enumerate(pool.map(lambda s: self._report(s, night, at), awake)):
                progress(f"night {night + 1}", done + 1, len(awake))
        return Night(len(awake), len(speakers) - len(awake))

    def _report(self, speaker: Speaker, night: int, at: int) -> None:
        theirs = at + wrong_by(speaker.machine, night)
        self._line().deliver(speaker, speaker.report(night, theirs))

    def _line(self) -> Line:
        if not hasattr(self._lines, "line"):
            self._lines.line = Line(self._data, self._port, self._public)
        line: Line = self._lines.line
        return line

    def _code(self, profile: Profile, at: int) -> JoinCode:
        made = services.create_join_code(
            site_id=self._site, actor=ACTOR, at=at, label=f"{profile} computers", profile=profile
        )
        return JoinCode.parse(services.code_text(made.id, self._data))


def policy_of(timezone: str) -> Policy:
    """The policy of the invented school."""
    return read(Path(__file__).with_name("policy.toml"), timezone)


def nights_before(now: int, count: int) -> Iterator[tuple[int, int]]:
    """(night, when the round ran) for `count` nights, the last of them a quarter of an hour ago."""
    for night in range(count):
        yield night, now - 900 - (count - 1 - night) * DAY


def day_of(at: int) -> datetime.date:
    """The date a round is filed under."""
    return datetime.datetime.fromtimestamp(at, tz=datetime.UTC).date()


def _is_off(machine: Machine, night: int) -> bool:
    return (
        machine.has("off-tonight", night)
        or (
            # A laptop in the cupboard reported once, long enough ago to be missed.
            machine.has("in-the-cupboard", night) and night > 0
        )
        or (
            # Somebody took Caretaker off: that night's report was the last.
            night in machine.faults.get("taken-off", range(0))[1:]
        )
    )
