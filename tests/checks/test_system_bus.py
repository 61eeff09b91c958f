"""A whole audit over the real local door, where a private system bus stands for the machine's own.

dbusmock plays BlueZ, NetworkManager and logind on it; busctl, nmcli and loginctl are the real ones,
in the environment that the agent gives every program. In a mount namespace of the test's own that
bus lies where every program looks for it, and a Bluetooth card, a wireless card and a desktop are
made up beside it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import needs

ROOT = Path(__file__).parents[2]
TEMPLATES = Path("/usr/lib/python3/dist-packages/dbusmock/templates")
MOCK = "org.freedesktop.DBus.Mock"
NM = "org.freedesktop.NetworkManager"
NM_PATH = "/org/freedesktop/NetworkManager"
LOGIN = "org.freedesktop.login1"
LOGIN_PATH = "/org/freedesktop/login1"
MAIN = "from agent.commands.main import main; raise SystemExit(main())"
INSIDE = """
set -e
mount -t tmpfs -o mode=0755 none /run
mkdir -p /run/dbus /run/systemd/system /run/upper /run/work
ln -s "$1" /run/dbus/system_bus_socket
mount -t overlay overlay -o lowerdir=/usr/share,upperdir=/run/upper,workdir=/run/work /usr/share
mkdir -p /usr/share/wayland-sessions
: > /usr/share/wayland-sessions/gnome.desktop
mount -t tmpfs -o mode=0755 none /sys/class
mkdir -p /sys/class/bluetooth/hci0 /sys/class/devices/wlan0/wireless /sys/class/net
ln -s ../devices/wlan0 /sys/class/net/wlan0
echo up > /sys/class/devices/wlan0/operstate
shift
exec "$@"
"""


class Bus:
    """A private system bus with as many services on it as a test starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "bus"
        address = f"unix:path={self.socket}"
        self.environment = {
            **os.environ,
            "DBUS_SYSTEM_BUS_ADDRESS": address,
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *argv: str) -> None:
        quiet = subprocess.DEVNULL
        self.running[name] = subprocess.Popen(
            [*argv], env=self.environment, stdout=quiet, stderr=quiet
        )

    def play(self, template: str, name: str) -> None:
        """Put a service on the bus and wait until it is there."""
        mock = ("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", template)
        self.start(template, *mock)
        wait(lambda: self.busctl("status", name))

    def busctl(self, *words: str) -> bool:
        ran = subprocess.run(
            ["busctl", *words], check=False, capture_output=True, env=self.environment
        )
        return ran.returncode == 0

    def call(self, *words: str) -> None:
        assert self.busctl("call", *words), words

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def audit(self) -> dict[str, Any]:
        """What `caretaker-agent audit` says of this machine with this bus as its own."""
        argv = [sys.executable, "-c", MAIN]
        argv += ["audit", "--format", "json", "--data", str(self.folder / "data")]
        ran = subprocess.run(
            ["unshare", "-m", "sh", "-c", INSIDE, "sh", str(self.socket), *argv],
            check=False,
            capture_output=True,
            cwd=ROOT,
        )
        assert ran.returncode in (0, 2), ran.stderr.decode()
        return dict(json.loads(ran.stdout))


def wait(until: Callable[[], object]) -> None:
    """Wait for a service to be there, at most ten seconds."""
    for _ in range(200):
        if until():
            return
        time.sleep(0.05)
    pytest.fail("a service of this test did not start")


class Audits(NamedTuple):
    """The same machine: with every service, with the bus alone, and without."""

    whole: dict[str, Any]
    silent: dict[str, Any]
    without: dict[str, Any]


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audits]:
    """BlueZ with one adapter, NetworkManager on a network, logind with one session."""
    needs.root()
    daemon = needs.program("dbus-daemon", package="dbus")
    needs.program("nmcli", package="network-manager")
    needs.program("loginctl", package="systemd")
    needs.file(str(TEMPLATES / "bluez5.py"), package="python3-dbusmock")
    bus = Bus(tmp_path_factory.mktemp("bus"))
    try:
        address = f"--address=unix:path={bus.socket}"
        bus.start("daemon", daemon, "--session", "--nofork", address)
        wait(bus.socket.exists)
        bus.play("bluez5", "org.bluez")
        bus.play("networkmanager", NM)
        bus.play("logind", LOGIN)
        _adapter(bus)
        _network(bus)
        _session(bus)
        whole = bus.audit()
        for name in ("logind", "networkmanager", "bluez5"):
            bus.stop(name)
        silent = bus.audit()
        bus.stop("daemon")
        yield Audits(whole, silent, bus.audit())
    finally:
        for name in [*bus.running]:
            bus.stop(name)


