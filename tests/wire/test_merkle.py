"""The tree is RFC 6962's, its proofs prove, and nothing that is not a proof passes for one."""

import hashlib
import random
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.merkle_vectors import (
    CONSISTENCY,
    INCLUSION,
    LEAVES,
    NODES,
    ROOTS,
    SOME_HASH,
    proof,
    spoilt,
)
from tests.wire.refusals import code
from wire import limits, merkle

SIZES = 300
LARGE = 100_000
LINES = [merkle.leaf(str(number).encode()) for number in range(SIZES)]
VECTOR = [merkle.leaf(data) for data in LEAVES]


@cache
def defined(start: int, end: int) -> bytes:
    """The root over some of `LINES` in the very words of RFC 6962 §2.1."""
    if end - start == 0:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return LINES[start]
    split = start + largest_power_below(end - start)
    return hashlib.sha256(b"\x01" + defined(start, split) + defined(split, end)).digest()


def largest_power_below(number: int) -> int:
    """The k of RFC 6962: the largest power of two smaller than `number`."""
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def path(index: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1."""
    if end - start == 1:
        return []
    k = largest_power_below(end - start)
    if index < k:
        return [*path(index, start, start + k), defined(start + k, end)]
    return [*path(index - k, start + k, end), defined(start, start + k)]


def subproof(size: int, start: int, end: int, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2."""
    if size == end - start:
        return [] if whole else [defined(start, end)]
    k = largest_power_below(end - start)
    if size <= k:
        return [*subproof(size, start, start + k, whole), defined(start + k, end)]
    return [*subproof(size - k, start + k, end, False), defined(start, start + k)]


@pytest.fixture(scope="module")
def large() -> merkle.Tree:
    """A log of a year."""
    return merkle.Tree(merkle.leaf(b"%d" % number) for number in range(LARGE))


def test_a_leaf_and_a_node_of_the_same_bytes_hash_differently() -> None:
    left, right = LINES[:2]
    assert merkle.leaf(b"") == bytes.fromhex(NODES["0"])
    assert merkle.leaf(left + right) != merkle.node(left, right)


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_come_out(size: int) -> None:
    assert merkle.root(VECTOR[:size]) == ROOTS[size]
    assert merkle.Frontier(0).root() == ROOTS[0]


@pytest.mark.parametrize(("index", "size", "nodes"), INCLUSION)
def test_a_known_inclusion_proof_comes_out_and_holds(index: int, size: int, nodes: str) -> None:
    assert merkle.inclusion(VECTOR[:size], index) == proof(nodes)
    assert merkle.verify_inclusion(index, size, VECTOR[index], proof(nodes), ROOTS[size])


@pytest.mark.parametrize(("index", "size", "nodes"), INCLUSION)
def test_a_known_inclusion_proof_proves_nothing_else(index: int, size: int, nodes: str) -> None:
    good, leaf, root = proof(nodes), VECTOR[index], ROOTS[size]
    holds = merkle.verify_inclusion
    for bad in spoilt(good, [root]):
        assert not holds(index, size, leaf, bad, root)
    for other in (index - 1, index + 1, index ^ 2):
        assert not holds(other, size, leaf, good, root)
    for other in (size * 2, size // 2):
        assert not holds(index, other, leaf, good, root)
    for wrong in (b"WrongLeaf", b"", SOME_HASH, root + b"\0", *VECTOR[:index]):
        assert not holds(index, size, wrong, good, root)
    for wrong in (b"", SOME_HASH, ROOTS[0], leaf + b"\0", *ROOTS[:size]):
        assert not holds(index, size, leaf, good, wrong)


@pytest.mark.parametrize(("old", "new", "nodes"), CONSISTENCY)
def test_a_known_consistency_proof_comes_out_and_holds(old: int, new: int, nodes: str) -> None:
    assert merkle.consistency(VECTOR[:new], old) == proof(nodes)
    assert merkle.verify_consistency(old, new, proof(nodes), ROOTS[old], ROOTS[new])


@pytest.mark.parametrize(("old", "new", "nodes"), CONSISTENCY)
def test_a_known_consistency_proof_proves_nothing_else(old: int, new: int, nodes: str) -> None:
    good, before, after = proof(nodes), ROOTS[old], ROOTS[new]
    holds = merkle.verify_consistency
    for bad in spoilt(good, [before, after]):
        assert not holds(old, new, bad, before, after)
    for other in {old - 1, old + 1, old ^ 2} - {new}:
        assert not holds(other, new, good, before, after)
    for other in {new * 2, new // 2}:
        assert not holds(old, other, good, before, after)
    for wrong in (b"WrongRoot", b"", SOME_HASH, ROOTS[0]):
        assert not holds(old, new, good, wrong, after)
        assert not holds(old, new, good, before, wrong)
    if old != new:
        assert not holds(old, new, good, after, before)
        assert not holds(old, new, [], before, after)
        assert not holds(new, old, good, after, before)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (-1, 1)])
def test_nothing_is_in_an_empty_log_or_past_the_end(index: int, size: int) -> None:
    for root in (b"", ROOTS[0]):
        for leaf in (b"", SOME_HASH):
            assert not merkle.verify_inclusion(index, size, leaf, [], root)
    if (index, size) != (0, 1):
        assert not merkle.verify_inclusion(index, size, SOME_HASH, [], SOME_HASH)


@pytest.mark.parametrize(
    ("sizes", "roots", "offered", "holds"),
    [
        ((0, 0), (ROOTS[0], ROOTS[0]), [], True),
        ((0, 5), (ROOTS[0], SOME_HASH), [], True),
        ((0, 5), (SOME_HASH, SOME_HASH), [], False),  # no log without lines has this root
        ((0, 0), (ROOTS[0], SOME_HASH), [], False),
        ((1, 1), (SOME_HASH, SOME_HASH), [], True),
        ((1, 1), (ROOTS[0], SOME_HASH), [], False),
        ((1, 0), (SOME_HASH, ROOTS[0]), [], False),
        ((2, 1), (ROOTS[2], ROOTS[1]), [], False),
        ((-1, 1), (ROOTS[0], ROOTS[1]), [], False),
        ((-1, 1), (SOME_HASH, SOME_HASH), [SOME_HASH], False),
        ((1, 2), (ROOTS[1], ROOTS[2]), [], False),
        ((3, 5), (ROOTS[3], ROOTS[5]), [], False),
        ((0, 0), (ROOTS[0], ROOTS[0]), [ROOTS[0]], False),
        ((0, 1), (ROOTS[0], ROOTS[1]), [ROOTS[0]], False),
        ((1, 1), (ROOTS[0], ROOTS[0]), [ROOTS[0]], False),
        ((0, 0), (b"", b""), [], False),
        ((1, 1), (b"", b""), [], False),
    ],
)
def test_the_ends_of_consistency(
    sizes: tuple[int, int], roots: tuple[bytes, bytes], offered: list[bytes], holds: bool
) -> None:
    assert merkle.verify_consistency(*sizes, offered, *roots) == holds


def test_for_every_size_root_frontier_and_tree_are_the_definition() -> None:
    frontier, whole = merkle.Frontier(), merkle.Tree(LINES)
    for size in range(SIZES + 1):
        wanted = defined(0, size)
        assert merkle.root(LINES[:size]) == frontier.root() == whole.root(size) == wanted
        assert (frontier.size, len(frontier.nodes)) == (size, size.bit_count())
        packed = frontier.pack()
        assert len(packed) == 8 + 32 * size.bit_count()
        frontier = merkle.Frontier.unpack(packed)
        assert (frontier.pack(), frontier.root()) == (packed, wanted)
        if size < SIZES:
            frontier.append(LINES[size])


def test_for_every_size_every_inclusion_proof_is_the_definition_and_holds() -> None:
    for size in range(1, SIZES + 1):
        tree, root = merkle.Tree(LINES[:size]), defined(0, size)
        assert tree.root(size) == root
        for index in range(size):
            made = tree.inclusion(index)
            assert made == path(index, 0, size)
            assert merkle.verify_inclusion(index, size, LINES[index], made, root)


def test_for_every_two_sizes_the_consistency_proof_is_the_definition_and_holds() -> None:
    for new in range(1, SIZES + 1):
        tree, root = merkle.Tree(LINES[:new]), defined(0, new)
        assert tree.consistency(0) == []
        for old in range(1, new + 1):
            made = tree.consistency(old)
            assert made == subproof(old, 0, new, True)
            assert merkle.verify_consistency(old, new, made, defined(0, old), root)


def test_no_spoilt_inclusion_proof_holds_at_any_small_size() -> None:
    for size in range(1, 34):
        root = defined(0, size)
        for index in range(size):
            good = path(index, 0, size)
            for bad in spoilt(good, [root, LINES[index]], bits=(0,)):
                assert not merkle.verify_inclusion(index, size, LINES[index], bad, root)
            for other in set(range(size + 1)) - {index}:
                assert not merkle.verify_inclusion(other, size, LINES[index], good, root)


def test_no_spoilt_consistency_proof_holds_at_any_small_size() -> None:
    for new in range(1, 34):
        after = defined(0, new)
        for old in range(1, new + 1):
            before, good = defined(0, old), subproof(old, 0, new, True)
            for bad in spoilt(good, [before, after], bits=(0,)):
                assert not merkle.verify_consistency(old, new, bad, before, after)
            for other in range(old):
                assert not merkle.verify_consistency(old, new, good, defined(0, other), after)


def test_a_proof_longer_than_its_size_has_room_for_is_refused_whatever_the_roots() -> None:
    """The roots are made to fit, as one would who may choose them too."""
    leaf, more, other, last = LINES[:4]
    assert not merkle.verify_inclusion(0, 1, leaf, [more], merkle.node(more, leaf))
    top = merkle.node(other, merkle.node(leaf, more))
    assert not merkle.verify_inclusion(0, 2, leaf, [more, other], top)
    before, after = merkle.node(more, leaf), merkle.node(more, merkle.node(leaf, last))
    assert merkle.verify_consistency(3, 4, [leaf, last, more], before, after)
    before, after = merkle.node(other, before), merkle.node(other, after)
    assert not merkle.verify_consistency(3, 4, [leaf, last, more, other], before, after)


def test_no_proof_hides_a_changed_lost_or_added_line() -> None:
    """Whatever an insider offers as proof that the old log is still inside."""
    new, old = 21, 13
    before = defined(0, old)
    for forged in rewritten(LINES[:new], old):
        tree = merkle.Tree(forged)
        after = tree.root(tree.size)
        offers = [tree.consistency(old), subproof(old, 0, new, True), []]
        for offer in offers:
            assert not merkle.verify_consistency(old, len(forged), offer, before, after)


def rewritten(lines: list[bytes], old: int) -> Iterator[list[bytes]]:
    """Histories that differ from `lines` among the first `old`."""
    for place in range(old):
        yield [*lines[:place], SOME_HASH, *lines[place + 1 :]]
        yield [*lines[:place], *lines[place + 1 :]]
        yield [*lines[:place], SOME_HASH, *lines[place:]]
        yield [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]


def test_in_a_log_of_a_year_random_proofs_hold_and_spoilt_ones_do_not(large: merkle.Tree) -> None:
    chance, root = random.Random(6962), large.root(LARGE)
    for _ in range(200):
        index = chance.randrange(LARGE)
        leaf, good = merkle.leaf(b"%d" % index), large.inclusion(index)
        assert merkle.verify_inclusion(index, LARGE, leaf, good, root)
        assert not merkle.verify_inclusion(index ^ 1, LARGE, leaf, good, root)
        for bad in spoilt(good, [root], bits=(7,)):
            assert not merkle.verify_inclusion(index, LARGE, leaf, bad, root)


def test_in_a_log_of_a_year_random_older_logs_are_inside(large: merkle.Tree) -> None:
    chance, after = random.Random(9162), large.root(LARGE)
    for old in (1, 2, 65_536, LARGE - 1, *(chance.randrange(1, LARGE) for _ in range(200))):
        before, good = large.root(old), large.consistency(old)
        assert merkle.verify_consistency(old, LARGE, good, before, after)
        for bad in spoilt(good, [before, after], bits=(7,)):
            assert not merkle.verify_consistency(old, LARGE, bad, before, after)


def test_a_frontier_goes_on_from_any_size_as_if_it_had_never_stopped(large: merkle.Tree) -> None:
    frontier = merkle.Frontier()
    for number in range(LARGE):
        frontier.append(merkle.leaf(b"%d" % number))
        if number % 9_999 == 0:
            frontier = merkle.Frontier.unpack(frontier.pack())
            assert frontier.root() == large.root(number + 1)
    assert frontier.root() == large.root(LARGE)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", "malformed"),
        (bytes(7), "malformed"),
        (bytes(8), "accepted"),
        (bytes(9), "malformed"),
        (bytes(7) + b"\x01", "schema"),
        (bytes(7) + b"\x01" + bytes(31), "malformed"),
        (bytes(7) + b"\x01" + bytes(32), "accepted"),
        (bytes(7) + b"\x01" + bytes(33), "malformed"),
        (bytes(7) + b"\x01" + bytes(64), "schema"),
        (bytes(7) + b"\x03" + bytes(32), "schema"),
        (bytes(8) + bytes(32), "schema"),
        (limits.INTEGER.to_bytes(8, "big") + bytes(53 * 32), "accepted"),
        ((1 << 53).to_bytes(8, "big") + bytes(32), "schema"),
        (b"\xff" * 8 + bytes(64 * 32), "schema"),
    ],
)
def test_a_stored_head_that_does_not_fit_itself_is_refused(data: bytes, answer: str) -> None:
    assert code(lambda: merkle.Frontier.unpack(data)) == answer


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_head_in_its_one_form_or_refused(data: bytes) -> None:
    if code(lambda: merkle.Frontier.unpack(data)) == "accepted":
        assert merkle.Frontier.unpack(data).pack() == data


def test_a_frontier_takes_hashes_only_and_is_unchanged_by_what_it_refuses() -> None:
    frontier = merkle.Frontier()
    frontier.append(LINES[0])
    for wrong in (b"", LINES[0][:-1], LINES[0] + b"\0"):
        assert code(lambda: frontier.append(wrong)) == "schema"  # noqa: B023 - called at once
        assert code(lambda: merkle.Frontier(1, [wrong])) == "schema"  # noqa: B023 - as above
    assert (frontier.size, frontier.root()) == (1, LINES[0])
    for nodes in ([], [LINES[0]]):
        assert code(lambda: merkle.Frontier(-1, nodes)) == "schema"  # noqa: B023 - as above


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_there_is_no_proof_of_a_line_that_is_not_there(index: int) -> None:
    assert code(lambda: merkle.inclusion(LINES[:5], index)) == "schema"


@pytest.mark.parametrize("size", [-1, 6])
def test_there_is_no_proof_or_root_of_a_size_that_never_was(size: int) -> None:
    assert code(lambda: merkle.consistency(LINES[:5], size)) == "schema"
    assert code(lambda: merkle.Tree(LINES[:5]).root(size)) == "schema"
