"""What `nwipe --logfile` writes while it wipes drives (0.33 to 0.42), each line with its number.

`[2026/11/22 01:12:24]  notice: Found /dev/loop0, VIRT, Loopback device,  67 MB, S/N=`, then the
options, what was done to each drive, and at the end tables without times. Several drives of one
run stand in one log, their lines mixed. Traps: nwipe adds to a log that is there, so one file may
hold several runs; times are local and without a zone; 0.42 folds the kernel's line over several,
indented by 31 spaces; Debian's package 0.34 says that it is 0.33; a model may hold commas and a
serial slashes; the tables cut a drive's name to its last eight characters; an error of the disk is
told without its drive; a run that was aborted, or whose last flush failed, says everything else
like one that went well. What is none of the known lines is kept in `unread`, never passed over.
"""

import re
from typing import Final, NamedTuple

import msgspec

from checks.formats.errors import ParseError

LARGEST: Final = 8 << 20
"""Bytes. Gutmann's 35 passes over 60 drives make 2 MB; `--verbose` doubles that."""
MOST_DEVICES: Final = 256
LONGEST_LINE: Final = 2_000

_STAMPED: Final = re.compile(
    r"\[(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)\] "
    r"(  debug|   info| notice|warning|  error|  fatal| sanity): (.*)"
)
_FOOTER: Final = re.compile(
    r"\[(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)\] Total Throughput .{1,16}/s, (.{1,60}), "
    r"(\d{1,9})R\+(NB|B)\+(NV|VL|VA)"
)
_DEVICE: Final = re.compile(r"/dev/[A-Za-z0-9._/+:-]{1,64}")
_D: Final = r"(?P<device>/dev/[A-Za-z0-9._/+:-]{0,63}[A-Za-z0-9_+])"
_FOUND: Final = re.compile(rf"Found {_D}, ([A-Z][A-Za-z0-9 _-]{{0,19}}), (.{{0,200}}), S/N=(.*)")
_SERIAL: Final = re.compile(rf"{_D} has serial number (.*)")
_SIZE: Final = re.compile(rf"{_D}, sect/blk/dev \d{{1,9}}/\d{{1,9}}/(\d{{1,20}})")
_GEOMETRY: Final = re.compile(rf"{_D}: Device geometry is as follows\.\.\.")
_TOTAL: Final = re.compile(r"  Total device bytes   = (\d{1,20})")
_OPTIONS: Final = "Program options are set as follows..."
_OPTION: Final = re.compile(r"  ([a-z]{1,14}) {0,14}= (.*)")
_PLAIN_OPTION: Final = re.compile(r"  (do not [a-zA-Z ]{1,60}|[a-zA-Z ]{1,60})")
_ENDS: Final = {
    "Nwipe successfully completed. See summary table for details.": "completed",
    "Nwipe was aborted by the user. Check the summary table for the drive status.": "aborted",
    "Nwipe was aborted by the user prior to the wipe starting.": "aborted",
    "Nwipe exited with errors, check the log & summary table for individual drive status.": (
        "errors"
    ),
}
_N: Final = r"(\d{1,9})"
_STEPS: Final = tuple(
    (kind, re.compile(text.replace("D", _D, 1).replace("#", _N)))
    for kind, text in (
        ("invoked", r"Invoking method '([^'\n]{1,60})' on D"),
        ("round", r"Starting round # of # on D"),
        ("pass", r"Starting pass #/#, round #/#, on D"),
        ("written", r"(\d{1,20}) bytes written to D"),
        ("verifying", r"Verifying pass # of #, round # of #, on D"),
        ("read", r"(\d{1,20}) bytes read from D"),
        ("verified", r"Verified pass # of #, round # of #, on 'D'\."),
        ("passed", r"Finished pass #/#, round #/#, on D"),
        ("round_ended", r"Finished round # of # on D"),
        ("ended", r"Finished final round # of # on D"),
        ("blanking", r"Blanking device D"),
        ("verifying_blank", r"Verifying that D is empty\."),
        ("verified_blank", r"\[SUCCESS\] Verified that D is empty\."),
        ("blanked", r"\[SUCCESS\] Blanked device D"),
        ("last_random", r"Writing final random pattern to 'D'\."),
        ("verifying_random", r"Verifying final random pattern FRP on D"),
        ("verified_random", r"\[SUCCESS\] Verified FRP on 'D' matches"),
        ("checking", r"Verifying that D is (?:zeroed|Ones \(0xFF\))"),
        ("checked", r"\[SUCCESS\] Verified that D is (?:Zeroed|full of ones \(0xFF\))\."),
    )
)
_TABLE: Final = re.compile(r"\*{20,40} (Error Summary|Erasure Summary|Drive Status) \*{20,40}")
_BORDER: Final = re.compile(r"\*{80}|-{80}|!   Device \|.{10,80}")
_ERROR_ROW: Final = re.compile(r"([! ]) +(\S{1,8}) \| +(\d{1,20}) \| +(\d{1,20}) \| +(\d{1,20})")
_ERASED_ROW: Final = re.compile(
    r"([! ]) +(\S{1,8}) \| +(\d{1,20}) \| +(\d{1,20}) \| +(\d{1,3}\.\d\d)%"
)
_STATUS_ROW: Final = re.compile(
    r"([! ]) +(\S{1,8}) \|(.{8})\| *(.{1,14})/s \| (\d{2,6}:\d\d:\d\d) \| (.*)"
)
_FOLDED: Final = re.compile(r" {31}\S.*")
_PDF: Final = re.compile(r"Creating PDF report in /.*")

