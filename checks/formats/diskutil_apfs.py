"""`diskutil apfs list -plist`: containers, the drives they lie on, and their volumes.

Trap: on machines with a security chip `Encryption` is always true, because the drive is then
encrypted with a key that anybody's start-up fetches; only `FileVault` says that a password is
needed. Names of volumes are never kept: people choose them.
"""

from typing import Final

import msgspec

from checks.formats import plist
from checks.formats.errors import ParseError

ARGV: Final = ("diskutil", "apfs", "list", "-plist")
_MOST: Final = 1_000


class ApfsVolume(msgspec.Struct, frozen=True):
    """One volume, named as diskutil names its fields."""

    roles: list[str] = msgspec.field(name="Roles", default_factory=list)
    """Such as `Data`; most have one, what a person made has none."""
    file_vault: bool | None = msgspec.field(name="FileVault", default=None)
    migrating: bool = msgspec.field(name="CryptoMigrationOn", default=False)
    """Encryption is being turned on or off."""


class Container(msgspec.Struct, frozen=True):
    """One container: the parts it lies on, by identifier such as `disk0s2`, and its volumes."""

    stores: list[str]
    volumes: list[ApfsVolume]
    size_bytes: int | None = None
    free_bytes: int | None = None
    """Its volumes share both. What macOS would delete to make room does not count as free."""


class _Store(msgspec.Struct):
    identifier: str = msgspec.field(name="DeviceIdentifier")


class _Container(msgspec.Struct):
    stores: list[_Store] = msgspec.field(name="PhysicalStores", default_factory=list)
    volumes: list[ApfsVolume] = msgspec.field(name="Volumes", default_factory=list)
    size_bytes: int | None = msgspec.field(name="CapacityCeiling", default=None)
    free_bytes: int | None = msgspec.field(name="CapacityFree", default=None)


class _List(msgspec.Struct):
    containers: list[_Container] = msgspec.field(name="Containers")


def parse(data: bytes) -> list[Container]:
    """The containers; raises ParseError."""
    try:
        containers = msgspec.convert(plist.parse(data), _List).containers
    except msgspec.ValidationError as error:
        raise ParseError("diskutil: not its property list") from error
    if len(containers) > _MOST:
        raise ParseError("diskutil: more containers than any machine has")
    return [
        Container([store.identifier for store in c.stores], c.volumes, c.size_bytes, c.free_bytes)
        for c in containers
    ]
