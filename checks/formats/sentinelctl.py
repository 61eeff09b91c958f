"""`sentinelctl version|control status|engines status` of the SentinelOne agent on Linux, and
`sentinelctl status` on macOS.

Linux: two columns parted by two or more spaces or by `: `, such as `Agent state      Enabled`.
macOS: `Key: value` under indented headings. The site's key stands among the answers and is not
read.
"""

import re
from collections.abc import Mapping

import msgspec

from checks.formats.errors import ParseError

_LINE = re.compile(r"^([A-Za-z][A-Za-z /_-]{1,60}?)(?::\s+|\s{2,})(\S.*)$")


class State(msgspec.Struct, frozen=True):
    """What is used of the answers. None = the line is not there."""

    version: str | None
    enabled: bool | None
    library_version: str | None = None
    """Of the detection library, the nearest there is to definitions."""
    connected: bool | None = None
    """To its console."""
    tamper_protected: bool | None = None
    infected: bool | None = None
    installed: str | None = None
    """As printed, in the manner of that country."""


def parse(data: bytes) -> State:
    """Read the answers of one or several commands, one after the other. Raises ParseError."""
    pairs: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        found = _LINE.match(line.strip())
        if found:
            pairs.setdefault(found[1], found[2].strip())
    if "Agent Operational State" in pairs or "Protection" in pairs:
        return _of_macos(pairs)
    if not pairs.keys() & {"Agent version", "Agent state"}:
        raise ParseError("sentinelctl: no line that is known")
    return State(
        version=pairs.get("Agent version"),
        enabled=_is(pairs, "Agent state", "enabled"),
        library_version=pairs.get("DFI library version"),
        connected=_is(pairs, "Connectivity", "on"),
        tamper_protected=_is(pairs, "Anti Tamper", "on"),
    )


def _of_macos(pairs: Mapping[str, str]) -> State:
    states = (
        _is(pairs, "Protection", "enabled"),
        _is(pairs, "Agent Operational State", "enabled"),
    )
    return State(
        version=pairs.get("Version"),
        enabled=all(state is not False for state in states),
        connected=_is(pairs, "Connected", "yes"),
        tamper_protected=None,
        infected=_is(pairs, "Infected", "yes"),
        installed=pairs.get("Install Date"),
    )


def _is(pairs: Mapping[str, str], key: str, word: str) -> bool | None:
    text = pairs.get(key)
    return None if text is None else text.lower() == word
