"""`secedit /export /cfg`: the local security policy, as an INI file.

The names of sections and settings are in no language. Traps: numbers and quoted texts stand side
by side; `[Registry Values]` writes `path=type,data`, and a comma within a text of several lines as
`","`; rights name accounts as `*S-1-…`, or by name
where Windows knows no SID; a right nobody has is left out.
"""

import re
from typing import Final

import msgspec

from checks.formats import secret_values, windows_text
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 22
MOST: Final = 20_000
"""Lines; a whole policy has some hundreds."""

_LISTED: Final = re.compile(r'(?:"([^"]{1,400})"|([^",;=\[][^",=]{0,400})),(.*)')
_COMMA: Final = "\0"
_TYPES: Final = {"1": "sz", "2": "expand_sz", "3": "binary", "4": "dword", "7": "multi_sz"}


class RegistrySetting(msgspec.Struct, frozen=True):
    """A value of the registry that the policy sets."""

    type: str
    """`sz expand_sz binary dword multi_sz`, or the number of another type."""
    data: int | str | list[str]


class Policy(msgspec.Struct, frozen=True):
    """The policy. Names as they stand in the file."""

    system_access: dict[str, int | str]
    """Passwords, lockout, built-in accounts: `MinimumPasswordLength`, `LockoutBadCount`, …; -1 in a
    maximum age is never.
    """
    event_audit: dict[str, int]
    """0 none, 1 success, 2 failure, 3 both."""
    registry_values: dict[str, RegistrySetting]
    """By path, `MACHINE\\…`."""
    privilege_rights: dict[str, list[str]]
    """Right → accounts, SIDs without their star."""
    other: dict[str, dict[str, str]]
    """Every other section; services, files and keys by name, with `start,"security descriptor"`."""


def parse(data: bytes) -> Policy:
    """Read an export. Raises ParseError for another file."""
    sections: dict[str, dict[str, str]] = {}
    here: dict[str, str] | None = None
    lines = windows_text.lines(windows_text.decode(data, LONGEST))
    if len(lines) > MOST:
        raise ParseError("secedit: too many lines")
    for line in lines:
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            here = sections.setdefault(text[1:-1].strip().lower(), {})
        elif here is not None and "=" in text and not text.startswith((";", '"')):
            name, _, value = text.partition("=")
            here[name.strip()] = value.strip()
        elif here is not None and (row := _LISTED.fullmatch(text)):
            here[row[1] or row[2]] = row[3]
    if sections.keys().isdisjoint(("version", "unicode", "system access")):
        raise ParseError("secedit: not an exported policy")
    take = sections.pop
    return Policy(
        system_access={k: _plain(k, v) for k, v in take("system access", {}).items()},
        event_audit={
            k: n
            for k, v in take("event audit", {}).items()
            if isinstance(n := _plain(k, v), int) and 0 <= n <= 3
        },
        registry_values={k: _setting(k, v) for k, v in take("registry values", {}).items()},
        privilege_rights={
            k: [one.strip().lstrip("*") for one in v.split(",") if one.strip()]
            for k, v in take("privilege rights", {}).items()
        },
        other={
            name: {k: secret_values.without(k, v) for k, v in rest.items()}
            for name, rest in sections.items()
        },
    )


def _plain(name: str, value: str) -> int | str:
    """A number, or a text without its quotes."""
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 10:
        return int(value)
    return secret_values.without(name, value.strip('"'))


def _parts(data: str) -> list[str]:
    """Texts parted by commas; a comma of their own is written `","`."""
    return [one.replace(_COMMA, ",") for one in data.replace('","', _COMMA).split(",")]


def _setting(path: str, value: str) -> RegistrySetting:
    number, _, data = value.partition(",")
    kind = _TYPES.get(number.strip(), number.strip())
    name = path.rpartition("\\")[2]
    if kind == "dword":
        return RegistrySetting(kind, _plain(name, data.strip()))
    if kind == "multi_sz":
        parts = [one.strip().strip('"') for one in _parts(data) if one.strip()]
        return RegistrySetting(kind, [secret_values.without(name, one) for one in parts])
    return RegistrySetting(kind, secret_values.without(name, data.strip().strip('"')))
