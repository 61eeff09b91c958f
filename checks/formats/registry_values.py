"""What an export or a file of the Windows registry holds, in one form. Pure.

A value is what `checks.host.RegistryValue` is; here names keep their case. Text loses the zero at
its end; a value whose bytes do not fit its type is binary, as Windows itself hands it out.
"""

import re
from typing import Final, Literal

import msgspec

from checks.formats import secret_values

Type = Literal["sz", "expand_sz", "multi_sz", "dword", "qword", "binary", "none"]

_SECRET_KEY: Final = re.compile(
    r"(?:^|\\)Policy\\(?:Secrets(?:$|\\)|PolEKList$|PolSecretEncryptionKey$)"
    r"|^(?:.*\\SECURITY\\)?Cache$|\\AuthCookies\\",
    re.IGNORECASE,
)
"""Secrets of services and hashes of domain users (SECURITY), and cookies that sign somebody in."""
_SECRET_VALUE: Final = re.compile(
    r"(?:^|\\)Domains\\(?:Account|Builtin)(?:\\Users\\[0-9A-F]{8}\\V|\\F)$", re.IGNORECASE
)
"""In SAM: hashes of passwords, and what they are encrypted with."""

NONE, SZ, EXPAND_SZ, BINARY, DWORD, DWORD_BE, _LINK, MULTI_SZ = range(8)
QWORD: Final = 11


class Value(msgspec.Struct, frozen=True):
    """One value. `data`: text, list of texts, number, or hexadecimal of the bytes."""

    type: Type
    data: int | str | list[str]


class Key(msgspec.Struct, frozen=True):
    """One key with its values by name; the empty name is the key's default value."""

    path: str
    """From its hive down, such as `HKEY_LOCAL_MACHINE\\SOFTWARE`, without a hive for a file."""
    values: dict[str, Value]


def value(
    name: str, number: int, data: bytes, encoding: str = "utf-16-le", path: str = ""
) -> Value:
    """A value from its type's number and its bytes; passwords and keys are left out."""
    if path and data and _kept_secret(path, name):
        return Value("binary", secret_values.REMOVED)
    plain = _typed(number, data, encoding)
    if plain.type == "binary":
        if data and secret_values.is_secret(name):
            return Value("binary", secret_values.REMOVED)
        return plain
    if isinstance(plain.data, str):
        return Value(plain.type, secret_values.without(name, plain.data))
    if isinstance(plain.data, list):
        return Value(plain.type, [secret_values.without(name, one) for one in plain.data])
    return plain


def text(name: str, data: str) -> Value:
    """A value that was text already."""
    return Value("sz", secret_values.without(name, data))


def _kept_secret(path: str, name: str) -> bool:
    """Whether Windows keeps hashes of passwords, or keys to them, in a value of this key."""
    return (
        _SECRET_KEY.search(path) is not None or _SECRET_VALUE.search(f"{path}\\{name}") is not None
    )


def _typed(number: int, data: bytes, encoding: str) -> Value:
    if number in (DWORD, DWORD_BE) and len(data) == 4:
        return Value("dword", int.from_bytes(data, "little" if number == DWORD else "big"))
    if number == QWORD and len(data) == 8:
        return Value("qword", int.from_bytes(data, "little"))
    if number == SZ:
        return Value("sz", _text(data, encoding).partition("\0")[0])
    if number == EXPAND_SZ:
        return Value("expand_sz", _text(data, encoding).partition("\0")[0])
    if number == MULTI_SZ:
        return Value("multi_sz", _list(_text(data, encoding)))
    return Value("none" if number == NONE and not data else "binary", data.hex())


def _text(data: bytes, encoding: str) -> str:
    """An odd byte at the end of wide text is no character."""
    if encoding == "utf-16-le" and len(data) % 2:
        data = data[:-1]
    return data.decode(encoding, "replace")


def _list(joined: str) -> list[str]:
    """Each text ends with a zero, the list with one more; an empty text within stays."""
    while joined.endswith("\0"):
        joined = joined[:-1]
    return joined.split("\0") if joined else []
