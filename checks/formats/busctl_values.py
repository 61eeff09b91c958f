"""What `busctl --json=short get-property … NAME…` prints: a line of JSON for each property, with
its type (`{"type":"b","data":true}`), in the order they were asked for.

A `call` answers alike with its values in a list. Values of any other shape are a ParseError.
"""

import msgspec

from checks.formats.errors import ParseError

Value = bool | int | str | list[bool | int | str]


class _Line(msgspec.Struct):
    data: Value


def parse(data: bytes) -> list[Value]:
    """The values, one for each line. Raises ParseError."""
    try:
        return [
            msgspec.json.decode(line, type=_Line).data for line in data.split(b"\n") if line.strip()
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"busctl: {error}") from error
