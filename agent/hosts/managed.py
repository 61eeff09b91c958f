"""Which server manages a machine: its name is mostly the school's (`stmarys.jamfcloud.com`).

A recording must not hold it, and must still tell whose make the manager is, so of a server that
`managers.toml` knows the maker's own end stays. Learned where readers ask: `profiles status` on a
Mac, `Enrollments` of Windows' registry. Never run on either.
"""

import re
from collections.abc import Iterator
from typing import Final

from checks import macos
from checks.host import CannotLook, Host
from checks.management import managers

_ENROLMENTS: Final = r"SOFTWARE\Microsoft\Enrollments"
_ADDRESS: Final = re.compile(r"(?i)https?://([^/\s:@]{1,253})\S{0,2000}")
_UNKNOWN: Final = "mdm.example.org"
_MOST: Final = 200


def servers(host: Host) -> dict[str, str]:
    """Addresses and names of servers, and what stands in their place."""
    found: dict[str, str] = {}
    for text in _told(host):
        for address in _ADDRESS.finditer(text):
            fake = _fake(address[0], address[1].casefold())
            found[address[0]] = f"https://{fake}/"
            found[address[1]] = fake
    return found


def _fake(address: str, name: str) -> str:
    key = managers.by_address(address)
    ends = managers.table()[key].servers if key is not None else []
    end = next((one for one in ends if name == one or name.endswith(f".{one}")), None)
    if end is None:
        return _UNKNOWN
    return end if name == end else f"school.{end}"


def _told(host: Host) -> Iterator[str]:
    try:
        if host.platform == "macos":
            yield macos.enrolment(host).server or ""
        elif host.platform == "windows":
            yield from _enrolled(host)
    except CannotLook:
        return


def _enrolled(host: Host) -> Iterator[str]:
    listed = host.registry("HKLM", _ENROLMENTS)
    for name in [] if listed is None else listed.subkeys[:_MOST]:
        key = host.registry("HKLM", rf"{_ENROLMENTS}\{name}")
        for value in () if key is None else key.values.values():
            if isinstance(value.data, str):
                yield value.data
