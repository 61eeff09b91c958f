"""The join code: what a technician copies from the controller to a new computer, once.

`CT1.<token>.<secret>.<pin and check>`: the token's ULID, 128 secret bits, the first 128 bits of the
hash of the controller's key, and ten bits that catch a typing mistake. The secret never leaves the
device (it keys an HMAC, trust T2); the pin makes first contact safe without any certificate (O4).

All of it is Crockford's base32: no letter that looks like a digit, upper or lower case alike, so it
survives being read out, printed, or pasted into a group policy. Spaces, dashes, dots and line
breaks between are ignored; O reads as 0, I and L as 1.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from wire import keys, limits
from wire.errors import WireError

SECRET_BYTES: Final = 16
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_MARK: Final = "CT1"
_PART: Final = 26  # characters for 128 bits
_CHECK: Final = 2
_LENGTH: Final = len(_MARK) + 3 * _PART + _CHECK
_BETWEEN = re.compile(
    "[\\s.,'\"\u2018\u2019\u201c\u201d\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff-]+"
)
_LOOKALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, repr=False)
class JoinCode:
    """`token` is `tok_<ULID>`; `secret` and `pin` are 16 bytes each. `str()` writes the code."""

    token: str
    secret: bytes
    pin: bytes

    def __post_init__(self) -> None:
        ulid = self.token.removeprefix("tok_")
        if (
            len(self.token) != len("tok_") + _PART
            or not set(ulid) <= _VALUE.keys()
            or ulid[0] > "7"
        ):
            raise WireError("bad_join_code", "A join code's token is tok_ and a ULID.")
        if len(self.secret) != SECRET_BYTES or len(self.pin) != keys.PIN_BYTES:
            raise WireError(
                "bad_join_code", "A join code holds a secret and a pin of 16 bytes each."
            )

    @classmethod
    def parse(cls, text: str) -> "JoinCode":
        """Read a code as a person typed or pasted it; raises WireError `bad_join_code`.

        The sentence says what is wrong and quotes at most one character, never the code: it may end
        up in a log.
        """
        found = _letters(text)
        body, check = found[len(_MARK) : -_CHECK], found[-_CHECK:]
        if _check_of(body) != check:
            raise _refused("The join code has a typing mistake in it; copy it once more.")
        token, secret, pin = body[:_PART], body[_PART : 2 * _PART], body[2 * _PART :]
        if max(token[0], secret[0], pin[0]) > "7":
            raise _refused("The join code has a typing mistake in it; copy it once more.")
        return cls(token=f"tok_{token}", secret=_unbase32(secret), pin=_unbase32(pin))

    def __str__(self) -> str:
        parts = [self.token.removeprefix("tok_"), _base32(self.secret), _base32(self.pin)]
        return ".".join([_MARK, *parts]) + _check_of("".join(parts))

    def __repr__(self) -> str:
        return f"JoinCode({self.token}, secret hidden)"


def _refused(sentence: str) -> WireError:
    return WireError("bad_join_code", sentence)


def _letters(text: str) -> str:
    """Strip what people and programs put between, and say clearly what cannot be a code."""
    if len(text) > limits.JOIN_CODE:
        raise _refused("That is far too long for a join code; copy only the code.")
    found = _BETWEEN.sub("", text).upper().translate(_LOOKALIKE)
    if not found:
        raise _refused("The join code is empty.")
    if not found.startswith("CT"):
        raise _refused("A join code starts with CT1; this text does not.")
    if not found.startswith(_MARK):
        raise _refused("This join code is of a kind that this version does not know; update first.")
    for letter in found[len(_MARK) :]:
        if letter not in _VALUE:
            raise _refused(
                f"The join code holds “{letter}”, which no join code does; copy it once more."
            )
    if len(found) != _LENGTH:
        fault = "cut short" if len(found) < _LENGTH else "too long"
        raise _refused(f"The join code is {fault}: {len(found)} letters and digits, not {_LENGTH}.")
    return found


def _base32(raw: bytes) -> str:
    number = int.from_bytes(raw, "big")
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_PART)))


def _unbase32(text: str) -> bytes:
    number = 0
    for letter in text:
        number = number << 5 | _VALUE[letter]
    return number.to_bytes(16, "big")


def _check_of(body: str) -> str:
    bits = int.from_bytes(
        hashlib.sha256(b"caretaker-join-code\0" + body.encode()).digest()[:2], "big"
    )
    return _ALPHABET[bits >> 11] + _ALPHABET[(bits >> 6) & 31]
