"""`.snmprec`: a device's SNMP answers as snmpsim records them, `OID|tag|value` a line.

The tag is the type's number in ASN.1 (2 integer, 4 octets, 5 nothing, 6 identifier, 64 IPv4
address, 65 counter, 66 gauge, 67 ticks, 68 opaque, 70 wide counter), then `x` where the value is in
hex or `e` where it is escaped, then perhaps `:` and a module that makes answers up as it goes; of
those, what they begin with is read (`value=`, `initial=`). Comments begin with `#`. Lines need not
be in order; of two for one identifier the first holds. Seen: the recordings of snmpsim-data.
"""

from typing import Final

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

_NUMBERS: Final = frozenset({"2", "65", "66", "67", "70"})
_BYTES: Final = frozenset({"4", "68"})
_SILENT: Final = frozenset({"5", "128", "129", "130"})
"""No value, no such object, no such instance, end: answers that say nothing."""


def parse(data: bytes) -> Told:
    """All of it, for whoever doubts a reading. Raises ParseError for a file that is too long."""
    return told(recording(data))


def recording(data: bytes, roots: tuple[str, ...] = ()) -> Recording:
    """The answers below `roots` (dotted, with a dot at the end; none: all of them).

    A line that cannot be read is counted and left out.
    """
    starts = tuple(root.encode() for root in roots)
    found = Recording(values={}, skipped=0)
    for line in text_of(data).splitlines():
        if not line or line.startswith(b"#"):
            continue
        if starts and not line.startswith(starts):
            # What nobody asks for need not be right either.
            found.skipped += b"|" not in line
            continue
        _keep(found, line)
    return found


def _keep(found: Recording, line: bytes) -> None:
    parts = line.split(b"|", 2)
    name = oid(parts[0].decode("ascii", "replace")) if len(parts) == 3 else None
    if name is None or len(parts[2]) > LONGEST_VALUE or len(found.values) >= MOST_KEPT:
        found.skipped += 1
        return
    tag = parts[1].decode("ascii", "replace")
    if tag in _SILENT:
        return
    value = _value(tag, parts[2])
    if value is None:
        found.skipped += 1
    else:
        found.values.setdefault(name, value)


def _value(tag: str, data: bytes) -> Value | None:
    kind, _, module = tag.partition(":")
    if module:
        return _first(kind, data)
    if kind.endswith("x"):
        return _hex(kind[:-1], data)
    if kind.endswith("e"):
        return _escaped(data) if kind[:-1] in _BYTES else None
    text = data.decode("latin-1")
    if kind in _NUMBERS:
        return whole(text)
    if kind == "6":
        return _identifier(text)
    if kind == "64":
        return address(text)
    return data if kind in _BYTES else None


def _hex(kind: str, data: bytes) -> Value | None:
    try:
        raw = bytes.fromhex(data.decode("ascii").removeprefix("0x"))
    except ValueError:
        return None
    if kind == "64":
        return raw if len(raw) == 4 else None
    if kind in _NUMBERS:
        return int.from_bytes(raw, "big", signed=kind == "2") if len(raw) <= 8 else None
    return raw if kind in _BYTES else None


def _identifier(text: str) -> str | None:
    numbers = oid(text)
    return ".".join(map(str, numbers)) if numbers else None


def _escaped(data: bytes) -> bytes | None:
    try:
        return data.decode("unicode_escape").encode("latin-1")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _first(kind: str, data: bytes) -> Value | None:
    """What a module that makes answers up begins with."""
    for option in data.split(b","):
        name, _, value = option.partition(b"=")
        if name.strip() in (b"value", b"initial"):
            return _value(kind, value)
        if name.strip() == b"hexvalue":
            return _hex(kind, value)
    return None
