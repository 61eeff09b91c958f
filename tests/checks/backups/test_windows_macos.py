"""Backup jobs on Windows and macOS, as Microsoft's, Veeam's and Apple's answers are described."""

import datetime
import plistlib
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from checks.backups import macos, windows
from checks.backups.facts import BackupsNow, Job
from checks.backups.windows import SERVER_BACKUP, VEEAM
from checks.host import (
    RUN_TIMEOUT,
    CannotLook,
    Host,
    Process,
    Processes,
    Ran,
    RegistryValue,
    Stretches,
)
from checks.unseen import Unseen, known
from tests.checks.rooted import RootedHost
from tests.checks.windows_host import Given, WindowsHost

NOW = 1_795_305_600
HOUR = 3_600
CACHE = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache"
TASK = "{7F2B9C11-0000-4000-8000-3A5D6E7F8091}"


def iso(at: int) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")


def event(number: int, hours: int, level: int = 4) -> str:
    """One event, `hours` ago."""
    return (
        f"<Event xmlns='x'><System><EventID>{number}</EventID><Level>{level}</Level><TimeCreated"
        f" SystemTime='{iso(NOW - hours * HOUR)}.1Z'/></System></Event>"
    )


class WindowsServer(WindowsHost):
    """Answers the two logs by their names."""

    logs: dict[str, Ran | CannotLook]

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        ran = self.logs.get(argv[2], Ran(windows._NO_CHANNEL, b""))
        if isinstance(ran, CannotLook):
            raise ran
        return ran

    def online(self) -> Stretches:
        raise CannotLook("unsupported")


def on_windows(
    backup: str | Ran | CannotLook = "",
    *,
    veeam: str | None = None,
    tasks: dict[str, bytes | None] | None = None,
    services: Sequence[str] = ("Dhcp",),
) -> WindowsServer:
    """`tasks` by name: what stands in `DynamicInfo`; None: a folder."""
    keys: dict[str, dict[str, Given]] = {rf"{CACHE}\Tree\Microsoft": {}}
    for name in services:
        keys[rf"HKLM\SYSTEM\CurrentControlSet\Services\{name}"] = {}
    for at, (name, data) in enumerate((tasks or {}).items()):
        keys[rf"{CACHE}\Tree\{name}"] = {} if data is None else {"Id": f"{TASK}{at}"}
        if data is not None:
            keys[rf"{CACHE}\Tasks\{TASK}{at}"] = {
                "DynamicInfo": RegistryValue("binary", data.hex())
            }
    if veeam is not None:
        keys[r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Veeam Agent"] = {}
    host = WindowsServer(keys)
    host.logs = {VEEAM: Ran(0, (veeam or "").encode())}
    host.logs["Microsoft-Windows-Backup"] = (
        Ran(0, backup.encode()) if isinstance(backup, str) else backup
    )
    return host


def now(host: WindowsServer) -> BackupsNow:
    return windows.read_now(cast("Host", host))


def runs(*parts: tuple[int, bool]) -> str:
    """Runs that ended so many hours ago, as wevtutil prints them: newest first."""
    text = ""
    for hours, worked in parts:
        text += event(14, hours)
        text += event(4, hours) if worked else event(5, hours, 2)
        text += event(1, hours + 1)
    return text


def test_windows_server_backup_tells_by_its_events() -> None:
    host = on_windows(runs((10, False), (34, False), (58, True)))
    job = Job(SERVER_BACKUP, "", "result", NOW - 58 * HOUR, 2)
    assert now(host).jobs == [job]
    assert now(host).online == Unseen("unsupported")
    assert known(now(on_windows(runs((10, True), (34, False)))).jobs)[0].failed_in_row == 0


@pytest.mark.parametrize(
    ("events", "success", "failures"),
    [
        (event(1, 0) + runs((10, True)), NOW - 10 * HOUR, 0),  # one still runs
        (event(1, 0) + event(1, 9) + runs((20, True)), NOW - 20 * HOUR, 1),  # one never ended
        (event(14, 10) + event(1, 11) + runs((20, True)), NOW - 20 * HOUR, 1),  # ended without a 4
        (event(5, 3, 2) + runs((20, True)), NOW - 20 * HOUR, 1),  # could not even begin
        (event(4, 3) + event(1, 4), NOW - 3 * HOUR, 0),  # not yet tidied up
        (event(14, 3) + event(4, 3), NOW - 3 * HOUR, 0),  # its beginning was overwritten
        (event(14, 3), None, 0),
        (event(1, 3), None, 0),
    ],
)
def test_a_run_is_what_lies_between_its_beginning_and_its_end(
    events: str, success: int | None, failures: int
) -> None:
    (found,) = known(now(on_windows(events)).jobs)
    assert (found.last_success_at, found.failed_in_row) == (success, failures)


def test_without_events_or_channel_there_is_no_job() -> None:
    assert now(on_windows("")).jobs == []
    assert now(on_windows(Ran(15_007, b""))).jobs == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Ran(5, b""), "denied"),
        (Ran(0, b"no events at all"), "parse-error"),
        (CannotLook("timeout"), "timeout"),
    ],
)
def test_a_log_nobody_could_read_is_no_empty_one(answer: Ran | CannotLook, reason: str) -> None:
    host = on_windows(answer)
    host.privileged = False
    assert isinstance(now(host).jobs, Unseen)
    assert cast("Unseen", now(host).jobs).unseen == reason


