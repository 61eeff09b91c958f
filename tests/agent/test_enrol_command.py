"""Joining a controller from the command line: codes,
addresses, proxies, and every way it can go wrong."""

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.agent.cli import agent, enrol, one_line, printed
from tests.agent.simulator import Controller, html
from wire.join_code import JoinCode


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
