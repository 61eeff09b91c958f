"""A device's SNMP answers as net-snmp's `snmpwalk -On` prints them: `OID = TYPE: value`.

The identifier is in numbers, perhaps with `iso` for the first; names of MIBs are not read, and
counted. A string may go on over lines until its closing quote, and hex may be folded. Seen: the
walks of GLPI's agent, and net-snmp 5.9.
"""

import re
from collections.abc import Iterator
from typing import Final

from checks.formats.errors import ParseError
from checks.formats.snmp_values import (
    LONGEST_VALUE,
    MOST_KEPT,
    Recording,
    Told,
    Value,
    address,
    oid,
    text_of,
    told,
    whole,
)

_LINE: Final = re.compile(rb"(?:\.?(?:iso|[0-2])(?:\.\d+)+|[A-Za-z][\w-]*::\S+) = ?")
_NUMBER: Final = re.compile(r"(?:[^(]*\()?(-?\d+)")
_NUMBERS: Final = frozenset(
    {"INTEGER", "Counter32", "Counter64", "Gauge32", "Timeticks", "UInteger32", "Unsigned32"}
)
_STRINGS: Final = frozenset({"STRING", "OCTET STRING", "Opaque"})
_SILENT: Final = ("No Such", "No more variables", "NULL")


def looks_like(data: bytes) -> bool:
    """Whether a file is one of these rather than a `.snmprec`."""
    return any(_LINE.match(line) for line in data[:4_096].splitlines()[:20])


def parse(data: bytes) -> Told:
    """All of it, for whoever doubts a reading. Raises ParseError for what holds no such line."""
    return told(recording(data))


def recording(data: bytes, roots: tuple[str, ...] = ()) -> Recording:
    """The answers below `roots` (dotted, with a dot at the end; none: all of them).

    A line that cannot be read is counted and left out. Raises ParseError for what holds no answer.
    """
    below = [tuple(map(int, root.rstrip(".").split("."))) for root in roots]
    text = text_of(data)
    found = Recording(values={}, skipped=0)
    some = False
    for name, said in _answers(text):
        some = True
        number = oid(name)
        if number is None or len(said) > LONGEST_VALUE or len(found.values) >= MOST_KEPT:
            found.skipped += 1
            continue
        outside = below and not any(number[: len(root)] == root for root in below)
        if outside or said.startswith(_SILENT):
            continue
        value = _value(said)
        if value is None:
            found.skipped += 1
        else:
            found.values.setdefault(number, value)
    if not some and text.strip():
        raise ParseError("no line of it is an answer")
    return found


def _answers(text: bytes) -> Iterator[tuple[str, str]]:
    """Identifier and what was said, with the lines it goes on over."""
    name, said = "", list[bytes]()
    for line in text.splitlines():
        if _LINE.match(line):
            if name:
                yield name, b"\n".join(said).decode("latin-1")
            before, _, after = line.partition(b" =")
            name, said = before.decode("ascii", "replace"), [after.removeprefix(b" ")]
        elif name and _goes_on(said):
            said.append(line)
    if name:
        yield name, b"\n".join(said).decode("latin-1")


def _goes_on(said: list[bytes]) -> bool:
    """Whether a string has no closing quote yet, or hex may be folded here."""
    kind, _, value = said[0].partition(b": ")
    if value.startswith(b'"'):
        closed = said[-1].rstrip(b" ").endswith(b'"') and not said[-1].endswith(b'\\"')
        return not closed or (len(said) == 1 and value.rstrip(b" ") == b'"')
    return kind in (b"Hex-STRING", b"BITS")


def _value(said: str) -> Value | None:
    kind, colon, rest = said.partition(":")
    if not colon or said.startswith('"'):
        # Without a type: an empty string, or a text that somebody printed bare.
        return _quoted(said) if said.startswith('"') else whole(said)
    value = rest.removeprefix(" ")
    if kind in _NUMBERS:
        number = _NUMBER.match(value)
        return whole(number[1]) if number else None
    if kind in _STRINGS:
        return _quoted(value)
    if kind in ("Hex-STRING", "BITS", "Network Address", "Hex"):
        return _hex(value)
    if kind == "IpAddress":
        return address(value)
    if kind == "OID":
        numbers = oid(value)
        return ".".join(map(str, numbers)) if numbers else None
    return None


def _quoted(value: str) -> bytes:
    text = value.rstrip("\n")
    if text.startswith('"'):
        text = text[1:].rstrip().removesuffix('"').replace('\\"', '"').replace("\\\\", "\\")
    return text.encode("latin-1")


def _hex(value: str) -> bytes | None:
    digits = re.match(r"(?:[0-9A-Fa-f]{1,2}(?:[\s:]+|$))*", value)
    pairs = re.split(r"[\s:]+", digits[0].strip()) if digits and digits[0].strip() else []
    return bytes(int(pair, 16) for pair in pairs if pair)
