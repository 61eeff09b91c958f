"""A secret in memory: shown by nothing that shows things.

`repr`, `str` and f-strings give a mask; JSON, msgspec and pickle refuse it, so that no section, log
or error can carry one by accident (O20). Whoever needs the text says `reveal`, which a reader of
the code can search for.
"""

import hmac
from typing import Final, NoReturn

MASK: Final = "Secret(…)"


class Secret:
    """One text nobody is shown."""

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]  # a dictionary of secrets would be a list of them

    def __init__(self, text: str) -> None:
        """Hold `text`."""
        self._text = text

    def reveal(self) -> str:
        """The text, for what has to be given it."""
        return self._text

    def __eq__(self, other: object) -> bool:
        """In the same time whatever differs."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self._text)

    def __repr__(self) -> str:
        """The mask."""
        return MASK

    def __format__(self, _: str) -> str:
        """The mask, whatever is asked for."""
        return MASK

    def __reduce_ex__(self, _: object) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("A secret is not written down.")
