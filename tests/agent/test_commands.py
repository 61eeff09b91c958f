"""`caretaker-agent` as people and services call it:
subprocesses, exit codes, one clear line per error."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.commands.main import main
from tests.agent.cli import agent, enrol, one_line, printed
from tests.agent.simulator import Controller, html

ANSI = re.compile(r"\x1b\[")


def test_enrol_then_run_delivers_this_machines_report(
    controller: Controller, tmp_path: Path
) -> None:
    enrolled = enrol(controller, tmp_path / "d", "--format", "json")
    assert enrolled.returncode == 0, enrolled.stderr
    assert printed(enrolled)["status"] == "active"
    assert len(printed(enrolled)["words"].split()) == 4
    ran = agent("run", "--format", "json", data=tmp_path / "d")
    assert ran.returncode == 0, ran.stderr
    done = printed(ran)
    assert (done["schema"], done["sent"], done["confirmed"], done["waiting"]) == (
        "caretaker.run/1",
        1,
        1,
        0,
    )
    assert controller.reports[0].device == printed(enrolled)["device"]
    status = printed(agent("status", "--format", "json", data=tmp_path / "d"))
    assert (status["standing"], status["confirmed"], status["waiting"]) == ("active", 1, 0)


@pytest.mark.parametrize("words", [["nonsense"], ["audit", "--no-such"], ["enrol"], []])
def test_wrong_usage_is_64(words: list[str]) -> None:
    assert agent(*words).returncode == 64


def test_run_before_enrolment_says_what_to_do(tmp_path: Path) -> None:
    ran = agent("run", data=tmp_path / "d")
    assert ran.returncode == 1
    assert "caretaker-agent enrol" in one_line(ran)


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = agent("run", data=tmp_path / "file" / "d")
    assert ran.returncode == 1
    assert "Choose a folder with --data" in one_line(ran)


def test_audit_prints_one_finding_per_check_and_needs_no_enrolment(tmp_path: Path) -> None:
    ran = agent("audit", "--format", "json", data=tmp_path / "none")
    document = printed(ran)
    assert ran.returncode == (
        2 if any(found["status"] == "fail" for found in document["findings"]) else 0
    )
    assert set(document) == {"schema", "host", "facts", "findings"}
    assert document["schema"] == "caretaker.audit/1"
    checks = [found["check"] for found in document["findings"]]
    assert len(checks) == len(set(checks)) > 0
    assert {"check", "status", "severity", "summary", "remedy", "evidence"} <= set(
        document["findings"][0]
    )
    assert not (tmp_path / "none").exists()


def test_audit_as_a_table_fits_80_columns_without_colours_in_a_pipe(tmp_path: Path) -> None:
    ran = agent("audit", data=tmp_path / "none")
    assert not ANSI.search(ran.stdout)
    assert max(map(len, ran.stdout.splitlines())) <= 80
    assert " checks: " in ran.stdout.rpartition("\n\n")[2]


def test_audit_of_one_check_reads_and_prints_only_that(tmp_path: Path) -> None:
    ran = agent("audit", "--check", "lock-on-resume", "--format", "json", data=tmp_path / "none")
    assert [found["check"] for found in printed(ran)["findings"]] == ["lock-on-resume"]
    assert agent("audit", "--check", "no-such").returncode == 64


def test_facts_and_parse_say_what_there_is(tmp_path: Path) -> None:
    assert "hardware" in printed(agent("facts", "--format", "json", data=tmp_path / "n"))["facts"]
    assert agent("facts", "nonsense", data=tmp_path / "n").returncode == 64
    assert "lsblk-json" in agent("parse").stdout.split()
    sample = tmp_path / "meminfo"
    sample.write_text("MemTotal:       16384 kB\n")
    assert printed(agent("parse", "meminfo", str(sample)))["parsed"] == 16384 * 1024
    sample.write_bytes(b"\xff\x00nonsense")
    assert agent("parse", "meminfo", str(sample)).returncode == 1


def test_status_in_plain_words_says_what_never_leaves(tmp_path: Path) -> None:
    ran = agent("status", "--plain", data=tmp_path / "none")
    assert ran.returncode == 0
    assert "What never leaves this computer" in ran.stdout
    assert not (tmp_path / "none").exists()


def test_a_dry_run_keeps_and_sends_nothing(controller: Controller, tmp_path: Path) -> None:
    enrol(controller, tmp_path / "d")
    controller.requests.clear()
    assert agent("run", "--dry-run", data=tmp_path / "d").returncode == 0
    assert controller.requests == []
    assert list((tmp_path / "d" / "agent" / "spool").glob("0*")) == []


def test_the_parts_can_run_apart(controller: Controller, tmp_path: Path) -> None:
    enrol(controller, tmp_path / "d")
    controller.requests.clear()
    assert agent("run", "--part", "collect", data=tmp_path / "d").returncode == 0
    assert controller.requests == []
    assert agent("run", "--part", "deliver", data=tmp_path / "d").returncode == 0
    assert len(controller.reports) == 1
    agent("run", "--part", "collect", data=tmp_path / "d")
    assert printed(agent("status", "--format", "json", data=tmp_path / "d"))["confirmed"] == 1


def test_a_command_loads_only_what_it_needs() -> None:
    code = (
        "import sys; import agent.commands.main as m;"
        "m.main(['audit', '--check', 'lock-on-resume']);"
        "print('LOADED', *sorted({n.split('.')[0] for n in sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False
    )
    loaded = set(ran.stdout.rpartition("LOADED")[2].split())
    assert not loaded & {
        *("ssl", "http", "django", "controller", "inventory", "psutil", "cryptography", "socket")
    }


def test_two_rounds_at_once_take_turns_and_sign_two_numbers(
    controller: Controller, tmp_path: Path
) -> None:
    enrol(controller, tmp_path / "d")
    words = [sys.executable, "-m", "agent.commands.main", "run", "--data", str(tmp_path / "d")]
    both = [subprocess.Popen(words, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert [found.seq for found in controller.reports] == [1, 2]


def test_nothing_secret_or_personal_is_logged(controller: Controller, tmp_path: Path) -> None:
    code = str(controller.code())
    words = ("--controller", controller.url, "--code", code, "--verbose", "--log-format", "json")
    said = agent("enrol", *words, data=tmp_path / "d").stderr
    controller.faults = [html(403)]
    said += agent("run", "--verbose", "--log-format", "json", data=tmp_path / "d").stderr
    key = (tmp_path / "d" / "agent" / "key" / "device.key").read_text().splitlines()[1]
    secret = code.split(".")[2]
    for canary in (code, secret, key, "Access blocked"):
        assert canary not in said
    for line in said.splitlines():
        assert line.startswith(("{", "caretaker-agent: "))


def test_a_recording_of_this_machine_replays_to_the_same_audit(tmp_path: Path) -> None:
    out = tmp_path / "here.json"
    recorded = agent("record", "locking", "hardware", "--out", str(out), data=tmp_path / "n")
    assert recorded.returncode == 0, recorded.stderr
    assert os.uname().nodename not in out.read_text() or len(os.uname().nodename) < 4
    checks = ("--check", "lock-on-resume", "--check", "lock-idle-timeout", "--format", "json")
    now = printed(agent("audit", *checks, data=tmp_path / "n"))["findings"]
    replayed = agent("audit", "--replay", str(out), *checks, data=tmp_path / "n")
    assert [one["status"] for one in printed(replayed)["findings"]] == [
        one["status"] for one in now
    ]


def test_what_is_no_recording_or_no_policy_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}")
    for option in ("--replay", "--policy"):
        ran = agent("audit", option, str(tmp_path / "x\x1b[31m"))
        assert ran.returncode == 64
        assert "\x1b" not in one_line(ran)
    assert agent("audit", "--replay", str(tmp_path / "x")).returncode == 64
    assert agent("record", "nonsense", "--out", str(tmp_path / "o")).returncode == 64


WRONG = {
    "no address": ("audit --host room-7", "ssh://root@room-7"),
    "a key for nobody": ("audit --identity key", "--host"),
    "a key for nobody, recording": ("record locking --out x --identity key", "--host"),
    "nothing to ask by": ("audit --policy /dev/null", "/dev/null is empty"),
    "a slip": ("parse systemprofiler", "Perhaps: system-profiler-xml"),
    "no format": ("parse zzz", "caretaker-agent parse"),
    "no minutes": ("scan-media . --minutes x", "a whole number from 1 to 1440"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_words_are_answered_with_the_right_ones(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words, answer = WRONG[what]
    assert code_of(words) == 64
    told = capsys.readouterr().err
    assert answer in told
    assert len(told) < 200


def code_of(words: str) -> int:
    try:
        return main(words.split())
    except SystemExit as ended:
        return int(ended.code or 0)


def test_a_folder_where_a_file_belongs_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["parse", "meminfo"], ["audit", "--policy"]):
        assert main([*words, str(tmp_path)]) == 1
        assert "is a folder. Name a file." in capsys.readouterr().err


def test_the_version_is_said() -> None:
    assert agent("--version").stdout.startswith("caretaker-agent 0.")


def test_a_schedule_can_be_staged_asked_about_and_removed(tmp_path: Path) -> None:
    root = ("--root", str(tmp_path / "root"))
    assert agent("schedule", "status", *root).returncode == 1
    installed = agent("schedule", "install", *root, "--format", "json", data=tmp_path / "d")
    assert len(printed(installed)["installed"]) == 9
    assert agent("schedule", "status", *root).returncode == 0
    assert agent("schedule", "remove", *root).returncode == 0
    assert not list((tmp_path / "root").rglob("caretaker-*"))


def test_a_new_address_that_is_none_is_wrong_usage(controller: Controller, tmp_path: Path) -> None:
    enrol(controller, tmp_path / "d")
    ran = agent("run", "--controller", "nonsense", data=tmp_path / "d")
    assert ran.returncode == 64
    assert "https://caretaker.school.example" in one_line(ran)
