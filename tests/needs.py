"""What a test needs of the machine it runs on: a program, a right.

A missing program skips the test with the package that brings it. With `CI=true` it fails instead:
everything here can be installed there, and a skip nobody reads is a test nobody runs. So in CI any
other skip fails too (tests.environment), except what `impossible` says no installation can give.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

IMPOSSIBLE = "cannot be tested here: "
NOT_ROOT = f"{IMPOSSIBLE}it must run as root"
# Daemons live outside the PATH of an ordinary user.
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/local/sbin"])


def in_ci() -> bool:
    """Say whether a missing program is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def missing(what: str, package: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    sentence = f"{what} is not on this machine: apt-get install {package}"
    if in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def program(name: str, *, package: str) -> str:
    """Return the absolute path of a program, or skip (fail in CI) naming its Debian package."""
    return shutil.which(name, path=SEARCH) or missing(name, package)


def file(path: str, *, package: str) -> Path:
    """Return a path that a Debian package brings, or skip (fail in CI)."""
    return Path(path) if Path(path).exists() else missing(path, package)


def postgres_folder() -> Path | None:
    """Find the newest PostgreSQL server's programs; Debian keeps them off the PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def postgres() -> Path:
    """Return the folder of initdb and pg_ctl, or skip (fail in CI)."""
    return postgres_folder() or missing("PostgreSQL", "postgresql")


def impossible(why: str) -> NoReturn:
    """Skip, in CI too: the kernel or the account lacks what no package can bring."""
    pytest.skip(f"{IMPOSSIBLE}{why}")


def root() -> None:
    """Skip unless running as root."""
    if os.geteuid() != 0:
        pytest.skip(NOT_ROOT)


def loop_devices() -> str:
    """Return losetup's path; skip unless running as root on a kernel that makes loop devices."""
    root()
    tool = program("losetup", package="mount")
    if subprocess.run([tool, "-f"], capture_output=True, check=False).returncode != 0:
        impossible("this kernel makes no loop devices")
    return tool
