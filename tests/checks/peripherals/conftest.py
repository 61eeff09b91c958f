"""A private message bus with dbusmock's BlueZ on it, for the real busctl to ask."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import needs

TEMPLATE = "/usr/lib/python3/dist-packages/dbusmock/templates/bluez5.py"


class MockedBluez:
    """BlueZ's interface on a private bus; without adapters until some are added."""

    def __init__(self, address: str) -> None:
        self.environment = {
            "DBUS_SYSTEM_BUS_ADDRESS": address,
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def call(self, path: str, *words: str) -> None:
        call = ["busctl", "call", "org.bluez", path, *words]
        environment = {**os.environ, **self.environment}
        subprocess.run(call, check=True, capture_output=True, env=environment)

    def start(self, *argv: str) -> None:
        quiet = subprocess.DEVNULL
        environment = {**os.environ, **self.environment}
        self._running.append(subprocess.Popen([*argv], env=environment, stdout=quiet, stderr=quiet))

    def serve(self) -> None:
        """Start what plays bluetoothd."""
        mock = ("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "bluez5")
        self.start(*mock)
        wait(self._answers)

    def adapter(self, name: str, **properties: str) -> None:
        """Add one, then set properties given as `name="type value"`."""
        self.call("/", "org.bluez.Mock", "AddAdapter", "ss", name, "a computer")
        for key, words in properties.items():
            told = ("sa{sv}", "org.bluez.Adapter1", "1", key, *words.split())
            mock = "org.freedesktop.DBus.Mock"
            self.call(f"/org/bluez/{name}", mock, "UpdateProperties", *told)

    def stop(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        status = ["busctl", "status", "org.bluez"]
        environment = {**os.environ, **self.environment}
        seen = subprocess.run(status, check=False, capture_output=True, env=environment)
        return seen.returncode == 0


@pytest.fixture
def bluez(tmp_path: Path) -> Iterator[MockedBluez]:
    """The bus alone; `serve` puts BlueZ on it."""
    daemon = needs.program("dbus-daemon", package="dbus")
    needs.program("busctl", package="systemd")
    needs.file(TEMPLATE, package="python3-dbusmock")
    mocked = MockedBluez(f"unix:path={tmp_path}/bus")
    try:
        mocked.start(daemon, "--session", "--nofork", f"--address=unix:path={tmp_path}/bus")
        wait((tmp_path / "bus").exists)
        yield mocked
    finally:
        mocked.stop()


def wait(until: Callable[[], bool]) -> None:
    """Wait for a service to be there, at most ten seconds."""
    for _ in range(200):
        if until():
            return
        time.sleep(0.05)
    pytest.fail("a service of this test did not start")