def _adapter(bus: Bus) -> None:
    bus.call("org.bluez", "/", "org.bluez.Mock", "AddAdapter", "ss", "hci0", "a computer")
    shown = ("sa{sv}", "org.bluez.Adapter1", "1", "Discoverable", "b", "true")
    bus.call("org.bluez", "/org/bluez/hci0", MOCK, "UpdateProperties", *shown)


def _network(bus: Bus) -> None:
    device = f"{NM_PATH}/Devices/wlan0"
    point = f"{NM_PATH}/AccessPoint/AP1"
    bus.call(NM, NM_PATH, MOCK, "AddWiFiDevice", "ssi", "wlan0", "wlan0", "100")
    heard = (device, "AP1", "School", "02:00:00:00:09:01", "2", "2425", "5400", "82", "392")
    bus.call(NM, NM_PATH, MOCK, "AddAccessPoint", "ssssuuuyu", *heard)
    flags = ("sa{sv}", f"{NM}.AccessPoint", "1", "Flags", "u", "1")
    bus.call(NM, point, MOCK, "UpdateProperties", *flags)
    joined = ("sa{sv}", f"{NM}.Device.Wireless", "1", "ActiveAccessPoint", "o", point)
    bus.call(NM, device, MOCK, "AddProperties", *joined)


def _session(bus: Bus) -> None:
    new = ("ssusb", "c1", "seat0", "1000", "maya", "true")
    bus.call(LOGIN, LOGIN_PATH, MOCK, "AddSession", *new)
    session = f"{LOGIN_PATH}/session/c1"
    wanted = {
        "Type": ("s", "wayland"),
        "Desktop": ("s", "gnome"),
        "Class": ("s", "user"),
        "LockedHint": ("b", "true"),
    }
    for key, value in wanted.items():
        change = (LOGIN, session, MOCK, "{}", "sa{sv}", f"{LOGIN}.Session", "1", key, *value)
        words = [word.format("UpdateProperties") if word == "{}" else word for word in change]
        if not bus.busctl("call", *words):
            words = [word.format("AddProperties") if word == "{}" else word for word in change]
            bus.call(*words)


def found(audited: dict[str, Any], check: str) -> str:
    return next(str(one["status"]) for one in audited["findings"] if one["check"] == check)


def link(audited: dict[str, Any]) -> dict[str, Any]:
    (only,) = audited["facts"]["wireless_now"]["links"]
    return dict(only)


def test_bluetooth_that_can_be_found_is_told(audits: Audits) -> None:
    radios = audits.whole["facts"]["peripherals"]["radios"]
    assert radios == [{"powered": True, "discoverable": True}]
    assert found(audits.whole, "bluetooth-state") == "warn"


def test_the_network_a_card_is_on_is_networkmanagers(audits: Audits) -> None:
    assert link(audits.whole)["interface"] == "wlan0"
    assert link(audits.whole)["security"] == "wpa2-psk"


def test_a_locked_session_is_the_one_that_logind_has(audits: Audits) -> None:
    (session,) = audits.whole["facts"]["locking_now"]["sessions"]
    assert session["locked"] is True


def test_names_on_the_bus_stay_on_the_machine(audits: Audits) -> None:
    text = json.dumps(audits.whole["facts"])
    for name in ("maya", "a computer", "00:01:02:03:04:05", "School"):
        assert name not in text


def test_without_bluetoothd_its_card_is_off_and_without_a_bus_nobody_knows(audits: Audits) -> None:
    off = [{"powered": False, "discoverable": False}]
    assert audits.silent["facts"]["peripherals"]["radios"] == off
    (radio,) = audits.without["facts"]["peripherals"]["radios"]
    assert radio["powered"] == {"unseen": "tool-missing"}
    assert found(audits.without, "bluetooth-state") == "unknown"


def test_sessions_and_networks_are_unseen_once_nobody_answers_for_them(audits: Audits) -> None:
    for audited in (audits.silent, audits.without):
        assert "unseen" in audited["facts"]["locking_now"]["sessions"]
        assert "unseen" in link(audited)["security"]
