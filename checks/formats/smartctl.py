"""`smartctl -i`, `-a`, `-x`: what a drive says of itself and of its health, as text or JSON (`-j`).

Traps: the exit code is a set of bits and seldom 0; thousands are parted by a comma, dot, apostrophe
or space, whatever the language was, and hundreds too in India; ATA, SCSI and NVMe name the same
thing differently (`Device Model`, `Product`, `Model Number`), and a SCSI drive counts its hours as
`hours:minutes 12:34` or as `… = 12.34`; a drive that cannot answer still prints a capacity and the
verdict `UNKNOWN!`; an attribute that failed once says so in a column of its own, and a drive with
bad sectors may still say PASSED.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from checks.formats.errors import ParseError

_HEAD: Final = re.compile(r"^smartctl (?:version )?\d", re.MULTILINE)
_LINE: Final = re.compile(r"^([A-Za-z][A-Za-z0-9 /().,-]{0,60}?):\s*(.*)$")
_HOURS: Final = re.compile(
    r"^ *(?:Accumulated power on time, hours:minutes|number of hours powered up =) +(\d{1,9})\b",
    re.MULTILINE,
)
_OLD_SUPPORT: Final = re.compile(r"^Device supports SMART and is (Enabled|Disabled)", re.MULTILINE)
"""How versions before 6 say it of a SCSI drive."""
_DIGITS: Final = re.compile(
    r"^(\d{1,3}(?:[\s,.'’\u00a0\u202f]?\d{3}){0,7}|\d{1,20}|\d{1,2}(?:,\d\d){1,9},\d{3})(?![\d,])"
)
_ATTRIBUTE: Final = re.compile(
    r"^\s*(\d{1,3}) (\S{1,60})\s+(?:0x[0-9a-f]{4}|[A-Z-]{6})"
    r"\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3}|---)"
    r"(?:\s+(?:Pre-fail|Old_age)\s+(?:Always|Offline))?\s+(\S+)\s+(\S.*)$"
)
_LARGEST: Final = 1 << 60
"""No drive is larger than an exabyte: a drive that cannot answer makes such numbers up."""


class Attribute(msgspec.Struct, frozen=True):
    """One SMART attribute. `raw` is what the tool prints, `failed` is `-`, `now` or `past`."""

    number: int
    name: str
    value: int
    worst: int
    threshold: int | None
    raw: str
    failed: str


class Drive(msgspec.Struct, frozen=True):
    """A drive as smartctl tells it. None: no such line."""

    model: str | None
    family: str | None
    vendor: str | None
    serial: str | None
    firmware: str | None
    wwn: str | None
    """Sixteen hexadecimal digits, small letters."""
    capacity_bytes: int | None
    sector_bytes: int | None
    rotation_rpm: int | None
    """0: nothing turns."""
    transport: str | None
    kind: str | None
    """`disk`, `CD/DVD`, … where a SCSI drive says."""
    smart_available: bool | None
    smart_enabled: bool | None
    healthy: bool | None
    """The drive's own verdict."""
    temperature_celsius: int | None
    power_on_hours: int | None
    worn_percent: int | None
    """NVMe: how much of its life is used; may be over 100."""
    attributes: list[Attribute]


def parse(data: bytes) -> Drive:
    """Read an answer in text or JSON. Raises ParseError."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"{":
        return _of_json(data)
    text = data.decode("utf-8", "replace")
    if not _HEAD.search(text) and "=== START OF" not in text:
        raise ParseError("smartctl: neither its first line nor a section")
    lines = text.splitlines()
    pairs: dict[str, list[str]] = {}
    for line in lines:
        found = _LINE.match(line.strip())
        if found:
            pairs.setdefault(found[1].strip().lower(), []).append(found[2].strip())
    if old := _OLD_SUPPORT.search(text):
        pairs.setdefault("smart support is", []).extend(("Available", old[1]))
    counted = _HOURS.search(text)
    return _of_text(pairs, _attributes(lines), counted and int(counted[1]))


def _of_text(
    pairs: Mapping[str, list[str]], attributes: list[Attribute], hours: int | None
) -> Drive:
    def first(*names: str) -> str | None:
        return next((pairs[name][0] for name in names if pairs.get(name, [""])[0]), None)

    support = [text.lower() for text in pairs.get("smart support is", [])]
    health = first("smart overall-health self-assessment test result", "smart health status")
    older = pairs.get("device", [""])[0].partition("Version:")
    if hours is None:
        hours = _number(first("power on hours"))
    return Drive(
        model=first("device model", "model number", "product") or older[0].strip() or None,
        family=first("model family"),
        vendor=first("vendor"),
        serial=first("serial number"),
        firmware=first("firmware version", "revision") or older[2].strip() or None,
        wwn=_wwn(first("lu wwn device id", "logical unit id")),
        capacity_bytes=_number(
            first("user capacity", "total nvm capacity", "namespace 1 size/capacity"), _LARGEST
        ),
        sector_bytes=_number(
            first(
                *("logical block size", "sector size", "sector sizes"),
                "namespace 1 formatted lba size",
            ),
            1 << 20,
        ),
        rotation_rpm=_rotation(first("rotation rate")),
        transport=_transport(pairs),
        kind=first("device type"),
        smart_available=_said(support, "available", "unavailable"),
        smart_enabled=_said(support, "enabled", "disabled"),
        healthy=_healthy(health),
        temperature_celsius=_number(first("temperature", "current drive temperature"))
        or _raw(attributes, 194, 190),
        power_on_hours=_raw(attributes, 9) if hours is None else hours,
        worn_percent=_number(first("percentage used")),
        attributes=attributes,
    )


def _attributes(lines: list[str]) -> list[Attribute]:
    found = []
    for line in lines:
        row = _ATTRIBUTE.match(line)
        if row:
            failed = {"-": "-", "FAILING_NOW": "now", "NOW": "now"}.get(row[6], "past")
            limit = None if row[5] == "---" else int(row[5])
            numbers = (int(row[3]), int(row[4]), limit)
            found.append(Attribute(int(row[1]), row[2], *numbers, row[7].strip(), failed))
    return found


def _raw(attributes: list[Attribute], *numbers: int) -> int | None:
    """The first number in an attribute's raw value (`35 (Min/Max 20/41)`, `8760h+12m`)."""
    for number in numbers:
        for one in attributes:
            if one.number == number:
                return _number(one.raw)
    return None


