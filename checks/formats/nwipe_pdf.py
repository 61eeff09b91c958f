"""The reports that nwipe 0.42 makes as PDF: one of each drive, and one of all drives of a machine.

Read as nwipe's own writer makes them and nothing else: PDF 1.3, one object after the other, every
text in a stream of its own, plain or Flate. A PDF that a person opened and saved again, or that any
other program made, is refused. Nothing in it is signed and its date is the word `Today`, so it
proves little. Values stand to the right of their labels, at the same height; in the report of a
machine the result stands upright beside its drive. The page of the machine's firmware may hold
whatever lay in memory and is not read.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from checks.formats.errors import ParseError

LARGEST: Final = 32 << 20
"""Bytes; a drive takes half a megabyte, most of it pictures."""
MOST_OBJECTS: Final = 50_000
MOST_DRIVES: Final = 256
LONGEST_STREAM: Final = 1 << 16
"""Of a stream of text, unpacked."""

_OBJECT: Final = re.compile(rb"(\d{1,6}) 0 obj\r?\n")
_MARK: Final = re.compile(rb">>stream\r?\n|endobj\r?\n")
_LENGTH: Final = re.compile(rb"/Length (\d{1,9})\b")
_END: Final = re.compile(rb"\r?\nendstream\r?\nendobj\r?\n")
_KIDS: Final = re.compile(rb"/Kids \[([ \d\r\nR]{0,200000})\]")
_CONTENTS: Final = re.compile(rb"/Contents \[([ \d\r\nR]{0,500000})\]")
_REFERENCE: Final = re.compile(rb"(\d{1,6}) 0 R")
_FLOAT: Final = rb"(-?\d{1,6}(?:\.\d{1,8})?)"
_TEXT: Final = re.compile(
    rb"BT /GS\d{1,2} gs (?:[-\d. ]{1,80} )?"
    + _FLOAT
    + rb" "
    + _FLOAT
    + rb" (?:TD|Tm) /F\d{1,2} [\d.]{1,12} Tf [-\d.]{1,12} [-\d.]{1,12} [-\d.]{1,12} rg "
    rb"[-\d.]{1,12} Tc \(((?:[^\\()]|\\.)*)\) Tj ET\s*",
    re.DOTALL,
)
_VERSION: Final = re.compile(r"Disc Erasure by NWIPE version ([0-9A-Za-z.+-]{1,20})")
_PRODUCER: Final = b"/Producer (https://github.com/martijnvanbrummelen/nwipe)"
_LABELS: Final = {
    "Make/Model:": "model",
    "Make:": "model",
    "Serial:": "serial",
    "S/N:": "serial",
    "Bus:": "bus",
    "Size(Apparent):": "size",
    "Size(Real):": "real_size",
    "Start time:": "started",
    "End time:": "finished",
    "Duration:": "duration",
    "Status:": "status",
    "Method:": "method",
    "PRNG algorithm:": "prng",
    "Final Pass(Zeros/Ones/None):": "blank",
    "Blanking Pass:": "blank",
    "Verify Pass(Last/All/None):": "verify",
    "Verify(Last/All/None):": "verify",
    "*Bytes Erased:": "erased",
    "Rounds(completed/requested):": "rounds",
    "HPA/DCO:": "hidden",
    "HPA/DCO Size:": "hidden_size",
    "Errors(pass/sync/verify/retries):": "errors",
    "Errors(pass/sync/verify):": "errors",
    "Throughput:": "throughput",
    "Information:": "information",
}
_STATES: Final = ("ERASED", "FAILED", "ABORTED", "INSANITY")


class Field(msgspec.Struct, frozen=True):
    """A value with its label as they stand on the page."""

    label: str
    value: str
    page: int


class Drive(msgspec.Struct, frozen=True):
    """One drive, by the names in `_LABELS`; what the page does not say is not there."""

    fields: dict[str, Field]


class Report(msgspec.Struct, frozen=True):
    """A report. `of_machine`: the one of all drives of a machine."""

    version: str
    of_machine: bool
    drives: list[Drive]


class _Item(NamedTuple):
    x: float
    y: float
    text: str


def parse(data: bytes) -> Report:
    """Read a report. Raises ParseError for any other PDF."""
    if len(data) > LARGEST:
        raise ParseError(f"nwipe report: more than {LARGEST >> 20} MB")
    if not data.startswith(b"%PDF-1.3") or _PRODUCER not in data[:4_096]:
        raise ParseError("nwipe report: not as nwipe writes it")
    objects = _objects(data)
    pages = [_items(objects, page) for page in _pages(objects)]
    drives: list[Drive] = []
    version, of_machine = "", False
    for number, items in enumerate(pages, 1):
        texts = [item.text for item in items]
        found = [match[1] for text in texts if (match := _VERSION.fullmatch(text))]
        version = version or next(iter(found), "")
        if any(text.endswith("Erasure Status") for text in texts):
            of_machine = of_machine or "System Erasure Report" in texts
            drives.extend(_drives(items, number))
        if len(drives) > MOST_DRIVES:
            raise ParseError("nwipe report: more drives than any bench has")
    if not version:
        raise ParseError("nwipe report: it does not name its version")
    return Report(version, of_machine, drives)


def _objects(data: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Head and stream of each object, in one run through the file. Raises ParseError."""
    first = _OBJECT.search(data, 0, 64)
    if first is None:
        raise ParseError("nwipe report: not as nwipe writes it")
    found: dict[int, tuple[bytes, bytes]] = {}
    place = first.start()
    while (start := _OBJECT.match(data, place)) is not None:
        number = int(start[1])
        mark = _MARK.search(data, start.end())
        if mark is None or number in found or len(found) >= MOST_OBJECTS:
            raise ParseError("nwipe report: objects that it would not write")
        head, stream, place = data[start.end() : mark.start()], b"", mark.end()
        if mark[0].startswith(b">>"):
            length = _LENGTH.search(head)
            end = length and _END.match(data, place + int(length[1]))
            if not length or not end:
                raise ParseError("nwipe report: a stream that does not end where it says")
            stream, place = data[place : place + int(length[1])], end.end()
        found[number] = (head, stream)
    if not data.startswith(b"xref", place) or data.count(b"%%EOF") != 1:
        raise ParseError("nwipe report: cut off, or changed after it was written")
    return found


