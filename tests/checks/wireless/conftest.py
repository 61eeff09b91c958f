"""Real NetworkManager keyfiles, and a mocked NetworkManager that the real nmcli talks to."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import needs

TEMPLATE = "/usr/lib/python3/dist-packages/dbusmock/templates/networkmanager.py"
NM = "org.freedesktop.NetworkManager"
PATH = "/org/freedesktop/NetworkManager"

Keyfile = Callable[..., bytes]


@pytest.fixture(scope="session")
def keyfile() -> Keyfile:
    """A keyfile as NetworkManager would save it: `keyfile("Name", "wifi.hidden", "yes")`."""
    nmcli = needs.program("nmcli", package="network-manager")

    def make(ssid: str, *settings: str) -> bytes:
        start = [nmcli, "--offline", "connection", "add", "type", "wifi", "con-name", "x"]
        made = subprocess.run(
            [*start, "ssid", ssid, *settings],
            capture_output=True,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        return made.stdout

    return make


class MockedNetworkManager:
    """NetworkManager's interface on a private bus, with one wireless device `wlan0`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.environment = {
            "DBUS_SYSTEM_BUS_ADDRESS": address,
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        self.points = 0

    def call(self, path: str, interface: str, *arguments: str) -> None:
        call = ["busctl", f"--address={self.address}", "call", NM, path, interface]
        subprocess.run([*call, *arguments], check=True, capture_output=True)

    def answers(self) -> bool:
        status = ["busctl", f"--address={self.address}", "status", NM]
        return subprocess.run(status, check=False, capture_output=True).returncode == 0

    def access_point(
        self, ssid: str, *, wpa: int = 0, rsn: int = 0, privacy: bool = True, joined: bool = False
    ) -> None:
        """Make a network heard; flags as NetworkManager numbers them."""
        mock, device = "org.freedesktop.DBus.Mock", f"{PATH}/Devices/wlan0"
        self.points += 1
        name = f"AP{self.points}"
        mac = f"02:00:00:00:09:{self.points:02x}"
        radio = ("2", "2425", "5400", "82", str(rsn))
        self.call(PATH, mock, "AddAccessPoint", "ssssuuuyu", device, name, ssid, mac, *radio)
        point = f"{PATH}/AccessPoint/{name}"
        flags = ("Flags", "u", str(int(privacy)), "WpaFlags", "u", str(wpa))
        kind = f"{NM}.AccessPoint"
        self.call(point, mock, "UpdateProperties", "sa{sv}", kind, "2", *flags)
        if joined:
            active = ("1", "ActiveAccessPoint", "o", point)
            self.call(device, mock, "AddProperties", "sa{sv}", f"{NM}.Device.Wireless", *active)

    def profile(self, uuid: str, ssid: bytes, *security: str, autoconnect: bool = True) -> None:
        """Save a network; `security` as busctl's `key type value` triples of its section."""
        connection = ["id", "s", "x", "type", "s", "802-11-wireless", "uuid", "s", uuid]
        connection += ["autoconnect", "b", str(autoconnect).lower()]
        sections = ["connection", "4", *connection]
        sections += ["802-11-wireless", "1", "ssid", "ay", str(len(ssid)), *map(str, ssid)]
        if security:
            sections += ["802-11-wireless-security", str(len(security) // 3), *security]
        count = "3" if security else "2"
        add = ("AddConnection", "a{sa{sv}}", count)
        self.call(f"{PATH}/Settings", f"{NM}.Settings", *add, *sections)


@pytest.fixture
def network_manager(tmp_path: Path) -> Iterator[MockedNetworkManager]:
    """A private bus with dbusmock's NetworkManager on it."""
    daemon = needs.program("dbus-daemon", package="dbus")
    needs.program("nmcli", package="network-manager")
    needs.program("busctl", package="systemd")
    needs.file(TEMPLATE, package="python3-dbusmock")
    mocked = MockedNetworkManager(f"unix:path={tmp_path}/bus")
    bus = [daemon, "--session", "--nofork", f"--address={mocked.address}"]
    mock = ["/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "networkmanager"]
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen(bus, stdout=quiet, stderr=quiet)]
    try:
        wait((tmp_path / "bus").exists)
        environment = {**os.environ, **mocked.environment}
        running.append(subprocess.Popen(mock, env=environment, stdout=quiet, stderr=quiet))
        wait(mocked.answers)
        device = ("AddWiFiDevice", "ssi", "wlan0", "wlan0", "100")
        mocked.call(PATH, "org.freedesktop.DBus.Mock", *device)
        yield mocked
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def wait(until: Callable[[], bool]) -> None:
    """Wait for a service to be there, at most ten seconds."""
    for _ in range(100):
        if until():
            return
        time.sleep(0.1)
    pytest.fail("a service of this test did not start")
