"""`name = value` lines without sections: faillock.conf, pwquality.conf and their kind.

A name alone is a switch that is on (its value is empty); `#` starts a comment; the last line wins.
What a name like a password holds is left out.
"""

from checks.formats import secret_values


def parse(data: bytes) -> dict[str, str]:
    """Name (lower case) → value."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition("#")[0].partition("=")
        if name.strip():
            key = name.strip().lower()
            found[key] = secret_values.without(key, value.strip())
    return found