def _pages(objects: dict[int, tuple[bytes, bytes]]) -> Iterator[bytes]:
    for head, _ in objects.values():
        kids = _KIDS.search(head) if b"/Type /Pages" in head else None
        if kids:
            for reference in _REFERENCE.findall(kids[1]):
                yield objects.get(int(reference), (b"", b""))[0]
            return


def _items(objects: dict[int, tuple[bytes, bytes]], page: bytes) -> list[_Item]:
    contents = _CONTENTS.search(page)
    items: list[_Item] = []
    for reference in _REFERENCE.findall(contents[1]) if contents else ():
        head, stream = objects.get(int(reference), (b"", b""))
        if b"/DCTDecode" in head:
            continue
        found = _TEXT.fullmatch(_unpacked(head, stream))
        if found:
            items.append(_Item(float(found[1]), float(found[2]), _text(found[3])))
    return items


def _unpacked(head: bytes, stream: bytes) -> bytes:
    if b"/FlateDecode" in head:
        try:
            return zlib.decompressobj().decompress(stream, LONGEST_STREAM)
        except zlib.error as error:
            raise ParseError("nwipe report: a damaged stream") from error
    return stream if len(stream) <= LONGEST_STREAM else b""


def _text(data: bytes) -> str:
    return re.sub(r"\\(.)", r"\1", data.decode("cp1252", "replace"), flags=re.DOTALL)


def _drives(items: list[_Item], page: int) -> Iterator[Drive]:
    """Each from the height of its make down to that of the next."""
    tops = sorted((i.y for i in items if i.text.strip() in ("Make:", "Make/Model:")), reverse=True)
    for top, bottom in zip(tops, [*tops[1:], 0.0], strict=False):
        block = [item for item in items if bottom < item.y <= top]
        fields: dict[str, Field] = {}
        for item in block:
            name = _LABELS.get(item.text.strip())
            if name:
                value = _beside(block, item)
                if name in fields and fields[name].value != value:
                    raise ParseError("nwipe report: two values for one label")
                fields[name] = Field(item.text.strip(), value, page)
        states = {item.text.strip() for item in block} & set(_STATES)
        if len(states) > 1:
            raise ParseError("nwipe report: two results for one drive")
        for state in states:
            fields.setdefault("status", Field("", state, page))
        yield Drive(fields)


def _beside(block: list[_Item], label: _Item) -> str:
    """What stands right of a label, up to the next label."""
    row = sorted(item for item in block if item.y == label.y and item.x > label.x)
    values = []
    for item in row:
        if item.text.strip() in _LABELS:
            break
        values.append(item.text.strip())
    return " ".join(values)
