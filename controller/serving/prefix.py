"""A path behind the name (`https://school.example/caretaker/`) is refused (O29).

Cookies bound to the host, the addresses computers were given and the content policy all assume a
name of our own; behind a prefix each fails in its own way, so it is said once, and clearly.
"""

from collections.abc import Iterable
from typing import Final

SENTENCE: Final = (
    b"This Caretaker was reached through a path behind another name. It needs a name of its own, "
    b"such as caretaker.school.example: see docs/operations.md.\n"
)
_HEADERS: Final = frozenset({"x-forwarded-prefix", "x-script-name"})


def is_behind_one(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a proxy says that it cut off a path."""
    return any(name in _HEADERS and value.strip("/ ") for name, value in headers)
