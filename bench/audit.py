"""A full audit of this machine, beside the programs schools use for the same job."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, figure

SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
RUNS = 7
SLOW_RUNS = 2


def figures() -> Iterator[Figure]:
    """Ours first, then each peer that is installed here."""
    agent = Path(sys.executable).with_name("caretaker-agent")
    with tempfile.TemporaryDirectory() as folder:
        audit = [str(agent), "audit", "--format", "json"]
        yield figure("caretaker-agent audit", audit, RUNS)
        floor = [sys.executable, "-I", "-c", "import psutil, cryptography, msgspec, ssl"]
        yield figure("floor: interpreter and libraries", floor, RUNS)
        for name, argv, runs in _peers(folder):
            program = shutil.which(argv[0], path=SEARCH)
            if program is not None:
                yield figure(name, [program, *argv[1:]], runs)


def _peers(folder: str) -> list[tuple[str, list[str], int]]:
    lynis = ["lynis", "audit", "system", "--quick", "--quiet", "--no-log"]
    fusion = ["fusioninventory-agent", f"--local={folder}", "--no-task=netdiscovery,netinventory"]
    return [
        ("facter", ["facter", "--json"], RUNS),
        ("fusioninventory-agent --local", fusion, RUNS),
        ("lynis audit system --quick", lynis, SLOW_RUNS),
    ]
