"""Reports of Blancco Drive Eraser and Mobile as XML; one file may hold many reports and each many
erasures.

There is no public schema; written after six public programs that read them: `report` elements with
`blancco_data`, in it `blancco_erasure_report`, `entries name="erasures"` and `entries
name="erasure"` with `entry name="state"` and the like, the drive in `entries name="target"`. Traps:
names stand in an attribute or are the element's own; two of those programs read the first erasure
only; `Erased with exceptions` is not `Erased`, and a `Successful` one may still carry exceptions
and failed sectors. A document type or entity is refused before it is read.
"""

from typing import Final
from xml.parsers import expat

import msgspec

from checks.formats.errors import ParseError

LARGEST: Final = 32 << 20
MOST_ERASURES: Final = 2_000
MOST_ELEMENTS: Final = 500_000
DEEPEST: Final = 40
LONGEST: Final = 2_000
"""Characters of one value."""
_KEPT: Final = 60
"""Values of one erasure."""


class Value(msgspec.Struct, frozen=True):
    """A value with the line it stands in; the first is 1."""

    text: str
    place: int


class Erasure(msgspec.Struct, frozen=True):
    """One erasure. Names are paths below it, such as `state`, `target.serial`,
    `exception.message`; a name that comes again has its values in order."""

    place: int
    report: int
    """Which report of the file, the first is 1."""
    document: str
    """The report's own id."""
    product: str
    version: str
    values: dict[str, list[Value]]


class _Open(msgspec.Struct):
    name: str
    place: int
    parts: list[str]
    length: int = 0


def parse(data: bytes) -> list[Erasure]:
    """All erasures in the file's order. Raises ParseError."""
    if len(data) > LARGEST:
        raise ParseError(f"blancco: more than {LARGEST >> 20} MB")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ParseError(f"blancco: not XML ({error})") from error
    if not reader.is_blancco:
        raise ParseError("blancco: another kind of XML")
    return reader.erasures


class _Reader:
    """Follows the elements without ever holding the tree."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.open: list[_Open] = []
        self.erasures: list[Erasure] = []
        self.inside: list[int] = []
        """Depth of the erasure that is open."""
        self.reports = 0
        self.elements = 0
        self.told: dict[str, str] = {}
        self.begun = 0
        self.is_blancco = False

    def _refuse(self, *_: object) -> None:
        raise ParseError("blancco: a document type or entity")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise ParseError("blancco: more or deeper than any report")
        name = attributes.get("name", tag)[:LONGEST]
        place = self.parser.CurrentLineNumber
        if tag == "report":
            self.reports += 1
            self.told, self.begun = {}, len(self.erasures)
        self.is_blancco = self.is_blancco or tag.startswith("blancco_")
        self.open.append(_Open(name, place, []))
        if name == "erasure" and not self.inside and self._in_report():
            if len(self.erasures) >= MOST_ERASURES:
                raise ParseError("blancco: more erasures than any report")
            self.inside.append(len(self.open))
            self.erasures.append(Erasure(place, self.reports, "", "", "", {}))

    def _in_report(self) -> bool:
        return any(one.name == "blancco_erasure_report" for one in self.open)

    def _text(self, text: str) -> None:
        if self.open and self.open[-1].length < LONGEST:
            self.open[-1].parts.append(text)
            self.open[-1].length += len(text)

    def _end(self, tag: str) -> None:
        one = self.open.pop()
        text = "".join(one.parts).strip()[:LONGEST]
        if self.inside and len(self.open) < self.inside[0]:
            self.inside.clear()
        elif self.inside and text:
            path = ".".join(part.name for part in self.open[self.inside[0] :])
            self._keep(f"{path}.{one.name}" if path else one.name, Value(text, one.place))
        elif one.name in ("document_id", "product_name", "product_version") and text:
            self.told.setdefault(one.name, text)
        if tag == "report" or not self.open:
            self._finish()

    def _keep(self, name: str, value: Value) -> None:
        values = self.erasures[-1].values
        if name in values or len(values) < _KEPT:
            values.setdefault(name, []).append(value)
        else:
            raise ParseError("blancco: more values than any erasure has")

    def _finish(self) -> None:
        """What the report says of itself may stand behind its erasures."""
        for number in range(self.begun, len(self.erasures)):
            self.erasures[number] = msgspec.structs.replace(
                self.erasures[number],
                document=self.told.get("document_id", ""),
                product=self.told.get("product_name", ""),
                version=self.told.get("product_version", ""),
            )
        self.begun = len(self.erasures)
