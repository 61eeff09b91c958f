"""On Windows and macOS the agent loads, knows where it is,
and says "unsupported" rather than guess.

No such machine is at hand: these tests take away what those systems do not have.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.host import CannotLook

CHECKOUT = Path(__file__).parents[2]
POSIX_ONLY = (
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH"),
    *("chown", "fchmod", "geteuid", "killpg", "uname"),
)


@pytest.mark.parametrize(
    ("system", "platform"), [("win32", "windows"), ("darwin", "macos"), ("linux", "linux")]
)
def test_a_host_knows_its_platform(
    monkeypatch: pytest.MonkeyPatch, system: str, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert LocalHost(b"k").platform == platform


def test_windows_answers_unsupported_and_never_follows_a_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    host = LocalHost(b"k")
    for ask in (
        lambda: host.read("/etc/passwd"),
        lambda: host.stat("/etc"),
        lambda: host.list("/etc"),
        lambda: host.link("/etc/os-release"),
        lambda: host.run(["id"]),
        host.users,
        lambda: host.ask("/run/x", b"x"),
        lambda: host.registry("HKLM", "SOFTWARE"),
        lambda: host.wmi("Win32_Bios", "root/cimv2", ["SerialNumber"]),
    ):
        with pytest.raises(CannotLook, match="unsupported"):
            ask()


def test_macos_does_not_take_its_passwd_file_for_its_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CannotLook, match="tool-missing: /usr/bin/dscl"):
        LocalHost(b"k").users()


def test_every_command_loads_where_posix_is_missing() -> None:
    code = (
        "import os, sys, subprocess, tempfile, shutil, logging, random, signal\n"
        f"[delattr(os, name) for name in {POSIX_ONLY!r} if hasattr(os, name)]\n"
        "del signal.setitimer\n"
        "import pkgutil, importlib, agent\n"
        "for found in pkgutil.walk_packages(agent.__path__, 'agent.'):\n"
        # The survey's worker is a program of its own, for Linux alone.
        "    if not found.name.startswith('agent.survey.worker.'):\n"
        "        importlib.import_module(found.name)\n"
        "print('loaded')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=CHECKOUT
    )
    assert ran.stdout == "loaded\n", ran.stderr
