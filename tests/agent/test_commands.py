"""`caretaker-agent` as people and services call it: subprocesses, exit codes, one clear line per
error."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.agent.simulator import Controller, html
from wire.join_code import JoinCode

ANSI = re.compile(r"\x1b\[")


def agent(*words: str, data: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-P", "-m", "agent.commands.main", *words]
    if data is not None:
        command += ["--data", str(data)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env},
    )


def printed(ran: "subprocess.CompletedProcess[str]") -> Any:
    return json.loads(ran.stdout)


def enrol(controller: Controller, data: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    code = str(controller.code())
    return agent("enrol", "--controller", controller.url, "--code", code, *more, data=data)


def one_line(ran: "subprocess.CompletedProcess[str]") -> str:
    lines = ran.stderr.strip().splitlines()
    assert len(lines) == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    return lines[0]


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


def test_the_key_stays_with_its_owner(controller: Controller, tmp_path: Path) -> None:
    enrol(controller, tmp_path / "d")
    key = tmp_path / "d" / "agent" / "key" / "device.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    key.parent.chmod(0o755)
    assert "chmod 700" in one_line(agent("run", data=tmp_path / "d"))


def test_a_pending_computer_keeps_its_reports_until_somebody_lets_it_in(
    controller: Controller, tmp_path: Path
) -> None:
    controller.status = "pending"
    enrolled = enrol(controller, tmp_path / "d")
    words = printed(agent("status", "--format", "json", data=tmp_path / "d"))["words"]
    assert words in enrolled.stdout
    ran = agent("run", "--format", "json", data=tmp_path / "d")
    assert (ran.returncode, printed(ran)["code"], printed(ran)["waiting"]) == (1, "pending", 1)
    assert agent("run", "--scheduled", data=tmp_path / "d").returncode == 0
    controller.status = "active"
    assert agent("run", data=tmp_path / "d").returncode == 0
    assert [found.seq for found in controller.reports] == [1, 2, 3]


def test_enrolling_twice_asks_before_it_gives_an_identity_up(
    controller: Controller, tmp_path: Path
) -> None:
    enrol(controller, tmp_path / "d")
    again = enrol(controller, tmp_path / "d")
    assert again.returncode == 64
    assert "--again" in one_line(again)
    assert enrol(controller, tmp_path / "d", "--again").returncode == 0
    (grave,) = (tmp_path / "d" / "agent" / "orphan").iterdir()
    assert (grave / "device.key").is_file()


def test_a_join_code_that_names_another_controller_is_refused(
    controller: Controller, tmp_path: Path
) -> None:
    code = str(controller.code(pin=bytes(16)))
    ran = agent("enrol", "--controller", controller.url, "--code", code, data=tmp_path / "d")
    assert ran.returncode == 1
    assert "not the controller that the join code names" in one_line(ran)
    assert not (tmp_path / "d" / "agent" / "key" / "device.key").exists()


def test_a_join_code_with_a_typing_mistake_is_not_repeated_in_the_error(
    controller: Controller, tmp_path: Path
) -> None:
    code = str(controller.code())
    wrong = code[:-4] + ("0" if code[-4] != "0" else "1") + code[-3:]
    ran = agent("enrol", "--controller", controller.url, "--code", wrong, data=tmp_path / "d")
    assert ran.returncode == 1
    assert "typing mistake" in one_line(ran)
    assert code[5:20] not in ran.stderr


def test_a_used_up_join_code_is_said_in_the_controllers_words(
    controller: Controller, tmp_path: Path
) -> None:
    from tests.agent.simulator import Request

    def second(request: Request) -> Any:
        return controller.answer(request)

    controller.refusals.append(second)
    controller.refuse_next("bad_token")
    ran = enrol(controller, tmp_path / "d", "--format", "json")
    assert ran.returncode == 1
    assert printed(ran)["error"] == "bad_token"
    assert "ask for a new one" in one_line(ran)


def test_a_filter_at_enrolment_is_named_as_one(controller: Controller, tmp_path: Path) -> None:
    controller.faults = [html(403)]
    ran = enrol(controller, tmp_path / "d")
    assert ran.returncode == 1
    assert "filter or proxy answered" in one_line(ran)


def test_no_controller_at_all_is_said_in_one_line(tmp_path: Path) -> None:
    code = str(JoinCode("tok_01JD9ZK3V5N8Q2R4T6W8Y0A1B2", bytes(16), bytes(16)))
    ran = agent("enrol", "--controller", "https://127.0.0.1:9", "--code", code, data=tmp_path / "d")
    assert ran.returncode == 1
    assert "does not answer" in one_line(ran)


@pytest.mark.parametrize("address", ["http://x", "x", "https://x/path", "https://x:0", "https://"])
def test_an_address_that_is_none_is_said_so(address: str, tmp_path: Path) -> None:
    code = str(JoinCode("tok_01JD9ZK3V5N8Q2R4T6W8Y0A1B2", bytes(16), bytes(16)))
    ran = agent("enrol", "--controller", address, "--code", code, data=tmp_path / "d")
    assert ran.returncode == 1
    assert "https://caretaker.school.example" in one_line(ran)


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
    assert "lsblk" in agent("parse").stdout.split()
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
    assert not loaded & {"ssl", "http", "django", "controller", "inventory", "psutil"}


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


def test_a_join_code_can_stay_out_of_the_list_of_programs(
    controller: Controller, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "agent.commands.main", "enrol"),
            *("--controller", controller.url, "--code", "-", "--data", str(tmp_path / "d")),
        ],
        input=f"{controller.code()}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


class Proxy:
    """A school's proxy: takes CONNECT to any name and leads every tunnel to one place."""

    def __init__(self, target: str) -> None:
        self.asked: list[str] = []
        self._target = ("127.0.0.1", int(target.rpartition(":")[2]))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(line,), daemon=True).start()

    def _tunnel(self, line: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(4096)
        self.asked.append(head.split()[1].decode())
        with line, socket.create_connection(self._target) as far:
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(far, line), daemon=True)
            back.start()
            _pump(line, far)
            back.join()

    def close(self) -> None:
        self._server.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def test_everything_goes_through_the_schools_proxy(controller: Controller, tmp_path: Path) -> None:
    proxy = Proxy(controller.url)
    address = "https://caretaker.example.org:8443"
    code = str(controller.code())
    words = ("enrol", "--controller", address, "--code", code)
    assert agent(*words, data=tmp_path / "d", https_proxy=proxy.url).returncode == 0
    ran = agent("run", data=tmp_path / "d", https_proxy=proxy.url)
    assert ran.returncode == 0, ran.stderr
    assert len(controller.reports) == 1
    assert set(proxy.asked) == {"caretaker.example.org:8443"}
    proxy.close()


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


def test_the_version_is_said() -> None:
    assert agent("--version").stdout.startswith("caretaker-agent 0.")


def test_a_schedule_can_be_staged_asked_about_and_removed(tmp_path: Path) -> None:
    root = ("--root", str(tmp_path / "root"))
    assert agent("schedule", "status", *root).returncode == 1
    installed = agent("schedule", "install", *root, "--format", "json", data=tmp_path / "d")
    assert len(printed(installed)["installed"]) == 5
    assert agent("schedule", "status", *root).returncode == 0
    assert agent("schedule", "remove", *root).returncode == 0
    assert not list((tmp_path / "root").rglob("caretaker-*"))


def test_a_new_address_that_is_none_is_wrong_usage(controller: Controller, tmp_path: Path) -> None:
    enrol(controller, tmp_path / "d")
    ran = agent("run", "--controller", "nonsense", data=tmp_path / "d")
    assert ran.returncode == 64
    assert "https://caretaker.school.example" in one_line(ran)
