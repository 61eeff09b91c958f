"""The schedule waits for a better moment, but not for ever;
a person who asks is never told to wait (S10)."""

import datetime
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from agent import presence
from agent.collect import manners
from agent.collect.manners import INHIBITED, put_off, settle
from agent.collect.quiet import in_quiet_hours
from agent.hosts import running
from agent.hosts.local import LocalHost
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer
from checks.host import RUN_TIMEOUT, Ran
from checks.policy import Policy, Quiet
from tests import needs
from tests.agent.conftest import machine
from tests.agent.simulator import NOW


def laptop(at: int = NOW, *, charge: str = "20", mains: str = "0", scope: str = "") -> RecordedHost:
    host = machine(at)
    leaves = {
        "AC/type": "Mains",
        "AC/online": mains,
        "BAT0/type": "Battery",
        "BAT0/capacity": charge,
        "BAT0/scope": scope,
    }
    power = "/sys/class/power_supply"
    host.recording.answers = [
        Answer(ask=["list", power], gives=["AC", "BAT0"]),
        *(
            Answer(ask=["read", f"{power}/{leaf}"], gives=f"{said}\n")
            for leaf, said in leaves.items()
        ),
    ]
    return RecordedHost(host.recording, strict=False)


def test_a_low_battery_puts_a_round_off(tmp_path: Path) -> None:
    assert "20 %" in put_off(tmp_path, laptop())


@pytest.mark.parametrize(
    "moment",
    [
        laptop(mains="1"),
        laptop(charge="30"),
        laptop(charge="nonsense"),
        laptop(scope="Device"),
        machine(),
    ],
    ids=["charging", "enough", "unreadable", "a mouse's battery", "no battery"],
)
def test_nothing_else_does(tmp_path: Path, moment: RecordedHost) -> None:
    assert put_off(tmp_path, moment) == ""


def test_after_a_day_of_bad_moments_it_looks_anyway(tmp_path: Path) -> None:
    assert put_off(tmp_path, laptop())
    assert put_off(tmp_path, laptop(NOW + 23 * 3_600))
    assert put_off(tmp_path, laptop(NOW + 25 * 3_600)) == ""
    assert put_off(tmp_path, laptop(NOW + 26 * 3_600))


def test_a_clock_set_back_does_not_put_rounds_off_for_ever(tmp_path: Path) -> None:
    assert put_off(tmp_path, laptop())
    assert put_off(tmp_path, laptop(NOW - 10**8)) == ""


SATS = Quiet(
    weekdays=[1, 2, 3, 4],
    begins_minute=9 * 60,
    ends_minute=12 * 60,
    first_day="2027-05-10",
    last_day="2027-05-13",
    why="SATs",
)


def moment(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2027-05-10T09:00:00+01:00", True),
        ("2027-05-10T08:00:00+00:00", True),
        ("2027-05-10T11:59:59+01:00", True),
        ("2027-05-10T12:00:00+01:00", False),
        ("2027-05-10T08:59:59+01:00", False),
        ("2027-05-13T10:00:00+01:00", True),
        ("2027-05-14T10:00:00+01:00", False),
        ("2027-05-17T10:00:00+01:00", False),
    ],
)
def test_quiet_hours_are_the_schools_own_by_the_clock_on_its_wall(at: str, quiet: bool) -> None:
    why = in_quiet_hours([SATS], moment(at))
    assert bool(why) is quiet
    assert not quiet or "SATs" in why


def test_lessons_are_quiet_in_summer_and_in_winter() -> None:
    lessons = Quiet(weekdays=[1, 2, 3, 4, 5], begins_minute=540, ends_minute=930)
    for day, quiet in (("2027-01-11T09:30:00+00:00", True), ("2027-06-14T08:30:00+00:00", True)):
        assert bool(in_quiet_hours([lessons], moment(day))) is quiet
    assert not in_quiet_hours([lessons], moment("2027-01-10T09:30:00+00:00")), "a Sunday"


def test_a_zone_that_nobody_knows_is_read_as_the_computers_own() -> None:
    always = Quiet(
        weekdays=[1, 2, 3, 4, 5, 6, 7], begins_minute=0, ends_minute=1440, timezone="Moon/Base"
    )
    assert in_quiet_hours([always], NOW) == "It is quiet time."


def test_quiet_hours_put_a_round_off_for_a_day_at_most(tmp_path: Path) -> None:
    always = Quiet(weekdays=[1, 2, 3, 4, 5, 6, 7], begins_minute=0, ends_minute=1440)
    policy = Policy(quiet=[always])
    assert put_off(tmp_path, machine(), policy)
    assert put_off(tmp_path, machine(NOW + 25 * 3_600), policy) == ""


def switched_on(seconds: float) -> RecordedHost:
    host = machine()
    host.recording.answers = [Answer(ask=["read", "/proc/uptime"], gives=f"{seconds} 1.0\n")]
    return RecordedHost(host.recording, strict=False)


@pytest.mark.parametrize(
    ("host", "awake_since", "chance", "waited"),
    [
        (switched_on(60), 0, 0.0, 540),
        (switched_on(60), 0, 1.0, 840),
        (switched_on(600), 0, 0.5, 0),
        (switched_on(9_000), NOW - 10, 0.0, 590),
        (switched_on(9_000), NOW - 601, 0.0, 0),
        (switched_on(9_000), NOW + 50, 0.0, 0),
        (machine(), 0, 0.5, 0),
    ],
    ids=["on", "on, jittered", "long on", "woken", "long awake", "clock put back", "cannot look"],
)
def test_a_computer_is_left_to_settle_first(
    host: RecordedHost, awake_since: int, chance: float, waited: float
) -> None:
    slept: list[float] = []
    assert settle(host, awake_since, slept.append, lambda: chance) == waited
    assert sum(slept) == waited


