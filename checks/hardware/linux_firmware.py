"""Identity that the firmware of a Linux machine tells: /sys/class/dmi/id, or the device tree on
ARM.

Root only (mode 0400): product_serial, product_uuid, board_serial, chassis_serial. Everything else
is open to all. A virtual machine without DMI has no such folder: looked, not there, None.
Placeholders become None and are named in `refused`. Trap: Lenovo writes its product code into
product_name and the name on the box into product_version.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from checks.hardware.facts import Chassis, Field
from checks.hardware.firmware import PORTABLE, Firmware, hypervisor, kind, named
from checks.hardware.placeholders import (
    is_placeholder,
    is_placeholder_name,
    is_placeholder_uuid,
)
from checks.host import CannotLook, Host, attempt
from checks.unseen import Maybe, Unseen

DMI: Final = "/sys/class/dmi/id"
TREE: Final = "/proc/device-tree"
LONGEST: Final = 128
"""Characters kept of one firmware string; SMBIOS allows more, nobody needs it."""


def read_firmware(host: Host) -> Firmware:
    """What the firmware tells; each field on its own may be unseen."""
    refused: list[Field] = []

    def field(name: Field, leaf: str, dull: Callable[[str], bool]) -> Maybe[str | None]:
        value = attempt(_text, host, f"{DMI}/{leaf}")
        if isinstance(value, str) and dull(value):
            refused.append(name)
            return None
        return value

    make = field("make", "sys_vendor", is_placeholder_name)
    product = field("model", "product_name", is_placeholder_name)
    version = attempt(_text, host, f"{DMI}/product_version")
    model, code = named(make, product, version)
    uuid = field("uuid", "product_uuid", is_placeholder_uuid)
    found = Firmware(
        make=make,
        model=model,
        model_code=code,
        serial=field("serial", "product_serial", is_placeholder),
        board_serial=field("board_serial", "board_serial", is_placeholder),
        chassis_serial=field("chassis_serial", "chassis_serial", is_placeholder),
        uuid=uuid.lower() if isinstance(uuid, str) else uuid,
        asset_tag=field("asset_tag", "chassis_asset_tag", is_placeholder),
        refused=refused,
        version=attempt(_text, host, f"{DMI}/bios_version"),
        date=attempt(_text, host, f"{DMI}/bios_date"),
        chassis=attempt(_chassis, host),
        hypervisor=hypervisor(make, product),
    )
    return found if _there(host) else _device_tree(host, found)


def _there(host: Host) -> bool:
    try:
        return host.list(DMI) is not None
    except CannotLook:
        return True  # there, but not for us: the fields say so themselves


def _device_tree(host: Host, nothing: Firmware) -> Firmware:
    """ARM boards: one model string and often a serial; neither needs root."""
    model = attempt(_text, host, f"{TREE}/model")
    serial = attempt(_text, host, f"{TREE}/serial-number")
    dull = isinstance(serial, str) and is_placeholder(serial)
    return msgspec.structs.replace(
        nothing, model=model, serial=None if dull else serial, refused=["serial"] if dull else []
    )


def _text(host: Host, path: str) -> str | None:
    data = host.read(path, 4096)
    if data is None:
        return None
    return " ".join(data.decode("utf-8", "replace").replace("\0", " ").split())[:LONGEST] or None


def _chassis(host: Host) -> Chassis | None:
    text = _text(host, f"{DMI}/chassis_type")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise CannotLook("parse-error", "chassis_type")
    return kind(int(text))


def is_portable(host: Host, firmware: Firmware, virtual: Maybe[str | None]) -> Maybe[bool]:
    """Whether the machine is meant to be carried.

    The chassis decides; where it says nothing, a battery of the system does, and a virtual machine
    is not portable. Boards that say nothing at all stay unseen: no battery now proves no desk.
    """
    chassis = firmware.chassis
    if isinstance(chassis, Unseen):
        return chassis
    if chassis is not None and chassis != "other":
        return chassis in PORTABLE
    if isinstance(virtual, str):
        return False
    battery = attempt(_battery, host)
    if isinstance(battery, Unseen) or battery:
        return battery
    return Unseen("unsupported") if chassis is None else False


def _battery(host: Host) -> bool:
    """A battery that feeds the machine itself; a mouse's has scope `Device`."""
    folder = "/sys/class/power_supply"
    for name in host.list(folder) or []:
        if _text(host, f"{folder}/{name}/type") == "Battery":
            return _text(host, f"{folder}/{name}/scope") != "Device"
    return False
