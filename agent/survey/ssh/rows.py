"""The answers of command lines as rows, read with the templates of ntc-templates (ADR 33).

What a device prints is hostile: templates are regular expressions over one line at a time, so lines
are cut and counted before any of them is read.
"""

import functools
import importlib.resources
import io
import re
from typing import TYPE_CHECKING, Final

from checks.formats.errors import ParseError

if TYPE_CHECKING:
    pass

MOST_LINES: Final = 20_000
LONGEST_LINE: Final = 400
MOST_ROWS: Final = 5_000

Row = dict[str, str | list[str]]
_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|[=>78EDM]|\][^\x07\x1b]{0,200}\x07)")
_OTHER: Final = re.compile(r"[^\t\n -~\x80-\U0010ffff]")


def text_of(data: bytes) -> str:
    """What a terminal would show: no escapes, no control characters, lines of bounded length."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\n\r", "\n")
    lines = _ESCAPES.sub("", text).split("\n", MOST_LINES + 1)[:MOST_LINES]
    return "\n".join(_OTHER.sub("", _overwritten(line))[:LONGEST_LINE].rstrip() for line in lines)


def _overwritten(line: str) -> str:
    """What is left of a line of which some was wiped away again: how a pager takes itself off."""
    last = line.rstrip("\r").rsplit("\r", 1)[-1]
    if "\b" not in last:
        return last
    left: list[str] = []
    for one in last[: 4 * LONGEST_LINE]:
        if one != "\b":
            left.append(one)
        elif left:
            left.pop()
    return "".join(left)


def rows(platform: str, command: str, data: bytes) -> list[Row]:
    """What one command printed, as ntc-templates reads it: a row per thing, texts and lists.

    Never empty: many templates pass over lines they do not know, so a refusal and an empty table
    look alike. Raises ParseError for those, for what is no answer to this command, and where there
    is no template.
    """
    import textfsm

    known = _template(platform, command)
    if known is None:
        raise ParseError(f"nobody can read {command!r} of {platform}")
    text = text_of(data)
    if not text.strip():
        raise ParseError("it printed nothing")
    table = textfsm.TextFSM(io.StringIO(known))
    try:
        found = table.ParseText(text + "\n")
    except textfsm.TextFSMError:  # its message quotes the line
        raise ParseError(f"it is no answer to {command!r}") from None
    if not found:
        raise ParseError(f"it lists nothing for {command!r}, or refuses")
    if len(found) > MOST_ROWS:
        raise ParseError(f"it lists more than {MOST_ROWS}")
    return [dict(zip(table.header, row, strict=True)) for row in found]


def readable(platform: str, command: str) -> bool:
    """Whether there is a template."""
    return _template(platform, command) is not None


@functools.cache
def _template(platform: str, command: str) -> str | None:
    folder = importlib.resources.files("ntc_templates") / "templates"
    name = f"{platform}_{command.replace(' ', '_')}.textfsm"
    if not re.fullmatch(r"[a-z0-9_.-]+", name):
        return None
    file = folder / name
    return file.read_text("utf-8") if file.is_file() else None
