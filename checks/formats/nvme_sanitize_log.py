"""`nvme sanitize-log DEVICE`, as text (also `-H`) or JSON (`-o json`): what a drive says of its
last sanitize operation (NVMe log page 81h, nvme-cli 1.8 to 2.11).

Traps: the log names no drive but by the kernel's name, which is no identity; 65535 means done as
well as never begun; some versions print the status without its bit 8 (Global Data Erased: nothing
was written since), so in text a clear bit says nothing unless `-H` spells it out; JSON keeps the
values under the device's name, and one version used the status' own words as its key.
"""

import re
from typing import Any, Final

import msgspec

from checks.formats.errors import ParseError

LARGEST: Final = 64 << 10
DONE: Final = 65_535
_NUMBER: Final = r":\s{0,4}(0x[0-9a-fA-F]{1,8}|\d{1,10})\b"
_PROGRESS: Final = re.compile(r"^Sanitize Progress\s{1,40}\(SPROG\)\s{0,4}" + _NUMBER, re.MULTILINE)
_STATUS: Final = re.compile(r"^Sanitize Status\s{1,40}\(SSTAT\)\s{0,4}" + _NUMBER, re.MULTILINE)
_COMMAND: Final = re.compile(
    r"^Sanitize Command Dword 10 Information \(SCDW10\)\s{0,4}" + _NUMBER, re.MULTILINE
)
_ERASED: Final = re.compile(
    r"^[ \t]{0,24}\[8(?::8)?\][ \t]{0,8}:?[ \t]{0,8}Global Data Erased"
    r"(?:[ \t]{1,8}(set|cleared)\b|[ \t]{0,24}:[ \t]?(\d))",
    re.MULTILINE,
)
_DEVICE: Final = re.compile(r"^nvme\d{1,4}(?:n\d{1,4})?$")
_JSON_STATUS: Final = re.compile(r"\((\d)\) .{0,120}")
STATES: Final = ("never", "completed", "in_progress", "failed", "completed_no_deallocate")
ACTIONS: Final = {1: "exit_failure", 2: "block_erase", 3: "overwrite", 4: "crypto_erase"}


class Log(msgspec.Struct, frozen=True):
    """The log. `state` is one of STATES or "" for a number that means nothing yet."""

    device: str
    """The kernel's name if the file has it, such as `nvme0`: it identifies nothing."""
    progress: int
    """Of 65,536."""
    state: str
    passes: int | None
    """Finished, of an overwrite."""
    global_erased: bool | None
    """Nothing was written since. None: not said."""
    action: str
    """One of ACTIONS, "" where the command is not known."""
    places: dict[str, int]
    """The line of each value in a text; the first is 1."""


def parse(data: bytes) -> Log:
    """Read a log in either form. Raises ParseError."""
    if len(data) > LARGEST:
        raise ParseError("nvme sanitize-log: too long")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"{":
        return _of_json(data)
    return _of_text(data.decode("utf-8", "replace").replace("\r\n", "\n"))


def _of_text(text: str) -> Log:
    found = {
        "progress": _PROGRESS.findall(text),
        "status": _STATUS.findall(text),
        "action": _COMMAND.findall(text),
    }
    if any(len(values) != 1 for values in found.values()):
        raise ParseError("nvme sanitize-log: not one progress, status and command")
    progress, status, command = (_number(values[0]) for values in found.values())
    patterns = {"progress": _PROGRESS, "status": _STATUS, "action": _COMMAND}
    places = {
        name: text.count("\n", 0, match.start()) + 1
        for name, pattern in patterns.items()
        if (match := pattern.search(text))
    }
    spelt = _ERASED.findall(text)
    if len(spelt) > 1:
        raise ParseError("nvme sanitize-log: Global Data Erased twice")
    erased = True if status & 0x100 else None
    if spelt:
        erased = spelt[0][0] == "set" or spelt[0][1] == "1"
    return _log("", progress, status & 7, (status >> 3 & 31, erased, command), places)


def _of_json(data: bytes) -> Log:
    try:
        root = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"nvme sanitize-log: {error}") from error
    device = next((name for name in root if _DEVICE.fullmatch(name)), "")
    if len(root) > 1 and "sprog" not in root:
        raise ParseError("nvme sanitize-log: more than one drive")
    said = root.get(device, root)
    status = said.get("sstat") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(status, dict):
        raise ParseError("nvme sanitize-log: no status")
    words = [value for value in status.values() if isinstance(value, str)]
    state = _JSON_STATUS.fullmatch(words[0]) if len(words) == 1 else None
    if state is None:
        raise ParseError("nvme sanitize-log: no status")
    erased = status.get("global_erased")
    passes, command = _whole(status.get("no_cmplted_passes")), _whole(said.get("cdw10_info"))
    rest = (passes, bool(erased) if erased in (0, 1) else None, -1 if command is None else command)
    progress = _whole(said.get("sprog"))
    if progress is None:
        raise ParseError("nvme sanitize-log: no progress")
    return _log(device, progress, int(state[1]), rest, {})


def _log(
    device: str,
    progress: int,
    state: int,
    rest: tuple[int | None, bool | None, int],
    places: dict[str, int],
) -> Log:
    passes, erased, command = rest
    if progress > DONE:
        raise ParseError("nvme sanitize-log: more progress than there is")
    name = STATES[state] if state < len(STATES) else ""
    action = ACTIONS.get(command & 7, "") if command >= 0 else ""
    return Log(device, progress, name, passes, erased, action, places)


def _number(text: str) -> int:
    return int(text, 16) if text.startswith("0x") else int(text)


def _whole(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 32 else None
