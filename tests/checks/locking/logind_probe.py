"""Runs inside a mount namespace of the test's own: real loginctl against a mocked logind.

Prints the body of the `locking_now` section; arguments: the bus address, then `KEY=value` for the
session's properties on the mock.
"""

import json
import subprocess
import sys
from collections.abc import Sequence

from agent.hosts import running
from agent.hosts.local import LocalHost
from checks.facts import encode_section
from checks.host import RUN_TIMEOUT, Ran
from checks.locking.linux import read_now

BUS = sys.argv[1]
Names = list[str]


class MockedLogind(LocalHost):
    """This machine with a desktop installed and loginctl pointed at the private bus."""

    def list(self, path: str) -> Names | None:
        return ["gnome.desktop"] if path == "/usr/share/wayland-sessions" else super().list(path)

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        return running.run(["env", f"DBUS_SYSTEM_BUS_ADDRESS={BUS}", *argv], timeout)


def busctl(*arguments: str) -> bool:
    call = ["busctl", f"--address={BUS}", "call", "org.freedesktop.login1", *arguments]
    return subprocess.run(call, check=False, capture_output=True).returncode == 0


def main() -> None:
    root = "/org/freedesktop/login1"
    mock = "org.freedesktop.DBus.Mock"
    busctl(root, mock, "AddSession", "ssusb", "c1", "seat0", "1000", "maya", "true")
    session = f"{root}/session/c1"
    for name, (kind, value) in json.loads(sys.argv[2]).items():
        # The template has most properties; those it lacks are added.
        change = ("sa{sv}", "org.freedesktop.login1.Session", "1", name, kind, value)
        if not busctl(session, mock, "UpdateProperties", *change):
            busctl(session, mock, "AddProperties", *change)
    sys.stdout.buffer.write(encode_section(read_now(MockedLogind(b"k" * 32))))


main()
