"""Filtering's readers: what a policy names is found by whatever name it has, and a pupil's file of
the same name is not it."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.state import State
from checks.filtering import linux, macos, programs, windows
from checks.filtering.facts import Agent, FilteringFacts
from checks.filtering.programs import Service, found
from checks.host import CannotLook, Host, Process, Processes, WmiRows
from checks.policy import Ask, Policy
from checks.unseen import Maybe, Unseen
from tests.checks.rooted import RootedHost
from tests.checks.windows_host import WindowsHost

EVERYBODYS = "/tmp"  # noqa: S108  (that anybody may write there is the point)
DENIED = Unseen("denied")
INIT = Process(1, "systemd", "/usr/lib/systemd/systemd", "u")
UNITS = "/usr/lib/systemd/system"


def names(*agents: str) -> Policy:
    return Policy(decisions=[Ask("monitor-agent", "agents", [*agents], "DSL")])


def running(name: str, exe: str | None) -> Process:
    return Process(4711, name, exe, "u")


def shown(agents: Maybe[list[Agent]]) -> list[tuple[str, Maybe[bool], Maybe[bool]]]:
    assert not isinstance(agents, Unseen)
    return [(agent.asked, agent.installed, agent.running) for agent in agents]


@pytest.mark.parametrize("name", ["ExampleFilter", "examplefilter", "example*", "EXAMPLE?ilter"])
def test_case_and_stars_are_understood(name: str) -> None:
    (agent,) = found(
        [name], [], [running("ExampleFilter.exe", r"C:\Program Files\E\ExampleFilter.exe")]
    )
    assert (agent.installed, agent.running) == (True, True)


@pytest.mark.parametrize(
    ("name", "exe"),
    [
        ("veyon-service", "/usr/bin/veyon-service"),
        ("a-name-longer-t", "/opt/x/a-name-longer-than-the-kernel-keeps"),
        ("client32.exe", r"C:\Program Files (x86)\NetSupport\client32.exe"),
        ("io.veyon.server", None),
    ],
)
def test_a_program_is_known_by_its_name_or_its_file(name: str, exe: str | None) -> None:
    asked = ["veyon", "netsupport", "a-name-longer-than-*"]
    agents = found(asked, [], [running(name, exe)])
    assert [agent.running for agent in agents].count(True) == 1


@pytest.mark.parametrize(
    "exe",
    [
        *("/home/maya/veyon-service", f"{EVERYBODYS}/x/veyon-service"),
        *(r"C:\Users\maya\Downloads\veyon-service.exe", "/Users/maya/veyon-service"),
        *("/media/maya/STICK/veyon-service", "/run/user/1000/veyon-service"),
        *("/Volumes/STICK/veyon-service", "/private/tmp/veyon-service"),
    ],
)
def test_a_file_of_a_pupils_own_with_the_right_name_is_not_it(exe: str) -> None:
    (agent,) = found(["veyon"], [], [running("veyon-service", exe)])
    assert (agent.installed, agent.running) == (False, False)


@pytest.mark.parametrize(
    "exe",
    [
        *("/usr/bin/python3.11", "/usr/bin/passwd", "/veyon-service", "/data/veyon-service"),
        *(r"D:\veyon-service.exe", r"C:\ProgramData\x\veyon-service.exe"),
    ],
)
def test_a_name_that_anybody_could_have_given_proves_nothing(exe: str) -> None:
    (agent,) = found(["veyon"], [], [running("veyon-service", exe)])
    assert isinstance(agent.running, Unseen)
    (agent,) = found(["veyon"], [Service(("veyon-service",), True)], [running("veyon", exe)])
    assert agent.running is True


def test_a_program_whose_file_was_replaced_while_it_runs_is_still_it() -> None:
    (agent,) = found(["veyon"], [], [running("veyon-service", "/usr/bin/veyon-service (deleted)")])
    assert agent.running is True


@pytest.mark.parametrize(
    ("services", "processes", "installed", "runs"),
    [
        ([], [], False, False),
        ([Service(("veyonservice",), False)], [], True, False),
        ([Service(("veyonservice",), True)], [], True, True),
        ([Service(("veyonservice",), True)], DENIED, True, True),
        ([Service(("veyonservice",), False)], DENIED, True, DENIED),
        ([Service(("veyonservice",), DENIED)], [], True, DENIED),
        ([], DENIED, DENIED, DENIED),
        (DENIED, [], DENIED, DENIED),
        (DENIED, [running("veyon-service", "/usr/bin/veyon-service")], True, True),
        (DENIED, DENIED, DENIED, DENIED),
    ],
)
def test_what_was_not_seen_is_neither_there_nor_missing(
    services: Maybe[list[Service]],
    processes: Maybe[Processes],
    installed: Maybe[bool],
    runs: Maybe[bool],
) -> None:
    (agent,) = found(["veyon"], services, processes)
    for seen, wanted in ((agent.installed, installed), (agent.running, runs)):
        assert isinstance(seen, Unseen) == isinstance(wanted, Unseen)
        assert isinstance(seen, Unseen) or seen is wanted


class Linux(RootedHost):
    seen: Processes | None = None

    def processes(self) -> Processes:
        if self.seen is None:
            raise CannotLook("denied")
        return self.seen


@pytest.fixture
def debian(tmp_path: Path) -> Linux:
    host = Linux(tmp_path)
    host.seen = [INIT]
    host.put(f"{UNITS}/filterd.service", "[Service]\nExecStart=/opt/f/agentd\n", 0o644)
    host.put(f"{UNITS}/filterd.timer", "", 0o644)
    return host


GROUP = "/sys/fs/cgroup/system.slice/filterd.service/cgroup.events"


@pytest.mark.parametrize(
    ("events", "runs"),
    [
        ("populated 1\nfrozen 0\n", True),
        ("populated 0\nfrozen 0\n", False),
        ("", False),
        (None, False),
    ],
)
def test_a_service_of_systemd_runs_while_its_control_group_holds_something(
    debian: Linux, events: str | None, runs: bool
) -> None:
    if events is not None:
        debian.put(GROUP, events)
    facts = linux.read(debian, names("filterd"))
    assert shown(facts.agents) == [("filterd", True, runs)]


def test_hidden_programs_are_denied_and_a_running_service_is_seen_all_the_same(
    debian: Linux,
) -> None:
    debian.seen = [Process(900, "bash", "/usr/bin/bash", "u")]
    (agent,) = shown(linux.read(debian, names("filterd")).agents)
    assert isinstance(agent[2], Unseen)
    debian.put(GROUP, "populated 1\n")
    assert shown(linux.read(debian, names("filterd")).agents) == [("filterd", True, True)]
    debian.seen = None
    assert shown(linux.read(debian, names("filterd")).agents) == [("filterd", True, True)]


def test_only_services_that_could_be_meant_are_asked_about(debian: Linux) -> None:
    for number in range(50):
        debian.put(f"{UNITS}/other{number}.service", "", 0o644)
    asked: list[str] = []
    plain = debian.read

    def noting(path: str, limit: int = 0) -> bytes | None:
        asked.append(path)
        return plain(path, limit)

    debian.read = noting  # type: ignore[method-assign]  # listens in
    linux.read(debian, names("filterd", "nothing"))
    assert asked == [GROUP]


class Unasked:
    """A host that nobody may ask anything."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


