"""From an nwipe log to claims: everything that the log must say of a drive, and nothing against it.

The rule is that of disposal §2.1. Exit codes are not evidence: an aborted run ends with 0. The
lines of a drive must be exactly those that nwipe writes when the options at the top of its log are
carried out to the end, in their order; so a log that was cut or that lacks one of them is seen.
"""

import datetime
import itertools
from collections.abc import Iterator
from typing import Final, Literal

from checks.formats.nwipe_log import Device, Log, Remark, Row, Said, Step
from inventory.disposal import serials
from inventory.disposal.proof.claims import Claim, Hidden, Problem, Result, Verified, quoted
from inventory.disposal.proof.nwipe_steps import PASSES, Plan, missing, told, wanted_steps

ONLY_VERIFY: Final = ("Verify Zeros (0x00)", "Verify Ones  (0xFF)")
VERIFY: Final[dict[str, tuple[str, Verified]]] = {
    "0 (off)": ("NV", "none"),
    "1 (last pass)": ("VL", "last"),
    "2 (all passes)": ("VA", "full"),
}
STATUS: Final[dict[str, Result]] = {
    " Erased ": "erased",
    "-FAILED-": "failed",
    "UABORTED": "aborted",
}
NO_BLANK: Final = "do not perform a final blank pass"
BACKWARDS: Final = 60
"""Seconds that a clock may be set back during a run without a person's asking."""
_HARMLESS: Final = (
    "USB bridge, no pass-through support",
    "Smartctl is unable to provide smart data",
    "hwmon:",
    "emperature",
    "is not a multiple of its block size",
)
"""Warnings that say nothing about what was written."""
_HIDDEN: Final[tuple[tuple[str, Hidden], ...]] = (
    ("HIDDEN SECTORS DETECTED", "present"),
    ("HIDDEN AREA DETECTED", "present"),
    ("host protected area is enabled", "present"),
    ("INDETERMINATE", "unknown"),
    ("[UNKNOWN] We can't find the HPA line", "unknown"),
    ("[UNSURE] hdparm reports invalid output", "unknown"),
    ("No hidden sectors on", "none"),
    ("No hidden areas on", "none"),
)
_WORST_FIRST: Final[tuple[Hidden, ...]] = ("present", "unknown", "none")
_BAD: Final = ("error", "fatal", "sanity")


def claims(log: Log, lines: list[str]) -> list[Claim]:
    """One claim for each drive, in the order in which nwipe found them. `lines`: of the file."""
    reader = _Run(log, lines)
    return [reader.claim(device) for device in log.devices if device.found or device.steps]


