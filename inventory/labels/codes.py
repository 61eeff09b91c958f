"""A label's code: ten characters of Crockford's base 32, which nobody can guess and anybody can
read out.

50 random bits: whoever tries a million codes against a register of 50,000 entries finds one with a
chance of 1 in 22,000. It says nothing of the entry, and another can take its place.
"""

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10
_HALF: Final = LENGTH // 2
_LOOKS_LIKE: Final = str.maketrans("ILO", "110", " -")


def make() -> str:
    """A new code."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def read(text: str) -> str:
    """What somebody typed as a code is kept, or "" for what cannot be one. Small letters, a space
    or a dash between, and letters that look like a digit are understood."""
    if len(text) > 4 * LENGTH:
        return ""
    code = text.upper().translate(_LOOKS_LIKE)
    return code if len(code) == LENGTH and set(code) <= set(_ALPHABET) else ""


def said(code: str) -> str:
    """As it is printed: in two halves."""
    return f"{code[:_HALF]}-{code[_HALF:]}"
