"""Ids of rows: `<prefix>_<ULID>`, so that they sort by the second they were made and never collide.

The clock is passed in (DESIGN §10): inventory has none of its own.
"""

import secrets
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_CHARS: Final = 10
_RANDOM_CHARS: Final = 16


def new_id(prefix: str, at: int) -> str:
    """Make an id such as `dev_01HZX…`; `at` is epoch seconds."""
    return (
        f"{prefix}_{_base32(at * 1000, _TIME_CHARS)}{_base32(secrets.randbits(80), _RANDOM_CHARS)}"
    )


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_CROCKFORD[digit])
    return "".join(reversed(digits))
