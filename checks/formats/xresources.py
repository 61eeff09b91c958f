"""`~/.xscreensaver`: `name: value` lines, `#` and `!` comments; values stay text."""


def parse(data: bytes) -> dict[str, str]:
    """Name → value; later lines win, continuation lines are dropped."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon and name and not line.startswith(("#", "!", " ", "\t")):
            found[name.strip()] = value.strip()
    return found
