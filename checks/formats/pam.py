"""PAM's rules for one service (`/etc/pam.d/NAME`): which module is asked for what, and how.

A line is `type control module arguments`; a control may be `[value=action …]` and an argument
`[in brackets]` with spaces inside. A `-` before the type only keeps PAM quiet about a module that
is not there. `@include` is Debian's, `include` and `substack` are controls.
"""

import re
from typing import Final

import msgspec

TYPES: Final = ("auth", "account", "password", "session")
_LONGEST: Final = 4_096
"""Characters of a line, continued ones joined."""
_WORD: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]|\S+")


class Rule(msgspec.Struct, frozen=True):
    """One module asked for one thing. `module` is its file's name; for `include`, `substack` and
    `@include` it is the name of another service."""

    type: str
    control: str
    module: str
    arguments: dict[str, str]
    """Argument → value; an argument without a value has an empty one."""


def parse(data: bytes) -> list[Rule]:
    """Every well-formed line; others are skipped, as PAM does not stop at them either."""
    text = data.decode("utf-8", "replace").replace("\\\n", " ")
    lines = [line.partition("#")[0] for line in text.split("\n") if len(line) <= _LONGEST]
    rules = [_rule(_WORD.findall(line)) for line in lines]
    return [rule for rule in rules if rule is not None]


def _rule(words: list[str]) -> Rule | None:
    if len(words) >= 2 and words[0] == "@include":
        return Rule("", "@include", words[1], {})
    kind = words[0].removeprefix("-").lower() if words else ""
    if kind not in TYPES or len(words) < 3:
        return None
    pairs = [word.strip("[]").partition("=") for word in words[3:]]
    return Rule(
        kind,
        words[1].strip("[]").lower(),
        words[2].rpartition("/")[2],
        {name: value for name, _, value in pairs},
    )
