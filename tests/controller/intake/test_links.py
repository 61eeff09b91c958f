"""Which report may follow which, as a table and for all numbers: no database, no key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.intake.chain import link
from wire.problem import Head

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
HEAD = Head(seq=7, hash=A)
digests = st.sampled_from([A, B, C])
numbers = st.integers(0, 12)


@pytest.mark.parametrize(
    ("seq", "prev", "digest", "held", "answer"),
    [
        (8, A, B, None, "next"),
        (8, B, C, None, "fork"),  # the right place behind another past
        (8, "", C, None, "fork"),
        (9, A, B, None, "gap"),
        (100, A, B, None, "gap"),
        (7, C, A, A, "duplicate"),
        (7, C, B, A, "fork"),
        (6, C, B, B, "duplicate"),
        (6, C, B, None, "fork"),  # past its days: the place counts as taken
        (1, "", B, C, "fork"),
    ],
)
def test_how_a_report_stands_to_the_head(
    seq: int, prev: str, digest: str, held: str | None, answer: str
) -> None:
    assert link(HEAD, seq=seq, prev=prev, digest=digest, held=held) == answer


def test_the_first_report_of_all_follows_nothing() -> None:
    empty = Head(seq=0, hash="")
    assert link(empty, seq=1, prev="", digest=A, held=None) == "next"
    assert link(empty, seq=1, prev=B, digest=A, held=None) == "fork"
    assert link(empty, seq=2, prev=B, digest=A, held=None) == "gap"


@given(head=numbers, seq=numbers, prev=digests, digest=digests, held=st.none() | digests)
def test_only_the_next_place_behind_the_head_is_new(
    head: int, seq: int, prev: str, digest: str, held: str | None
) -> None:
    answer = link(Head(seq=head, hash=A), seq=seq, prev=prev, digest=digest, held=held)
    assert (answer == "next") == (seq == head + 1 and prev == A)
    assert (answer == "gap") == (seq > head + 1)
    assert (answer == "duplicate") == (seq <= head and held == digest)
