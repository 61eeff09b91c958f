"""`apt-config dump`: the settings apt put together from all its files, one `Key "value";` a line.

Traps: list items end in `::` or a number and repeat the key; an empty value is not "off" but not
set; values may hold `\\"`.
"""

import re

from checks.formats import secret_values

_LINE = re.compile(r'^([\w:./+\-]+) "((?:[^"\\]++|\\.)*+)";$')

Config = dict[str, list[str]]
"""Key without a trailing `::` → its values in order, empty ones left out. Keys are lower case."""


def parse(data: bytes) -> Config:
    """Every well-formed line; others are skipped."""
    config: Config = {}
    for line in data.decode("utf-8", "replace").splitlines():
        match = _LINE.match(line.strip())
        if match and match[2]:
            key = match[1].rstrip(":").lower()
            config.setdefault(key, []).append(secret_values.without(key.split(":")[-1], match[2]))
    return config


def first(config: Config, key: str, default: str) -> str:
    """The one value of a setting, or what apt does without it."""
    return config.get(key.lower(), [default])[-1]


def is_on(value: str) -> bool:
    """Whether a switch or an interval is on: apt takes numbers of days and several words."""
    text = value.strip().lower()
    number = re.match(r"^(\d+)[smhd]?$", text)
    return (
        int(number[1]) > 0 if number else text in ("always", "true", "yes", "on", "with", "enable")
    )
