"""Parts of `verify-wipe` that need no drive: patterns, samples, signatures, who else uses it."""

import hashlib
import math
import os
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.scanning.progress import Progress
from agent.wiping import in_use, patterns, residues, sampling, signatures, words
from agent.wiping.in_use import Drive
from agent.wiping.sampling import BLOCK
from checks.media_wipes import BILLION, SECTOR, Sample, bound

SEED = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("text", "name", "period"),
    [
        ("zero", "zero", b"\0"),
        ("ones", "ones", b"\xff"),
        ("random", "random", b""),
        ("0x33CC55aa", "periodic", b"\x33\xcc\x55\xaa"),
        ("0x0000", "zero", b"\0"),
        ("0xffff", "ones", b"\xff"),
        ("0x" + "5a" * 4096, "periodic", b"\x5a" * 4096),
    ],
)
def test_a_pattern_is_named_by_a_word_or_its_digits(text: str, name: str, period: bytes) -> None:
    found = patterns.asked(text)
    assert found is not None
    assert (found.name, found.period) == (name, period)


@pytest.mark.parametrize(
    "text", ["", "zeros", "0x", "0x0", "0xzz", "33", "0x" + "5a" * 4097, "periodic", "0x 1"]
)
def test_what_is_no_pattern_is_none(text: str) -> None:
    assert patterns.asked(text) is None


@given(st.binary(min_size=1, max_size=4096), st.integers(0, 1 << 40))
def test_a_pattern_is_learned_from_anywhere_and_continues_everywhere(
    period: bytes, offset: int
) -> None:
    drive = patterns.Pattern("periodic", period)
    found = patterns.learned(drive.at(offset, patterns.LEARN), offset)
    assert found is not None
    assert found.learned
    assert found.at(7, 9000) == drive.at(7, 9000)
    assert len(found.period) <= len(period)


def test_what_does_not_repeat_is_no_pattern() -> None:
    assert patterns.learned(random.Random(1).randbytes(patterns.LEARN), 0) is None
    assert patterns.learned(b"\0" * 100, 0) is None  # too little to tell


def test_a_digest_names_a_pattern_and_shows_nothing_of_it() -> None:
    assert patterns.ZERO.digest == hashlib.sha256(b"\0").hexdigest()
    assert patterns.RANDOM.digest == ""


@pytest.mark.parametrize(
    ("blocks", "confidence", "per_cent"),
    [
        (299, 95, 1.0),
        (459, 99, 1.0),
        (2_995, 95, 0.1),
        (4_603, 99, 0.1),
        (29_956, 95, 0.01),
        (2_995_731, 95, 0.0001),
    ],
)
def test_the_bound_is_the_table_of_the_formula(
    blocks: int, confidence: int, per_cent: float
) -> None:
    assert bound(blocks, confidence) <= per_cent * BILLION / 100 + 1
    assert bound(blocks - 1, confidence) >= math.floor(per_cent * BILLION / 100)


def test_no_block_proves_nothing() -> None:
    assert bound(0, 95) == bound(-1, 99) == BILLION


@given(st.integers(1, 500), st.integers(0, 1 << 22), st.integers(0, 2**64))
def test_a_sample_reads_two_blocks_of_each_part_in_order_and_both_ends(
    parts: int, more: int, seed: int
) -> None:
    sample = Sample(2 * parts, BLOCK, f"{seed:032x}")
    size = 4 * parts * BLOCK + more
    found = list(sampling.places(sample, size))
    assert found[0] == 0
    assert found[-1] == (size - 1) // BLOCK * BLOCK
    assert all(one < other for one, other in pairwise(found))
    assert all(place % BLOCK == 0 and place < size for place in found)
    for part in range(parts):
        low, high = part * size // parts, (part + 1) * size // parts
        inside = [place for place in found if low - BLOCK < place < high]
        assert len(inside) >= 2, f"part {part} of {parts}"
    assert found == list(sampling.places(sample, size)), "anybody can draw them again"


def test_a_run_that_holds_a_whole_part_is_always_found() -> None:
    size, parts = 4_000 * BLOCK, 100
    run = 2 * size // parts
    for number in range(300):
        sample = Sample(2 * parts, BLOCK, f"{number:032x}")
        start = random.Random(number).randrange(0, size - run) // SECTOR * SECTOR
        assert any(start < at + BLOCK and at < start + run for at in sampling.places(sample, size))


