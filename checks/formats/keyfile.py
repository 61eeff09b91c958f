"""INI-like files of desktops and systemd: `[Section]`, `Key=value`; later lines win.

Used for KDE's kscreenlockerrc (a `[$i]` after a key or section means users cannot change it),
logind.conf and AccountsService. Traps: keys are case-sensitive; a section may stand twice;
comments are `#` and `;`; what a key named like a password holds is left out.
"""

import msgspec

from checks.formats import secret_values

IMMUTABLE = "[$i]"


class Entry(msgspec.Struct, frozen=True):
    """One key's value, and whether the file locks it against users (KDE only)."""

    value: str
    locked: bool = False


Keyfile = dict[str, dict[str, Entry]]
"""Section → key → entry.

Keys before any section are under the empty name.
"""


def parse(data: bytes) -> Keyfile:
    """Read the file; lines that are neither section nor key are skipped."""
    sections: Keyfile = {}
    name, locked = "", False
    for raw in data.decode("utf-8", "replace").split("\n"):
        line = raw.strip()
        if line.startswith("["):
            locked = line.endswith(IMMUTABLE)
            name = line.removesuffix(IMMUTABLE).strip("[]")
        elif "=" in line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            key = key.strip()
            fixed = locked or key.endswith(IMMUTABLE)
            entries = sections.setdefault(name, {})
            plain = key.removesuffix(IMMUTABLE)
            if plain not in entries or not entries[plain].locked:
                entries[plain] = Entry(secret_values.without(plain, value.strip()), fixed)
    return sections


def get(keyfile: Keyfile, section: str, key: str) -> str | None:
    """The value of one key, or None."""
    entry = keyfile.get(section, {}).get(key)
    return None if entry is None else entry.value
