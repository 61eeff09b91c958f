"""The structures of a `dmidecode` text as they stand there: number, title, values and lists.

Traps: before dmidecode 2.8 the type stands on the line after the handle, and one step deeper; some
captures lost their indentation, so a line without a colon is an item of the list before it; an item
may hold a colon too, so depth decides first; a key may stand twice (the last structure of a blade).
"""

import re
from collections.abc import Iterator

import msgspec

_HANDLE = re.compile(r"^\s*Handle (0x[0-9A-Fa-f]{1,8})")
_TYPE = re.compile(r"DMI type (\d{1,3}), (\d{1,5}) bytes")
_DATE = re.compile(r"^(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4}|\d\d))$")
_NUMBER = re.compile(r"^(\d{1,9}) (?:mWh|mV|mW|MHz|MT/s)\b")


class Structure(msgspec.Struct, frozen=True):
    """One structure. A list is the lines below its key; below a key with a value, `KEY data`."""

    handle: str
    kind: int
    size_bytes: int
    title: str
    values: dict[str, str | list[str]]

    def text(self, *keys: str) -> str | None:
        """The first of these keys that has a text."""
        found = (self.values.get(key) for key in keys)
        return next((text for text in found if isinstance(text, str) and text), None)


class Battery(msgspec.Struct, frozen=True):
    """Type 22. None: not told. `serial` is as printed; some firmware prints it in hexadecimal."""

    name: str | None
    make: str | None
    serial: str | None
    chemistry: str | None
    made_on: str | None
    """`2017-09-15`."""
    capacity_mwh: int | None
    voltage_mv: int | None


class PowerSupply(msgspec.Struct, frozen=True):
    """Type 39, as printed."""

    name: str | None
    make: str | None
    part: str | None
    serial: str | None
    place: str | None
    status: str | None
    power_max: str | None
    plugged: str | None
    hot_replaceable: str | None


def structures(text: str) -> list[Structure]:
    """Every structure whose type is told, in order; one that holds several devices, as several."""
    return [
        one
        for lines in _blocks(text)
        if _TYPE.search(" ".join(lines[:2]))
        for one in _structure(lines)
    ]


def batteries(found: list[Structure]) -> list[Battery]:
    """Batteries with a name or a maker; an empty bay tells neither."""
    made = [_battery(one) for one in found if one.kind == 22]
    return [one for one in made if one.name or one.make]


def power_supplies(found: list[Structure]) -> list[PowerSupply]:
    """Each power supply the firmware lists, fitted or not."""
    return [
        PowerSupply(
            name=one.text("Name"),
            make=one.text("Manufacturer"),
            part=one.text("Model Part Number"),
            serial=one.text("Serial Number"),
            place=one.text("Location"),
            status=one.text("Status"),
            power_max=one.text("Max Power Capacity"),
            plugged=one.text("Plugged"),
            hot_replaceable=one.text("Hot Replaceable"),
        )
        for one in found
        if one.kind == 39
    ]


def _battery(one: Structure) -> Battery:
    def told(*keys: str) -> str | None:
        text = one.text(*keys)
        return None if text in (None, "Not Specified", "Unknown") else text

    return Battery(
        name=told("Name"),
        make=told("Manufacturer"),
        serial=told("Serial Number", "SBDS Serial Number"),
        chemistry=told("Chemistry", "SBDS Chemistry"),
        made_on=_day(one.text("Manufacture Date", "SBDS Manufacture Date") or ""),
        capacity_mwh=_number(one.text("Design Capacity")) or None,
        voltage_mv=_number(one.text("Design Voltage")) or None,
    )


def _day(text: str) -> str | None:
    """Two forms; two digits of a year before 80 are of this century."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    if found[1]:
        year, month, day = found[1], found[2], found[3]
    else:
        month, day, year = found[4].zfill(2), found[5].zfill(2), found[6]
        if len(year) == 2:
            year = ("19" if int(year) >= 80 else "20") + year
    real = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}-{month}-{day}" if real else None


def _number(text: str | None) -> int | None:
    found = _NUMBER.match(text or "")
    return int(found[1]) if found else None


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of each structure, its handle's first, blank ones left out."""
    block: list[str] = []
    for line in text.split("\n"):
        if _HANDLE.match(line):
            if block:
                yield block
            block = [line]
        elif block and line.strip():
            block.append(line.rstrip())
    if block:
        yield block


def _structure(lines: list[str]) -> list[Structure]:
    head = _HANDLE.match(lines[0])
    typed = _TYPE.search(lines[0])
    body = lines[1:]
    if typed is None:  # dmidecode before 2.8
        typed = _TYPE.search(lines[1])
        body = lines[2:]
    if head is None or typed is None:
        return []
    return [
        Structure(head[1], int(typed[1]), int(typed[2]), title, _values(rows))
        for title, rows in _titled(body)
    ]


def _titled(body: list[str]) -> list[tuple[str, list[str]]]:
    """Titles stand left of their values; a structure of several devices has one for each."""
    if not body or ":" in body[0]:
        return [("", body)]
    depth = _indent(body[0])
    found: list[tuple[str, list[str]]] = []
    for row in body:
        deeper = found and _indent(row) > depth
        if deeper or (found and ":" in row) or (found and len(found[-1][1]) == 0):
            found[-1][1].append(row)
        else:
            found.append((row.strip(), []))
    return found


def _values(rows: list[str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    lists: dict[str, list[str]] = {}
    depth = _indent(rows[0]) if rows else 0
    last = ""
    for row in rows:
        key, colon, value = row.strip().partition(":")
        if last and (_indent(row) > depth or not colon):
            lists.setdefault(last, []).append(row.strip())
        elif colon and key.strip():
            last = key.strip()
            if last in found:
                last = f"{last} ({len(found)})"
            found[last] = " ".join(value.split())
    for key, items in lists.items():
        found[f"{key} data" if found[key] else key] = items
    return found


def _indent(row: str) -> int:
    plain = row.expandtabs(8)
    return len(plain) - len(plain.lstrip())
