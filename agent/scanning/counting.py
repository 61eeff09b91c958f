"""Counts what lies below a folder, on its file system only, following no link.

The count is what progress is told by, and what the scanner's own count is held against: a scanner
that saw fewer files than there are did not scan them.
"""

import os
import stat as st
from collections.abc import Iterator
from typing import Final

from agent.scanning.result import Tree

MOST_FILES: Final = 2_000_000
DEEPEST: Final = 100
"""Folders inside folders; the scanner is told the same."""


def counted(path: str, seconds: float) -> Tree:
    """Files that hold anything, by size. Raises OSError if the folder itself cannot be opened."""
    device = os.lstat(path).st_dev
    tree = Tree(path, [], 0, False, seconds)
    closed = 0
    with os.scandir(path):
        pass  # it must open; of those below only one may stay shut
    for size in _sizes(path, device, 0):
        if size is None:
            closed += 1
        elif size:
            tree.sizes.append(size)
        if len(tree.sizes) + closed > MOST_FILES:
            return Tree(path, tree.sizes, closed, True, seconds)
    return Tree(path, tree.sizes, closed, False, seconds)


def _sizes(folder: str, device: int, depth: int) -> Iterator[int | None]:
    """Sizes of regular files; None for what could not be looked at."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield from _of(entry, device, depth)
    except OSError:
        yield None


def _of(entry: "os.DirEntry[str]", device: int, depth: int) -> Iterator[int | None]:
    try:
        info = entry.stat(follow_symlinks=False)
        junction = os.name == "nt" and bool(getattr(info, "st_reparse_tag", 0))
    except OSError:
        yield None
        return
    if st.S_ISREG(info.st_mode) and not junction:
        # Windows' folder entries carry no device; other volumes hang there by junctions.
        yield info.st_size if os.name == "nt" or info.st_dev == device else 0
    elif st.S_ISDIR(info.st_mode) and not junction:
        if os.name != "nt" and info.st_dev != device:
            return
        if depth + 1 >= DEEPEST:
            yield None
            return
        yield from _sizes(entry.path, device, depth + 1)
