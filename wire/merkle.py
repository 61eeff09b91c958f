"""The tree over the evidence log: what one root of 32 bytes says about every line (RFC 6962 §2.1).

Leaves are hashed behind a 0x00 byte and nodes behind a 0x01, so no leaf can pass for a node. A
level is made from the one below by pairing; a last node without a neighbour moves up as it is. That
is RFC 6962's definition by the largest power of two, said from below. Proofs are checked as in RFC
9162 §2.1.3.2 and §2.1.4.2.

Traps: a proof is right for one size only, so size and root always travel together, signed. Whoever
may append holds a `Frontier` of at most 53 hashes, not the tree.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from wire import limits
from wire.errors import WireError

HASH: Final = 32
EMPTY: Final = hashlib.sha256(b"").digest()
"""The root of a log without lines."""

_SIZE: Final = 8


def leaf(data: bytes) -> bytes:
    """Hash one line (without its newline)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours, each of 32 bytes, into the node above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Give the root over the hashes of all leaves, in order; of none, SHA-256 of nothing."""
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


class Frontier:
    """All that is needed to append and to give the root: the roots of the whole subtrees, widest
    first, one for each bit set in `size`."""

    __slots__ = ("_nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        """Take up where another left off; raises WireError `schema`."""
        self.size = size
        self._nodes = list(nodes)
        if not 0 <= size <= limits.INTEGER or len(self._nodes) != size.bit_count():
            raise WireError("schema", "The head of the evidence log does not fit its own size.")
        if not _are_hashes(self._nodes):
            raise WireError("schema", "The head of the evidence log holds what is no hash.")

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """The roots of the whole subtrees, widest first."""
        return tuple(self._nodes)

    def append(self, leaf_hash: bytes) -> None:
        """Take in the hash of the next leaf, in about a microsecond; raises WireError `schema`."""
        if len(leaf_hash) != HASH:
            raise WireError("schema", f"A leaf's hash has {HASH} bytes, not {len(leaf_hash)}.")
        filled = self.size
        while filled & 1:  # as many whole subtrees end here as `size` ends in ones
            leaf_hash = node(self._nodes.pop(), leaf_hash)
            filled >>= 1
        self._nodes.append(leaf_hash)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over all leaves taken in so far."""
        if not self._nodes:
            return EMPTY
        *wider, above = self._nodes
        for left in reversed(wider):
            above = node(left, above)
        return above

    def pack(self) -> bytes:
        """Give the bytes to store: the size in 8 bytes, big-endian, then the hashes."""
        return self.size.to_bytes(_SIZE, "big") + b"".join(self._nodes)

    @classmethod
    def unpack(cls, data: bytes) -> "Frontier":
        """Read what `pack` gave; raises WireError `malformed` or `schema`."""
        if (len(data) - _SIZE) % HASH:
            raise WireError("malformed", "The head of the evidence log is cut or too long.")
        nodes = (data[at : at + HASH] for at in range(_SIZE, len(data), HASH))
        return cls(int.from_bytes(data[:_SIZE], "big"), nodes)


class Tree:
    """Every node of a log, for many questions at once: about 130 bytes of memory a leaf."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Hash a whole log, in about half a microsecond a leaf."""
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def root(self, size: int) -> bytes:
        """Give the root of the first `size` leaves; raises WireError `schema` if they are fewer."""
        self._check_size(size)
        wholes = [bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]
        ends = [size >> bit for bit in wholes]
        nodes = [self._levels[bit][end - 1] for bit, end in zip(wholes, ends, strict=True)]
        return Frontier(size, nodes).root()

    def inclusion(self, index: int) -> list[bytes]:
        """Prove that the leaf at `index` (from 0) is under the root: its neighbours, lowest first.

        Raises WireError `schema` if there is no such leaf.
        """
        if not 0 <= index < self.size:
            raise WireError("schema", f"There is no line {index} in a log of {self.size}.")
        return self._neighbours(0, index)

    def consistency(self, old_size: int) -> list[bytes]:
        """Prove that the first `old_size` leaves are still there, first and unchanged.

        Raises WireError `schema` if the log was never that long.
        """
        self._check_size(old_size)
        if old_size in {0, self.size}:
            return []
        index, level = old_size - 1, 0
        while index & 1:  # up to the top of the old log's last whole subtree
            index, level = index >> 1, level + 1
        # An old log that is one whole subtree needs no hash to start from: its root is known.
        start = [self._levels[level][index]] if index else []
        return start + self._neighbours(level, index)

    def _neighbours(self, level: int, index: int) -> list[bytes]:
        """Give the neighbour on each level from a node up to the root, where there is one."""
        found = []
        for row in self._levels[level:]:
            found += row[index ^ 1 : (index ^ 1) + 1]
            index >>= 1
        return found

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise WireError("schema", f"A log of {self.size} lines was never {size} long.")


def inclusion(leaves: Iterable[bytes], index: int) -> list[bytes]:
    """Prove what `Tree.inclusion` proves, when it is asked once."""
    return Tree(leaves).inclusion(index)


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the leaf at `index` of the log with this size and root hashes to `leaf_hash`."""
    if not 0 <= index < size or not _are_hashes([leaf_hash, root, *proof]):
        return False
    at, last, made = index, size - 1, leaf_hash
    for other in proof:
        if not last:
            return False
        if at & 1 or at == last:
            made = node(other, made)
            at, last = _past_the_lonely(at, last)
        else:
            made = node(made, other)
        at, last = at >> 1, last >> 1
    return not last and made == root


def consistency(leaves: Iterable[bytes], old_size: int) -> list[bytes]:
    """Prove what `Tree.consistency` proves, when it is asked once."""
    return Tree(leaves).consistency(old_size)


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Tell whether the log with the new size and root begins with all of the old one."""
    if not 0 <= old_size <= new_size or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            at, last = _past_the_lonely(at, last)
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return not last and old == old_root and new == new_root


def _above(level: list[bytes]) -> list[bytes]:
    """Make the next level; a last node without a neighbour moves up as it is."""
    pairs = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return pairs + level[len(pairs) * 2 :]


def _past_the_lonely(at: int, last: int) -> tuple[int, int]:
    """Climb over the levels where the node, the last but not the only one (so `at` is not 0), has
    no neighbour and so no hash in the proof."""
    while not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(one) == HASH for one in hashes)
