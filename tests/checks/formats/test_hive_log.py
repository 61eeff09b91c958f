"""What Windows had not yet written into a registry file is written in, where it joins on to it."""

import lzma
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import hive, hive_log
from checks.formats.errors import ParseError
from checks.formats.registry_values import Value
from tests.checks import corpus
from tests.checks.formats.hives import Node, Writer, log

OLD = Writer().file(Node("R", [("a", 4, b"\1\0\0\0")]), dirty=True).ljust(8192, b"\0")
NEW = Writer().file(Node("R", [("a", 4, b"\2\0\0\0")])).ljust(8192, b"\0")
PAGE = NEW[4096:]
LOG = log(OLD, 1, [(0, PAGE)])


def value(data: bytes) -> Value:
    [key] = hive.parse(data).keys
    return key.values["a"]


def test_an_entry_whose_number_joins_on_is_written_in() -> None:
    whole = hive_log.replay(OLD, [LOG])
    assert whole.entries == 1
    assert (value(OLD).data, value(whole.data).data) == (1, 2)
    assert (hive.parse(OLD).dirty, hive.parse(whole.data).dirty) == (True, False)


def test_a_file_that_windows_closed_needs_none() -> None:
    assert hive_log.replay(NEW, [LOG]) == hive_log.Replayed(NEW, 0)


@pytest.mark.parametrize("number", [0, 3, 4_000_000_000])
def test_an_entry_of_another_time_is_left(number: int) -> None:
    assert hive_log.replay(OLD, [log(OLD, number, [(0, PAGE)])]) == hive_log.Replayed(OLD, 0)


def test_entries_of_both_logs_are_joined_by_their_numbers() -> None:
    second = log(OLD, 2, [(0, OLD[4096:])], [(0, PAGE)])
    for logs in ([LOG, second], [second, LOG]):
        whole = hive_log.replay(OLD, logs)
        assert (whole.entries, value(whole.data).data) == (3, 2)


def test_after_a_gap_nothing_is_written_and_the_file_still_says_so() -> None:
    whole = hive_log.replay(OLD, [LOG, log(OLD, 3, [(0, OLD[4096:])])])
    assert (whole.entries, value(whole.data).data) == (1, 2)
    assert hive.parse(whole.data).dirty


def test_a_file_grows_by_what_its_logs_hold_and_no_further() -> None:
    grown = hive_log.replay(OLD, [log(OLD, 1, [(0, PAGE), (8192, bytes(4096))])])
    assert (grown.entries, len(grown.data)) == (1, 4096 + 12288)
    assert hive_log.replay(OLD, [log(OLD, 1, [(1 << 30, bytes(512))])]).entries == 0


def test_a_file_whose_last_entry_did_not_fit_still_says_so() -> None:
    far = log(OLD, 2, [(1 << 30, bytes(512))])
    whole = hive_log.replay(OLD, [LOG, far])
    assert whole.entries == 1
    assert hive.parse(whole.data).dirty


def test_a_long_entry_is_summed_without_a_copy_many_times_its_size() -> None:
    long = bytes(1 << 16)
    tracemalloc.start()
    hive_log.checksum(long)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 16


@pytest.mark.parametrize("at", [512, 516, 524, 532, 536, 544, 552, 560, 900])
def test_an_entry_that_was_changed_in_any_place_is_none(at: int) -> None:
    damaged = bytearray(LOG)
    damaged[at] ^= 1
    assert hive_log.replay(OLD, [bytes(damaged)]).entries == 0
    assert hive_log.parse(bytes(damaged)).entries == []


@pytest.mark.parametrize(
    "data", [b"", b"regf" + bytes(508), OLD, NEW, LOG[:511], b"\0" + LOG[1:], LOG[:50] + LOG[51:]]
)
def test_another_file_is_no_log_and_adds_nothing(data: bytes) -> None:
    with pytest.raises(ParseError):
        hive_log.parse(data)
    assert hive_log.replay(OLD, [data]).entries == 0


def test_a_log_tells_what_it_holds_packed_too() -> None:
    told = hive_log.parse(lzma.compress(LOG))
    assert (told.form, told.name, told.number) == ("entries", "Test.DAT", 1)
    assert told.entries == [hive_log.Entry(1, 4096, 1, len(PAGE))]
    old = bytearray(LOG)
    old[512:516] = b"DIRT"
    assert hive_log.parse(bytes(old)).form == "pages"


@given(st.binary(max_size=300), st.integers(0, len(LOG)))
def test_any_log_leaves_a_file_that_is_read(tail: bytes, end: int) -> None:
    whole = hive_log.replay(OLD, [LOG[:end] + tail, tail])
    assert value(whole.data).data in (1, 2)


@pytest.mark.parametrize(
    ("name", "entries", "first"),
    [
        ("SYSTEM_B.LOG1", 4, 2107),
        ("UsrClass.dat.LOG2", 10, 291),
        ("transactions_ntuser.dat.log1", 23, 566),
        ("transactions_ntuser.dat.log2", 1, 562),
    ],
)
def test_checksums_of_real_logs_hold(name: str, entries: int, first: int) -> None:
    told = hive_log.parse(corpus.need(f"hives/{name}.xz").read_bytes())
    assert [one.number for one in told.entries] == list(range(first, first + entries))


def test_a_real_file_is_whole_with_its_logs() -> None:
    data, *logs = (
        lzma.decompress(corpus.need(f"hives/transactions_{name}.xz").read_bytes())
        for name in ("NTUSER.DAT", "ntuser.dat.log2", "ntuser.dat.log1")
    )
    whole = hive_log.replay(data, logs)
    found = hive.parse(whole.data)
    assert (whole.entries, found.skipped, found.dirty) == (23, 0, False)
    assert (len(found.keys), sum(len(key.values) for key in found.keys)) == (3105, 4695)


def test_a_log_without_the_one_before_it_is_not_used() -> None:
    data = lzma.decompress(corpus.need("hives/UsrClass.dat.xz").read_bytes())
    log2 = corpus.need("hives/UsrClass.dat.LOG2.xz").read_bytes()
    assert hive_log.replay(data, [log2]).entries == 0
    assert struct.unpack_from("<II", data, 4) == (256, 255)
