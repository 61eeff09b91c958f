"""`setupapi.dev.log`, and `setupapi.log` of Windows XP: which devices Windows set up, and when.

Times are local, and the log does not say of which zone. Traps: sections overlap where two are
written at once, so an end belongs to the section that began last; a section cut off by a crash has
no end. The newer form is in English on every system; that of XP is not, but numbers its lines, and
its sections have no end.
"""

import datetime
import re
from typing import Final

import msgspec

from checks.formats import windows_text
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 27
MOST: Final = 2_000_000
"""Lines; Windows begins a new log at 20 MB."""
MOST_SECTIONS: Final = 100_000

_BEGIN: Final = re.compile(r">>>  \[(.{1,400}?)(?: - (.{1,400}))?\]\s*")
_START: Final = re.compile(r">>>  Section start (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)(?:\.\d{3})?\s*")
_END: Final = re.compile(r"<<<  Section end (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)(?:\.\d{3})?\s*")
_STATUS: Final = re.compile(r"<<<  \[Exit status: (\w{1,40})(?:\((0x[0-9a-fA-F]{8})\))?\]?.*")
_BOOT: Final = re.compile(r"\[Boot Session: (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)(?:\.\d{3})?\]\s*")
_OS: Final = re.compile(r"\s*OS Version = (\d{1,3}(?:\.\d{1,6}){1,3})\b.{0,80}")

_OLD_HEAD: Final = "[SetupAPI Log]"
_OLD_BEGIN: Final = re.compile(
    r"\[(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \d{1,10}\.\d{1,10}(?: (.{1,200}))?\]\s*"
)
_OLD_LINE: Final = re.compile(r"(?:@ [\d:.]{8,16} )?#([IE])(12[1-3])\b(.*)")
_QUOTED: Final = re.compile(r'"([^"]{1,400})"')
_ERROR: Final = re.compile(r"\b(0x[0-9a-fA-F]{1,8}|\d{1,10})\b")


class Section(msgspec.Struct, frozen=True):
    """One thing that was set up. Times are local, `2026-11-22T01:02:03`; None: not in the log."""

    title: str
    """Such as `Device Install (Hardware initiated)`."""
    subject: str
    """Mostly the device's instance id."""
    started: str | None
    ended: str | None
    status: str | None
    """`SUCCESS`, `FAILURE`, …"""
    code: str | None
    """Windows' error, such as `0xe0000203`."""


class Log(msgspec.Struct, frozen=True):
    """The log."""

    os_version: str | None
    boots: list[str]
    sections: list[Section]


def parse(data: bytes) -> Log:
    """Read the log. Raises ParseError for another file."""
    lines = windows_text.decode(data, LONGEST).split("\n")
    if len(lines) > MOST:
        raise ParseError("setupapi: too many lines")
    head = "\n".join(lines[:40])
    if _OLD_HEAD in head:
        return _old(lines)
    if "[Device Install Log]" not in head and "[BeginLog]" not in head and ">>>  [" not in head:
        raise ParseError("setupapi: not a log of devices")
    version: str | None = None
    boots: list[str] = []
    sections: list[Section] = []
    for line in lines:
        if line.startswith(">>>"):
            _begin(line, sections)
        elif line.startswith("<<<"):
            _end(line, sections)
        elif line.startswith("[Boot") and (found := _BOOT.fullmatch(line)):
            boots += [moment] if (moment := _time(found[1])) else []
        elif version is None and (found := _OS.fullmatch(line)):
            version = found[1]
        if len(sections) + len(boots) > MOST_SECTIONS:
            raise ParseError("setupapi: too many sections")
    return Log(version, boots, sections)


def _old(lines: list[str]) -> Log:
    """The form of Windows 2000 to Server 2003: a head with a time, then lines by number."""
    version: str | None = None
    sections: list[Section] = []
    for line in lines:
        if found := _OLD_BEGIN.fullmatch(line):
            sections.append(Section(found[2] or "", "", _time(found[1]), None, None, None))
        elif sections and (found := _OLD_LINE.match(line)):
            sections[-1] = _told(sections[-1], found[1] + found[2], found[3])
        elif version is None and (found := _OS.fullmatch(line)):
            version = found[1]
        if len(sections) > MOST_SECTIONS:
            raise ParseError("setupapi: too many sections")
    return Log(version, [], sections)


def _told(section: Section, number: str, text: str) -> Section:
    """I123 says which device is being set up, I121 that it was, E122 that it was not."""
    named = _QUOTED.search(text)
    section = msgspec.structs.replace(
        section, subject=section.subject or (named[1] if named else "")
    )
    if number == "I121":
        return msgspec.structs.replace(section, status="SUCCESS")
    if number == "E122":
        error = _ERROR.search(text)
        code = error[1].lower() if error else None
        return msgspec.structs.replace(section, status="FAILURE", code=code)
    return section


def _begin(line: str, sections: list[Section]) -> None:
    if found := _START.fullmatch(line):
        if sections and sections[-1].started is None:
            sections[-1] = msgspec.structs.replace(sections[-1], started=_time(found[1]))
    elif found := _BEGIN.fullmatch(line):
        sections.append(Section(found[1], found[2] or "", None, None, None, None))


def _end(line: str, sections: list[Section]) -> None:
    if not sections:
        return
    if found := _END.fullmatch(line):
        sections[-1] = msgspec.structs.replace(sections[-1], ended=_time(found[1]))
    elif found := _STATUS.fullmatch(line):
        sections[-1] = msgspec.structs.replace(
            sections[-1], status=found[1].upper(), code=found[2] and found[2].lower()
        )


def _time(text: str) -> str | None:
    try:
        return datetime.datetime.strptime(text, "%Y/%m/%d %H:%M:%S").isoformat()  # noqa: DTZ007  (local time without a zone is all the log has)
    except ValueError:
        return None
