"""Logs of nwipe, line by line."""

import pytest

from checks.formats import nwipe_log
from checks.formats.errors import ParseError
from tests.checks.formats.nwipe_logs import LATER, NAMES, SERIAL, SIZE, log

SHORT = """\
[2026/11/22 01:12:24]  notice: Found /dev/loop0, VIRT, Loopback device,  67 MB, S/N=A1B2C3
[2026/11/22 01:12:24]  notice: Program options are set as follows...
[2026/11/22 01:12:24]  notice:   do not perform a final blank pass
[2026/11/22 01:12:24]  notice:   banner   = nwipe 0.33
[2026/11/22 01:12:24]  notice:   method   = Fill With Zeros
[2026/11/22 01:12:24]  notice: /dev/loop0, sect/blk/dev 512/4096/67108864
[2026/11/22 01:12:24]  notice: Starting pass 1/1, round 1/1, on /dev/loop0
[2026/11/22 01:12:24]   error: nwipe_static_pass: fdatasync: Input/output error
[2026/11/22 01:12:24] warning: Wrote 51200000 bytes on '/dev/loop0'.
********************************* Drive Status *********************************
!    loop0 |-FAILED-|   0 B/s | 00:00:03 | Loopback device/A1B2C3
[2026/11/22 01:12:29] Total Throughput   0 B/s, Fill With Zeros, 1R+NB+VL
[2026/11/22 01:12:29]    info: Nwipe exited with errors, check the log & summary table for individu\
al drive status.
"""


def test_a_log_of_several_drives_is_sorted_by_drive() -> None:
    read = nwipe_log.parse(log("three"))
    assert [one.found[0].serial for one in read.devices] == ["CT24K7A0", "CT24K7A1", "CT24K7A2"]
    assert {len(one.steps) for one in read.devices} == {9}
    assert {one.sizes[0].size_bytes for one in read.devices} == {SIZE}
    assert len(read.rows) == 6
    assert read.unread == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_real_log_is_understood(name: str) -> None:
    read = nwipe_log.parse(log(name))
    assert read.unread == []
    assert (len(read.runs), len(read.footers), len(read.ends)) == (1, 1, 1)
    assert read.version[0].value == "0.33"
    assert all(one.found and one.sizes and one.steps for one in read.devices)


def test_a_log_of_a_later_nwipe_folds_lines_and_counts_bytes() -> None:
    read = nwipe_log.parse(LATER.encode())
    (drive,) = read.devices
    found = drive.found[0]
    assert (found.bus, found.model, found.size) == ("ATA", "Maker, model 5/A", "67 MB")
    assert found.serial == "WX1/2-3456"
    assert [row.numbers for row in read.rows if row.table == "erased"] == [
        (67108864,) * 2 + (10_000,)
    ]
    assert [said.value for said in read.version] == ["0.42", "0.42"]
    assert read.unread == []
    assert drive.sizes[0].size_bytes == 67_108_864


def test_lines_keep_their_numbers() -> None:
    read = nwipe_log.parse(SHORT.encode())
    (drive,) = read.devices
    assert (drive.found[0].place, drive.steps[0].place) == (1, 7)
    assert [(one.place, one.level, one.device) for one in read.remarks] == [(8, "error", "")]
    assert drive.remarks[0].text == "Wrote 51200000 bytes on '/dev/loop0'."
    assert read.rows[0].status == "-FAILED-"
    assert read.rows[0].flagged


def test_a_copy_from_windows_reads_the_same() -> None:
    plain = nwipe_log.parse(log("zero"))
    assert nwipe_log.parse(b"\xef\xbb\xbf" + log("zero").replace(b"\n", b"\r\n")) == plain
    assert nwipe_log.parse(log("zero").decode().encode("utf-16")) == plain
    assert plain.devices[0].serials[0].value == SERIAL


@pytest.mark.parametrize("line", ["anything", "[2026/11/22 01:12:24]  errxr: no", " " * 30 + "x"])
def test_a_line_of_another_kind_is_kept_as_unread(line: str) -> None:
    read = nwipe_log.parse(SHORT.encode() + line.encode() + b"\n")
    assert [said.value for said in read.unread] == [line]


@pytest.mark.parametrize("data", [b"", b"hello\n", b"\0" * 100, b"a" * (nwipe_log.LARGEST + 1)])
def test_what_is_no_log_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        nwipe_log.parse(data)


def test_more_drives_than_any_bench_has_are_refused() -> None:
    lines = [
        f"[2026/11/22 01:12:24]  notice: Found /dev/sd{n}, ATA, M,  1 MB, S/N=S{n}"
        for n in range(nwipe_log.MOST_DEVICES + 1)
    ]
    with pytest.raises(ParseError, match="drives"):
        nwipe_log.parse("\n".join(lines).encode())
