"""`regedit /e` and `reg export`: keys with their values, as text.

Version 5.00 is UTF-16 (a copy may be UTF-8), REGEDIT4 a code page, and so are the bytes of its
`hex(2)` and `hex(7)`. Traps: text may hold line ends as they are; a name may hold `"` and `]`; the
default value is `@`; a key stands once more where another export was appended; two marks at the
start have been seen. `[-key]` and `"name"=-` take away: such a file is no machine's state, so those
are only counted. What is cut off at the end is counted as skipped, and the rest stands.
"""

import re
from typing import Final

import msgspec

from checks.formats import registry_values as values
from checks.formats import windows_text
from checks.formats.errors import ParseError
from checks.formats.registry_values import Key, Value

MOST: Final = 400_000
"""Values and keys; a whole SOFTWARE hive has fewer."""

_HEADS: Final = {"Windows Registry Editor Version 5.00": "5.00", "REGEDIT4": "4"}
_KEY: Final = re.compile(r"\[(-?)(HK[A-Z_]{1,24}(?:\\.*)?)\]\s*")
_START: Final = re.compile(r'(@|"[^"\\]*(?:\\.[^"\\]*)*")[ \t]*=[ \t]*', re.DOTALL)
_TEXT: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"[^\S\n]*(?=\n|$|;)', re.DOTALL)
_DWORD: Final = re.compile(r"dword:([0-9a-fA-F]{1,8})[^\S\n]*(?=\n|$|;)")
_HEX: Final = re.compile(r"hex(?:\(([0-9a-fA-F]{1,8})\))?:([0-9a-fA-F,\s\\]*)")
_BYTES: Final = re.compile(r"(?:[0-9a-fA-F]{2},)*(?:[0-9a-fA-F]{2})?")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SPACE: Final = re.compile(r"[\s\\]+")


class Export(msgspec.Struct, frozen=True):
    """An exported part of the registry."""

    version: str
    """`5.00` or `4`."""
    keys: list[Key]
    """In the file's order, each path once."""
    removes: int
    """Entries that take something away."""
    skipped: int
    """Entries nobody could read, such as one cut off."""


def parse(data: bytes) -> Export:
    """Read an export. Raises ParseError for another file, or one with too many entries."""
    text = windows_text.decode(data).replace("\r\n", "\n").replace("\r\n", "\n").lstrip()
    head, _, rest = text.partition("\n")
    version = _HEADS.get(head.strip())
    if version is None:
        raise ParseError("reg: not an export of the registry")
    return _Reader(version, rest).read()


class _Reader:
    """Walks the text once; `_at` only grows."""

    def __init__(self, version: str, text: str) -> None:
        self._version, self._text, self._at = version, text, 0
        # Version 4 holds bytes of an ANSI code page; which one, nobody knows: 1252 has each byte.
        self._encoding = "utf-16-le" if version == "5.00" else "latin-1"
        self._found: dict[str, tuple[str, dict[str, Value]]] = {}
        self._here: tuple[str, dict[str, Value]] | None = None
        self._count = self._removes = self._skipped = 0

    def read(self) -> Export:
        end = len(self._text)
        while self._at < end:
            first = self._text[self._at]
            if first in " \t\r\n":
                self._at += 1
            elif first == ";":
                self._line()
            elif first == "[":
                self._key()
            else:
                self._entry()
            if self._count > MOST:
                raise ParseError("reg: too many entries")
        keys = [Key(path, found) for path, found in self._found.values()]
        return Export(self._version, keys, self._removes, self._skipped)

    def _line(self) -> str:
        """The line from here, stepped over."""
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        line = self._text[self._at : end]
        self._at = end + 1
        return line

    def _key(self) -> None:
        found = _KEY.fullmatch(self._line())
        self._count += 1
        self._here = None
        if found is None:
            self._skipped += 1
        elif found[1]:
            self._removes += 1
        else:
            path = found[2].rstrip("\\")
            self._here = self._found.setdefault(path.lower(), (path, {}))

    def _entry(self) -> None:
        self._count += 1
        start = _START.match(self._text, self._at)
        if start is None:
            self._skipped += 1
            self._line()
            return
        name = "" if start[1] == "@" else _ESCAPE.sub(r"\1", start[1][1:-1])
        self._at = start.end()
        if self._text.startswith("-", self._at):
            self._removes += 1
            self._line()
            return
        read = self._value(name)
        if read is None or self._here is None:
            self._skipped += 1
        else:
            self._here[1][name] = read

    def _value(self, name: str) -> Value | None:
        """The value from here on; None: nobody can read it, and its line is stepped over."""
        if found := _TEXT.match(self._text, self._at):
            self._at = found.end()
            return values.text(name, _ESCAPE.sub(r"\1", found[1]))
        if found := _DWORD.match(self._text, self._at):
            self._at = found.end()
            return Value("dword", int(found[1], 16))
        if found := _HEX.match(self._text, self._at):
            return self._hex(name, found)
        self._line()
        return None

    def _hex(self, name: str, found: re.Match[str]) -> Value | None:
        """Bytes go on over lines that end in a backslash; the next key or name ends them."""
        self._at = found.end()
        written = _SPACE.sub("", found[2])
        if not _BYTES.fullmatch(written) or (written and self._cut(found)):
            return None
        number = values.BINARY if found[1] is None else int(found[1], 16)
        path = self._here[0] if self._here else ""
        data = bytes.fromhex(written.replace(",", ""))
        return values.value(name, number, data, self._encoding, path)

    def _cut(self, found: re.Match[str]) -> bool:
        """Whether the file ends where more bytes were to come."""
        return self._at >= len(self._text) and found[2].rstrip().endswith((",", "\\"))
