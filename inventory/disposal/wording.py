"""Texts as an event can hold them: one line, composed, without hidden characters, not too long."""

from typing import Final

from inventory.assets.errors import RegisterError
from wire import text

LONGEST: Final = 500
"""Characters of what somebody says in their own words."""
LINE: Final = 200
"""Of anything else."""


def sentence(said: str, field: str = "reason") -> str:
    """What a person typed. Raises RegisterError where it is too long, rather than cut it."""
    plain = " ".join(text.clean(said[: 4 * LONGEST], 4 * LONGEST).split())
    if len(plain) > LONGEST or len(said) > 4 * LONGEST:
        raise RegisterError("too_long", f"Say it in at most {LONGEST} characters.", field)
    return plain


def line(told: str, longest: int = LINE) -> str:
    """What a computer or a label told, cut where it is too long."""
    return text.clean(" ".join(told[: 4 * longest].split()), longest)
