"""The one page a governor runs: right roots are OK, and one changed letter anywhere is NOT.

Run as a stranger runs it: a copy in an empty folder, by a Python that sees nothing of ours.
"""

import ast
import base64
import subprocess
import sys
from pathlib import Path

import pytest

from controller.evidence import verify_log
from tests.wire.test_tamper import damaged
from wire import merkle

SCRIPT = Path(verify_log.__file__)
LINES = [
    f"{number} 2026-11-22T01:{number % 60:02}:00Z report dev_01JD9Z3K4M5N6P7Q8R9S0T1V2W {number} "
    f"sha256:{merkle.leaf(b'%d' % number).hex()}"
    for number in range(300)
]
TREE = merkle.Tree(merkle.leaf(line.encode()) for line in LINES)


def sheet(size: int) -> list[str]:
    """What a sheet says of the first `size` lines, in the short form."""
    return [str(size), base64.b64encode(TREE.root(size)).decode()]


def in_groups(size: int) -> list[str]:
    """The same in the long form, in groups."""
    long = TREE.root(size).hex()
    return [str(size), " ".join(long[at : at + 8] for at in range(0, 64, 8))]


class Stranger:
    """Somebody with the script, one file and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "verify_log.py").write_bytes(SCRIPT.read_bytes())
        self.gets("\n".join(LINES) + "\n")

    def gets(self, entries: str | bytes) -> None:
        """Receive another file."""
        data = entries if isinstance(entries, bytes) else entries.encode()
        (self.folder / "entries.txt").write_bytes(data)

    def runs(self, *words: str) -> tuple[int, str]:
        """Run the script; its exit code and all it printed."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify_log.py", *words],
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    def checks(self, *sheets: list[str]) -> int:
        """Run it over the file for some sheets; its exit code, which its last line must say too."""
        code, said = self.runs("entries.txt", *(word for one in sheets for word in one))
        assert said.splitlines()[-1].startswith(("OK (", "NOT OK (")[code])
        return code


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    """With the whole log."""
    return Stranger(tmp_path)


def test_the_newest_sheet_and_older_ones_are_ok_in_either_form_and_any_order(
    stranger: Stranger,
) -> None:
    assert stranger.checks(sheet(300)) == 0
    code, said = stranger.runs("entries.txt", *sheet(300), *in_groups(1), *in_groups(256))
    assert (code, said.count("OK   "), said.count("NOT")) == (0, 3, 0)
    assert said.endswith("OK (300 lines in the file)\n")


def test_lines_added_since_the_sheet_was_printed_are_no_contradiction(stranger: Stranger) -> None:
    assert stranger.checks(sheet(299)) == 0
    assert stranger.checks(sheet(0)) == 0


def test_one_letter_changed_is_not_ok_and_the_sheets_say_since_when(stranger: Stranger) -> None:
    changed = [
        line.replace("22T01:05", "22T01:06") if line[:4] == "245 " else line for line in LINES
    ]
    assert sum(a != b for a, b in zip(changed, LINES, strict=True)) == 1
    stranger.gets("\n".join(changed) + "\n")
    code, said = stranger.runs("entries.txt", *sheet(300), *sheet(200))
    assert code == 1
    assert said.splitlines() == [
        "OK   the sheet of 200 lines: all are there, first and unchanged",
        "NOT  the sheet of 300 lines: the file differs after line 200",
        "NOT OK (300 lines in the file)",
    ]


def test_a_log_cut_short_is_not_ok(stranger: Stranger) -> None:
    stranger.gets("\n".join(LINES[:250]) + "\n")
    assert stranger.checks(sheet(250)) == 0
    assert stranger.checks(sheet(300)) == 1
    stranger.gets("")
    assert stranger.checks(sheet(1)) == 1
    assert stranger.checks(sheet(0)) == 0


def test_a_rewritten_log_with_a_sheet_of_its_own_is_betrayed_by_an_older_sheet(
    stranger: Stranger,
) -> None:
    forged = [line.encode() for line in ["0 2026-11-22T01:00:00Z nothing happened", *LINES[1:]]]
    root = merkle.root([merkle.leaf(line) for line in forged])
    own = [str(len(forged)), root.hex()]
    stranger.gets(b"\n".join(forged))
    assert stranger.checks(own) == 0
    assert stranger.checks(own, sheet(12)) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_no_damage_to_any_byte_of_a_small_log_keeps_its_root(size: int) -> None:
    whole = "\n".join(LINES[:size]).encode()
    assert verify_log.root_of(whole.splitlines()) == TREE.root(size)
    for data in damaged(whole, bits=(0,)):
        if data.splitlines() != whole.splitlines():
            assert verify_log.root_of(data.splitlines()[:size]) != TREE.root(size)


def test_for_every_size_the_script_and_the_tree_agree() -> None:
    lines = [line.encode() for line in LINES]
    for size in range(len(lines) + 1):
        assert verify_log.root_of(lines[:size]) == TREE.root(size)


def test_how_lines_end_and_whether_the_last_one_does_changes_nothing(stranger: Stranger) -> None:
    """A mail may change that; it is no part of a line."""
    for ended in ("\n".join(LINES), "\r\n".join(LINES), "\r\n".join(LINES) + "\r\n"):
        stranger.gets(ended.encode())
        assert stranger.checks(sheet(300), sheet(7)) == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["entries.txt"],
        ["entries.txt", "300"],
        ["entries.txt", *sheet(300), "5"],
        ["entries.txt", "300", "short"],
        ["entries.txt", "300", sheet(300)[1][:-1]],
        ["entries.txt", "300", TREE.root(300).hex()[:-1]],
        ["entries.txt", "300", TREE.root(300).hex()[:-1] + "x"],
        ["entries.txt", "-300", sheet(300)[1]],
        ["entries.txt", "three", sheet(300)[1]],
        ["entries.txt", *reversed(sheet(300))],
        ["missing.txt", *sheet(300)],
        [".", *sheet(300)],
    ],
    ids=[f"words-{place}" for place in range(13)],
)
def test_what_cannot_be_checked_is_said_to_be_not_checked(
    stranger: Stranger, words: list[str]
) -> None:
    code, said = stranger.runs(*words)
    assert code == 1
    assert "NOT checked" in said
    assert "OK  " not in said


def test_the_script_fits_one_page_and_needs_only_an_old_python() -> None:
    text = SCRIPT.read_text(encoding="ascii")
    assert len(text.splitlines()) <= 60
    assert max(map(len, text.splitlines())) <= 100
    tree = ast.parse(text, feature_version=(3, 8))
    names = {
        alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names
    }
    names |= {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert names == {"__future__", "base64", "hashlib", "pathlib", "sys"}
