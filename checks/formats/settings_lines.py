"""`name = value` lines without sections: faillock.conf, pwquality.conf and their kind.

A name alone is a switch that is on (its value is empty); `#` starts a comment; the last line wins.
"""


def parse(data: bytes) -> dict[str, str]:
    """Name (lower case) → value."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition("#")[0].partition("=")
        if name.strip():
            found[name.strip().lower()] = value.strip()
    return found
