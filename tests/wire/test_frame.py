"""A frame carries an envelope and nothing else: the same bytes come out, or a refusal."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_tamper import damaged
from wire import dictionary, dsse, frame, limits, types
from wire.errors import WireError

VERSIONS = (frame.FIRST, frame.NEWEST)
FRAME = frame.pack(samples.FIRST_SIGNED, frame.FIRST)
LIFTED = frame.pack(samples.FIRST_SIGNED)
FIRST_DICTIONARY = "sha256:438ee6a0d977a844533ab1c2511f0a4106cbef61f13ecf55745fbe76c1913c2d"
SECOND_DICTIONARY = "sha256:c1c20a231bbd37e9132ffcedf9cfda9f37ea2d1804990d98c0c14b61c960b0e7"
UNCHANGED = samples.SAMPLES["report-unchanged"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", samples.SAMPLES)
def test_the_envelope_that_comes_out_is_the_one_that_went_in(name: str, version: int) -> None:
    envelope = samples.SAMPLES[name].envelope
    packed = frame.pack(envelope, version)
    assert packed[0] == version
    assert frame.unpack(packed) == envelope


def test_a_frame_of_no_version_but_the_first_is_made_for_who_takes_only_that() -> None:
    assert frame.pack(samples.FIRST_SIGNED, 0)[0] == frame.FIRST
    assert frame.pack(samples.FIRST_SIGNED, 99)[0] == frame.NEWEST


@given(st.binary(max_size=3_000), st.text("abcxyz./+-", min_size=1, max_size=60))
def test_any_payload_of_any_type_comes_out_as_it_went_in(payload: bytes, kind: str) -> None:
    envelope = dsse.sign(payload, kind, samples.DEVICE_KEY)
    assert frame.unpack(frame.pack(envelope)) == envelope


def test_no_byte_of_a_dictionary_ever_changes() -> None:
    """Or no frame of any agent in the field would open, and no report that is kept as it came."""
    assert dsse.digest(frame.DICTIONARY) == FIRST_DICTIONARY
    assert dsse.digest(dictionary.SECOND) == SECOND_DICTIONARY


def test_the_largest_payload_travels() -> None:
    noise = b"".join(dsse.digest(bytes([i % 256, i // 256])).encode() for i in range(2_000))
    envelope = dsse.sign(noise[: limits.PAYLOAD], types.REPORT, samples.DEVICE_KEY)
    assert frame.unpack(frame.pack(envelope)) == envelope


@pytest.mark.parametrize("version", VERSIONS)
def test_no_damaged_frame_opens_unless_it_unpacks_to_the_very_envelope(version: int) -> None:
    """Compressed bits may have spare spellings; what counts is the envelope that comes out."""
    same = 0
    packed = frame.pack(UNCHANGED.envelope, version)
    for data in damaged(packed):
        if code(lambda: UNCHANGED.open(dsse.parse(frame.unpack(data)))) == ACCEPTED:  # noqa: B023 - called at once
            assert frame.unpack(data) == UNCHANGED.envelope
            same += 1
    assert same < len(packed) / 10


def both(data: bytes) -> tuple[object, object]:
    """A frame taken apart, and the envelope in it taken apart; or how each was refused."""
    out: list[object] = []
    for read in (frame.parse, lambda data: dsse.parse(frame.unpack(data))):
        try:
            out.append(read(data))
        except WireError as error:
            out.append(error.code)
    return out[0], out[1]


@given(st.binary(max_size=300), st.binary(max_size=120))
def test_a_frame_is_taken_apart_as_the_envelope_in_it_is(payload: bytes, kind: bytes) -> None:
    whole, by_envelope = both(raw(kind + b"\n" + payload))
    assert whole == by_envelope


@given(st.binary(max_size=400))
def test_any_bytes_unpack_or_are_refused(data: bytes) -> None:
    code(lambda: dsse.parse(frame.unpack(data)))
    code(lambda: dsse.parse(frame.unpack(FRAME[:97] + data)))
    code(lambda: dsse.parse(frame.unpack(LIFTED[:97] + data)))


def raw(text: bytes) -> bytes:
    """Put any text into a frame's head."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, 0, frame.DICTIONARY)
    return FRAME[:97] + packer.compress(text) + packer.flush()


def lifted(text: bytes, values: bytes = b"") -> bytes:
    """The same for the second version."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, 0, dictionary.SECOND)
    return LIFTED[:97] + packer.compress(text) + packer.flush() + values


def bomb(words: bytes) -> bytes:
    """A hundred million zeros in a few hundred kilobytes: a megabyte packed once, said again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, 0, words)
    first, again = (
        packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    packed = first + 99 * again + packer.flush()
    unpacked = zlib.decompressobj(-15, words).decompress(packed[: len(first) + 2 * len(again)])
    assert unpacked == bytes(3_000_000)  # what was said again unpacks again
    return packed


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "malformed"),
        (b"\x01", "malformed"),
        (b"\x00" + FRAME[1:], "malformed"),
        (b"\x02" + FRAME[1:], "malformed"),
        (b"\x03" + LIFTED[1:], "malformed"),
        (LIFTED[:97], "malformed"),
        (LIFTED[:-1], "malformed"),
        (LIFTED + b"\0", "malformed"),
        (lifted(b"no newline"), "malformed"),
        (lifted(b"x\n\x01", bytes(31)), "malformed"),
        (lifted(b"x\n\x06"), "malformed"),
        (lifted(b"x\n\x06", b"\xff" + bytes(6)), "malformed"),
        (lifted(b"x\n\x07", bytes(9)), "malformed"),
        (lifted(b"x\n" + b"\x01" * 2_000, bytes(64_000)), "too_large"),
        (LIFTED[:97] + bomb(dictionary.SECOND), "too_large"),
        (FRAME[:97], "malformed"),
        (FRAME[:-1], "malformed"),
        (FRAME + b"\0", "malformed"),
        (samples.FIRST_SIGNED, "malformed"),
        (raw(b"no newline"), "malformed"),
        (raw("é\n{}".encode()), "schema"),
        (raw(b"\n{}"), "schema"),
        (raw(b"a b\n{}"), "schema"),
        (raw(b'"\x1b\n{}'), "schema"),
        (raw(b"x" * 101 + b"\n{}"), "schema"),
        (raw(b"x\n" + bytes(limits.PAYLOAD + 1)), "too_large"),
        (FRAME[:97] + bomb(frame.DICTIONARY), "too_large"),
        (bytes([1]) + bytes(limits.BODY_COMPRESSED), "too_large"),
        (bytes([1]) + b"\xff" * (limits.BODY_COMPRESSED - 1), "malformed"),
    ],
)
def test_what_is_no_frame_is_refused(data: bytes, expected: str) -> None:
    assert code(lambda: dsse.parse(frame.unpack(data))) == expected


def test_what_is_no_envelope_is_not_packed() -> None:
    assert code(lambda: frame.pack(b"{}")) == "schema"
    assert code(lambda: frame.pack(samples.FIRST_SIGNED + b" ")) == "not_canonical"