@pytest.mark.parametrize("reader", [linux, windows, macos], ids=["linux", "windows", "macos"])
def test_a_policy_that_names_nothing_has_nothing_read(reader: object) -> None:
    host: Host = Unasked()  # type: ignore[assignment]  # never asked
    facts = reader.read(host, Policy())  # type: ignore[attr-defined]  # a module
    assert facts == FilteringFacts([], [])


@pytest.fixture
def asleep() -> Iterator[str]:
    """A program that runs from where only root may write."""
    program = shutil.which("sleep")
    assert program
    with subprocess.Popen([program, "60"]) as process:
        yield "sleep"
        process.kill()


def test_a_program_that_runs_here_is_seen_to(asleep: str, tmp_path: Path) -> None:
    facts = linux.read(LocalHost(b"k" * 32, State(tmp_path)), names(asleep, "no-such-program-*"))
    assert shown(facts.agents) == [
        ("no-such-program-*", False, False),
        ("sleep", True, True),
    ]


def test_a_copy_of_it_in_a_folder_of_everybodys_is_not(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=EVERYBODYS) as folder:
        copied = Path(folder) / "made-up-monitor"
        shutil.copy(shutil.which("sleep") or "", copied)
        with subprocess.Popen([str(copied), "60"]) as process:
            facts = linux.read(LocalHost(b"k" * 32, State(tmp_path)), names("made-up-*"))
            process.kill()
    assert shown(facts.agents) == [("made-up-*", False, False)]


@pytest.mark.parametrize(
    ("rows", "runs"),
    [
        ([{"Name": "ExampleSvc", "DisplayName": "Beispielfilter", "Started": True}], True),
        ([{"Name": "ExampleSvc", "DisplayName": "Beispielfilter", "Started": False}], False),
        ([{"Name": "other", "DisplayName": "ExampleSvc", "Started": True}], True),
        ([{"Name": "ExampleSvc", "DisplayName": None, "Started": None}], None),
        ([{"Name": "ExampleSvc", "DisplayName": None, "Started": "Wird ausgeführt"}], None),
    ],
)
def test_windows_tells_services_by_a_yes_or_no_in_no_language(
    rows: WmiRows, runs: bool | None
) -> None:
    host: Host = WindowsHost(wmi={"Win32_Service": rows})  # type: ignore[assignment]  # as far as it is asked
    ((_, installed, seen),) = shown(windows.read(host, names("examplesvc")).agents)
    assert installed is True
    assert isinstance(seen, Unseen) if runs is None else seen is runs


def test_every_product_has_a_name_that_a_policy_can_say() -> None:
    table = json.loads(json.dumps({key: row.names for key, row in programs._products().items()}))
    assert table
    for key, known in table.items():
        assert key == key.lower()
        assert known
        assert all(programs.globs(key.upper()).match(name) for name in known)
