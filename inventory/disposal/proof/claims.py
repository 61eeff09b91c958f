"""What a report claims of one drive, in one form for every tool.

A claim is what the file says, nothing more. `problems` are the lines of the file that speak against
it; whether the claim is taken for a medium is `judging`.
"""

from typing import Final, Literal

import msgspec

Verified = Literal["full", "last", "none", "unknown"]
"""`full`: each pass was read back; `last`: the last one; both mean every byte of the drive."""
Result = Literal["erased", "failed", "aborted", "exceptions", "unknown"]
Hidden = Literal["none", "present", "unknown", "not-applicable"]
"""Sectors that the drive does not show (HPA, DCO)."""
Source = Literal[
    "nwipe-log",
    "nwipe-pdf",
    "blancco-xml",
    "nvme-sanitize-log",
    "hdparm-identify",
    "certificate-csv",
    "manual",
]
LONGEST_QUOTE: Final = 300
"""Characters of a line that are kept to be shown."""


class Problem(msgspec.Struct, frozen=True):
    """One thing that speaks against a claim. `line_number` is 0 where a line is missing.

    `note` says what should stand there, or what is meant; it comes from the file or from us, and is
    as hostile as the file.
    """

    code: str
    line_number: int = 0
    line: str = ""
    note: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What one report says of one drive.

    `started` and `finished` are ISO times; one without an offset is of the clock of the machine
    that wiped, whose zone nobody wrote down. "" and None: the report does not say.
    """

    source: Source
    serial: str
    model: str = ""
    size_bytes: int | None = None
    method: str = ""
    """As the tool names it."""
    technique: str = ""
    """One of `states.Technique`; "" = unknown to us."""
    level: str = ""
    """`clear`, `purge`, `destroy` if the report itself says so; else the rules decide."""
    tool: str = ""
    tool_version: str = ""
    passes: int | None = None
    verified: Verified = "unknown"
    started: str = ""
    finished: str = ""
    result: Result = "unknown"
    hidden: Hidden = "unknown"
    bus: str = ""
    line_number: int = 0
    line: str = ""
    """Where the report names the drive."""
    problems: list[Problem] = []


def quoted(text: str) -> str:
    """A line short enough to be kept and shown."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
