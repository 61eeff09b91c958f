"""What `busctl --json=short call org.bluez / …ObjectManager GetManagedObjects` prints, and a plain
yes or no of another call.

Taken are the adapters only: paired devices with their names and addresses stand in the same answer
and are passed over. A property that is missing or of another type is a ParseError, never a default.
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError

_INTERFACE: Final = "org.bluez.Adapter1"
_FOLDER: Final = "/org/bluez/"


class Adapter(msgspec.Struct, frozen=True):
    """One Bluetooth adapter; `uuids` are the services it offers, in lower case."""

    powered: bool
    discoverable: bool
    uuids: frozenset[str]


class _Value(msgspec.Struct):
    data: msgspec.Raw


class _Properties(msgspec.Struct):
    Powered: _Value
    Discoverable: _Value
    UUIDs: _Value | None = None


class _Answer(msgspec.Struct):
    data: list[dict[str, dict[str, msgspec.Raw]]]


class _Flag(msgspec.Struct):
    data: list[bool]


def parse(data: bytes) -> dict[str, Adapter]:
    """The adapters by the kernel's name for them (`hci0`). Raises ParseError."""
    found: dict[str, Adapter] = {}
    try:
        for objects in msgspec.json.decode(data, type=_Answer).data:
            for path, interfaces in objects.items():
                if _INTERFACE in interfaces:
                    name = path.removeprefix(_FOLDER)
                    found[name] = _adapter(interfaces[_INTERFACE])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"bluez: {error}") from error
    return found


def _adapter(raw: msgspec.Raw) -> Adapter:
    said = msgspec.json.decode(raw, type=_Properties)
    uuids = [] if said.UUIDs is None else msgspec.json.decode(said.UUIDs.data, type=list[str])
    return Adapter(
        powered=msgspec.json.decode(said.Powered.data, type=bool),
        discoverable=msgspec.json.decode(said.Discoverable.data, type=bool),
        uuids=frozenset(uuid.lower() for uuid in uuids),
    )


def parse_flag(data: bytes) -> bool:
    """The one yes or no that a call answered. Raises ParseError."""
    try:
        (said,) = msgspec.json.decode(data, type=_Flag).data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ParseError(f"busctl: {error}") from error
    return said
