"""When each advisory of `dnf -q updateinfo info --security` (dnf 4) last changed.

Each begins with its title between two rules of `=`, then one `key: value` a line, the key set right
in eleven columns. Traps: a description may hold lines that look like keys, but dnf begins each
further line of it with an empty key; an advisory that was published again has the later date.
"""

import datetime
import re
from typing import Final

from checks.formats.errors import ParseError

_RULE: Final = "=" * 79
_KEY: Final = re.compile(r"(?=.{11}:) *(?P<key>[A-Z][A-Za-z ]*): (?P<value>.*)")


def parse(data: bytes) -> dict[str, int]:
    """Advisory → epoch seconds. Raises ParseError for an advisory without a date."""
    lines = data.decode("utf-8", "replace").split("\n")
    rules = [number for number, line in enumerate(lines) if line == _RULE]
    bodies = [*rules[2::2], len(lines)]
    found = {}
    for begin, end in zip(rules[1::2], bodies, strict=False):
        fields = [_KEY.fullmatch(line) for line in lines[begin + 1 : end]]
        keys = {field["key"]: field["value"] for field in reversed(fields) if field is not None}
        if "Update ID" not in keys or "Updated" not in keys:
            raise ParseError("an advisory without a name or a date")
        found[keys["Update ID"]] = _epoch(keys["Updated"])
    if not found and data.strip():
        raise ParseError("no advisory")
    return found


def _epoch(text: str) -> int:
    try:
        moment = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  (set below)
        return int(moment.replace(tzinfo=datetime.UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise ParseError("an advisory's date") from error
