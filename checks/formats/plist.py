"""Apple's property lists: XML, binary and the old text form that `defaults read` still prints.

Dates become ISO-8601 UTC text and raw bytes hexadecimal text, so that a value is what JSON can
hold; what a key named like a password holds is taken out. Traps: the objects of a binary list refer
to each other, so a few hundred bytes can hold a list without end or of a size without end: depth
and count are bounded here; XML with entities is refused by the library; the old form knows texts
only, writes bytes as `<0fbd77>`, and a file of translations is one without its braces.
"""

import datetime
import math
import plistlib
import re
from typing import Any, Final, cast

from checks.formats import secret_values
from checks.formats.errors import ParseError

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None
"""What JSON can hold."""

DEEPEST: Final = 64
MOST: Final = 400_000
"""Tokens in one text."""

_REFUSALS: Final = (
    *(ValueError, TypeError, AttributeError, LookupError, OverflowError, ArithmeticError),
    *(RecursionError, EOFError, MemoryError),
)
"""What plistlib lets through of a broken list; expat's error is no ValueError and is asked for."""
_TOKEN: Final = re.compile(
    r"""'(?:[^'\\]++|\\.)*+'|"(?:[^"\\]++|\\.)*+"|<[0-9A-Fa-f\s]*>|<\*[BIRD][^<>]{1,64}>|[{}()=;,]|[^\s{}()=;,"<>]+|\Z""",
    re.DOTALL,
)
_SPACE: Final = re.compile(r"\s*")
_ESCAPE: Final = re.compile(r"\\(U[0-9A-Fa-f]{4}|[0-7]{3}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def parse(data: bytes) -> Plain:
    """Read a list in any of the three forms. Raises ParseError."""
    body = data.lstrip()
    if body.startswith((b"bplist0", b"<?xml", b"<!DOCTYPE plist", b"<plist", b"\xef\xbb\xbf<")):
        return _loaded(body)
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = body.decode("utf-16", "replace")
        return _loaded(body) if text.lstrip("\ufeff").startswith("<") else _old(text)
    return _old(body.decode("utf-8-sig", "replace"))


def _loaded(data: bytes) -> Plain:
    from xml.parsers.expat import ExpatError

    try:
        value = cast("object", plistlib.loads(data))
    except (*_REFUSALS, ExpatError) as error:
        raise ParseError(f"plist: {type(error).__name__}") from error
    if value is None:
        raise ParseError("plist: XML of another kind")
    return plain(value, len(data))


def plain(value: object, most: int) -> Plain:
    """The value as JSON can hold it. Raises ParseError where it holds more values than `most`.

    A list written by Apple's own code has fewer values than bytes.
    """
    left = [most]

    def one(inner: object, depth: int) -> Plain:
        left[0] -= 1
        if depth > DEEPEST or left[0] < 0:
            raise ParseError("plist: too deep or too large")
        if isinstance(inner, dict):
            rows = {_key(key): one(held, depth + 1) for key, held in inner.items()}
            return {key: _told(key, held) for key, held in rows.items()}
        if isinstance(inner, list):
            return [one(held, depth + 1) for held in inner]
        return _scalar(inner)

    return one(value, 0)


def _told(key: str, value: Plain) -> Plain:
    """Without passwords and keys, whatever stands for them."""
    return secret_values.without(key, value) if isinstance(value, str) else value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ParseError("plist: a key that is no text")
    return key


def _scalar(value: object) -> Plain:
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, plistlib.UID):
        return value.data
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no such number
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ParseError("plist: a value of an unknown kind")


def _old(text: str) -> Plain:
    """The old text form; only a dictionary or a list, since any word at all would be a text."""
    reader = _Old(text)
    value = reader.top()
    if not isinstance(value, dict | list) or reader.next() != "":
        raise ParseError("plist: neither XML, binary nor the old form")
    return value


class _Old:
    """Reads tokens one after the other, in time that grows with the text."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._count = text, 0, 0

    def next(self) -> str:
        """The next word; empty at the end."""
        self._skip()
        found = _TOKEN.match(self._text, self._at)
        self._count += 1
        if found is None or self._count > MOST:
            raise ParseError("plist: an open quote, or too large")
        self._at = found.end()
        return found[0]

    def _skip(self) -> int:
        """Spaces and comments; where the next word begins."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            comment = self._text[self._at : self._at + 2]
            if comment not in ("/*", "//"):
                return self._at
            end = self._text.find("*/" if comment == "/*" else "\n", self._at + 2)
            if end < 0 and comment == "/*":
                raise ParseError("plist: an open comment")
            self._at = len(self._text) if end < 0 else end + (2 if comment == "/*" else 1)

    def top(self) -> Plain:
        """The whole text; pairs without braces around them are a dictionary."""
        word = self.next()
        first = self.value(word, 0)
        if not isinstance(first, str) or not self._text.startswith("=", self._skip()):
            return first
        self._at = 0
        return self._dictionary(0, end="")

    def value(self, word: str, depth: int) -> Plain:
        if depth > DEEPEST:
            raise ParseError("plist: too deep")
        if word == "{":
            return self._dictionary(depth + 1)
        if word == "(":
            return self._list(depth + 1)
        if word in ("", "}", ")", "=", ";", ","):
            raise ParseError("plist: a value is missing")
        if word.startswith("<"):
            return _typed(word) if word.startswith("<*") else _bytes(word)
        return _unquoted(word)

    def _dictionary(self, depth: int, end: str = "}") -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        while (word := self.next()) != end:
            key = self.value(word, depth)
            self._expect("=")
            name = _key(key)
            found[name] = _told(name, self.value(self.next(), depth))
            self._expect(";")
        return found

    def _list(self, depth: int) -> list[Plain]:
        found: list[Plain] = []
        word = self.next()
        while word != ")":
            found.append(self.value(word, depth))
            word = self.next()
            if word == ",":
                word = self.next()
            elif word != ")":
                raise ParseError("plist: a list without a comma")
        return found

    def _expect(self, wanted: str) -> None:
        if self.next() != wanted:
            raise ParseError(f"plist: no {wanted}")


def _typed(word: str) -> Plain:
    """`<*I5>`, `<*R0.5>`, `<*BY>`, `<*D2002-03-22 11:30:00 +0100>`, as GNUstep writes them."""
    kind, text = word[2], word[3:-1].strip()
    try:
        if kind == "B":
            return {"Y": True, "N": False}[text]
        if kind == "I" and len(text) <= 20:
            return int(text)
        if kind == "R":
            return _scalar(float(text))
        moment = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")
        return _scalar(moment.astimezone(datetime.UTC))
    except (ValueError, LookupError, OverflowError) as error:
        raise ParseError("plist: a typed value that is none") from error


def _bytes(word: str) -> str:
    digits = "".join(word[1:-1].split())
    if len(digits) % 2:
        raise ParseError("plist: half a byte")
    return digits.lower()


def _unquoted(word: str) -> str:
    if not word.startswith(("'", '"')) or len(word) < 2:
        return word
    return _ESCAPE.sub(_unescape, word[1:-1]).encode("utf-16", "replace").decode("utf-16")


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] == "U" and len(code) == 5:
        return chr(int(code[1:], 16))
    if len(code) == 3:
        return bytes([int(code, 8) & 0xFF]).decode("mac-roman")
    return _ESCAPES.get(code, code)