def _number(text: str | None, most: int = 1 << 40) -> int | None:
    found = _DIGITS.match(text or "")
    if found is None:
        return None
    value = int(re.sub(r"\D", "", found[1]))
    return value if value < most else None


def _wwn(text: str | None) -> str | None:
    digits = re.sub(r"[^0-9a-f]", "", (text or "").lower().removeprefix("0x"))
    return digits if len(digits) >= 16 else None


def _rotation(text: str | None) -> int | None:
    if text is None or text.lower().startswith("solid state"):
        return None if text is None else 0
    return _number(text)


def _transport(pairs: Mapping[str, list[str]]) -> str | None:
    said = pairs.get("transport protocol", [""])[0]
    if said:
        return said
    if "nvme version" in pairs or "number of namespaces" in pairs:
        return "NVMe"
    if "sata version is" in pairs:
        return "SATA"
    return "ATA" if "ata version is" in pairs else None


def _healthy(said: str | None) -> bool | None:
    """None where the drive did not answer, which is neither."""
    if said is None or said.upper().startswith(("UNKNOWN", "NOT AVAILABLE")):
        return None
    return said.upper() in ("PASSED", "OK")


def _said(lines: list[str], yes: str, no: str) -> bool | None:
    """Which of two words stands first in any of the lines that repeat one key."""
    for line in lines:
        word = line.split(" ", 1)[0].rstrip("-").strip()
        if word in (yes, no):
            return word == yes
    return None


class _Json(msgspec.Struct):
    """The parts of `smartctl -j` that are used; its shape is fixed since 7.0."""

    smartctl: dict[str, Any]
    device: dict[str, Any] = {}
    model_name: str | None = None
    model_family: str | None = None
    vendor: str | None = None
    product: str | None = None
    scsi_model_name: str | None = None
    scsi_vendor: str | None = None
    scsi_product: str | None = None
    scsi_revision: str | None = None
    serial_number: str | None = None
    firmware_version: str | None = None
    revision: str | None = None
    wwn: dict[str, int] = {}
    user_capacity: dict[str, Any] = {}
    nvme_total_capacity: int | None = None
    logical_block_size: int | None = None
    rotation_rate: int | None = None
    smart_support: dict[str, bool] = {}
    smart_status: dict[str, Any] = {}
    temperature: dict[str, Any] = {}
    power_on_time: dict[str, Any] = {}
    device_type: dict[str, Any] = {}
    ata_smart_attributes: dict[str, Any] = {}
    nvme_smart_health_information_log: dict[str, Any] = {}


def _of_json(data: bytes) -> Drive:
    try:
        said = msgspec.json.decode(data, type=_Json)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"smartctl: {error}") from error
    healthy = said.smart_status.get("passed")
    kind = said.device_type.get("name")
    transport = said.device.get("protocol")
    wear = said.nvme_smart_health_information_log.get("percentage_used")
    return Drive(
        model=said.model_name or said.scsi_product or said.product or said.scsi_model_name,
        family=said.model_family,
        vendor=said.vendor or said.scsi_vendor,
        serial=said.serial_number,
        firmware=said.firmware_version or said.revision or said.scsi_revision,
        wwn=_wwn_of(said.wwn),
        capacity_bytes=_whole(said.user_capacity.get("bytes", said.nvme_total_capacity)),
        sector_bytes=said.logical_block_size,
        rotation_rpm=said.rotation_rate,
        transport=transport if isinstance(transport, str) else None,
        kind=kind if isinstance(kind, str) else None,
        smart_available=said.smart_support.get("available"),
        smart_enabled=said.smart_support.get("enabled"),
        healthy=healthy if isinstance(healthy, bool) else None,
        temperature_celsius=_whole(said.temperature.get("current")),
        power_on_hours=_whole(said.power_on_time.get("hours")),
        worn_percent=_whole(wear),
        attributes=_rows(said.ata_smart_attributes.get("table")),
    )


def _wwn_of(parts: Mapping[str, int]) -> str | None:
    naa, oui, number = (parts.get(name) for name in ("naa", "oui", "id"))
    if naa is None or oui is None or number is None:
        return None
    fits = 0 <= naa < 16 and 0 <= oui < 1 << 24 and 0 <= number < 1 << 36
    return f"{naa:x}{oui:06x}{number:09x}" if fits else None


def _whole(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < _LARGEST else None


def _rows(table: object) -> list[Attribute]:
    found = []
    for row in table if isinstance(table, list) else []:
        try:
            found.append(msgspec.convert(_flat(row), Attribute))
        except msgspec.ValidationError as error:
            raise ParseError(f"smartctl: {error}") from error
    return found


def _flat(row: object) -> dict[str, object]:
    cells = row if isinstance(row, dict) else {}
    raw = cells.get("raw")
    return {
        "number": cells.get("id"),
        "name": cells.get("name"),
        "value": cells.get("value"),
        "worst": cells.get("worst"),
        "threshold": cells.get("thresh"),
        "raw": raw.get("string") if isinstance(raw, dict) else None,
        "failed": cells.get("when_failed") or "-",
    }
