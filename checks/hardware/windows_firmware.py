r"""Identity that the firmware of a Windows machine tells.

Names, version and date from `HKLM\HARDWARE\DESCRIPTION\System\BIOS`, open to all and spelt as the
firmware spells them; serials, board identity, chassis and asset tag from WMI. Placeholders become
None and are named in `refused`. Trap: Lenovo writes its product code into `SystemProductName` and
the name on the box into `SystemVersion`.
"""

import functools
from collections.abc import Callable
from typing import Final

from checks.hardware.facts import Chassis, Field
from checks.hardware.firmware import PORTABLE, Firmware, hypervisor, kind, named
from checks.hardware.placeholders import (
    is_placeholder,
    is_placeholder_name,
    is_placeholder_uuid,
)
from checks.host import CannotLook, Host, RegistryKey, attempt
from checks.unseen import Maybe, Unseen
from checks.windows import Row, only, row_number, row_text, text

BIOS: Final = r"HARDWARE\DESCRIPTION\System\BIOS"
CIM: Final = "root/cimv2"
LONGEST: Final = 128
"""Characters kept of one firmware string; SMBIOS allows more, nobody needs it."""
_DESKS: Final = frozenset({1, 3, 4, 5, 7})
_CARRIED: Final = frozenset({2, 8})
"""`PCSystemType`: mobile and slate; the others stand on a desk or in a rack."""

_ENCLOSURE: Final = "Win32_SystemEnclosure"
_SERIALS: Final = {
    "Win32_BIOS": ["SerialNumber"],
    "Win32_BaseBoard": ["SerialNumber"],
    "Win32_ComputerSystemProduct": ["UUID"],
    _ENCLOSURE: ["SerialNumber", "SMBIOSAssetTag", "ChassisTypes"],
}


def read_firmware(host: Host) -> Firmware:
    """What the firmware tells; each field on its own may be unseen."""
    refused: list[Field] = []
    key = attempt(host.registry, "HKLM", BIOS)

    def kept(
        name: Field, value: Maybe[str | None], dull: Callable[[str], bool]
    ) -> Maybe[str | None]:
        if isinstance(value, str) and dull(value):
            refused.append(name)
            return None
        return value

    def asked(
        name: Field, cls: str, leaf: str, dull: Callable[[str], bool] = is_placeholder
    ) -> Maybe[str | None]:
        return kept(name, attempt(_of_class, host, cls, leaf), dull)

    make = kept("make", _named(key, "SystemManufacturer"), is_placeholder_name)
    product = kept("model", _named(key, "SystemProductName"), is_placeholder_name)
    model, code = named(make, product, _named(key, "SystemVersion"))
    uuid = asked("uuid", "Win32_ComputerSystemProduct", "UUID", is_placeholder_uuid)
    return Firmware(
        make=make,
        model=model,
        model_code=code,
        serial=asked("serial", "Win32_BIOS", "SerialNumber"),
        board_serial=asked("board_serial", "Win32_BaseBoard", "SerialNumber"),
        chassis_serial=asked("chassis_serial", _ENCLOSURE, "SerialNumber"),
        uuid=uuid.lower() if isinstance(uuid, str) else uuid,
        asset_tag=asked("asset_tag", _ENCLOSURE, "SMBIOSAssetTag"),
        refused=refused,
        version=_named(key, "BIOSVersion"),
        date=_named(key, "BIOSReleaseDate"),
        chassis=attempt(_chassis, host),
        hypervisor=hypervisor(make, product),
    )


def _named(key: RegistryKey | Unseen | None, name: str) -> Maybe[str | None]:
    if isinstance(key, Unseen):
        return key
    said = attempt(text, key, name)
    return _tidy(said) if isinstance(said, str) else said


def _of_class(host: Host, cls: str, name: str) -> str | None:
    return _tidy(row_text(_instance(host, cls), name) or "")


@functools.lru_cache(maxsize=len(_SERIALS))  # one question for three fields; a host sees one round
def _instance(host: Host, cls: str) -> Row:
    return only(host.wmi(cls, CIM, _SERIALS[cls]))


def _tidy(said: str) -> str | None:
    return " ".join(said.split())[:LONGEST] or None


def _chassis(host: Host) -> Chassis | None:
    """The first kind that says anything: a docked laptop may list its dock behind itself."""
    types = _instance(host, _ENCLOSURE).get("ChassisTypes")
    if types is None:
        return None
    if not isinstance(types, list):
        raise CannotLook("parse-error", "ChassisTypes")
    kinds = [kind(one) for one in types if isinstance(one, int)]
    return next((one for one in kinds if one is not None), None)


def is_portable(host: Host, firmware: Firmware) -> Maybe[bool]:
    """Whether the machine is meant to be carried: its chassis says so, or Windows' own guess.

    A virtual machine is not, whatever chassis it pretends to have.
    """
    if firmware.hypervisor:
        return False
    if isinstance(firmware.chassis, Unseen):
        return firmware.chassis
    if firmware.chassis is not None and firmware.chassis != "other":
        return firmware.chassis in PORTABLE
    return attempt(_guessed, host)


def _guessed(host: Host) -> bool:
    row = only(host.wmi("Win32_ComputerSystem", CIM, ["PCSystemType"]))
    guess = row_number(row, "PCSystemType")
    if guess in _CARRIED:
        return True
    if guess in _DESKS:
        return False
    raise CannotLook("unsupported", "PCSystemType")
