"""A proof of one line needs no other line, and proves that one only."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_tamper import damaged
from wire import limits, log_proof, merkle, note

ALPHABET = (string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/").encode()
NAME, KEY, PUBLIC = samples.LOG_NAME, samples.LOG_KEY, samples.LOG_PUBLIC
LINES = [f"{number} 2026-11-22T01:15:00Z report dev_1 {number}".encode() for number in range(21)]
LEAVES = [merkle.leaf(line) for line in LINES]
CHECKPOINT = note.Checkpoint(NAME, len(LINES), merkle.root(LEAVES))
SIGNED = note.write(CHECKPOINT, NAME, KEY)


def proof(index: int) -> bytes:
    """The file for one line."""
    return log_proof.write(index, merkle.inclusion(LEAVES, index), SIGNED)


def checked(data: bytes, line: bytes, name: str = NAME, public: bytes = PUBLIC) -> str:
    """Say how a proof was answered."""
    return code(lambda: log_proof.check(data, line, name, public))


@pytest.mark.parametrize("index", range(len(LINES)))
def test_each_line_has_a_proof_that_holds_for_it_and_for_no_other(index: int) -> None:
    data = proof(index)
    assert log_proof.check(data, LINES[index], NAME, PUBLIC) == (index, CHECKPOINT)
    for other in LINES[:index] + LINES[index + 1 :]:
        assert checked(data, other) == "bad_digest"


def test_the_file_is_as_c2sp_has_it() -> None:
    heading, index, *hashes, empty, origin = proof(5).decode().split("\n")[:9]
    assert (heading, index, empty, origin) == ("c2sp.org/tlog-proof@v1", "index 5", "", NAME)
    assert [len(one) for one in hashes] == [44] * 5
    assert proof(5).endswith(b"\n\n" + SIGNED)
    one = log_proof.write(0, [], note.write(note.Checkpoint(NAME, 1, LEAVES[0]), NAME, KEY))
    assert one.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\n")
    assert checked(one, LINES[0]) == ACCEPTED


def test_the_place_can_be_read_to_find_the_line_by() -> None:
    assert [log_proof.index_of(proof(index)) for index in (0, 1, 13, 20)] == [0, 1, 13, 20]
    assert code(lambda: log_proof.index_of(SIGNED)) == "malformed"


def test_a_hash_has_one_spelling() -> None:
    data = proof(13)
    first = data.split(b"\n")[2]
    spare = ALPHABET.index(first[-2:-1]) | 1  # two bits too many in 43 letters, which mean nothing
    other = first[:-2] + ALPHABET[spare : spare + 1] + b"="
    assert base64.b64decode(other) == base64.b64decode(first)
    assert checked(data.replace(first, other), LINES[13]) == "bad_digest"


def test_more_than_a_checkpoint_may_hold_is_not_looked_at() -> None:
    assert checked(b"x" * limits.NOTE, LINES[0]) == "malformed"
    assert checked(b"x" * (limits.NOTE + 1), LINES[0]) == "too_large"


def test_no_damaged_proof_holds() -> None:
    data = proof(13)
    for other in damaged(data, bits=(0, 5)):
        assert checked(other, LINES[13]) != ACCEPTED
    for length in range(len(data)):
        assert checked(data[:length], LINES[13]) != ACCEPTED
    for more in (b"\n", b" ", b"\0", data):
        assert checked(data + more, LINES[13]) != ACCEPTED
        assert checked(more + data, LINES[13]) != ACCEPTED


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (b"index 13", b"index 12", "bad_digest"),
        (b"index 13", b"index 013", "malformed"),
        (b"index 13", b"index -1", "malformed"),
        (b"index 13", b"index 99999999999999999", "malformed"),
        (b"index 13\n", b"extra AAAA\nindex 13\n", "malformed"),
        (b"@v1", b"@v2", "malformed"),
        (SIGNED, b"", "malformed"),
        (SIGNED, SIGNED.replace(b"\n21\n", b"\n22\n"), "bad_signature"),
    ],
    ids=[f"part-{place}" for place in range(8)],
)
def test_each_part_of_a_proof_is_looked_at(old: bytes, new: bytes, answer: str) -> None:
    assert old in proof(13)
    assert checked(proof(13).replace(old, new), LINES[13]) == answer


def test_a_proof_under_another_key_log_or_size_is_refused() -> None:
    data = proof(13)
    assert checked(data, LINES[13], public=samples.STRANGER_PUBLIC) == "bad_signature"
    assert checked(data, LINES[13], name="other/log") == "bad_signature"
    assert code(lambda: log_proof.check(data, LINES[13], NAME, PUBLIC, origin="x")) == "bad_type"
    longer = b"\n" * limits.NOTE
    assert checked(data + longer, LINES[13]) == "too_large"


@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert checked(data, LINES[0]) == "malformed"
    assert checked(b"c2sp.org/tlog-proof@v1\nindex 0\n" + data, LINES[0]) != ACCEPTED