Place = int
"""Of a line, the first is 1."""


class Step(msgspec.Struct, frozen=True):
    """One thing done to a drive. `numbers` as they stand: pass, passes, round, rounds; or bytes."""

    kind: str
    place: Place
    at: str
    numbers: tuple[int, ...] = ()
    method: str = ""


class Remark(msgspec.Struct, frozen=True):
    """A line of some weight that is no step. `device` is "" where it names none."""

    place: Place
    at: str
    level: str
    device: str
    text: str


class Row(msgspec.Struct, frozen=True):
    """A line of a table at the end. `table`: `errors` (pass, verify, sync), `erased` (bytes erased,
    bytes in all, hundredths of a percent), `status`. `name`: the end of the drive's name."""

    table: str
    place: Place
    flagged: bool
    name: str
    numbers: tuple[int, ...] = ()
    status: str = ""
    """Eight characters as they stand: ` Erased `, `-FAILED-`, `UABORTED`, `INSANITY`."""
    label: str = ""
    """Model, slash, serial; the model is cut to 17 characters and may hold slashes."""


class Found(msgspec.Struct, frozen=True):
    """A drive as nwipe found it."""

    place: Place
    device: str
    bus: str
    model: str
    size: str
    """In words of nwipe's, such as `67 MB`."""
    serial: str


class Said(msgspec.Struct, frozen=True):
    """A value and the line where it stands."""

    place: Place
    value: str


class DeviceSize(msgspec.Struct, frozen=True):
    """A drive's size in bytes."""

    place: Place
    device: str
    size_bytes: int


class Device(msgspec.Struct, frozen=True):
    """Everything that a log says under one drive's name."""

    name: str
    found: list[Found]
    serials: list[Said]
    sizes: list[DeviceSize]
    steps: list[Step]
    remarks: list[Remark]


class Log(msgspec.Struct, frozen=True):
    """A whole log. An option that stands twice is there twice: each list is in the file's order."""

    version: list[Said]
    options: dict[str, list[Said]]
    """`method`, `rounds`, `verify`, `banner`, `quiet`, …; those without a value have ""."""
    runs: list[Place]
    """Where options are listed: more than one is more than one run."""
    devices: list[Device]
    rows: list[Row]
    footers: list[tuple[Place, str, str, int, bool, str]]
    """Place, time, method, rounds, whether blanked at the end, and NV, VL or VA."""
    ends: list[Said]
    """`completed`, `aborted` or `errors`."""
    remarks: list[Remark]
    """Warnings and worse that name no drive."""
    unread: list[Said]
    times: list[str]
    """Of each line that has one, as `2026-11-22T01:12:24`."""


class _Record(NamedTuple):
    place: Place
    at: str
    level: str
    text: str


def parse(data: bytes) -> Log:
    """Read a log. Raises ParseError for what is none, and for what is too long."""
    return _Reader(lines(data)).log()


