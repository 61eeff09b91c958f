"""Drives of a test's own: loop devices over files, and the real nwipe that sees no other drive."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checks.media_wipes import SECTOR
from tests import needs
from tests.agent.cli import agent_here, printed

MIB = 1 << 20
ODD = 5 * MIB + 3 * SECTOR
"""Of a drive that is no number of pieces."""

# nwipe takes every drive it finds: in here it finds one.
_ALONE = """
mount -t tmpfs -o mode=755 tmpfs "$2"
cp -a "$1" /dev/null /dev/zero /dev/urandom "$2/"
mount --move "$2" /dev
exec "$3" --nogui --autonuke --method=zero --verify=last --noblank --logfile="$4" "$1"
"""


def image(path: Path, size: int, fill: bytes = b"\0") -> Path:
    """A file of that size, all of it `fill`."""
    if fill == b"\0":
        with path.open("wb") as file:
            file.truncate(size)
    else:
        path.write_bytes((fill * (size // len(fill) + 1))[:size])
    return path


def plant(path: Path, offset: int, what: bytes = b"\1") -> None:
    """Something that survived."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(what)


@contextmanager
def loop(path: Path, *options: str) -> Iterator[str]:
    """A loop device over a file: `/dev/loop3`."""
    tool = needs.loop_devices()
    said = subprocess.run(
        [tool, "-f", "--show", *options, str(path)], capture_output=True, text=True, check=True
    )
    device = said.stdout.strip()
    try:
        yield device
    finally:
        subprocess.run([tool, "-d", device], check=False, capture_output=True)


def nwipe(device: str, folder: Path) -> str:
    """Wipe it with zeros; the log."""
    program = needs.program("nwipe", package="nwipe")
    (folder / "dev").mkdir()
    words = [_ALONE, "sh", device, str(folder / "dev"), program, str(folder / "log")]
    subprocess.run(
        ["unshare", "-m", "sh", "-ec", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=True,
    )
    # The name of a drive that tells none is whatever nwipe finds in its memory.
    return (folder / "log").read_text("utf-8", "replace")


def verified(device: str | Path, *words: str, data: Path) -> Any:
    """What a program is told, and the exit code."""
    told = agent_here(
        "verify-wipe", str(device), "--format", "json", *(words or ("--expect", "zero")), data=data
    )
    assert told.stderr == ""
    return printed(told) | {"code": told.returncode}


def read_file(path: Path, *words: str) -> Any:
    expect = () if "--expect" in words else ("--expect", "zero")
    return verified(path, "--image", *expect, *words, data=path.parent / "data")


def offsets(told: Any) -> list[int]:
    return [one["offset"] for one in told["wipe"]["survivors"]]
