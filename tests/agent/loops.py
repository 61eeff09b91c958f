"""Files that stand for drives, and what `verify-wipe` makes of them."""

from pathlib import Path
from typing import Any

from checks.media_wipes import SECTOR
from tests.agent.cli import agent_here, printed
from tests.nwiped import MIB

ODD = 5 * MIB + 3 * SECTOR
"""Of a drive that is no number of pieces."""


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
