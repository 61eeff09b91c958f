"""A real chronyd beside this machine's own clock, which it is told to leave alone."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.logging import linux
from tests import needs


def clocks() -> set[str]:
    """What runs here that would keep a clock, as the reader sees it now."""
    names = {process.name for process in LocalHost(b"k" * 32).processes()}
    return names & linux.CLOCKS


@pytest.fixture
def chronyd(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """One that sets nothing and answers this machine only."""
    program = needs.program("chronyd", package="chrony")
    if clocks():
        needs.impossible("something keeps this machine's clock already")
    conf = tmp_path / "chrony.conf"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf.write_text(
        f"local stratum 8\nallow 127.0.0.1\nbindaddress 127.0.0.1\nport {port}\ncmdport 0\n"
        f"bindcmdaddress /\npidfile {tmp_path}/pid\n"
    )
    process = subprocess.Popen(
        [program, "-x", "-U", "-d", "-f", str(conf)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        if b"starting" not in said:
            needs.impossible(f"chronyd does not start here: {said!r}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def test_a_real_chronyd_is_seen_by_its_name(
    chronyd: "subprocess.Popen[bytes]",
) -> None:
    assert chronyd.poll() is None
    assert clocks() == {"chronyd"}
    assert linux.read(LocalHost(b"k" * 32)).clock_kept is True


def test_without_it_nothing_does_here() -> None:
    if clocks():
        needs.impossible("something keeps this machine's clock already")
    assert linux.read(LocalHost(b"k" * 32)).clock_kept is False
