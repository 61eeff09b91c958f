"""Sessions now, through the real loginctl and a mocked logind on a private bus.

logind itself cannot run here (no systemd as PID 1): the mock answers for it on the same interface.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.facts import decode_section
from checks.locking.facts import LockingNow, Session
from checks.unseen import BlindError, known
from tests import needs

PROBE = Path(__file__).with_name("logind_probe.py")
ROOT = Path(__file__).parents[3]
TEMPLATE = "/usr/lib/python3/dist-packages/dbusmock/templates/logind.py"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """A private message bus with dbusmock's logind on it."""
    needs.root()
    daemon = needs.program("dbus-daemon", package="dbus")
    needs.program("loginctl", package="systemd")
    needs.file(TEMPLATE, package="python3-dbusmock")
    address = f"unix:path={tmp_path}/bus"
    running = [subprocess.Popen([daemon, "--session", "--nofork", f"--address={address}"])]
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address}
    environment["DBUS_SESSION_BUS_ADDRESS"] = address
    mock = ["/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind"]
    try:
        wait_for(tmp_path / "bus")
        running.append(subprocess.Popen(mock, env=environment, stdout=subprocess.DEVNULL))
        for _ in range(100):
            seen = subprocess.run(
                ["busctl", f"--address={address}", "status", "org.freedesktop.login1"],
                capture_output=True,
                check=False,
            )
            if seen.returncode == 0:
                break
            time.sleep(0.1)
        yield address
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def wait_for(path: Path) -> None:
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.05)


def session(bus: str, **properties: tuple[str, str]) -> Session:
    """Read the one session in a mount namespace where systemd seems to have booted the machine."""
    inside = 'mount -t tmpfs none /run/systemd && mkdir -p /run/systemd/system && exec "$@"'
    done = subprocess.run(
        [
            *("unshare", "-m", "sh", "-c", inside, "sh"),
            *(sys.executable, str(PROBE), bus, json.dumps(properties)),
        ],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr.decode()
    facts = decode_section(done.stdout, 1, LockingNow)
    assert isinstance(facts, LockingNow)
    (only,) = known(facts.sessions)
    return only


SCREEN = {"Type": ("s", "wayland"), "Desktop": ("s", "gnome"), "Class": ("s", "user")}


def test_a_locked_session_is_seen_as_locked_and_its_name_stays_here(bus: str) -> None:
    seen = session(bus, **SCREEN, LockedHint=("b", "true"))
    assert known(seen.locked)
    assert seen.user != "maya"
    assert not seen.remote


def test_an_open_idle_session_of_a_desktop_that_tells_is_open_and_its_idleness_counted(
    bus: str,
) -> None:
    since = str((int(time.time()) - 3_600) * 1_000_000)
    seen = session(
        bus, **SCREEN, IdleHint=("b", "true"), IdleSinceHint=("t", since), LockedHint=("b", "false")
    )
    assert not known(seen.locked)
    assert 3_590 <= known(seen.idle_seconds) <= 3_700


def test_a_desktop_that_never_tells_logind_is_unseen_not_open(bus: str) -> None:
    seen = session(bus, **(SCREEN | {"Desktop": ("s", "i3")}), LockedHint=("b", "false"))
    with pytest.raises(BlindError):
        known(seen.locked)
