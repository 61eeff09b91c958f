"""`dpkg -l`: one line per package, two or three letters of state first.

Traps: the head is translated, the letters are not; the second letter says what is on the disk (`rc`
is a removed package whose settings stay), a third that something is broken; before 2010 there was
no column of architectures; a narrow terminal cuts names and versions short, a pipe does not. Lists
made with dpkg-query and tabs (name, architecture, version, size, section, state) are read as well.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_ROW: Final = re.compile(r"^([uihrp])([ncHUFWti])([ R]) (\S+)(?: +(.*))?$")
_RULER: Final = re.compile(r"^\+{3}(-=+|=+|-+)+")
_STATES: Final = {
    "n": "not-installed",
    "c": "config-files",
    "H": "half-installed",
    "U": "unpacked",
    "F": "half-configured",
    "W": "triggers-awaited",
    "t": "triggers-pending",
    "i": "installed",
}
_DESIRED: Final = {"u": "unknown", "i": "install", "h": "hold", "r": "remove", "p": "purge"}
_PRESENT: Final = frozenset("UFWti")


class Package(msgspec.Struct, frozen=True):
    """One package dpkg has heard of. `present`: its files are on the disk.

    `name` is as printed: `libc6:amd64` where several architectures may stand side by side.
    """

    name: str
    version: str
    architecture: str
    description: str
    desired: str
    state: str
    present: bool
    broken: bool
    """It must be installed again."""


def parse(data: bytes) -> list[Package]:
    """Every line that is a package. Raises ParseError where neither a head nor a line is found."""
    lines = [line for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    if not any(_RULER.match(line) for line in lines[:40]) and any("\t" in line for line in lines):
        return [_of_query(line) for line in lines if line.strip()]
    columns = next((line for line in lines[:40] if line.startswith("+++")), "+++-=-=-=-=")
    with_architecture = len(re.findall(r"=+", columns)) != 3
    found = [_of_row(row, with_architecture) for line in lines if (row := _row(line))]
    if not found and not any(line.startswith("+++") for line in lines):
        raise ParseError("dpkg -l: neither its head nor a package")
    return found


def _row(line: str) -> re.Match[str] | None:
    """`dpkg` writes the letters as `ii ` or `iiR`; other tools copied them in capitals or small."""
    return _ROW.match(line) or _ROW.match(line[:1] + _letter(line[1:2]) + line[2:])


def _letter(text: str) -> str:
    return {"h": "H", "u": "U", "f": "F", "w": "W"}.get(text, text)


def _of_row(row: re.Match[str], with_architecture: bool) -> Package:
    cells = (row[5] or "").split(None, 2 if with_architecture else 1)
    version = cells[0] if cells else ""
    architecture = cells[1] if with_architecture and len(cells) > 1 else ""
    rest = cells[2 if with_architecture else 1 :]
    return Package(
        name=row[4],
        version="" if version == "<none>" else version,
        architecture="" if architecture == "<none>" else architecture,
        description=rest[0].strip() if rest else "",
        desired=_DESIRED[row[1]],
        state=_STATES[row[2]],
        present=row[2] in _PRESENT,
        broken=row[3] == "R",
    )


def _of_query(line: str) -> Package:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) < 3 or not cells[0] or " " in cells[0]:
        raise ParseError("dpkg-query: not its fields")
    words = cells[5].split() if len(cells) > 5 else []
    desired, _, state = words if len(words) == 3 else ("install", "ok", "installed")
    return Package(
        name=cells[0],
        version=cells[2],
        architecture=cells[1],
        description=cells[4] if len(cells) > 4 else "",
        desired=desired,
        state=state,
        present=state not in ("not-installed", "config-files", "half-installed"),
        broken=len(words) == 3 and words[1] != "ok",
    )
