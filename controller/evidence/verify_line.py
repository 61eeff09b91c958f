"""Check that one line is in a school's evidence log, against the size and root on a printed sheet.

    python3 verify_line.py line.tlog-proof line.txt SIZE ROOT [report.json]

OK means: line.txt is, letter for letter, a line of the log that the sheet was printed for.
Give SIZE and ROOT of the sheet the proof was made for. ROOT may be either form, if long in quotes.
With report.json it also says whether that is the report the line speaks of.
It needs Python 3.8 or newer and nothing else, reads those files and changes nothing.
"""

from __future__ import annotations

import base64
import sys
from hashlib import sha256
from pathlib import Path


def root_of(line: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Hash the line behind a 0, then with each neighbour behind a 1, up to the top."""
    made, last = sha256(b"\0" + line).digest(), size - 1
    for other in path:
        if not last:
            return b""
        right = bool(index & 1) or index == last
        made = sha256(b"\1" + (other + made if right else made + other)).digest()
        while right and index and not index & 1:  # up past where it had no neighbour
            index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    return made if not last else b""  # RFC 9162, section 2.1.3.2


def main(arguments: list[str]) -> int | str:
    """Say OK or NOT for the line, and for the report if there is one; give 0 if all are OK."""
    if len(arguments) not in {4, 5}:
        return f"{__doc__}\nNOT checked: give the proof, the line, SIZE and ROOT."
    try:
        proof, line = Path(arguments[0]).read_bytes(), Path(arguments[1]).read_bytes()
        head, place, *hashes = proof.split(b"\n\n")[0].decode("ascii").split("\n")
        size, index, text = int(arguments[2]), int(place[6:]), "".join(arguments[3].split())
        root = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
        path = [base64.b64decode(one, validate=True) for one in hashes]
        if head != "c2sp.org/tlog-proof@v1" or place != f"index {index}" or len(root) != 32:
            raise ValueError("This is no proof, or no root.")
        report = Path(arguments[4]).read_bytes() if len(arguments) > 4 else None
    except (OSError, ValueError) as error:
        return f"NOT checked. Is everything typed as printed? {error}"
    line = line.rstrip(b"\r\n")
    fits = 0 <= index < size and all(len(one) == 32 for one in path)
    good = fits and root_of(line, index, size, path) == root and line.startswith(b"%d " % index)
    print("OK  " if good else "NOT ", f"line {index} is in the log of the sheet of {size} lines")
    if report is not None:
        named = line.endswith(b" sha256:" + sha256(report).hexdigest().encode())
        print("OK  " if named else "NOT ", "the report is the one that this line speaks of")
        good = good and named
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
