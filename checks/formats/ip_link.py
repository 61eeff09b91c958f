"""`ip -j link show`: a card's own address where software has set another one.

`permaddr` stands only where it differs from `address` (iproute2 5.5, kernel 5.6 and later).
"""

import msgspec

from checks.formats.errors import ParseError


class _Link(msgspec.Struct):
    ifname: str = ""
    permaddr: str | None = None


def parse(data: bytes) -> dict[str, str]:
    """Interface name → own address, for those whose address was changed. Raises ParseError."""
    try:
        links = msgspec.json.decode(data or b"[]", type=list[_Link])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError("ip link: not its JSON") from error
    return {link.ifname: link.permaddr.lower() for link in links if link.ifname and link.permaddr}