def sample(at: int, up: int, awake: int, boot: str = "one") -> presence.Sample:
    return presence.Sample(boot, at, up, awake, True)


@pytest.mark.parametrize(
    ("now", "woken"),
    [
        (sample(NOW + 500, 1500, 1500), 0),
        (sample(NOW + 500, 1500, 1450), 0),
        (sample(NOW + 40_000, 41_000, 1010), NOW + 40_000),
        (sample(NOW + 40_000, 900, 500, "two"), 0),
    ],
    ids=["awake throughout", "clocks read one after the other", "slept", "another start"],
)
def test_a_lid_that_was_shut_since_the_last_look_counts_as_just_opened(
    tmp_path: Path, now: presence.Sample, woken: int
) -> None:
    assert manners.woken(tmp_path, now) == 0, "no note before"
    presence.keep(tmp_path, sample(NOW, 1000, 1000))
    assert manners.woken(tmp_path, now) == woken
    (tmp_path / presence.NAME).write_bytes(b"{")
    assert manners.woken(tmp_path, now) == 0


def at_a_desk(logon: str, *more: Answer, state: str = "active") -> RecordedHost:
    host = machine()
    listed = ["loginctl", "list-sessions", "-o", "json"]
    shown = ["Id=c1", "User=1000", "Name=maya", "Type=wayland", "Class=user", f"State={state}"]
    host.recording.answers = [
        Answer(ask=["run", *listed], gives=['[{"session":"c1","uid":1000,"user":"maya"}]']),
        Answer(ask=["run", "loginctl", "show-session", "c1"], gives=[*shown, f"Timestamp={logon}"]),
        *more,
    ]
    return RecordedHost(host.recording, strict=False)


def said(number: int, answer: str) -> Answer:
    words = ["busctl", "--user", "--auto-start=no", "--timeout=2", "call", *INHIBITED[number]]
    return Answer(ask=["run_as", "maya", *words], gives=[answer])


LONG_AGO = "Sat 2026-11-21 08:00:00 UTC"


@pytest.mark.parametrize("desktop", range(len(INHIBITED)))
def test_a_presentation_puts_a_round_off(tmp_path: Path, desktop: int) -> None:
    host = at_a_desk(LONG_AGO, said(desktop, "b true"))
    assert "presentation" in put_off(tmp_path, host)


@pytest.mark.parametrize(
    "host",
    [
        at_a_desk(LONG_AGO, said(0, "b false"), said(1, "b false")),
        at_a_desk(LONG_AGO),
        at_a_desk(LONG_AGO, said(0, "b true"), state="online"),
        at_a_desk(LONG_AGO, said(0, 's "b true"')),
    ],
    ids=["nothing keeps the screen on", "the desktop does not say", "somebody else's turn", "junk"],
)
def test_an_ordinary_desk_does_not(tmp_path: Path, host: RecordedHost) -> None:
    assert put_off(tmp_path, host) == ""


def test_signing_in_counts_as_settling_too() -> None:
    logon = datetime.datetime.fromtimestamp(NOW - 100, tz=datetime.UTC)
    slept: list[float] = []
    settle(at_a_desk(f"{logon:%a %Y-%m-%d %H:%M:%S} UTC"), 0, slept.append, lambda: 0.0)
    assert slept == [500]


class Desk(LocalHost):
    """This machine with somebody at a desktop, whose session bus is the test's own."""

    bus = ""

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if as_user is None:
            return at_a_desk(LONG_AGO).run(argv, timeout)
        assert as_user == "maya"
        return running.run(["env", f"DBUS_SESSION_BUS_ADDRESS={self.bus}", *argv], timeout)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A real bus with a made-up GNOME on it, whose screen is kept on."""
    daemon = needs.program("dbus-daemon", package="dbus")
    needs.program("busctl", package="systemd")
    needs.file("/usr/lib/python3/dist-packages/dbusmock/__init__.py", package="python3-dbusmock")
    address = f"unix:path={tmp_path}/bus"
    names = INHIBITED[0][:3]
    environment = {"DBUS_SESSION_BUS_ADDRESS": address, "PATH": os.environ["PATH"]}
    started = [
        subprocess.Popen([daemon, "--session", "--nofork", "--nopidfile", f"--address={address}"]),
    ]
    try:
        _until((tmp_path / "bus").exists)
        mock = ["/usr/bin/python3", "-m", "dbusmock", "--session", *names]
        started.append(subprocess.Popen(mock, env=environment))
        method = ("sssss", names[2], "IsInhibited", "u", "b", "ret = args[0] == 8")
        call = [*("busctl", "--user", "call"), *names[:2], "org.freedesktop.DBus.Mock", "AddMethod"]
        _until(
            lambda: (
                subprocess.run(
                    [*call, *method], env=environment, check=False, capture_output=True
                ).returncode
                == 0
            )
        )
        made = Desk(b"k" * 32)
        made.bus = address
        yield made
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait()


def _until(ready: Callable[[], bool]) -> None:
    for _ in range(500):
        if ready():
            return
        time.sleep(0.02)
    raise AssertionError


def test_a_real_bus_is_asked_as_it_wants_to_be(tmp_path: Path, desk: Desk) -> None:
    assert "presentation" in put_off(tmp_path, desk)
