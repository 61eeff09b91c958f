"""What a Mac's `system_profiler` prints of hardware, networks and applications: `-json`, `-xml`,
and the plain text of any version.

All three become the same tree. Traps: the text is translated (names of networks and applications
always), the keys of JSON and XML are not (`spairport_…`), so only those may decide anything; the
text has no quotes, so an item is told from a value by what stands deeper below it; names may hold
colons; a list of plain values stays a list.
"""

import re
from typing import Any, Final

import msgspec

from checks.formats import plist, secret_values
from checks.formats.errors import ParseError

Scalar = str | int | float | bool | None

LONGEST: Final = 4_000
"""Characters after which a text of several lines is not read on."""
_ROW: Final = re.compile(r"^( *)(\S.*)$")
_DEEPEST: Final = plist.DEEPEST
_KEY_END: Final = re.compile(r"[\u00a0\u202f]?(?::(?:[ \u00a0]|$)|\uff1a *)")
"""French parts the colon from its word by a space of its own, Chinese has another colon."""


class Item(msgspec.Struct, frozen=True):
    """One thing: its own values, and the things below it. The first level is kinds of data."""

    name: str
    values: dict[str, Scalar | list[Scalar]]
    items: list["Item"]

    def find(self, name: str) -> "Item | None":
        """The first thing below this one of that name."""
        return next((one for one in self.items if one.name == name), None)


def parse(data: bytes) -> list[Item]:
    """Kinds of data (`SPHardwareDataType`, …) from `-json` or `-xml`. Raises ParseError."""
    body = data if data.lstrip().startswith((b"<", b"bplist0")) else _text(data).strip().encode()
    if body.startswith((b"<", b"bplist0")):
        return _of_xml(plist.parse(body))
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"system_profiler: {error}") from error
    if not isinstance(tree, dict):
        raise ParseError("system_profiler: not its JSON")
    kinds = plist.plain(tree, len(body))
    found = [] if not isinstance(kinds, dict) else list(kinds.items())
    return [_kind(name, rows) for name, rows in found if isinstance(rows, list)]


def _of_xml(tree: plist.Plain) -> list[Item]:
    rows = [row for row in tree if isinstance(row, dict)] if isinstance(tree, list) else []
    named = [row for row in rows if isinstance(row.get("_dataType"), str)]
    if not named:
        raise ParseError("system_profiler: XML of another kind")
    return [_kind(row["_dataType"], row.get("_items") or []) for row in named]


def _kind(name: str, rows: list[Any]) -> Item:
    return Item(name, {}, [_item("", row) for row in rows if isinstance(row, dict)])


def _item(name: str, row: dict[str, Any]) -> Item:
    """Lists of things and single things below a key become a thing of that name."""
    values: dict[str, Scalar | list[Scalar]] = {}
    below: list[Item] = []
    for key, value in row.items():
        if key == "_name" and isinstance(value, str):
            continue
        if isinstance(value, dict):
            below.append(_item(key, value))
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            inner = [_item("", one) for one in value if isinstance(one, dict)]
            # `_items` says only that there are some.
            below.extend(inner if key == "_items" else [Item(key, {}, inner)])
        elif isinstance(value, list):
            values[key] = [one for one in value if not isinstance(one, list)]
        else:
            values[key] = value
    own = row.get("_name")
    return Item(own if isinstance(own, str) and not name else name, _own(values, name, own), below)


def _own(
    values: dict[str, Scalar | list[Scalar]], name: str, own: object
) -> dict[str, Scalar | list[Scalar]]:
    """A thing below a key may have a name of its own besides (the network a card is on)."""
    return {"_name": own, **values} if name and isinstance(own, str) else values


class _Row(msgspec.Struct):
    """One line of the text that is not blank."""

    indent: int
    text: str
    after_blank: bool


def parse_text(data: bytes) -> list[Item]:
    """Kinds of data from the plain text, under its own names; another form is read as that form.

    Raises ParseError.
    """
    if data.lstrip().startswith((b"<?xml", b"bplist0", b"{")):
        return parse(data)
    rows = _rows(_text(data))
    reader = _Text()
    for place, row in enumerate(rows):
        below = rows[place + 1].indent > row.indent if place + 1 < len(rows) else False
        named = row.text.endswith((":", "\uff1a"))
        reader.read(row, heads=named and (below or row.indent == 0))
    if not reader.tops:
        raise ParseError("system_profiler: no kind of data")
    return reader.tops


def _text(data: bytes) -> str:
    """UTF-8, what an editor made of it, or what a Mac wrote before."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.end >= len(data) - 3
        return data.decode("utf-8-sig" if cut else "mac-roman", "replace")


def _rows(text: str) -> list[_Row]:
    rows: list[_Row] = []
    blank = True
    for line in text.splitlines():
        found = _ROW.match(line.replace("\t", "    "))
        if found:
            rows.append(_Row(len(found[1]), found[2].rstrip(), blank))
        blank = found is None
    return rows


class _Text:
    """Puts lines into the tree their indentation draws."""

    def __init__(self) -> None:
        self.tops: list[Item] = []
        self._stack: list[tuple[int, Item]] = []
        self._last: tuple[Item, str] | None = None

    def read(self, row: _Row, *, heads: bool) -> None:
        """One line; `heads`: it names what stands below it."""
        at = _KEY_END.search(row.text)
        if self._last and (at is None or (row.indent == 0 and not row.after_blank)):
            owner, key = self._last  # a text of several lines goes on at the left edge
            so_far = str(owner.values[key])
            if len(so_far) < LONGEST:
                owner.values[key] = f"{so_far}\n{row.text[:LONGEST]}"
            return
        while self._stack and self._stack[-1][0] >= row.indent:
            self._stack.pop()
        if heads:
            self._open(row.indent, Item(row.text[:-1].rstrip("\u00a0\u202f"), {}, []))
        elif at is not None and at.start() and self._stack:
            item, key = self._stack[-1][1], row.text[: at.start()]
            if key in item.values:
                key = f"{key} ({len(item.values)})"
            value = row.text[at.end() :].strip()
            item.values[key] = secret_values.without(row.text[: at.start()], value)
            self._last = (item, key)

    def _open(self, indent: int, item: Item) -> None:
        (self._stack[-1][1].items if self._stack else self.tops).append(item)
        self._stack.append((indent, item))
        self._last = None
        if len(self._stack) > _DEEPEST:
            raise ParseError("system_profiler: too deep")
