"""`/proc/meminfo`: how much memory the system can use."""

import re

from checks.formats.errors import ParseError

_TOTAL = re.compile(rb"^MemTotal:\s+(\d{1,15}) kB\s*$", re.MULTILINE)


def parse(data: bytes) -> int:
    """Usable memory in bytes (less than is fitted); raises ParseError."""
    found = _TOTAL.search(data)
    if found is None:
        raise ParseError("meminfo: no MemTotal")
    return int(found[1]) * 1024