def lines(data: bytes) -> list[str]:
    """The lines of a log as they are counted. Raises ParseError where there is too much."""
    if len(data) > LARGEST:
        raise ParseError(f"nwipe log: more than {LARGEST >> 20} MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return [line.removesuffix("\r") for line in text.split("\n")]


class _Reader:
    """Goes through the lines once."""

    def __init__(self, text: list[str]) -> None:
        self.lines = text
        self.devices: dict[str, Device] = {}
        self.options: dict[str, list[Said]] = {}
        self.of_table = ""
        self.geometry = ""
        self.listing = False
        self.before = ""
        """The level of the last line with a time, or "" where nothing may go on from it."""
        self.log_parts = Log([], self.options, [], [], [], [], [], [], [], [])

    def log(self) -> Log:
        for place, line in enumerate(self.lines, 1):
            stamped = _STAMPED.fullmatch(line) if len(line) <= LONGEST_LINE else None
            if stamped:
                year, month, day, clock, level, text = stamped.groups()
                at = f"{year}-{month}-{day}T{clock}"
                self.log_parts.times.append(at)
                self._record(_Record(place, at, level.strip(), text))
            elif not self._unstamped(place, line):
                self.log_parts.unread.append(Said(place, line[:LONGEST_LINE]))
        if not self.devices and not self.options:
            raise ParseError("nwipe log: neither a drive nor nwipe's options")
        return msgspec.structs.replace(self.log_parts, devices=list(self.devices.values()))

    def _record(self, record: _Record) -> None:
        self.before, self.of_table = record.level, ""
        if self._told(record):
            return
        self.listing = False
        for take in (self._drive, self._step, self._end):
            if take(record):
                return
        self._remark(record)

    def _told(self, record: _Record) -> bool:
        """The program's name and its options."""
        place, _, level, text = record
        if level == "info" and text.startswith("nwipe ") and len(text) <= 20:
            self.log_parts.version.append(Said(place, text.removeprefix("nwipe ")))
            return True
        if level != "notice":
            return False
        if text == _OPTIONS:
            self.log_parts.runs.append(place)
            self.listing = True
            return True
        if not self.listing:
            return False
        if option := _OPTION.fullmatch(text):
            self.options.setdefault(option[1], []).append(Said(place, option[2]))
            if option[1] == "banner":
                self.log_parts.version.append(Said(place, option[2].removeprefix("nwipe ")))
        elif plain := _PLAIN_OPTION.fullmatch(text):
            self.options.setdefault(plain[1], []).append(Said(place, ""))
        else:
            return False
        return True

    def _drive(self, record: _Record) -> bool:
        """What a drive is."""
        place, _, level, text = record
        if level != "notice":
            return False
        if found := _FOUND.fullmatch(text):
            model, _, size = found[3].rpartition(",")
            self._device(found[1]).found.append(
                Found(
                    place, found[1], found[2].strip(), model.strip(), size.strip(), found[4].strip()
                )
            )
        elif serial := _SERIAL.fullmatch(text):
            self._device(serial[1]).serials.append(Said(place, serial[2].strip()))
        elif size := _SIZE.fullmatch(text):
            self._device(size[1]).sizes.append(DeviceSize(place, size[1], int(size[2])))
        elif geometry := _GEOMETRY.fullmatch(text):
            self.geometry = geometry[1]
        elif (total := _TOTAL.fullmatch(text)) and self.geometry:
            size_bytes = int(total[1])
            self._device(self.geometry).sizes.append(DeviceSize(place, self.geometry, size_bytes))
        else:
            return False
        return True

    def _step(self, record: _Record) -> bool:
        if record.level != "notice":
            return False
        for kind, pattern in _STEPS:
            found = pattern.fullmatch(record.text)
            if found:
                values = [part for part in found.groups() if part and part != found["device"]]
                step = Step(kind, record.place, record.at)
                if kind == "invoked":
                    step = msgspec.structs.replace(step, method=values[0])
                else:
                    step = msgspec.structs.replace(step, numbers=tuple(map(int, values)))
                self._device(found["device"]).steps.append(step)
                return True
        return False

    def _end(self, record: _Record) -> bool:
        end = _ENDS.get(record.text) if record.level == "info" else None
        if end:
            self.log_parts.ends.append(Said(record.place, end))
        return end is not None

    def _remark(self, record: _Record) -> None:
        """Anything of a drive, and warnings or worse of none."""
        name = _DEVICE.search(record.text)
        device = name[0].rstrip(".:-/") if name else ""
        remark = Remark(record.place, record.at, record.level, device, record.text)
        if device in self.devices:
            self.devices[device].remarks.append(remark)
        elif record.level in ("warning", "error", "fatal", "sanity"):
            self.log_parts.remarks.append(remark)

    def _device(self, name: str) -> Device:
        if name not in self.devices:
            if len(self.devices) >= MOST_DEVICES:
                raise ParseError(f"nwipe log: more than {MOST_DEVICES} drives")
            self.devices[name] = Device(name, [], [], [], [], [])
        return self.devices[name]

    def _unstamped(self, place: Place, line: str) -> bool:
        """Tables, empty lines, and what goes on from the line before."""
        if not line.strip():
            return True
        if len(line) > LONGEST_LINE:
            return False
        if table := _TABLE.fullmatch(line):
            self.before, self.of_table = "", table[1]
            return True
        if footer := _FOOTER.fullmatch(line):
            at = f"{footer[1]}-{footer[2]}-{footer[3]}T{footer[4]}"
            told = (place, at, footer[5], int(footer[6]), footer[7] == "B", footer[8])
            self.log_parts.footers.append(told)
            self.log_parts.times.append(at)
            return True
        if self.of_table and (_BORDER.fullmatch(line) or self._row(place, line)):
            return True
        goes_on = self.before == "debug" or (self.before == "info" and _FOLDED.fullmatch(line))
        return bool(goes_on or (_PDF.fullmatch(line) and self.log_parts.footers))

    def _row(self, place: Place, line: str) -> bool:
        kinds = {
            "Error Summary": ("errors", _ERROR_ROW),
            "Erasure Summary": ("erased", _ERASED_ROW),
            "Drive Status": ("status", _STATUS_ROW),
        }
        table, pattern = kinds[self.of_table]
        found = pattern.fullmatch(line)
        if not found:
            return False
        row = Row(table, place, found[1] == "!", found[2])
        if table == "status":
            row = msgspec.structs.replace(row, status=found[3], label=found[6].strip())
        else:
            numbers = tuple(int(one.replace(".", "")) for one in found.groups()[2:])
            row = msgspec.structs.replace(row, numbers=numbers)
        self.log_parts.rows.append(row)
        return True
