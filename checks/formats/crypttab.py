"""/etc/crypttab: which file or device opens each encrypted volume when the machine starts.

Fields are separated by blanks: name, device, key, options; the last two may be missing. Keys
themselves are in other files, which nobody here reads.
"""

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """How one volume is opened. `key` is a path, or "" where somebody is asked."""

    key: str
    options: frozenset[str]


def parse(data: bytes) -> dict[str, Entry]:
    """Entries by the volume's name; the first of a name counts, as for systemd."""
    found: dict[str, Entry] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) < 2 or words[0].startswith("#"):
            continue
        key = words[2] if len(words) > 2 and words[2] not in ("none", "-") else ""
        options = frozenset(words[3].split(",")) if len(words) > 3 else frozenset()
        found.setdefault(words[0], Entry(key, options))
    return found
