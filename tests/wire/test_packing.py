"""Bodies are packed the same each time and unpacked only within bounds."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.refusals import code
from wire import limits, packing

LIMIT = 10_000


def code_of(data: bytes, limit: int = LIMIT) -> str:
    """Say with which code a packed body is refused, or `accepted`."""
    return code(lambda: packing.gunzip_limited(data, limit))


@given(st.binary(max_size=LIMIT))
def test_what_is_packed_unpacks_to_itself_and_any_gzip_reads_it(data: bytes) -> None:
    packed = packing.gzip_bytes(data)
    assert packing.gunzip_limited(packed, LIMIT) == data
    assert gzip.decompress(packed) == data
    assert packing.gunzip_limited(gzip.compress(data), LIMIT) == data


def test_packing_names_no_time_and_no_file() -> None:
    packed = packing.gzip_bytes(b"report")
    assert packed == packing.gzip_bytes(b"report")
    assert packed[3:8] == bytes(5), "no flags, time zero"


@given(st.binary(max_size=300))
def test_any_bytes_unpack_or_are_refused(data: bytes) -> None:
    assert code_of(data) in {"accepted", "malformed", "too_large"}


@given(st.binary(max_size=60), st.data())
def test_any_damaged_stream_is_refused_or_says_the_same(data: bytes, draw: st.DataObject) -> None:
    """gzip's checksum finds the damage; the few header bytes it leaves out change nothing."""
    packed = bytearray(packing.gzip_bytes(data))
    packed[draw.draw(st.integers(0, len(packed) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    if code_of(bytes(packed)) == "accepted":
        assert packing.gunzip_limited(bytes(packed), LIMIT) == data


def test_the_limit_is_exact() -> None:
    assert code_of(packing.gzip_bytes(b"x" * LIMIT)) == "accepted"
    assert code_of(packing.gzip_bytes(b"x" * (LIMIT + 1))) == "too_large"
    assert code_of(packing.gzip_bytes(b""), 0) == "accepted"


def test_a_thousandfold_bomb_costs_no_more_than_its_limit() -> None:
    bomb = packing.gzip_bytes(bytes(200 * limits.BODY_INFLATED))
    assert 200 * limits.BODY_INFLATED / len(bomb) > 1_000
    tracemalloc.start()
    assert code_of(bomb, limits.BODY_INFLATED) == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * limits.BODY_INFLATED


def test_a_bomb_in_a_bomb_is_opened_once() -> None:
    inner = packing.gzip_bytes(bytes(4 * limits.BODY_INFLATED))
    assert packing.gunzip_limited(packing.gzip_bytes(inner), LIMIT) == inner


def test_a_compressed_body_is_counted_before_it_is_opened() -> None:
    assert code_of(bytes(limits.BODY_COMPRESSED + 1)) == "too_large"
    assert code_of(bytes(limits.BODY_COMPRESSED)) == "malformed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain text",
        b'{"payload":""}',
        packing.gzip_bytes(b"one") + packing.gzip_bytes(b"two"),
        packing.gzip_bytes(b"one") + packing.gzip_bytes(b""),
        packing.gzip_bytes(b"one") + b"\0",
        packing.gzip_bytes(b"one") + b"trailing",
        packing.gzip_bytes(b"one")[:-1],
        packing.gzip_bytes(b"one")[:-8],
        packing.gzip_bytes(b"one")[:10],
        packing.gzip_bytes(b"one")[:-4] + b"\0\0\0\0",
        zlib.compress(b"one"),
        zlib.compress(b"one")[2:-4],
        b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00",
    ],
)
def test_what_is_not_exactly_one_gzip_member_is_refused(data: bytes) -> None:
    assert code_of(data) == "malformed"


def test_every_truncation_is_refused() -> None:
    packed = packing.gzip_bytes(b"a report, more or less" * 20)
    assert {code_of(packed[:length]) for length in range(len(packed))} == {"malformed"}
