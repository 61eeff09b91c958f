"""Values lifted out of a message's text, so that what is left is nearly the same every night.

A digest written in hexadecimal takes twice its bytes, and deflate gets back only most of that; a
time or a count breaks the long repeats that deflate lives on. So each such value leaves one byte in
the text, which says what kind it is, and follows behind the text in binary, in the same order:

`0x01` 64 hexadecimal digits · `0x02` 32 of them · `0x03` a UUID · `0x04` the 26 characters of a
ULID · `0x05` ten digits, a time: the first as it is, each later one as its distance from the first,
positive ones doubled, negative ones doubled less one · `0x06` two to sixteen digits · `0x07` 16
hexadecimal digits in quotes, an alias. A number begins with three bits that say how many bytes it
has beyond the first.

Traps: what is lifted is decided by spelling alone, never by meaning, and only where lowering writes
it again to the letter. A text with any of these bytes in it cannot be lifted; JSON has none.
"""

import base64
import re
from typing import Final

from wire.errors import WireError

_LIFTED: Final = re.compile(
    rb"(?<![0-9a-f])(?:([0-9a-f]{64})|([0-9a-f]{32}))(?![0-9a-f])"
    rb"|(?<![0-9a-f])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])"
    rb"|(?<=_)([0-7][0-9A-HJKMNP-TV-Z]{25})(?![0-9A-Z])"
    rb"|(?<=[:,\[\"])(?:([1-9][0-9]{9})|([1-9][0-9]{1,15}))(?=[,\]}\"\\])"
    rb'|(?<=")([0-9a-f]{16})(?=["\\])'
)
"""One group per kind, in the order of their numbers."""
_MARKS: Final = bytes(range(1, 8))
_NO_MARKS: Final = bytes(set(range(256)) - set(_MARKS))
_TIME: Final = 5
_WIDTHS: Final = {1: 32, 2: 16, 3: 16, 4: 16, 7: 8}
_MASKS: Final = [(1 << 8 * more + 5) - 1 for more in range(8)]
"""What of a number is its value, by the bytes it has beyond the first."""
_CROCKFORD: Final = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEX32: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"
_TO_CROCKFORD: Final = bytes.maketrans(_HEX32, _CROCKFORD)
_FROM_CROCKFORD: Final = bytes.maketrans(_CROCKFORD, _HEX32)


def lift(text: bytes) -> tuple[bytes, bytes] | None:
    """The text with a byte for each value, and the values; None if a byte of it is in use."""
    if text.translate(None, _NO_MARKS):
        return None
    values = bytearray()
    first = 0

    def taken(found: re.Match[bytes]) -> bytes:
        nonlocal first
        kind, spelled = found.lastindex or 0, found[0]
        if kind == 4:
            values.extend(base64.b32hexdecode(b"000000" + spelled.translate(_FROM_CROCKFORD))[4:])
        elif kind in _WIDTHS:
            values.extend(bytes.fromhex(spelled.decode().replace("-", "")))
        elif kind == _TIME and first:
            away = first - int(spelled)
            values.extend(_written(2 * away if away >= 0 else -2 * away - 1))
        else:
            first = int(spelled) if kind == _TIME else first
            values.extend(_written(int(spelled)))
        return bytes([kind])

    return _LIFTED.sub(taken, text), bytes(values)


def lower(text: bytes, values: bytes) -> bytes:
    """Write each value back into the text. Raises WireError `malformed` unless they fit exactly."""
    marks = text.translate(None, _NO_MARKS)
    try:
        spelled = _spelled(marks, values)
    except IndexError:
        raise WireError("malformed", "The packed envelope lacks values.") from None
    # Formatting puts them all in at once, a tenth of what a loop costs; each report goes this way.
    text = text.replace(b"%", b"%%")
    for mark in set(marks):
        text = text.replace(bytes([mark]), b"%b" if mark in _WIDTHS else b"%d")
    return text % tuple(spelled)


def _spelled(marks: bytes, values: bytes) -> list[bytes | int]:
    """Each value as it is to stand in the text. Raises IndexError where one is missing."""
    spelled: list[bytes | int] = []
    at = first = 0
    for mark in marks:
        if mark in _WIDTHS:
            end = at + _WIDTHS[mark]
            spelled.append(_of_bytes(mark, values[at:end]))
        else:
            more = values[at] >> 5
            end = at + 1 + more
            number = int.from_bytes(values[at:end], "big") & _MASKS[more]
            if mark == _TIME:
                if first:
                    number = first + ((number + 1) // 2 if number & 1 else -number // 2)
                first = first or number
            spelled.append(number)
        at = end
    if at > len(values):
        raise IndexError
    if at < len(values):
        raise WireError("malformed", "The packed envelope has values that stand nowhere.")
    return spelled


def _of_bytes(mark: int, raw: bytes) -> bytes:
    if mark == 4:
        return base64.b32hexencode(bytes(4) + raw)[6:].translate(_TO_CROCKFORD)
    digits = raw.hex()
    if mark == 3:
        digits = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return digits.encode()


def _written(number: int) -> bytes:
    more = (number.bit_length() + 2) // 8
    return (more << 8 * more + 5 | number).to_bytes(more + 1, "big")
