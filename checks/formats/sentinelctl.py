"""`sentinelctl version|control status|engines status` of the SentinelOne agent on Linux.

Two columns parted by two or more spaces or by `: `, such as `Agent state      Enabled`.
"""

import re

import msgspec

from checks.formats.errors import ParseError

_LINE = re.compile(r"^([A-Za-z][A-Za-z /_-]{1,60}?)(?::\s+|\s{2,})(\S.*)$")


class State(msgspec.Struct, frozen=True):
    """What is used of the answers. None = the line is not there."""

    version: str | None
    enabled: bool | None


def parse(data: bytes) -> State:
    """Read the answers of one or several commands, one after the other. Raises ParseError."""
    lines = (_LINE.match(line.strip()) for line in data.decode("utf-8", "replace").splitlines())
    pairs = {match[1]: match[2] for match in lines if match}
    if not pairs.keys() & {"Agent version", "Agent state"}:
        raise ParseError("sentinelctl: no line that is known")
    state = pairs.get("Agent state")
    return State(pairs.get("Agent version"), None if state is None else state == "Enabled")
