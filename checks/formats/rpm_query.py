"""`rpm -qa`: with our own query format (five fields a line, tab separated) or other inventories',
plain (one name with its version a line), `--last` (with its day), or `rpm -qai` (a block each).

Traps: `(none)` stands for a missing field; `gpg-pubkey` rows are keys, not programs; INSTALLTIME is
the time of the last upgrade, because rpm replaces a package when it upgrades it; a plain name has
dashes of its own, so version and release are the last two parts; blocks write the time as people of
that country do, so it is only believed in the one English form and read as UTC.
"""

import datetime
import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

QUERY = "%{NAME}\\t%{EPOCH}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\t%{VENDOR}\\n"
"""What to pass to `--qf`."""
_KEYS: Final = ("gpg-pubkey",)
_PLAIN: Final = re.compile(
    r"^([^\s-]\S{0,127})-([^\s-]{1,128})-([^\s-]{1,128}?)(?:\.([a-z0-9_]{3,12}))?$"
)
_ARCHITECTURE: Final = re.compile(r"^[a-z0-9_]{3,12}$|^\(none\)$")
_ROW: Final = re.compile(r"^([A-Z][A-Za-z ]{1,14}?) *: ?(.*)$")
_MONTHS: Final = dict(
    zip(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        range(1, 13),
        strict=True,
    )
)
_DAY: Final = re.compile(r"\d\d:\d\d")
"""All that the day in a `--last` list has in every country."""
_CLOCK: Final = r"(?P<t>\d\d:\d\d:\d\d(?: [AP]M)?)"
_TIMES: Final = (
    re.compile(rf"^\w{{3}} (?P<d>\d\d?) (?P<m>[A-Z][a-z]{{2}}) (?P<y>\d{{4}}) {_CLOCK}", re.ASCII),
    re.compile(rf"^\w{{3}} (?P<m>[A-Z][a-z]{{2}}) +(?P<d>\d\d?) {_CLOCK} (?P<y>\d{{4}})", re.ASCII),
)


class Package(msgspec.Struct, frozen=True):
    """One installed package; `vendor` is empty where the package names none."""

    name: str
    version: str
    architecture: str
    installed_at: int | None
    vendor: str


def parse(data: bytes) -> list[Package]:
    """Every package. Raises ParseError for a line of another shape."""
    lines = [line.rstrip("\r") for line in data.decode("utf-8", "replace").split("\n")]
    first = next((line for line in lines if line.strip()), "")
    if "\t" not in first and re.match(r"^Name +: ", first):
        found = _blocks(lines)
    elif "\t" in first:
        found = [_fields(line.split("\t")) for line in lines if line]
    else:
        found = [_plain(line.strip()) for line in lines if line.strip()]
    return [one for one in found if one.name not in _KEYS]


def _fields(fields: list[str]) -> Package:
    """Our five; or those of another inventory: name, arch, version, time, size, vendor, summary,
    group, once without a vendor and before that without an architecture too.
    """
    if len(fields) == 5 and _ARCHITECTURE.match(fields[2]):
        name, version, architecture, installed, vendor = fields
    elif len(fields) == 5 and fields[3].isdecimal():
        name, version, installed, architecture, vendor = *fields[:3], "", ""
    elif len(fields) >= 6 and _ARCHITECTURE.match(fields[1]):
        name, architecture, version, installed = fields[:4]
        vendor = fields[5] if len(fields) > 6 else ""
    else:
        raise ParseError("not five fields")
    digits = installed[:12] if installed.isascii() and installed.isdigit() else ""
    return Package(
        name,
        version.removeprefix("(none):").removeprefix("0:"),
        "" if architecture == "(none)" else architecture,
        int(digits) if digits else _time(installed),
        "" if vendor == "(none)" else vendor,
    )


def _plain(line: str) -> Package:
    name, _, day = line.partition(" ")
    row = _PLAIN.match(name)
    if row is None or (day and not _DAY.search(day)):
        raise ParseError("not a name with version and release")
    return Package(row[1], f"{row[2]}-{row[3]}", row[4] or "", _time(day.strip()), "")


def _blocks(lines: list[str]) -> list[Package]:
    found: list[dict[str, str]] = []
    for line in lines:
        row = _ROW.match(line)
        if row is None:
            continue
        if row[1] == "Name":
            found.append({})
        if found:  # a description may hold such lines too; the first of two stands
            found[-1].setdefault(row[1], row[2].strip())
    return [_of_block(one) for one in found]


def _of_block(values: dict[str, str]) -> Package:
    def told(key: str) -> str:
        text = values.get(key, "")
        return "" if text == "(none)" else text

    epoch = told("Epoch")
    # rpm before 4.11 prints two columns: the second begins after the first's value.
    name, version = (re.split(r"\s{2,}", told(key))[0] for key in ("Name", "Version"))
    release = re.split(r"\s{2,}", told("Release"))[0]
    before = "" if epoch in ("", "0") else f"{epoch}:"
    return Package(
        name=name,
        version=f"{before}{version}-{release}",
        architecture=told("Architecture"),
        installed_at=_time(told("Install Date")),
        vendor=told("Vendor"),
    )


def _time(text: str) -> int | None:
    row = next((found for form in _TIMES if (found := form.match(text))), None)
    if row is None or row["m"] not in _MONTHS:
        return None
    clock, _, half = row["t"].partition(" ")
    hour, minute, second = (int(part) for part in clock.split(":"))
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        moment = datetime.datetime(
            int(row["y"]),
            _MONTHS[row["m"]],
            int(row["d"]),
            hour,
            minute,
            second,
            tzinfo=datetime.UTC,
        )
    except ValueError:
        return None
    return int(moment.timestamp())
