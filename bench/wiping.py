"""Reading a wiped drive back, beside `cmp` against /dev/zero: 2 GiB of zeros in a file.

In turns, so that what else the machine does falls on both. Cold: the system's copy of the file is
let go of before each run, so both read the disk; warm: all of it is in memory. Ours asks the disk
itself either way (O_DIRECT), as it must.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import Cost, Figure, cost, figure_of

SIZE = 2 << 30
RUNS = 5
_PIECE = bytes(4 << 20)


def figures() -> Iterator[Figure]:
    """Ours and cmp, cold and then warm."""
    agent = Path(sys.executable).with_name("caretaker-agent")
    with tempfile.TemporaryDirectory() as folder:
        path = _zeros(Path(folder) / "drive")
        words = [
            "verify-wipe",
            str(path),
            "--image",
            "--expect",
            "zero",
            "--data",
            f"{folder}/data",
        ]
        ours = ("caretaker-agent verify-wipe", [str(agent), *words])
        peer = shutil.which("cmp")
        theirs = [("cmp -n", [peer, "-n", str(SIZE), str(path), "/dev/zero"])] if peer else []
        for state in ("cold", "warm"):
            yield from _in_turns([ours, *theirs], path, state)


def _in_turns(
    programs: Sequence[tuple[str, list[str]]], path: Path, state: str
) -> Iterator[Figure]:
    taken: dict[str, list[Cost]] = {name: [] for name, _ in programs}
    for _ in range(RUNS):
        for name, argv in programs:
            _prepare(path, state)
            taken[name].append(cost(argv))
    for name, costs in taken.items():
        yield figure_of(f"{name}, {state}", costs)


def _zeros(path: Path) -> Path:
    """Written, not a hole: a hole is never read from the disk."""
    with path.open("wb") as file:
        for _ in range(SIZE // len(_PIECE)):
            file.write(_PIECE)
        file.flush()
        os.fsync(file.fileno())
    return path


def _prepare(path: Path, state: str) -> None:
    with path.open("rb", buffering=0) as file:
        if state == "cold":
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        else:
            room = bytearray(1 << 20)
            while file.readinto(room):
                pass
