"""Bluetooth through the real busctl and find; cards, cameras and BlueZ itself are made up."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.host import RUN_TIMEOUT, CannotLook, Ran, attempt
from checks.peripherals import linux
from checks.peripherals.facts import PeripheralsFacts, Radio
from checks.peripherals.radios import NEITHER, OFF
from checks.unseen import Unseen, known
from tests.checks.peripherals.conftest import MockedBluez
from tests.checks.rooted import RootedHost

OBEX = "as 1 00001105-0000-1000-8000-00805F9B34FB"
HIDDEN = Radio(powered=True, discoverable=False)


def machine(root: Path, bluez: MockedBluez | None = None, *cards: str) -> RootedHost:
    environment = {} if bluez is None else bluez.environment
    host = RootedHost(root, programs=("busctl", "find"), environment=environment, cards=[])
    for card in cards:
        host.put(f"/sys/class/bluetooth/{card}/uevent", "DEVTYPE=host\n", 0o644)
    return host


def facts(host: RootedHost) -> PeripheralsFacts:
    found = linux.read(host)
    assert isinstance(found, PeripheralsFacts)
    return found


def test_an_adapter_that_is_on_and_hidden(tmp_path: Path, bluez: MockedBluez) -> None:
    bluez.serve()
    bluez.adapter("hci0")
    found = facts(machine(tmp_path, bluez, "hci0"))
    assert found.radios == [HIDDEN]
    assert found.takes_files == "nothing"
    assert found.camera == "none"
    assert found.camera_held is False


def test_each_adapter_tells_of_itself(tmp_path: Path, bluez: MockedBluez) -> None:
    bluez.serve()
    bluez.adapter("hci0", Powered="b false", Discoverable="b true")
    bluez.adapter("hci1", Discoverable="b true")
    found = facts(machine(tmp_path, bluez, "hci0", "hci1", "hci1:12"))
    assert found.radios == [OFF, Radio(powered=True, discoverable=True)]


def test_an_adapter_that_offers_obex_takes_files(tmp_path: Path, bluez: MockedBluez) -> None:
    bluez.serve()
    bluez.adapter("hci0", UUIDs=OBEX)
    assert facts(machine(tmp_path, bluez, "hci0")).takes_files == "anybody"


def test_a_card_that_bluetoothd_does_not_serve_is_unseen(
    tmp_path: Path, bluez: MockedBluez
) -> None:
    bluez.serve()
    blind = Unseen("parse-error")
    assert facts(machine(tmp_path, bluez, "hci0")).radios == [Radio(blind, blind)]


def test_a_name_that_is_no_card_is_never_asked_for(tmp_path: Path) -> None:
    host = answering(tmp_path)
    host.put("/sys/class/bluetooth/hci0 --help/uevent", "", 0o644)
    blind = Unseen("parse-error")
    assert facts(host).radios == [Radio(blind, blind)]
    assert host.asked == []


def test_without_bluetoothd_nothing_answers(tmp_path: Path, bluez: MockedBluez) -> None:
    assert facts(machine(tmp_path, bluez, "hci0")).radios == [OFF]


def test_without_a_bus_nobody_knows(tmp_path: Path) -> None:
    host = machine(tmp_path, None, "hci0")
    host.variables = [f"DBUS_SYSTEM_BUS_ADDRESS=unix:path={tmp_path}/none"]
    found = facts(host)
    assert found.radios == [Radio(Unseen("tool-missing"), Unseen("tool-missing"))]
    assert found.takes_files == Unseen("tool-missing")


@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_a_switch_that_is_off_needs_no_question(tmp_path: Path, kind: str) -> None:
    host = machine(tmp_path, None, "hci0")
    host.programs = ()
    for one in ("soft", "hard"):
        state = "1\n" if one == kind else "0\n"
        host.put(f"/sys/class/bluetooth/hci0/rfkill3/{one}", state, 0o644)
    assert facts(host).radios == [OFF]


class Answering(RootedHost):
    """Programs answer what a test gives them, one after the other."""

    answers: list[Ran | CannotLook]
    asked: list[Sequence[str]]

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        del timeout, as_user
        self.asked.append(argv)
        answer = self.answers.pop(0)
        if isinstance(answer, CannotLook):
            raise answer
        return answer


def answering(root: Path, *answers: Ran | CannotLook) -> Answering:
    host = Answering(root, cards=[])
    host.answers, host.asked = [*answers], []
    return host


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([CannotLook("tool-missing")], "tool-missing"),
        ([CannotLook("timeout")], "timeout"),
        ([Ran(0, b"{}")], "parse-error"),
        ([Ran(0, b"\xff\x00")], "parse-error"),
        ([Ran(0, b'{"type":"b","data":true}\n')], "parse-error"),
        ([Ran(0, b'{"data":true}\n{"data":1}\n{"data":[]}\n')], "parse-error"),
        ([Ran(0, b'{"data":true}\n{"data":true}\n{"data":"x"}\n')], "parse-error"),
        ([Ran(0, b'{"data":true}\n{"data":{"a":1}}\n{"data":[]}\n')], "parse-error"),
        ([Ran(1, b""), Ran(1, b"")], "tool-missing"),
        ([Ran(1, b""), Ran(0, b"b true")], "parse-error"),
    ],
)
def test_an_answer_nobody_understands_is_unseen(
    tmp_path: Path, answers: list[Ran | CannotLook], reason: str
) -> None:
    host = answering(tmp_path, *answers)
    host.put("/sys/class/bluetooth/hci0/uevent", "", 0o644)
    (radio,) = known(facts(host).radios)
    assert radio.powered == Unseen(reason)  # type: ignore[arg-type]  # one of the reasons
    assert radio.discoverable == Unseen(reason)  # type: ignore[arg-type]  # the same


def test_bluetoothd_that_runs_and_refuses_is_denied_to_an_ordinary_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = answering(tmp_path, Ran(1, b""), Ran(0, b'{"type":"b","data":[true]}'))
    host.put("/sys/class/bluetooth/hci0/uevent", "", 0o644)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert facts(host).takes_files == Unseen("denied")


def camera(host: RootedHost, number: int, capabilities: str | None) -> None:
    host.put(f"/sys/class/video4linux/video{number}/dev", f"81:{number}\n", 0o644)
    if capabilities is not None:
        text = f"E:ID_V4L_VERSION=2\nE:ID_V4L_CAPABILITIES={capabilities}\n"
        host.put(f"/run/udev/data/c81:{number}", text, 0o644)


@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        (":capture:", "open"),
        (None, "open"),
        (":", "none"),
        (":capture:video_output:", "none"),
        (":capture:tuner:audio:", "none"),
        ("", "none"),
    ],
)
def test_what_only_decodes_or_tunes_is_no_camera(
    tmp_path: Path, capabilities: str | None, kind: str
) -> None:
    host = answering(tmp_path, Ran(0, b""))
    host.put("/sys/class/bluetooth/hci0/rfkill0/soft", "1\n", 0o644)
    camera(host, 0, capabilities)
    assert facts(host).camera == kind


def test_a_name_that_is_no_node_is_never_asked_for(tmp_path: Path) -> None:
    host = answering(tmp_path)
    for name in ("v4l-subdev0", "video", "video0; rm", "-print", "radio0"):
        host.put(f"/sys/class/video4linux/{name}/dev", "81:0\n", 0o644)
    assert linux.read(host) == NEITHER
    assert host.asked == []


@pytest.mark.parametrize(
    ("ran", "held", "since"),
    [
        (Ran(0, b""), False, None),
        (Ran(0, b"/proc/8/fd/3\n"), True, Unseen("unsupported")),
        (Ran(1, b"/proc/8/fd/3\n", b"Permission denied"), True, Unseen("unsupported")),
        (Ran(1, b"", b"find: '/proc/1/fd': Permission denied"), Unseen("denied"), Unseen("denied")),
        (Ran(1, b"", b"find: unknown"), Unseen("parse-error"), Unseen("parse-error")),
        (CannotLook("tool-missing"), Unseen("tool-missing"), Unseen("tool-missing")),
    ],
)
def test_a_camera_is_free_only_where_everybody_could_be_looked_at(
    tmp_path: Path, ran: Ran | CannotLook, held: object, since: object
) -> None:
    host = answering(tmp_path, ran)
    camera(host, 0, ":capture:")
    found = facts(host)
    assert found.camera_held == held
    assert found.held_since == since


def test_an_ordinary_user_never_knows_that_nobody_holds_a_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where /proc hides others' programs, find ends well having seen none of them."""
    host = answering(tmp_path, Ran(0, b""))
    camera(host, 0, ":capture:")
    monkeypatch.setattr(type(host), "privileged", property(lambda _: False))
    assert facts(host).camera_held == Unseen("denied")