def test_a_veeam_job_that_ended_with_warnings_did_save() -> None:
    text = event(190, 3, 3) + event(190, 30, 2) + event(190, 60, 4)
    assert now(on_windows(veeam=text)).jobs == [Job(VEEAM, "", "result", NOW - 3 * HOUR, 0)]
    failed = event(190, 3, 2) + event(190, 30, 2) + event(190, 60, 0)
    assert now(on_windows(veeam=failed)).jobs == [Job(VEEAM, "", "result", NOW - 60 * HOUR, 2)]
    silent = Job(VEEAM, "", "result", Unseen("unsupported"), None)
    assert now(on_windows(veeam="")).jobs == [silent]


def info(hours: int | None, code: int = 0, worked: int | None = None) -> bytes:
    def at(ago: int | None) -> int:
        return 0 if ago is None else (NOW - ago * HOUR + 11_644_473_600) * 10_000_000

    return struct.pack("<IQQIIQ", 3, 0, at(hours), 0, code, at(worked or hours))


@pytest.mark.parametrize(
    ("data", "success", "failures"),
    [
        (info(5), NOW - 5 * HOUR, 0),
        (info(5, worked=30), Unseen("unsupported"), None),
        (info(5, 1), Unseen("unsupported"), 1),
        (info(5, 0x80070002), Unseen("unsupported"), 1),
        (info(5, 0x41301), Unseen("deferred"), None),
        (info(None, 0x41303), None, 0),
        (info(None), None, 0),
        (b"", Unseen("parse-error"), None),
    ],
)
def test_a_script_tells_by_its_task(data: bytes, success: object, failures: int | None) -> None:
    host = on_windows(tasks={"Nightly backup": data, "Backups": None, "Backup report": info(1)})
    (found,) = known(now(host).jobs)
    assert (found.product, found.name) == ("script", "Nightly backup")
    assert (found.last_success_at, found.failed_in_row) == (success, failures)


def test_programs_are_known_by_their_services() -> None:
    host = on_windows(services=("AcrSch2Svc", "OBEngine", "Dhcp"))
    assert windows.read(cast("Host", host)).products == ["Acronis", "Azure Backup"]
    none = WindowsServer({})
    assert windows.read(cast("Host", none)).products == Unseen("parse-error")


class Mac(RootedHost):
    """A Mac with a record of Time Machine's, as `defaults` hands it out."""

    answer: bytes | CannotLook = b""

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        assert argv[:2] == ["/usr/bin/defaults", "export"]
        if isinstance(self.answer, CannotLook):
            raise self.answer
        return Ran(0, self.answer)

    def processes(self) -> Processes:
        return [Process(1, "ArqAgent", None, "a")]

    def online(self) -> Stretches:
        return []


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    made = Mac(tmp_path, cards=[])
    made.put("/Library/Preferences/com.apple.TimeMachine.plist", b"")
    return made


def at(*hours: int) -> list[datetime.datetime]:
    moments = [datetime.datetime.fromtimestamp(NOW - h * HOUR, datetime.UTC) for h in hours]
    return [moment.replace(tzinfo=None) for moment in moments]


def told(mac: Mac, *places: dict[str, Any]) -> list[Job]:
    mac.answer = plistlib.dumps({"AutoBackup": True, "Destinations": list(places)})
    return known(macos.read_now(mac).jobs)


@pytest.mark.parametrize(
    ("place", "success", "failures"),
    [
        ({"SnapshotDates": at(90, 3, 50), "RESULT": 0}, NOW - 3 * HOUR, 0),
        ({"SnapshotDates": at(3)}, NOW - 3 * HOUR, None),
        ({"SnapshotDates": at(50), "RESULT": 19}, NOW - 50 * HOUR, 1),
        (
            {"SnapshotDates": at(50), "AttemptDates": at(50, 26, 2), "RESULT": 19},
            NOW - 50 * HOUR,
            2,
        ),
        ({"AttemptDates": at(2), "RESULT": 19}, None, 1),
        ({"ReferenceLocalSnapshotDate": at(1)[0]}, None, None),
    ],
)
def test_time_machine_tells_of_each_place(
    mac: Mac, place: dict[str, Any], success: int | None, failures: int | None
) -> None:
    assert told(mac, place) == [Job("Time Machine", "", "result", success, failures)]


def test_places_are_numbered_and_their_names_stay_on_the_mac(mac: Mac) -> None:
    found = told(mac, {"LastKnownVolumeName": "Maya's disk", "SnapshotDates": at(1)}, {})
    assert [(job.name, job.last_success_at) for job in found] == [("1", NOW - HOUR), ("2", None)]


def test_a_mac_that_was_never_set_up_has_no_job_and_a_closed_record_is_unseen(mac: Mac) -> None:
    assert told(mac) == []
    mac.answer = plistlib.dumps({})
    assert macos.read_now(mac).jobs == Unseen("denied")
    mac.answer = b"junk"
    assert macos.read_now(mac).jobs == Unseen("parse-error")
    (mac.root / "Library/Preferences/com.apple.TimeMachine.plist").unlink()
    assert macos.read_now(mac).jobs == []
    assert macos.read(mac).products == ["Arq"]


@pytest.mark.parametrize(
    "odd", [{"SnapshotDates": ["then"]}, {"SnapshotDates": {}}, {"RESULT": [1]}]
)
def test_an_odd_record_is_unseen(mac: Mac, odd: dict[str, Any]) -> None:
    mac.answer = plistlib.dumps({"Destinations": [odd]})
    assert macos.read_now(mac).jobs == Unseen("parse-error")
