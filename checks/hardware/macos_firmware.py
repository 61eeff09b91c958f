"""Identity that a Mac tells of itself.

Maker, model identifier, serial and platform identity by `ioreg`; the name on the box and the
firmware's version by `system_profiler`. Traps: identifiers of Macs with Apple's own chips
(`Mac14,2`) do not tell a laptop from a desktop, only the name does; a Mac whose board was changed
may have no serial. Apple's tools tell no serial of board or case and no date of the firmware, and
a Mac has no field for an asset tag: these are unseen.
"""

from collections.abc import Callable
from typing import Final

from checks.hardware.facts import Chassis, Field
from checks.hardware.firmware import PORTABLE, Firmware, hypervisor
from checks.hardware.macos_asked import (
    HARDWARE,
    expert,
    kernel_number,
    profiled,
    text,
    text_of_bytes,
)
from checks.hardware.placeholders import (
    is_placeholder,
    is_placeholder_name,
    is_placeholder_uuid,
)
from checks.host import CannotLook, Host, attempt
from checks.unseen import Maybe, Unseen

_NOT_TOLD: Final = Unseen("unsupported")
_BYTES: Final = frozenset({"manufacturer", "model"})
_FAMILIES: Final[dict[str, Chassis]] = {
    "macbook": "laptop",
    "imac": "all-in-one",
    "macmini": "mini",
    "macstudio": "desktop",
    "macpro": "desktop",
    "xserve": "server",
}
"""What names and older model identifiers begin with, without case and spaces."""


def read_firmware(host: Host) -> Firmware:
    """What the Mac tells; each field on its own may be unseen."""
    refused: list[Field] = []

    def kept(name: Field, key: str, dull: Callable[[str], bool]) -> Maybe[str | None]:
        value = attempt(_of_machine, host, key)
        if isinstance(value, str) and dull(value):
            refused.append(name)
            return None
        return value

    make = kept("make", "manufacturer", is_placeholder_name)
    code = kept("model", "model", is_placeholder_name)
    uuid = kept("uuid", "IOPlatformUUID", is_placeholder_uuid)
    name = attempt(_profiled, host, "machine_name")
    return Firmware(
        make=make,
        model=code if name is None else name,
        model_code=None if name is None else code,
        serial=kept("serial", "IOPlatformSerialNumber", is_placeholder),
        board_serial=_NOT_TOLD,
        chassis_serial=_NOT_TOLD,
        uuid=uuid.lower() if isinstance(uuid, str) else uuid,
        asset_tag=_NOT_TOLD,
        refused=refused,
        version=attempt(_profiled, host, "boot_rom_version"),
        date=_NOT_TOLD,
        chassis=_chassis(name, code),
        hypervisor=hypervisor(make, code),
    )


def _of_machine(host: Host, key: str) -> str | None:
    value = expert(host).get(key)
    return text_of_bytes(value) if key in _BYTES else text(value)


def _profiled(host: Host, key: str) -> str | None:
    kind = profiled(host).get(HARDWARE)
    if kind is None or len(kind.items) != 1:
        raise CannotLook("parse-error", HARDWARE)
    return text(kind.items[0].values.get(key))


def _chassis(name: Maybe[str | None], code: Maybe[str | None]) -> Maybe[Chassis | None]:
    for said in (name, code):
        if isinstance(said, str):
            plain = said.casefold().replace(" ", "")
            for start, kind in _FAMILIES.items():
                if plain.startswith(start):
                    return kind
    return name if isinstance(name, Unseen) else None


def virtual(host: Host, named: str | None) -> str | None:
    """The hypervisor: by the model's name, or some other by the kernel's word. Raises CannotLook.

    The kernel tells since macOS 11.
    """
    if named is not None:
        return named
    return "other" if kernel_number(host, "kern.hv_vmm_present") else None


def is_portable(chassis: Maybe[Chassis | None], under: Maybe[str | None]) -> Maybe[bool]:
    """Whether it is meant to be carried: only its name says so, and no virtual machine is."""
    if isinstance(under, str):
        return False
    if isinstance(chassis, Unseen):
        return chassis
    return _NOT_TOLD if chassis is None else chassis in PORTABLE
