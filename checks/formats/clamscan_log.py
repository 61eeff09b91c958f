"""What `clamscan` and `clamdscan` print with `--log`: the summary block at the end of each scan.

`----------- SCAN SUMMARY -----------`, then `Infected files: 0`, `Scanned files: 812`, `Start Date:
2026:11:20 03:00:00`, `End Date: …`. Traps: the dates are the machine's local time without a zone,
so they are kept as text and the file's own modification time tells when the last scan ended; lines
above a block hold file names and are never kept; a log without a block is a scan that did not
finish. `clamdscan` prints no `Scanned files`.
"""

import re

import msgspec

_START = re.compile(r"^-+ SCAN SUMMARY -+$")
_PAIR = re.compile(r"^(Infected files|Scanned files|Total errors): (\d{1,18})$")
_DATE = re.compile(r"^(Start|End) Date: +(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)$")
_INSIDE = ("Known viruses:", "Engine version:", "Scanned directories:", "Data ", "Time:", "Not ")


class Summary(msgspec.Struct, frozen=True):
    """One finished scan. `scanned` is None where the program did not count."""

    infected: int
    errors: int
    scanned: int | None
    start: str
    end: str


class Log(msgspec.Struct, frozen=True):
    """All finished scans, oldest first; `finished` is whether the last block is the end of the
    file."""

    scans: list[Summary]
    finished: bool


def parse(data: bytes) -> Log:
    """Read every summary block; anything else is skipped."""
    scans: list[Summary] = []
    finished, inside = False, False
    numbers: dict[str, int] = {}
    dates: dict[str, str] = {}

    def close() -> None:
        if inside and "Infected files" in numbers:
            scans.append(
                Summary(
                    numbers["Infected files"],
                    numbers.get("Total errors", 0),
                    numbers.get("Scanned files"),
                    dates.get("Start", ""),
                    dates.get("End", ""),
                )
            )

    for line in data.decode("utf-8", "replace").split("\n"):
        if _START.match(line):
            close()
            numbers, dates, inside, finished = {}, {}, True, True
        elif pair := _PAIR.match(line):
            numbers[pair[1]] = int(pair[2])
        elif date := _DATE.match(line):
            dates[date[1]] = date[2]
        elif inside and line and not _in_block(line):
            close()
            inside, finished = False, False
    close()
    return Log(scans, finished and bool(scans))


def _in_block(line: str) -> bool:
    """Whether a line can stand inside a summary (`Known viruses: …`, `Time: 1.2 sec (0 m 1 s)`)."""
    return line.startswith(
        (
            "Known viruses:",
            "Engine version:",
            "Scanned directories:",
            "Data ",
            "Time:",
            "Not removed",
        )
    )
