"""Check a school's evidence log against the sizes and roots on printed sheets.

    python3 verify_log.py entries.txt SIZE ROOT [SIZE ROOT ...]

Give SIZE and ROOT of every sheet you hold. ROOT may be either form, if long in quotes.
OK means: the first SIZE lines of the file are, letter for letter, those the sheet was printed for.
Keep sheets where nobody else can: one printed after a change agrees with the change.
It needs Python 3.8 or newer and nothing else, reads that one file and changes nothing.
"""

from __future__ import annotations

import base64
import sys
from hashlib import sha256
from pathlib import Path


def root_of(lines: list[bytes]) -> bytes:
    """Hash each line behind a 0, then every two neighbours behind a 1, until one is left."""
    level = [sha256(b"\0" + line).digest() for line in lines]
    while len(level) > 1:
        pairs = range(0, len(level) - 1, 2)
        above = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in pairs]
        level = above + level[2 * len(above) :]  # an odd one at the end goes up as it is
    return level[0] if level else sha256(b"").digest()  # RFC 6962, section 2.1


def typed(size: str, root: str) -> tuple[int, bytes]:
    """Read what a person typed from a sheet."""
    text = "".join(root.split())
    raw = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    if not size.isdecimal() or len(raw) != 32:
        raise ValueError(f"no sheet says {size} {root}")
    return int(size), raw


def main(arguments: list[str]) -> int | str:
    """Say OK or NOT for every sheet; give 0 only if all are OK."""
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        return f"{__doc__}\nNOT checked: give the file, then SIZE and ROOT of each sheet."
    try:
        sheets = sorted(typed(*arguments[i : i + 2]) for i in range(1, len(arguments), 2))
        lines = Path(arguments[0]).read_bytes().splitlines()
    except (OSError, ValueError) as error:
        return f"NOT checked. Is everything typed as printed? {error}"
    good = bad = 0
    for size, root in sheets:
        if size <= len(lines) and root_of(lines[:size]) == root:
            print(f"OK   the sheet of {size} lines: all are there, first and unchanged")
            good = size
        else:
            print(f"NOT  the sheet of {size} lines: the file differs after line {good}")
            bad = 1
    print("NOT OK" if bad else "OK", f"({len(lines)} lines in the file)")
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
