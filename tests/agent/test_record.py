"""`caretaker-agent record`, here and of another computer over SSH, and what no recording holds."""

import json
import os
from pathlib import Path

import pytest

from agent.commands import record
from agent.commands.main import main
from agent.hosts import called
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording, load
from agent.hosts.scrubbing import leaks, secrets_of
from agent.hosts.tape import Tape
from checks.host import Platform
from tests.agent.cli import agent_here, printed
from tests.agent.sshd import Server


@pytest.fixture(scope="module")
def taken(far: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the machine behind the server: this one."""
    out = tmp_path_factory.mktemp("far") / "far.json"
    keys = ["--identity", str(far.identity), "--known-hosts", str(far.known_hosts)]
    assert main(["record", "locking", "wireless", "--out", str(out), "--host", far.url, *keys]) == 0
    return out


def test_a_computer_is_recorded_over_ssh_and_judged_the_same(taken: Path, tmp_path: Path) -> None:
    recording = load(taken)
    assert (recording.provenance, recording.platform) == ("recorded", "linux")
    assert recording.source == "caretaker-agent record --host"
    assert recording.os
    assert recording.build == Path("/proc/sys/kernel/osrelease").read_text().strip()
    words = ("--format", "json", "--check", "lock-idle-timeout", "--check", "wifi-client-profiles")
    here = printed(agent_here("audit", *words, data=tmp_path))["findings"]
    there = printed(agent_here("audit", "--replay", str(taken), *words, data=tmp_path))["findings"]
    assert [(one["check"], one["status"]) for one in there] == [
        (one["check"], one["status"]) for one in here
    ]


def test_a_far_recording_holds_no_name_of_that_computer(taken: Path) -> None:
    name = os.uname().nodename
    text = taken.read_text()
    if len(name) > 3:
        assert name not in text
    assert "enrolled_at" in text or "gives" in text


def test_a_recording_that_would_tell_a_name_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("agent.hosts.scrubbing.secrets_of", lambda _: ["caretaker.recording"])
    out = tmp_path / "out.json"
    assert main(["record", "locking", "--out", str(out), "--data", str(tmp_path / "d")]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert not out.exists()


def test_over_ssh_a_key_must_be_named(tmp_path: Path) -> None:
    words = ["record", "--host", "ssh://root@localhost:1", "--out", str(tmp_path / "o.json")]
    assert main(words) == 64


@pytest.mark.parametrize(
    ("name", "number"),
    [("127.0.0.1", True), ("::1", True), ("pc7", True), ("room-7", False), ("10.0.0.x", False)],
)
def test_an_address_is_no_name(name: str, number: bool) -> None:
    assert record._is_a_number(name) is number


def machine(platform: Platform, *answers: Answer) -> RecordedHost:
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="made for this test",
        platform=platform,
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_336_200,
        privileged=True,
        answers=[*answers],
    )
    return RecordedHost(recording, strict=False)


def value(text: str) -> dict[str, str]:
    return {"type": "sz", "data": text}


def test_a_windows_computer_is_known_by_name_domain_owner_and_numbers(tmp_path: Path) -> None:
    control = r"SYSTEM\CurrentControlSet"
    name = {"values": {"computername": value("ROOM-07-PC")}, "subkeys": []}
    network = {"values": {"hostname": value("Room-07-PC"), "domain": value("stmarys.sch.uk")}}
    owner = {"values": {"registeredowner": value("Ada Lovelace")}, "subkeys": []}
    host = machine(
        "windows",
        Answer(
            ask=["registry", "HKLM", rf"{control}\Control\ComputerName\ActiveComputerName", "64"],
            gives=name,
        ),
        Answer(
            ask=["registry", "HKLM", rf"{control}\Services\Tcpip\Parameters", "64"],
            gives=network | {"subkeys": []},
        ),
        Answer(
            ask=["registry", "HKLM", r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "64"],
            gives=owner,
        ),
        Answer(
            ask=["wmi", "Win32_BIOS", "root/cimv2", "SerialNumber"],
            gives=[{"SerialNumber": "5CG1234XYZ"}],
        ),
        Answer(
            ask=["wmi", "Win32_OperatingSystem", "root/cimv2", "Caption", "Version"],
            gives=[{"Caption": "Microsoft Windows 11 Pro", "Version": "10.0.26100"}],
        ),
        Answer(
            ask=["users"],
            gives=[
                {
                    "name": "ada",
                    "uid": "S-1-5-21-1-2-3-1001",
                    "home": "C:\\Users\\ada.l",
                    "shell": "",
                    "kind": "human",
                }
            ],
        ),
        Answer(
            ask=["read", "C:\\said.txt"],
            gives="room-07-pc ROOM-07-PC of STMARYS.SCH.UK, Ada Lovelace 5CG1234XYZ ada.l\n",
        ),
    )
    assert called.system(host) == ("Microsoft Windows 11 Pro", "10.0.26100")
    tape = Tape(host)
    tape.read("C:\\said.txt")
    out = tmp_path / "out.json"
    tape.save(out, "test")
    assert not leaks(load(out), secrets_of(host))
    said = json.loads(out.read_text())["answers"][0]["gives"]
    for secret in ("room-07", "stmarys", "Lovelace", "5CG1234XYZ", "ada"):
        assert secret.lower() not in said.lower()


def test_a_mac_is_known_by_its_names(tmp_path: Path) -> None:
    host = machine(
        "macos",
        Answer(ask=["run", "scutil", "--get", "ComputerName"], gives="Ada's iMac\n"),
        Answer(ask=["run", "scutil", "--get", "LocalHostName"], gives="Adas-iMac\n"),
        Answer(ask=["run", "sw_vers", "-productVersion"], gives="15.1\n"),
        Answer(ask=["run", "sw_vers", "-buildVersion"], gives="24B83\n"),
    )
    assert called.of(host).names == ["Ada's iMac", "Adas-iMac"]
    assert called.system(host) == ("macOS 15.1", "24B83")


def test_an_empty_folder_stays_empty(tmp_path: Path) -> None:
    tape = Tape(machine("linux", Answer(ask=["list", "/empty"], gives=[])))
    tape.list("/empty")
    tape.save(tmp_path / "out.json", "test")
    with RecordedHost.open(tmp_path / "out.json") as replayed:
        assert replayed.list("/empty") == []


@pytest.mark.parametrize("platform", ["linux", "macos", "windows"])
def test_a_machine_that_says_nothing_of_itself_is_recorded_all_the_same(
    platform: Platform,
) -> None:
    host = machine(platform)
    assert called.of(host) == called.Called([], [])
    assert all(called.system(host))
