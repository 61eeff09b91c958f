"""Canonical JSON or nothing: one value has one spelling, all other bytes are refused (trust §0).

`encode` writes what msgspec writes with sorted keys; `decode` accepts exactly those bytes. That one
comparison removes repeated keys, blanks, `\\u0078` for `x`, `1.0` for `1` and `-0`.

A message of a newer release may hold fields that this reader's struct does not, and one of an older
release may lack fields that have a default (O2): such bytes are compared with their own untyped
decode instead, and have to agree with the struct in all that both know.

Refused besides, in strings: control characters (PostgreSQL will not store NUL, a terminal obeys
ESC), characters that turn or hide text, text that is not NFC, more than `longest` characters. In
numbers: fractions, exponents, magnitudes above `limits.INTEGER`. In structure: more than
`limits.DEPTH` levels.

Traps: RecursionError and UnicodeDecodeError are not msgspec errors. All checks on strings run over
the whole text at once: neither a quote nor a backslash combines with what follows, so the text is
NFC exactly when every string in it is. On canonical text a backslash that escapes neither itself
nor a quote can only spell a control character.
"""

import re
import unicodedata
from typing import TypeVar

import msgspec

from wire import limits
from wire.errors import WireError

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="sorted")
_LONG_NUMBER = re.compile(rb"[0-9]{16,}")
_AS_ZERO = bytes.maketrans(b"123456789", b"0" * 9)
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, direction marks and overrides, line separators, byte order marks, surrogates.
Joiners stay: names in several scripts need them."""


def encode(obj: object) -> bytes:
    """Write `obj` in its one spelling: sorted keys, no blanks, UTF-8.

    Raises WireError `schema` for what JSON cannot say. It does not check limits: `sealed.seal` and
    `sections.pack` do, by decoding what they wrote.
    """
    try:
        return _ENCODER.encode(obj)
    except (TypeError, ValueError, RecursionError):
        raise WireError("schema", "This value cannot be written as JSON.") from None


def decode(
    data: bytes,
    type: type[T],  # noqa: A002 - the name msgspec uses, and the one callers pass it by
    *,
    limit: int = limits.PAYLOAD,
    longest: int = limits.STRING,
) -> T:
    """Read canonical `data` as `type`.

    `limit` is in bytes, `longest` in characters for any one string. Whether `type` passes over
    fields it does not know is the struct's own `forbid_unknown_fields`. Raises WireError
    `too_large`, `malformed`, `not_canonical` or `schema`.
    """
    if len(data) > limit:
        raise WireError("too_large", f"This message may hold {limit} bytes and holds {len(data)}.")
    outside = _check_text(data, longest)
    try:
        value = msgspec.json.decode(data, type=type)
    except msgspec.ValidationError as error:
        raise WireError("schema", f"The message does not fit its schema: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WireError("malformed", "The message is not JSON.") from None
    _check_whole(outside)
    if _ENCODER.encode(value) != data:
        _check_other_release(data, value)
    return value


def _check_other_release(data: bytes, value: object) -> None:
    """Refuse bytes that differ from our own spelling by anything but a field more or less (O2)."""
    plain = msgspec.json.decode(data)
    if _ENCODER.encode(plain) != data or not _agree(msgspec.to_builtins(value), plain):
        raise WireError("not_canonical", "The message is not in its one canonical spelling.")


def _agree(known: object, plain: object) -> bool:
    """Whether both say the same, in the same order, wherever both say something."""
    if isinstance(known, dict) and isinstance(plain, dict):
        return all(_agree(value, plain[key]) for key, value in known.items() if key in plain)
    if isinstance(known, list | tuple) and isinstance(plain, list):
        return len(known) == len(plain) and all(map(_agree, known, plain))
    return known == plain


def _check_text(data: bytes, longest: int) -> bytes:
    """Refuse what no value may hold, by looking at the bytes only; linear in their number.

    Gives what lies outside strings.
    """
    # Each escaped backslash, then each escaped quote, becomes one plain byte: quotes that are left
    # are the ends of strings, so every second piece is the inside of one.
    plain = data.replace(b"\\\\", b"_").replace(b'\\"', b"_") if b"\\" in data else data
    pieces = plain.split(b'"')
    outside = b"".join(pieces[::2])
    _check_structure(outside)
    if b"\\" in plain:
        raise WireError("not_canonical", "A string holds a control character or a needless escape.")
    if max(map(len, pieces)) > longest:
        _check_lengths(pieces[1::2], longest)
    if data.isascii():
        hidden = b"\x7f" in data
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise WireError("malformed", "The message is not UTF-8 text.") from None
        if text.startswith("\ufeff"):
            raise WireError("malformed", "The message starts with a byte order mark.")
        hidden = HIDDEN.search(text) is not None
        if not hidden and not unicodedata.is_normalized("NFC", text):
            raise WireError("not_canonical", "A string is not in Unicode's composed form (NFC).")
    if hidden:
        raise WireError("not_canonical", "A string holds a control or direction character.")
    return outside


def _check_whole(outside: bytes) -> None:
    """Refuse fractions and exponents: in sound JSON an `e` outside strings is in `true` or `false`,
    or in a number."""
    words = outside.count(b"true") + outside.count(b"false")
    if b"." in outside or b"E" in outside or outside.count(b"e") != words:
        raise WireError("schema", "Numbers in a message are whole numbers.")


def _check_structure(outside: bytes) -> None:
    """Check nesting and the length of numbers, both before any parser sees them.

    Each pass removes the innermost brackets at C speed; msgspec would go 1,000 levels deep first.
    """
    brackets = outside.translate(_AS_SQUARE, _NOT_BRACKETS)
    for _ in range(limits.DEPTH):
        if not brackets:
            break
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise WireError(
            "malformed",
            f"The message is nested deeper than {limits.DEPTH} or its brackets do not match.",
        )
    if b"0" * 16 in outside.translate(_AS_ZERO):
        for number in _LONG_NUMBER.findall(outside):
            # Sixteen digits can be in range, more cannot; leading zeros are no JSON.
            if len(number) > 16 or int(number) > limits.INTEGER:
                raise WireError("schema", f"A number is above {limits.INTEGER}.")


def _check_lengths(strings: list[bytes], longest: int) -> None:
    """Count characters exactly, when some stretch between quotes has more bytes than `longest`."""
    for string in strings:
        if len(string) > longest and len(string.decode("utf-8", "replace")) > longest:
            raise WireError("too_large", f"A string holds more than {longest} characters.")
