"""The page that strangers run, over a year of a school's evidence log.

100,000 lines are 270 computers that report each night. The goal is one second for the newest sheet,
interpreter included; a second sheet is what a governor with last term's would give.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, figure
from wire import merkle

SCRIPT = Path(__file__).parents[1] / "controller" / "evidence" / "verify_log.py"
LINES = 100_000
OLDER = 66_000
RUNS = 7


def figures() -> Iterator[Figure]:
    """One sheet, then two; exit 0 says that the roots were right."""
    lines = [
        b"%d 2026-11-22T01:15:00Z report dev_01JD9Z3K4M5N6P7Q8R9S0T1V2W %d sha256:%064x"
        % (index, index // 270, index)
        for index in range(LINES)
    ]
    tree = merkle.Tree(map(merkle.leaf, lines))
    sheets = [[str(size), tree.root(size).hex()] for size in (LINES, OLDER)]
    with tempfile.TemporaryDirectory() as folder:
        entries = Path(folder) / "entries.txt"
        entries.write_bytes(b"\n".join(lines) + b"\n")
        run = [sys.executable, "-I", str(SCRIPT), str(entries)]
        yield figure(f"verify_log.py, {LINES:,} lines", [*run, *sheets[0]], RUNS)
        yield figure(f"and {OLDER:,} of them again", [*run, *sheets[0], *sheets[1]], RUNS)
