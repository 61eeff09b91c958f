"""`clamd.conf` and `freshclam.conf`: one `Option value` a line, options may repeat.

Values may be quoted; `#` starts a comment only at the beginning of a line. Option names are
case-insensitive to ClamAV, so they are kept in lower case here. A line `Example` disables the whole
file: ClamAV refuses to start with it.
A password of a proxy is left out.
"""

from checks.formats import secret_values

Options = dict[str, list[str]]
"""Option in lower case → its values in the order written."""

_TRUE = frozenset(("1", "yes", "true"))


def parse(data: bytes) -> Options:
    """Every option with a value; an option without one (`Example`) has an empty string."""
    options: Options = {}
    for raw in data.decode("utf-8", "replace").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, _, value = line.partition(" ")
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1]
        options.setdefault(name.lower(), []).append(secret_values.without(name, value))
    return options


def flag(options: Options, name: str, default: bool = False) -> bool:
    """A yes-or-no option; the last one written counts."""
    values = options.get(name.lower())
    return default if not values else values[-1].lower() in _TRUE


def text(options: Options, name: str, default: str = "") -> str:
    """The last value of an option."""
    values = options.get(name.lower())
    return values[-1] if values else default
