"""Text that Windows programs write: UTF-16 or UTF-8 with or without a mark, or a code page of old.

Which code page it was, nothing in the bytes says; it is guessed by words that listings hold and by
how much of the text comes out as letters of one language, and only names of things ever depend on
the guess. Traps: regedit's own
exports have been seen with two marks; `>` in a console doubles the carriage return.
"""

import codecs
import unicodedata
from typing import Final

from checks.formats import windows_words
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 28
"""Bytes; an export of a whole registry is about as long."""
LONGEST_GUESSED: Final = 1 << 12
"""Bytes that a code page is guessed from."""

_PAGES: Final = (
    *("cp1252", "cp850", "cp932", "cp1251", "cp866", "cp1250", "cp852"),
    *("cp1254", "cp857", "cp936", "cp950", "cp949", "cp1253", "cp737", "cp437"),
)
_WORDS: Final = frozenset({"Ll", "Lu", "Lo", "Lm", "Zs", "Pf", "Pi"})
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, longest: int = LONGEST) -> str:
    """The text without marks; bytes that are no text become U+FFFD.

    Raises ParseError for more than `longest` bytes.
    """
    if len(data) > longest:
        raise ParseError(f"longer than {longest} bytes")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff")
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(data) - 3 and error.reason == "unexpected end of data":
            return data.decode("utf-8", "replace")
    return data.decode(_page(data[:LONGEST_GUESSED]), "replace")


def lines(text: str) -> list[str]:
    """Lines of any ending; `\\r\\r\\n`, as a console's `>` writes it, is one."""
    return [line.rstrip("\r") for line in text.split("\n")]


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: zeros, which no other text has, in every other place."""
    head = data[:256]
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high >= 2 and high > 4 * low:
        return "utf-16-le"
    if low >= 2 and low > 4 * high:
        return "utf-16-be"
    return None


def _page(data: bytes) -> str:
    known = windows_words.foreign()

    def worth(page: str) -> tuple[bool, float]:
        text = data.decode(page, "replace").casefold()
        found = sum(word in text for word in known)
        return found > 0, found + _likeness(data, page)

    return max(_PAGES, key=worth)


def _likeness(data: bytes, page: str) -> float:
    """How much of what is not ASCII reads as words; 0 to 1, less for what cannot be."""
    text = data.decode(page, "replace")
    foreign = [(place, char) for place, char in enumerate(text) if char > "\x7f"]
    if not foreign:
        return 0.0
    good = 0.0
    for place, char in foreign:
        kind = unicodedata.category(char)
        if kind not in _WORDS or char == "\ufffd":
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if "\u0400" <= char <= "\u04ff" and _latin(before + after):
            continue  # no word is half Latin and half Cyrillic
        jumps = kind == "Lu" and before.islower()
        wide = "\uff00" <= char <= "\uffef"
        within = kind == "Lo" and (before.islower() or after.islower())
        within = within or (kind in {"Pi", "Pf"} and char != "\u2019" and before.isalpha())
        good += 0.3 if jumps or wide or within else 1.0
    return good / len(foreign)


def _latin(text: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in text)
