"""`caretaker-agent verify-wipe` on real loop devices, some of them wiped by the real nwipe."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import wipes
from agent.commands.main import main
from agent.state import State
from agent.wiping.reading import PIECE
from checks.facts import decode_section
from checks.media_wipes import PLACES, SECTOR, MediaWipes
from tests import needs
from tests.agent.cli import agent_here, one_line
from tests.agent.loops import ODD, image, offsets, plant, read_file, verified
from tests.agent.simulator import Controller
from tests.nwiped import MIB, loop, nwipe


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """The file behind a wiped drive."""
    return image(tmp_path / "drive", ODD)


def test_a_drive_wiped_by_nwipe_is_clean_and_what_survived_is_found(tmp_path: Path) -> None:
    backing = tmp_path / "drive"
    backing.write_bytes(random.Random(1).randbytes(ODD))
    with loop(backing) as device:
        before = verified(device, data=tmp_path / "data")
        assert (before["code"], before["wipe"]["outcome"]) == (2, "survived")
        log = nwipe(device, tmp_path)
        assert "Nwipe successfully completed" in log
        after = verified(device, data=tmp_path / "data")
        assert (after["code"], after["verified"], after["wipe"]["outcome"]) == (0, True, "clean")
        assert after["wipe"]["read_bytes"] == after["wipe"]["size_bytes"] == ODD
        assert after["wipe"]["serial"] == after["wipe"]["model"] == ""
        for offset in (0, ODD - 1, PIECE - 1, PIECE, random.Random().randrange(ODD)):
            plant(Path(device), offset)
            told = verified(device, data=tmp_path / "data")
            assert (told["code"], told["verified"], offsets(told)) == (2, False, [offset])
            plant(Path(device), offset, b"\0")


@pytest.mark.parametrize("size", [1, 511, 4096, 4097, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 777])
def test_every_bit_counts_at_whatever_size(tmp_path: Path, size: int) -> None:
    path = image(tmp_path / "copy", size)
    told = read_file(path)
    assert (told["code"], told["wipe"]["read_bytes"]) == (0, size)
    borders = {at + near for at in (0, 4096, PIECE, 2 * PIECE, size) for near in (-1, 0, 1)}
    for offset in sorted(at for at in borders if 0 <= at < size):
        plant(path, offset, b"\x80")
        told = read_file(path)
        assert (told["code"], offsets(told)) == (2, [offset])
        plant(path, offset, b"\0")


def test_a_drive_with_large_sectors_is_read_like_any_other(tmp_path: Path) -> None:
    size = 2 * PIECE + 3 * 4096
    drive = image(tmp_path / "drive", size)
    plant(drive, size - 1)
    with loop(drive, "--sector-size", "4096") as device:
        told = verified(device, data=tmp_path / "data")
        assert (told["code"], offsets(told), told["wipe"]["direct"]) == (2, [size - 1], True)
        few = verified(device, "--expect", "zero", "--sample", "100", data=tmp_path / "data")
        assert (few["code"], offsets(few)) == (2, [size - 1])


@pytest.mark.parametrize("turn", [1, 2, 3, 4, 7, 512, 1000, 4095, 4096])
def test_a_pattern_is_held_to_its_turn_over_every_border(tmp_path: Path, turn: int) -> None:
    period = bytes([0x33]) + random.Random(turn).randbytes(turn - 1)
    size = 2 * PIECE + 4 * turn + 1
    path = image(tmp_path / "copy", size, period)
    for words in (["--expect", "periodic"], ["--expect", "0x" + period.hex()]):
        told = read_file(path, *words)
        assert (told["code"], told["wipe"]["learned"]) == (0, words[1] == "periodic")
    assert told["wipe"]["pattern_digest"] == hashlib.sha256(period).hexdigest()
    offset = PIECE + turn
    plant(path, offset, bytes([0xCC]))
    told = read_file(path, "--expect", "periodic")
    assert (told["code"], offsets(told)) == (2, [offset])


def test_what_repeats_and_reads_like_a_letter_is_no_pattern(tmp_path: Path) -> None:
    path = image(tmp_path / "copy", MIB, b"Dear parents, the trip to the zoo is on Friday. ")
    told = read_file(path, "--expect", "periodic")
    assert (told["code"], told["wipe"]["outcome"]) == (2, "survived")
    noise = tmp_path / "noise"
    noise.write_bytes(random.Random(2).randbytes(MIB))
    assert read_file(noise, "--expect", "periodic")["code"] == 2


def test_random_bytes_prove_nothing_and_may_be_refuted(tmp_path: Path) -> None:
    path = tmp_path / "noise"
    path.write_bytes(random.Random(2).randbytes(3 * MIB))
    told = read_file(path, "--expect", "random")
    assert (told["code"], told["verified"], told["wipe"]["outcome"]) == (1, False, "unproven")
    plant(path, MIB + 5, b"a register of pupils, with addresses and dates of birth")
    told = read_file(path, "--expect", "random")
    assert (told["code"], offsets(told)) == (2, [MIB + 5])


def test_a_sample_says_what_it_leaves_possible_and_that_it_is_one(tmp_path: Path) -> None:
    path = image(tmp_path / "copy", 64 * MIB)
    told = read_file(path, "--sample", "1999")
    assert (told["code"], told["verified"]) == (0, False)
    assert told["wipe"]["sample"]["blocks"] == 2000
    assert told["bounds_ppb"] == {"95": 1_496_745, "99": 2_299_937}
    assert told["wipe"]["read_bytes"] <= 2002 * 4096
    again = read_file(path, "--sample", "1999")
    assert again["wipe"]["sample"]["seed"] != told["wipe"]["sample"]["seed"]
    plant(path, 63 * MIB, b"\1" * MIB)
    told = read_file(path, "--sample", "200")
    assert (told["code"], told["bounds_ppb"]) == (2, {})
    assert all(at >= 63 * MIB for at in offsets(told))


def test_only_places_and_kinds_are_told(tmp_path: Path) -> None:
    path = image(tmp_path / "copy", MIB)
    plant(path, 8 * SECTOR, b"%PDF-1.7 Ada Lovelace, 3 Hill Road")
    plant(path, 9 * SECTOR, b"her marks: 1, 2, 3")
    plant(path, 500_000, b"Charles")
    told = agent_here("verify-wipe", str(path), "--image", "--expect", "zero", data=tmp_path / "d")
    assert "at byte 4,096: pdf, 1.02 kB" in told.stdout
    assert "at byte 500,000: data, 512 bytes" in told.stdout
    for secret in ("Ada", "marks", "Charles", "PDF-1.7"):
        assert secret not in told.stdout


def test_a_drive_that_was_not_wiped_is_told_soon(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    path.write_bytes((b"\0" * SECTOR + b"a" * SECTOR) * 4096)
    told = read_file(path)
    assert len(offsets(told)) == PLACES
    assert (told["wipe"]["whole"], told["wipe"]["read_bytes"]) == (False, PIECE)


def test_what_a_tool_writes_itself_is_let_be_only_where_it_is_named(tmp_path: Path) -> None:
    path = image(tmp_path / "copy", MIB)
    plant(path, 200 * SECTOR, b"fingerprint")
    assert read_file(path)["code"] == 2
    told = read_file(path, "--residue", "blancco")
    assert (told["code"], told["wipe"]["residue_sectors"]) == (0, 1)
    plant(path, 201 * SECTOR)
    told = read_file(path, "--residue", "blancco")
    assert (told["code"], offsets(told)) == (2, [201 * SECTOR])


def test_nothing_is_written_and_the_drive_is_opened_for_reading_only(
    drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags: list[int] = []
    really = os.open

    def opened(path: Any, how: int, *rest: Any, **more: Any) -> int:
        if str(path).startswith("/dev/loop"):
            flags.append(how)
        return really(path, how, *rest, **more)

    before = (hashlib.sha256(drive.read_bytes()).digest(), drive.stat().st_mtime_ns)
    with loop(drive) as device:
        counted = Path(f"/sys/class/block/{Path(device).name}/stat")
        writes = counted.read_text().split()
        with monkeypatch.context() as watched:
            watched.setattr(os, "open", opened)
            assert verified(device, data=tmp_path / "data")["code"] == 0
        after = counted.read_text().split()
        assert (after[6], after[13]) == (writes[6], writes[13])
        assert int(after[2]) - int(writes[2]) >= ODD // SECTOR, "and it was read"
    assert (hashlib.sha256(drive.read_bytes()).digest(), drive.stat().st_mtime_ns) == before
    assert flags
    assert all(how & os.O_ACCMODE == os.O_RDONLY and how & os.O_EXCL for how in flags)
    with loop(drive, "--read-only") as device:
        assert verified(device, data=tmp_path / "data")["code"] == 0


def test_a_mounted_drive_is_refused(tmp_path: Path) -> None:
    drive = image(tmp_path / "drive", 4 * MIB)
    mkfs = needs.program("mkfs.ext4", package="e2fsprogs")
    place = tmp_path / "place"
    place.mkdir()
    with loop(drive) as device:
        subprocess.run([mkfs, "-q", device], check=True, capture_output=True)
        subprocess.run(["mount", device, str(place)], check=True)
        try:
            ran = agent_here("verify-wipe", device, "--expect", "zero", data=tmp_path / "data")
            assert (ran.returncode, ran.stdout) == (1, "")
            assert f"It is mounted at {place}" in one_line(ran)
        finally:
            subprocess.run(["umount", str(place)], check=True)


def test_what_only_the_kernel_knows_of_is_refused_by_it(drive: Path, tmp_path: Path) -> None:
    with loop(drive) as device:
        held = os.open(device, os.O_RDONLY | os.O_EXCL)
        try:
            ran = agent_here("verify-wipe", device, "--expect", "zero", data=tmp_path / "data")
        finally:
            os.close(held)
        assert (ran.returncode, "is in use" in one_line(ran)) == (1, True)


def test_a_drive_that_somebody_may_write_to_is_refused(drive: Path, tmp_path: Path) -> None:
    with loop(drive) as device:
        with Path(device).open("r+b", buffering=0):
            ran = agent_here("verify-wipe", device, "--expect", "zero", data=tmp_path / "data")
        assert ran.returncode == 1
        assert f"(process {os.getpid()}) has it open for writing" in one_line(ran)
        image_of = agent_here(
            "verify-wipe", str(drive), "--image", "--expect", "zero", data=tmp_path / "data"
        )
        assert f"losetup -d {device}" in one_line(image_of)


def test_one_partition_is_read_only_where_that_was_meant(tmp_path: Path) -> None:
    sfdisk = needs.program("sfdisk", package="fdisk")
    partx = needs.program("partx", package="util-linux")
    drive = image(tmp_path / "drive", 8 * MIB)
    subprocess.run([sfdisk, "-q", str(drive)], input=b"2048,4096\n", check=True)
    with loop(drive, "--partscan") as device:
        subprocess.run([partx, "--add", device], check=True)
        part = f"{device}p1"
        ran = agent_here("verify-wipe", part, "--expect", "zero", data=tmp_path / "data")
        assert (ran.returncode, "one partition of a drive" in one_line(ran)) == (64, True)
        told = verified(part, "--expect", "zero", "--partition", data=tmp_path / "data")
        assert (told["code"], told["verified"]) == (0, False)
        assert (told["wipe"]["what"], told["wipe"]["size_bytes"]) == ("partition", 2 * MIB)
        held = os.open(part, os.O_RDONLY | os.O_EXCL)  # as a file system would
        ran = agent_here("verify-wipe", device, "--expect", "zero", data=tmp_path / "data")
        os.close(held)
        assert (ran.returncode, "is in use" in one_line(ran)) == (1, True)
        whole = verified(device, data=tmp_path / "data")
        assert (whole["code"], offsets(whole)[0] < SECTOR) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("verify-wipe", "arguments are required"),
        ("verify-wipe {file}", "required: --expect"),
        ("verify-wipe {file} --expect zero", "is a file"),
        ("verify-wipe {file} --expect zeros --image", "--expect knows"),
        ("verify-wipe {file} --expect 0x3 --image", "--expect knows"),
        ("verify-wipe {file} --expect zero --image --sample 1", "a whole number from 2"),
        ("verify-wipe {file} --expect zero --image --sample x", "a whole number from 2"),
        ("verify-wipe {file} --expect zero --image --sample 5000", "leave --sample away"),
        ("verify-wipe {file} --expect random --image --sample 20", "only be refuted"),
        ("verify-wipe {folder} --expect zero", "is a folder"),
        ("verify-wipe /dev/null --expect zero", "is no drive"),
    ],
)
def test_wrong_usage_is_exit_64_in_one_line(
    drive: Path, words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = words.format(file=drive, folder=drive.parent)
    try:
        code: object = main([*words.split(), "--data", str(drive.parent / "data")])
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (64, "", 1)
    assert says in err


def test_what_is_not_there_or_empty_cannot_be_read(tmp_path: Path) -> None:
    gone = agent_here(
        "verify-wipe", str(tmp_path / "sdz"), "--expect", "zero", data=tmp_path / "data"
    )
    assert (gone.returncode, "There is no" in one_line(gone)) == (1, True)
    empty = image(tmp_path / "empty", 0)
    ran = agent_here(
        "verify-wipe", str(empty), "--image", "--expect", "zero", data=tmp_path / "data"
    )
    assert (ran.returncode, "is empty" in one_line(ran)) == (1, True)


def test_another_system_is_told_that_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.hosts.local import LocalHost

    for platform in ("windows", "macos"):
        monkeypatch.setattr(LocalHost, "platform", platform)
        ran = agent_here("verify-wipe", "/dev/disk2", "--expect", "zero", data=tmp_path / "data")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "on Linux only" in one_line(ran)


def told_in(controller: Controller) -> Iterator[Any]:
    """The readings of each report that holds some."""
    for report in controller.reports:
        for one in report.now:
            if one.section == MediaWipes.section:
                facts = decode_section(one.body.encode(), one.schema, MediaWipes)
                assert isinstance(facts, MediaWipes)
                yield facts.wipes


def test_the_school_hears_of_it_once_in_a_signed_report(
    enrolled: State, controller: Controller, drive: Path
) -> None:
    plant(drive, 4096, b"LUKS\xba\xbe and a key")
    with loop(drive) as device:
        told = verified(
            device, "--expect", "zero", "--serial", " ab\x1b-12 ", data=enrolled.root.parent
        )
    assert (told["code"], told["report"]) == (2, 1)
    assert "has told the school" in told["sentence"]
    ((wipe,),) = told_in(controller)
    assert (wipe.typed_serial, wipe.serial) == ("ab-12", "")
    assert json.loads(json.dumps(told["wipe"]))["id"] == wipe.id
    assert [(one.offset, one.kind) for one in wipe.survivors] == [(4096, "luks")]
    assert wipes.load(enrolled.key) == []
    assert agent_here("run", data=enrolled.root.parent).returncode == 0
    assert len(list(told_in(controller))) == 1


def test_readings_that_wait_go_a_few_at_a_time_and_none_is_lost(
    enrolled: State, controller: Controller, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(0, 16 * 8192, 8192):
        plant(drive, at)
    with loop(drive) as device, monkeypatch.context() as alone:
        alone.setattr("agent.commands.run.at_once", lambda *_: _Nothing())
        sent = [verified(device, data=enrolled.root.parent)["wipe"]["id"] for _ in range(5)]
    assert [one.id for one in wipes.load(enrolled.key)] == sent
    while wipes.load(enrolled.key):
        assert agent_here("run", data=enrolled.root.parent).returncode == 0
    came = list(told_in(controller))
    assert [one.id for some in came for one in some] == sent
    assert len(came) > 1


class _Nothing:
    """A round that made no report."""

    seq = waiting = 0
    code = summary = ""
    sentence = "not now"


def test_a_damaged_memory_costs_what_was_in_it_and_no_round(
    enrolled: State, controller: Controller, drive: Path
) -> None:
    (enrolled.key / wipes.NAME).write_text("{")
    assert agent_here("run", data=enrolled.root.parent).returncode == 0
    with loop(drive) as device:
        assert verified(device, data=enrolled.root.parent)["report"] == 2
    assert len(list(told_in(controller))) == 1


def test_a_file_is_told_to_nobody(enrolled: State, controller: Controller, drive: Path) -> None:
    told = verified(drive, "--image", "--expect", "zero", data=enrolled.root.parent)
    assert "nobody is told" in told["sentence"]
    assert (controller.reports, wipes.load(enrolled.key)) == ([], [])
    assert told["verified"] is False


def test_it_stays_small_and_says_nothing_in_a_pipe(tmp_path: Path) -> None:
    path = image(tmp_path / "copy", 64 * MIB)
    code = (
        "from pathlib import Path\nfrom agent.commands.main import main\n"
        f"main(['verify-wipe', {str(path)!r}, '--image', '--expect', 'zero', '--data', '/x'])\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert int(ran.stdout.split()[-1]) < 40 * 1024
