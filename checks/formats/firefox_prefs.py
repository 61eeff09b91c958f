"""Firefox's `prefs.js` and `user.js`: one `user_pref("name", value);` a line.

Only what differs from the default is in the file, so an absent name means the default. The file is
its user's, so it is hostile; only booleans, integers and strings are understood.
"""

import re

from checks.formats import secret_values

_LINE = re.compile(
    r'^user_pref\("([\w.\-]{1,200})", (true|false|-?\d{1,18}|"(?:[^"\\]++|\\.)*+")\);', re.MULTILINE
)

Value = bool | int | str


def parse(data: bytes) -> dict[str, Value]:
    """Every preference that is set; a later line wins. Lines of another shape are skipped."""
    found = _LINE.findall(data.decode("utf-8", "replace"))
    return {name: _value(name, text) for name, text in found}


def _value(name: str, text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    return secret_values.without(name, text[1:-1]) if text.startswith('"') else int(text)
