"""What firmware tells of a machine, whatever system reads it: its words, chassis and hypervisor."""

from typing import Final

import msgspec

from checks.hardware.facts import Chassis, Field
from checks.hardware.placeholders import is_placeholder_name
from checks.unseen import Maybe

_KINDS: Final[dict[int, Chassis]] = {
    **dict.fromkeys((3, 4, 5, 6, 7, 15, 16), "desktop"),
    **dict.fromkeys((8, 9, 10, 14), "laptop"),
    11: "handheld",
    13: "all-in-one",
    **dict.fromkeys((17, 23, 28, 29), "server"),
    **dict.fromkeys((30, 31, 32), "tablet"),
    **dict.fromkeys((33, 34, 35, 36), "mini"),
}
"""SMBIOS chassis types; bit 7 only says that a lock is fitted. 31 convertible, 32 detachable."""
PORTABLE: Final = frozenset({"laptop", "tablet", "handheld"})

_HYPERVISORS: Final = {
    "vmware": "vmware",
    "virtualbox": "oracle",
    "innotek": "oracle",
    "qemu": "qemu",
    "kvm": "kvm",
    "bochs": "bochs",
    "xen": "xen",
    "parallels": "parallels",
    "microsoft corporation virtual machine": "microsoft",
    "google compute engine": "google",
    "amazon ec2": "amazon",
    "openstack": "kvm",
    "virtualmac": "apple",
}


class Firmware(msgspec.Struct, frozen=True):
    """The firmware's part of `HardwareFacts`, fields as there."""

    make: Maybe[str | None]
    model: Maybe[str | None]
    model_code: Maybe[str | None]
    serial: Maybe[str | None]
    board_serial: Maybe[str | None]
    chassis_serial: Maybe[str | None]
    uuid: Maybe[str | None]
    asset_tag: Maybe[str | None]
    refused: list[Field]
    version: Maybe[str | None]
    date: Maybe[str | None]
    chassis: Maybe[Chassis | None]
    hypervisor: str | None
    """Named by the firmware of a virtual machine."""


def kind(number: int) -> Chassis | None:
    """The kind of a chassis type; None for "other" and "unknown", which say nothing."""
    plain = number & 0x7F
    return None if plain in (0, 1, 2) else _KINDS.get(plain, "other")


def hypervisor(make: object, model: object) -> str | None:
    """The hypervisor that a virtual machine's firmware names; None: it names none."""
    said = " ".join(part for part in (make, model) if isinstance(part, str)).casefold()
    return next((name for mark, name in _HYPERVISORS.items() if mark in said), None)


def named(
    make: Maybe[str | None], product: Maybe[str | None], version: Maybe[str | None]
) -> tuple[Maybe[str | None], Maybe[str | None]]:
    """Name on the box, and the maker's code where it is another: Lenovo's "product" is a code."""
    lenovo = isinstance(make, str) and make.casefold() == "lenovo"
    if lenovo and isinstance(version, str) and not is_placeholder_name(version):
        return version, product
    return product, None