class _Run:
    """A log with what all of its drives have in common."""

    def __init__(self, log: Log, lines: list[str]) -> None:
        self.log = log
        self.lines = lines
        self.common = list(self._common())
        self.method = self._option("method")
        self.rounds = self._option("rounds")
        self.verify = VERIFY.get(self._option("verify"), ("", "unknown"))

    def claim(self, device: Device) -> Claim:
        found = device.found[0] if device.found else None
        serial = found.serial if found else ""
        status = self._row(device, "status")
        size = device.sizes[0].size_bytes if device.sizes else None
        started, finished = self._times(device)
        return Claim(
            source="nwipe-log",
            serial=serial,
            model=found.model if found else "",
            size_bytes=size,
            method=self.method,
            technique="overwrite" if self.method in PASSES else "",
            tool="nwipe",
            tool_version=self.log.version[0].value if self.log.version else "",
            passes=sum(step.kind == "written" for step in device.steps) or None,
            verified=self.verify[1],
            started=started,
            finished=finished,
            result=STATUS.get(status.status, "unknown") if status else "unknown",
            hidden=_hidden(device, found.bus if found else ""),
            bus=found.bus if found else "",
            line_number=found.place if found else 0,
            line=self._line(found.place) if found else "",
            problems=[*self._of_device(device, serial, size), *self.common],
        )

    def _of_device(self, device: Device, serial: str, size: int | None) -> Iterator[Problem]:
        yield from self._named(device, serial)
        yield from self._status(device)
        yield from self._counted(device)
        yield from self._said(device)
        yield from self._sized(device, size)
        yield from self._done(device)
        yield from self._unexplained(device)

    # What the whole run says

    def _common(self) -> Iterator[Problem]:
        log = self.log
        for place in log.runs[1:]:
            yield self._at("several_runs", place)
        for name in ("method", "rounds", "verify", "banner"):
            values = log.options.get(name, [])
            if not values:
                yield self._lacks(f"«{name} = …» among the options")
            for more in values[1:]:
                yield self._at("several_runs", more.place)
        yield from self._options()
        yield from self._footer()
        if not log.ends:
            yield self._lacks("the last line, «Nwipe successfully completed …»")
        for said in log.unread[:1]:
            yield Problem("unread", said.place, quoted(said.value))
        yield from self._clock()

    def _options(self) -> Iterator[Problem]:
        for name, known in (("verify", tuple(VERIFY)), ("method", (*PASSES, *ONLY_VERIFY))):
            for value in self.log.options.get(name, [])[:1]:
                if value.value not in known:
                    yield self._at(f"{name}_unknown", value.place)
                elif value.value in ONLY_VERIFY:
                    yield self._at("only_verified", value.place)
                elif value.value == "0 (off)":
                    yield self._at("not_verified", value.place)
        versions = {one.value for one in self.log.version}
        for said in self.log.version[:1]:
            if len(versions) > 1 or not said.value[:1].isdigit():
                yield self._at("differs", said.place, "two versions of nwipe, or none")
        for said in self.log.options.get("rounds", [])[:1]:
            if _whole(said.value) is None:
                yield self._at("differs", said.place, "no number of rounds")

    def _footer(self) -> Iterator[Problem]:
        if len(self.log.footers) != 1:
            place = self.log.footers[1][0] if self.log.footers else 0
            if place:
                yield self._at("several_runs", place)
            else:
                yield self._lacks("«Total Throughput …» below the table")
            return
        place, _, method, rounds, blank, verify = self.log.footers[0]
        told = (self._option("method"), self._option("rounds"), self._blank())
        wanted = VERIFY.get(self._option("verify"), ("", "unknown"))[0]
        if told != (method, str(rounds), blank) or wanted != verify:
            yield self._at("differs", place, "the options at the top are others")

    def _clock(self) -> Iterator[Problem]:
        try:
            times = [datetime.datetime.fromisoformat(one) for one in self.log.times]
        except ValueError:
            yield Problem("clock", note="there is no such time")
            return
        for before, after in itertools.pairwise(times):
            if (before - after).total_seconds() > BACKWARDS:
                yield Problem("clock", note=f"{after} after {before}")
                return

    # What it says of one drive

    def _status(self, device: Device) -> Iterator[Problem]:
        rows = self._rows(device, "status")
        if not device.steps:
            place = device.found[0].place if device.found else 0
            yield self._at("not_wiped", place)
        for row in rows:
            code = {"-FAILED-": "failed", "UABORTED": "aborted", " Erased ": ""}
            found = code.get(row.status, "status_unknown")
            if found:
                yield self._at(found, row.place)
            elif row.flagged:
                yield self._at("differs", row.place, "«Erased» with the mark of an error")
        if not rows:
            yield self._lacks(f"{_short(device)} in the table «Drive Status»")
        for row in rows[1:]:
            yield self._at("several_runs", row.place)

    def _counted(self, device: Device) -> Iterator[Problem]:
        rows = self._rows(device, "errors")
        for row in rows:
            if any(row.numbers) or row.flagged:
                yield self._at("errors_counted", row.place)
        if not rows:
            yield self._lacks(f"{_short(device)} in the table «Error Summary»")
        for row in self._rows(device, "erased"):
            done, whole, percent = row.numbers
            if (done != whole) or percent != 10_000 or row.flagged:
                yield self._at("short", row.place)
        erased_table = [row for row in self.log.rows if row.table == "erased"]
        if erased_table and not self._rows(device, "erased"):
            yield self._lacks(f"{_short(device)} in the table «Erasure Summary»")

    def _said(self, device: Device) -> Iterator[Problem]:
        """Lines of weight that name the drive."""
        before = [one for one in self.log.remarks if one.device == device.name]
        for remark in (*device.remarks, *before):
            if remark.level in _BAD or "[FAILURE]" in remark.text:
                yield self._at("error_said", remark.place)
            elif any(words in remark.text for words, kind in _HIDDEN if kind == "present"):
                yield self._at("hidden", remark.place)
            elif _is_hidden(remark) or any(words in remark.text for words in _HARMLESS):
                continue
            elif remark.text.startswith(("Wrote ", "Partial ", "Skipping verification")):
                yield self._at("short", remark.place)
            elif remark.level == "warning":
                yield self._at("warned", remark.place)

    def _sized(self, device: Device, size: int | None) -> Iterator[Problem]:
        if size is None:
            yield self._lacks(f"the size of {device.name} in bytes")
        for more in device.sizes[1:]:
            yield self._at("several_runs", more.place)
        for step in device.steps:
            if step.kind in ("written", "read") and step.numbers != (size,):
                yield self._at("short", step.place)
        for row in self._rows(device, "erased"):
            if row.numbers[1] != size:
                yield self._at("short", row.place)

    def _done(self, device: Device) -> Iterator[Problem]:
        """The first step that is another than the options ask for."""
        rounds = _whole(self.rounds)
        if rounds is None or self.method not in PASSES or not device.steps:
            return
        numbered = [(step.kind, _numbers(step)) for step in device.steps]
        wanted = list(wanted_steps(self._plan(rounds)))
        if device.steps[0].method and device.steps[0].method != self.method:
            yield self._at("differs", device.steps[0].place, "the options name another method")
        for step, has, wants in zip(device.steps, numbered, wanted, strict=False):
            if has != wants:
                yield self._at(missing(wants), step.place, told(wants))
                return
        if len(numbered) < len(wanted):
            wants = wanted[len(numbered)]
            yield self._at(missing(wants), device.steps[-1].place, told(wants))
        elif len(numbered) > len(wanted):
            yield self._at(
                "differs", device.steps[len(wanted)].place, "more was done than the options ask for"
            )

    def _named(self, device: Device, serial: str) -> Iterator[Problem]:
        if not device.found:
            yield self._lacks(f"«Found {device.name}, …»")
            return
        for more in device.found[1:]:
            yield self._at("several_runs", more.place)
        place = device.found[0].place
        if code := _serial_fault(serial):
            yield self._at(code, place)
        for said in device.serials:
            if said.value != serial:
                yield self._at("serial_differs", said.place)
        for row in self._rows(device, "status"):
            if not _fits(row.label, serial):
                yield self._at("serial_differs", row.place)
        for other in self.log.devices:
            same = any(serials.same(one.serial, serial) for one in other.found)
            if other.name != device.name and same:
                yield self._at("serial_twice", other.found[0].place)

    def _unexplained(self, device: Device) -> Iterator[Problem]:
        """Errors that name no drive: they are another's only if that one counted them."""
        begun = min((step.place for one in self.log.devices for step in one.steps), default=0)
        bad = [one for one in self.log.remarks if one.level in _BAD and not one.device]
        bad = [one for one in bad if one.place > begun]
        own = {row.place for row in self._rows(device, "errors")}
        counted = sum(
            row.numbers[0] + row.numbers[2]
            for row in self.log.rows
            if row.table == "errors" and row.place not in own
        )
        if len(bad) > counted:
            yield self._at("error_unexplained", bad[0].place)
        ended = self.log.ends[0] if self.log.ends else None
        statuses = [row for row in self.log.rows if row.table == "status"]
        others = [row for row in statuses if row not in self._rows(device, "status")]
        if ended and ended.value != "completed" and all(r.status == " Erased " for r in others):
            yield self._at("ended_otherwise", ended.place)
        for more in self.log.ends[1:]:
            yield self._at("several_runs", more.place)

    # Small things

    def _plan(self, rounds: int) -> Plan:
        """A log of a million rounds that were never run has no more steps than lines."""
        most = max(len(one.steps) for one in self.log.devices) + 1
        return Plan(self.method, rounds, self.verify[1], self._blank(), most)

    def _option(self, name: str) -> str:
        values: list[Said] = self.log.options.get(name, [])
        return values[0].value if values else ""

    def _blank(self) -> bool:
        return NO_BLANK not in self.log.options

    def _rows(self, device: Device, table: Literal["status", "errors", "erased"]) -> list[Row]:
        short = _short(device)
        return [row for row in self.log.rows if row.table == table and row.name == short]

    def _row(self, device: Device, table: Literal["status"]) -> Row | None:
        return next(iter(self._rows(device, table)), None)

    def _times(self, device: Device) -> tuple[str, str]:
        if not device.steps:
            return "", ""
        last = device.steps[-1].at
        ends = [footer[1] for footer in self.log.footers[:1]]
        return device.steps[0].at, max([last, *ends])

    def _line(self, place: int) -> str:
        return quoted(self.lines[place - 1]) if 0 < place <= len(self.lines) else ""

    def _lacks(self, what: str) -> Problem:
        """Points at the last line: up to there it does not stand."""
        filled = [place for place, line in enumerate(self.lines, 1) if line.strip()]
        return self._at("missing", filled[-1] if filled else 0, what)

    def _at(self, code: str, place: int, note: str = "") -> Problem:
        return Problem(code, place, self._line(place), note)