def test_a_survivor_is_found_as_often_as_the_formula_says() -> None:
    """1 % of 10,000 blocks, spread evenly as is worst: 100 draws find it in 63 of 100 samples."""
    size, spread, tries = 10_000 * BLOCK, 100, 600
    hits = 0
    for number in range(tries):
        sample = Sample(100, BLOCK, f"{number:032x}")
        gone = {0, (size - 1) // BLOCK * BLOCK}  # its ends are looked at besides
        shift = random.Random(number).randrange(spread)
        drawn = [at // BLOCK for at in sampling.places(sample, size) if at not in gone]
        hits += any(block % spread == shift for block in drawn)
    expected = 1 - (1 - 0.01) ** 100
    apart = 4 * math.sqrt(tries * expected * (1 - expected))
    assert abs(hits - tries * expected) < apart + 0.02 * tries


@pytest.mark.parametrize(
    ("at", "what", "kind"),
    [
        (0, b"EFI PART", "partition-table"),
        (3, b"-FVE-FS-", "bitlocker"),
        (3, b"NTFS    ", "ntfs"),
        (56, b"\x53\xef\1\0", "ext"),
        (0, b"LUKS\xba\xbe\0\2", "luks"),
        (0, b"%PDF-1.4", "pdf"),
        (0, b"PK\3\4", "zip"),
        (0, b"SQLite format 3\0", "sqlite"),
        (510, b"\x55\xaa", "boot-sector"),
        (100, b"Dear parents, the trip to the zoo is on Friday", "text"),
        (100, b"too short to be told", "data"),
        (0, b"", "zeros"),
        (0, b"\xff" * SECTOR, "ones"),
        (0, b"\xaa" * SECTOR, "fill"),
    ],
)
def test_a_sector_is_told_by_its_kind_alone(at: int, what: bytes, kind: str) -> None:
    sector = bytearray(SECTOR)
    sector[at : at + len(what)] = what
    assert signatures.kind(bytes(sector)) == kind


@given(st.binary(max_size=SECTOR))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    signatures.kind(data)


def test_random_bytes_are_never_refuted_and_what_lies_among_them_is() -> None:
    noise = random.Random(5).randbytes(8 << 20)
    assert signatures.no_chance(noise) is None
    for at, what in (
        (70_001, b"x" * 40),
        (5 * SECTOR, b"EFI PART"),
        (9 * SECTOR, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        (1_000_003, b"\0" * 64),
        (0, b"SQLite format 3\0"),
    ):
        planted = noise[:at] + what + noise[at + len(what) :]
        assert signatures.no_chance(planted) is not None, what


def test_what_a_tool_itself_writes_is_let_be_to_the_sector() -> None:
    assert residues.holds("blancco", 130 * SECTOR + 511)
    assert not residues.holds("blancco", 131 * SECTOR)
    assert residues.holds("blancco", 200 * SECTOR)
    assert residues.holds("blancco", 67_000 * SECTOR)
    assert not residues.holds("blancco", 67_001 * SECTOR)
    assert not residues.holds("wiperapp", SECTOR)
    assert not residues.holds("none", 0)


def made(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


DRIVE = Drive("sdb", "8:16", {"sdb1": "8:17"}, "/dev/sdb")
MOUNT = "36 35 8:17 / /media/ada\\040l rw,noatime - ext4 /dev/sdb1 rw\n"


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("proc/self/mountinfo", MOUNT, "mounted at /media/ada l"),
        ("proc/self/mountinfo", MOUNT.replace("8:17", "8:16"), "umount /media/ada l"),
        ("proc/swaps", "Filename Type\n/dev/sdb1 partition 1 0 -2\n", "swapoff /dev/sdb1"),
        ("proc/swaps", "Filename Type\n/dev/sdb\tpartition 1 0 -2\n", "swapoff /dev/sdb"),
        ("sys/class/block/sdb1/holders/md0", "", "md0 is built on it"),
        ("sys/class/block/sdb/holders/dm-3", "", "dm-3 is built on it"),
        ("sys/block/loop7/loop/backing_file", "/dev/sdb\n", "losetup -d /dev/loop7"),
    ],
)
def test_a_drive_in_use_is_told_with_what_to_do(
    tmp_path: Path, path: str, text: str, says: str
) -> None:
    made(tmp_path, path, text)
    assert says in in_use.why(DRIVE, tmp_path)


def test_what_another_drive_does_is_nothing_to_this_one(tmp_path: Path) -> None:
    assert in_use.why(DRIVE, tmp_path) == ""
    made(tmp_path, "proc/self/mountinfo", MOUNT.replace("8:17", "8:170"))
    made(tmp_path, "proc/swaps", "Filename Type\n/dev/sdb10 partition 1 0 -2\n")
    made(tmp_path, "sys/block/loop7/loop/backing_file", "/dev/sdb9\n")
    made(tmp_path, "sys/class/block/sda/holders/md0", "")
    assert in_use.why(DRIVE, tmp_path) == ""


def test_a_name_that_steers_a_terminal_is_told_without(tmp_path: Path) -> None:
    made(tmp_path, "proc/self/mountinfo", MOUNT.replace("ada\\040l", "\\033[2J"))
    assert "\x1b" not in in_use.why(DRIVE, tmp_path)


def test_who_has_a_file_open_for_writing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(b"\0")
    drive = Drive("", "", {}, str(path))
    with path.open("rb"):
        assert in_use.writer(drive) == ""
    with path.open("r+b"):
        assert f"process {os.getpid()}" in in_use.writer(drive)


@pytest.mark.parametrize(
    ("done", "total", "seconds", "says"),
    [
        (0, 500 * 10**9, 0.0, "Reading 500 GB"),
        (5 * 10**9, 500 * 10**9, 2.0, "Reading: 1 % of 500 GB at 2,500 MB/s"),
        (
            250 * 10**9,
            500 * 10**9,
            2_500.0,
            "Reading: 50 % of 500 GB at 100 MB/s, about 42 minutes left",
        ),
        (10, 5, 1.0, "Reading: 100 % of 5 bytes at 0 MB/s"),
    ],
)
def test_the_progress_says_how_far_and_how_long(
    done: int, total: int, seconds: float, says: str
) -> None:
    assert words.progress(done, total, seconds) == says


def test_no_progress_is_shown_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    now = [0.0]
    progress = Progress(100, sys.stderr, lambda: now[0], words.progress)
    for done in (1, 50, 100):
        now[0] += 60
        progress.told(done)
    progress.end()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("size", "says"),
    [(999, "999 bytes"), (4_096, "4.1 kB"), (500_107_862_016, "500 GB")],
)
def test_sizes_read_as_on_the_label(size: int, says: str) -> None:
    assert words.amount(size) == says
