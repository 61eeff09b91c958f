"""`net localgroup NAME`: who is in a group, by the form of the listing, in any language.

The members stand one a line between a rule of dashes and the last line, which says that all went
well. Windows writes in the computer's own code page (`page`, as the registry names it, such as
`850`); a name that does not fit it is a ParseError, never a name with marks in it.
"""

from typing import Final

from checks.formats import windows_text
from checks.formats.errors import ParseError

MOST: Final = 5_000
"""Members; nobody has that many administrators."""
_RULE: Final = 20
"""Dashes in a row that make a rule."""


def parse(data: bytes) -> list[str]:
    """The members' names as written, their code page guessed. Raises ParseError."""
    return _members(windows_text.decode(data))


def members(data: bytes, page: str) -> list[str]:
    """The members' names as written: `maya`, `SCHOOL\\maya`, or a SID that has no name.

    Raises ParseError.
    """
    return _members(_text(data, page))


def _members(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    rules = [i for i, line in enumerate(lines) if len(line) >= _RULE and not line.strip("-")]
    if len(rules) != 1:
        raise ParseError("net localgroup: no rule of dashes")
    rest = [line.strip() for line in lines[rules[0] + 1 :] if line.strip()]
    if not rest:
        raise ParseError("net localgroup: cut short")
    if len(rest) > MOST:
        raise ParseError("net localgroup: too many members")
    return rest[:-1]


def _text(data: bytes, page: str) -> str:
    if data.isascii():
        return data.decode("ascii")
    try:
        return data.decode("utf-8" if page in ("", "65001") else f"cp{int(page)}")
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise ParseError(f"net localgroup: not in code page {page[:8]!r}") from error