def _short(device: Device) -> str:
    """How the tables name a drive: what stands behind the last slash, eight characters of it."""
    return device.name.rpartition("/")[2][-8:]


def _numbers(step: Step) -> tuple[int, ...]:
    return () if step.kind in ("written", "read") else step.numbers


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 6 else None


def _serial_fault(serial: str) -> str:
    if not serial or serial.casefold() == "unknown":
        return "serial_missing"
    if set(serial) <= {"X"}:
        return "serial_hidden"
    if set(serial) <= {"?"} or not (serial.isascii() and serial.isprintable()):
        return "serial_unreadable"  # or what lay in nwipe's memory where a drive told none
    return "" if serials.key(serial) else "serial_placeholder"


def _fits(label: str, serial: str) -> bool:
    """Whether `model/serial` in the table is of this drive. Older tables leave the serial out; the
    one that counts is that of «Found» (disposal §2.1)."""
    return label.endswith("/") or label.removesuffix(serial).rstrip().endswith("/")


def _is_hidden(remark: Remark) -> bool:
    return any(words in remark.text for words, _ in _HIDDEN)


def _hidden(device: Device, bus: str) -> Hidden:
    """The worst that is said. Where nothing is said, a drive that has no such sectors has none."""
    said = {kind for one in device.remarks for words, kind in _HIDDEN if words in one.text}
    for kind in _WORST_FIRST:
        if kind in said:
            return kind
    return "not-applicable" if bus in ("VIRT", "NVME") else "unknown"
