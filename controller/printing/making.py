"""A PDF from one of our templates and somebody's words.

typst runs in a process of its own, on a folder that holds the template, the data as JSON and
nothing else; it can open no other file. It has seconds, not minutes, and few run at once: whoever
comes while it is busy is told so.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

Kind = Literal["pdf", "png"]

SECONDS: Final = 60
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 20
MOST_BYTES: Final = 64 * 1024 * 1024
_TURNS: Final = threading.BoundedSemaphore(AT_ONCE)


class PrintingError(Exception):
    """Nothing was printed; the message is one sentence for the person who asked."""


def make(template: Path, data: Mapping[str, Any], kind: Kind = "pdf") -> bytes:
    """The PDF, or the first page as a PNG at 96 dots per inch. Raises PrintingError."""
    if not _TURNS.acquire(timeout=WAIT_SECONDS):
        raise PrintingError("Others are printing just now. Try again in a minute.")
    try:
        with tempfile.TemporaryDirectory(prefix="caretaker-print-") as name:
            folder = Path(name)
            (folder / "page.typ").write_bytes(template.read_bytes())
            (folder / "data.json").write_bytes(msgspec.json.encode(data))
            return _typeset(folder, kind)
    finally:
        _TURNS.release()


def _typeset(folder: Path, kind: Kind) -> bytes:
    command = [sys.executable, "-I", "-P", "-m", "controller.printing.child", str(folder), kind]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, cwd=folder, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise PrintingError("This takes too long to print. Choose fewer at once.") from error
    if done.returncode != 0 or not done.stdout or len(done.stdout) > MOST_BYTES:
        raise PrintingError(
            "This could not be printed. Choose fewer at once, or tell whoever runs Caretaker."
        )
    return done.stdout
