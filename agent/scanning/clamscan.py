"""ClamAV by `clamscan`, which brings its definitions along: minutes, and a gigabyte of memory.

Seen with ClamAV 1.4.6 on Debian 12:
- Exit 0 nothing found, 1 found, 2 something could not be read or there are no definitions; 1 also
  when something else could not be read.
- A line is `PATH: OK`, and a name on a stick may hold newlines, ` FOUND` and a whole forged
  summary. So lines are only counted, for progress; the counts are those of the last summary, which
  is printed after the last name, and only with exit 0 or 1.
- A file above `--max-filesize` is "assumed clean" and printed as OK, and what lies deeper than
  `--max-dir-recursion` is passed over in silence: both are told as skipped.
- Not told by it: what lies inside archives beyond its limits, and passwords.
"""

import re
from typing import Final

from agent.hosts import watching
from agent.scanning import counting
from agent.scanning.result import SHOWN, Bad, Result, Told, Tree
from checks.words import clean

LARGEST: Final = 2_000 << 20
"""Bytes of the largest file it looks into; it can do no more than 2 GiB."""
ARGV: Final = (
    *("clamscan", "--recursive", "--stdout", "--cross-fs=no"),
    *("--follow-dir-symlinks=0", "--follow-file-symlinks=0"),
    *(f"--max-filesize={LARGEST}", f"--max-scansize={LARGEST}"),
    f"--max-dir-recursion={counting.DEEPEST}",
)
_SUMMARY: Final = b"\n----------- SCAN SUMMARY -----------\n"
_COUNT: Final = re.compile(rb"^(Scanned|Infected) files: ([0-9]{1,9})$", re.MULTILINE)
_LONGEST: Final = 8_192
"""Bytes of the longest line kept: a path has 4,096 at most."""


class Clamscan:
    """`clamscan` by itself."""

    product: Final = "clamav"
    name: Final = "ClamAV"

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        """`options`: more of its own, such as another folder of definitions."""
        self._options = options

    def scan(self, tree: Tree, told: Told) -> Result:
        """Scan all of it in one go."""
        seen = Lines()

        def heard(piece: bytes) -> None:
            seen.add(piece)
            told(min(seen.count, len(tree.sizes)))

        argv = [*ARGV, *self._options, "--", tree.path]
        return judged(watching.watch(argv, tree.seconds, heard), tree, seen.bad)


def judged(ended: watching.Ended, tree: Tree, bad: list[Bad]) -> Result:
    """What its exit code and its last summary make of it."""
    if ended.code not in (0, 1):
        return Result("error", why=_why(ended))
    _, found, summary = ended.tail.rpartition(_SUMMARY)
    counts = {name: int(count) for name, count in _COUNT.findall(summary)}
    files, threats = counts.get(b"Scanned"), counts.get(b"Infected")
    if not found or files is None or threats is None:
        files = threats = None
    # It counts a file above its limit as scanned.
    missed = len(tree.sizes) if files is None else max(0, len(tree.sizes) - files)
    skipped = missed + tree.above(LARGEST) + tree.closed + tree.cut
    if ended.code == 1:
        return Result("found", files, threats or None, skipped, bad)
    if threats or files is None:
        return Result("error", why="its exit code and its own count differ")
    return Result("clean", files, 0, skipped)


def _why(ended: watching.Ended) -> str:
    if b"No supported database files found" in ended.err:
        return "it has no definitions yet; run freshclam first"
    lines = [line for line in ended.err.decode("utf-8", "replace").splitlines() if line.strip()]
    return clean(lines[-1], 200) if lines else f"it ended with code {ended.code}"


class Lines:
    """Lines so far, and for the person at the computer those that say they tell of a find."""

    def __init__(self) -> None:
        self.count = 0
        self.bad: list[Bad] = []
        self._left = b""

    def add(self, piece: bytes) -> None:
        *whole, left = (self._left + piece).split(b"\n")
        self._left = left[-_LONGEST:]
        self.count += len(whole)
        for line in whole:
            if line.endswith(b" FOUND") and len(self.bad) < SHOWN:
                file, _, threat = (
                    line.removesuffix(b" FOUND").decode("utf-8", "replace").rpartition(": ")
                )
                self.bad.append(Bad(file, threat))
