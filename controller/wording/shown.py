"""Strings a device sent, made fit to be looked at (T12, O36).

Used by queries when they fill the dataclasses of pages, so a template never sees a raw one;
templates escape HTML on top. The stored value stays as it came.
"""

from typing import Final

from checks.words import clean

LINE: Final = 80
BLOCK: Final = 400


def shown(text: object, longest: int = LINE) -> str:
    """No control, bidirectional or other invisible characters; cut with `…` at `longest`."""
    return clean(str(text), longest) if text not in (None, "") else ""
