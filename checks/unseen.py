"""A fact that may be unseen: "could not look" is a value, and using it as a fact raises.

The worst bug this product can have is a green tick that is not true, so an unseen fact refuses
every question (`if x`, `x == 0`, hashing) with `BlindError`. The runner, and only the runner and
`each`, turns that into the verdict `unknown` (A1). Traps: mypy does not catch `if facts.x`; the
run does.
"""

from collections.abc import Callable, Iterable
from typing import Final, Literal, NoReturn, TypeAlias, TypeVar, get_args

import msgspec

Reason = Literal[
    "denied",
    "tool-missing",
    "timeout",
    "parse-error",
    "unsupported",
    "stale",
    "too-large",
    "crashed",
    "deferred",
    "withheld",
]
"""Why nobody could look (O9).

`unsupported`: this agent or platform has no reader for it.
"""

REASONS: Final[frozenset[str]] = frozenset(get_args(Reason))

T = TypeVar("T")
R = TypeVar("R")


class BlindError(Exception):
    """Somebody used a fact that nobody could see.

    Only the runner and `each` catch this.
    """

    def __init__(self, reason: Reason, says: str = "could-not-look", **args: int | str) -> None:
        """Keep the reason, which sentence tells it, and what fills that sentence's gaps."""
        super().__init__(reason)
        self.reason: Reason = reason
        self.says = says
        self.gaps = args


class Unseen(msgspec.Struct, frozen=True, eq=False):
    """A fact nobody could look at; on the wire `{"unseen":"denied"}`."""

    unseen: Reason

    def __bool__(self) -> NoReturn:
        """Refuse to be a truth value."""
        raise BlindError(self.unseen)

    def __eq__(self, other: object) -> bool:
        """Compare with another `Unseen` only; anything else would be judging blind."""
        if isinstance(other, Unseen):
            return self.unseen == other.unseen
        raise BlindError(self.unseen)

    def __ne__(self, other: object) -> bool:
        """The same: without this, `!=` would quietly compare identities."""
        return not self == other

    def _blind(self, other: object) -> NoReturn:
        """Refuse to be ordered, added or searched."""
        raise BlindError(self.unseen)

    __lt__ = __le__ = __gt__ = __ge__ = _blind
    __add__ = __radd__ = __sub__ = __rsub__ = __contains__ = __getitem__ = _blind

    def __len__(self) -> NoReturn:
        """Refuse to have a length."""
        raise BlindError(self.unseen)

    def __hash__(self) -> NoReturn:
        """Refuse to be a key or a set member."""
        raise BlindError(self.unseen)

    def __iter__(self) -> NoReturn:
        """Refuse to look like an empty list."""
        raise BlindError(self.unseen)


Maybe: TypeAlias = T | Unseen
"""A scalar or a list that may be unseen.

Only scalars and lists: msgspec refuses two structs in a union (A1).
"""


class NotHere(msgspec.Struct, frozen=True):
    """The machine has no such thing (no radio, no battery): its checks do not apply."""

    not_here: str


def known(value: T | Unseen) -> T:
    """Return the fact, or raise `BlindError` if nobody could see it.

    mypy narrows the result.
    """
    if isinstance(value, Unseen):
        raise BlindError(value.unseen)
    return value


def each(items: Iterable[T], one: Callable[[T], R]) -> tuple[list[R], list[Reason]]:
    """Apply `one` to every item; an item that turns out blind is counted by its reason, not
    fatal."""
    seen: list[R] = []
    blind: list[Reason] = []
    for item in items:
        try:
            seen.append(one(item))
        except BlindError as error:
            blind.append(error.reason)
    return seen, blind