def driver(host: RootedHost, number: int, name: str, count: str | None) -> None:
    place = host.root / f"sys/class/video4linux/video{number}/device/driver"
    place.mkdir(parents=True)
    (place / "module").symlink_to(f"../../../../module/{name}")
    if count is not None:
        host.put(f"/sys/module/{name}/refcnt", count, 0o644)


def test_a_driver_that_nobody_uses_needs_no_search(tmp_path: Path) -> None:
    host = answering(tmp_path)
    camera(host, 0, ":capture:")
    driver(host, 0, "uvcvideo", "0\n")
    found = facts(host)
    assert (found.camera, found.camera_held, found.held_since) == ("open", False, None)
    assert host.asked == []


@pytest.mark.parametrize(
    ("name", "count"),
    [("uvcvideo", "1\n"), ("uvcvideo", None), ("uvcvideo", ""), ("bcm2835_v4l2", "0\n")],
)
def test_any_other_driver_or_count_is_searched_for(
    tmp_path: Path, name: str, count: str | None
) -> None:
    host = answering(tmp_path, Ran(0, b""))
    camera(host, 0, ":capture:")
    driver(host, 0, name, count)
    assert facts(host).camera_held is False
    assert len(host.asked) == 1


def test_one_camera_of_another_driver_is_enough_to_search(tmp_path: Path) -> None:
    host = answering(tmp_path, Ran(0, b"/proc/7/fd/1\n"))
    camera(host, 0, ":capture:")
    driver(host, 0, "uvcvideo", "0\n")
    camera(host, 1, ":capture:")
    assert facts(host).camera_held is True


def test_a_program_that_holds_a_node_open_is_found_by_the_real_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/dev/videoN` cannot be made here: a plain file stands for it, in `find`'s own question."""
    node = tmp_path / "video0"
    node.write_bytes(b"")
    host = LocalHost(b"k" * 32)
    holds = [
        sys.executable,
        "-c",
        "import sys; f = open(sys.argv[1]); print(1, flush=True); input()",
    ]
    with subprocess.Popen(
        [*holds, str(node)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert linux._held(host, [str(tmp_path / "other"), str(node)])
        holder.communicate(b"\n")
    after = attempt(linux._held, host, [str(node)])  # not even root may look into all, here
    assert after == Unseen("denied") if isinstance(after, Unseen) else after is False


def test_this_very_machine_is_seen() -> None:
    found = linux.read(LocalHost(b"k" * 32))
    assert found == NEITHER or isinstance(found, PeripheralsFacts)
