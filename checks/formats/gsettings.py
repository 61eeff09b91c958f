"""`gsettings list-recursively`: one `schema key value` a line, values as GVariant text.

Only the value types that checks read are understood: booleans, integers with or without a type
word, and quoted strings; anything else stays text.
"""

import re

import msgspec

Value = bool | int | str

_LINE = re.compile(r"^([A-Za-z][\w.\-]*) ([a-z0-9][a-z0-9\-]*) (.+)$")
_NUMBER = re.compile(r"^(?:byte |u?int(?:16|32|64) )?(-?\d{1,19})$")


class Setting(msgspec.Struct, frozen=True):
    """One key of one schema."""

    schema: str
    key: str
    value: Value


def parse(data: bytes) -> list[Setting]:
    """Every well-formed line; others (warnings) are skipped."""
    lines = (_LINE.match(line) for line in data.decode("utf-8", "replace").splitlines())
    return [Setting(m[1], m[2], value(m[3])) for m in lines if m]


def value(text: str) -> Value:
    """One GVariant in text form: `uint32 300`, `true`, `'lockscreen'`."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    number = _NUMBER.match(text)
    if number:
        return int(number[1])
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text
