"""`resolv.conf`: whom a computer asks for names.

Only `nameserver` lines count; what is no address is passed over, as the C library does. A zone of
a link-local address (`fe80::1%eth0`) names a card of this machine and is left out.
"""

import ipaddress
from typing import Final

_MOST: Final = 64
"""The C library asks three; systemd and NetworkManager write more."""


def parse(data: bytes) -> list[str]:
    """Addresses in the order they are asked, each once."""
    found: dict[str, None] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) < 2 or words[0] != "nameserver":
            continue
        try:
            found[str(ipaddress.ip_address(words[1].partition("%")[0]))] = None
        except ValueError:
            continue
        if len(found) == _MOST:
            break
    return [*found]


def searched(data: bytes) -> list[str]:
    """Domains that are put behind short names, each once: a school's own name, or a provider's."""
    found: dict[str, None] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if words[:1] in (["search"], ["domain"]):
            found.update(dict.fromkeys(word.strip(".") for word in words[1:]))
    return [name for name in found if name][:_MOST]
