r"""Windows hardware: firmware identity, processor, memory, security chip, network cards, drives.

The processor in `HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor` (a key per thread); the
security chip from `Win32_Tpm` (administrators only; no instance: none is there); Secure Boot and
how the machine started in `SYSTEM\CurrentControlSet\Control`; the installation by `MachineGuid`,
hashed. The rest: `windows_firmware`, `windows_parts`. WMI's `HypervisorPresent` is true on real
machines with memory integrity, so a virtual machine is known by its maker's name only.
No Windows machine was at hand: written from Microsoft's documentation and published dumps of WMI.
"""

import hashlib
import hmac
from typing import Final

from checks.hardware import sides
from checks.hardware.facts import HardwareFacts, HardwareNow
from checks.hardware.filling import full_in
from checks.hardware.windows_firmware import CIM, is_portable, read_firmware
from checks.hardware.windows_parts import cards, disks, volumes
from checks.host import CannotLook, Host, attempt
from checks.unseen import Unseen
from checks.windows import flag, number, only, row_flag, row_number, row_text, text

_PROCESSOR: Final = r"HARDWARE\DESCRIPTION\System\CentralProcessor"
_CONTROL: Final = r"SYSTEM\CurrentControlSet\Control"
_TCPIP: Final = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
_CRYPTOGRAPHY: Final = r"SOFTWARE\Microsoft\Cryptography"
_TPM: Final = "root/cimv2/Security/MicrosoftTpm"
_INSTALL: Final = b"caretaker installation 1"
_ROUND: Final = 64 << 20
_BIOS, _UEFI = 1, 2
"""`PEFirmwareType`."""


def read(host: Host) -> HardwareFacts:
    """What the machine is; every field on its own may be unseen."""
    firmware = read_firmware(host)
    blind = firmware.make if isinstance(firmware.make, Unseen) else None
    return HardwareFacts(
        make=firmware.make,
        model=firmware.model,
        model_code=firmware.model_code,
        serial=firmware.serial,
        board_serial=firmware.board_serial,
        chassis_serial=firmware.chassis_serial,
        uuid=firmware.uuid,
        asset_tag=firmware.asset_tag,
        refused=firmware.refused,
        firmware_version=firmware.version,
        firmware_date=firmware.date,
        chassis="virtual" if firmware.hypervisor else firmware.chassis,
        portable=is_portable(host, firmware),
        virtual=firmware.hypervisor if blind is None else blind,
        cpu=attempt(_processor, host),
        cpu_threads=attempt(_threads, host),
        memory_bytes=attempt(_fitted, host),
        memory_usable_bytes=attempt(_usable, host),
        tpm=attempt(_tpm, host),
        secure_boot=attempt(_secure_boot, host),
        host_name=attempt(_host_name, host),
        install_id=attempt(_install_id, host),
        cards=sides.cards(attempt(cards, host), outside=False),
        disks=sides.disks(attempt(disks, host), outside=False),
    )


def read_now(host: Host) -> HardwareNow:
    """Free space and what is plugged in from outside."""
    own = attempt(volumes, host)
    return HardwareNow(
        volumes=own,
        attached_disks=sides.disks(attempt(disks, host), outside=True),
        attached_cards=sides.cards(attempt(cards, host), outside=True),
        full_in=attempt(full_in, host, own),
    )


def _processor(host: Host) -> str | None:
    name = text(host.registry("HKLM", rf"{_PROCESSOR}\0"), "ProcessorNameString")
    return " ".join(name.split())[:128] if name else None


def _threads(host: Host) -> int:
    key = host.registry("HKLM", _PROCESSOR)
    if key is None or not key.subkeys:
        raise CannotLook("unsupported", "CentralProcessor")
    return len(key.subkeys)


def _fitted(host: Host) -> int | None:
    rows = host.wmi("Win32_PhysicalMemory", CIM, ["Capacity"])
    return sum(row_number(row, "Capacity") or 0 for row in rows) or None


def _usable(host: Host) -> int:
    row = only(host.wmi("Win32_OperatingSystem", CIM, ["TotalVisibleMemorySize"]))
    kibibytes = row_number(row, "TotalVisibleMemorySize")
    if not kibibytes:
        raise CannotLook("parse-error", "TotalVisibleMemorySize")
    return kibibytes * 1024 // _ROUND * _ROUND


def _tpm(host: Host) -> str | None:
    rows = host.wmi("Win32_Tpm", _TPM, ["SpecVersion", "IsEnabled_InitialValue"])
    if not rows or row_flag(rows[0], "IsEnabled_InitialValue") is False:
        return None
    version = (row_text(rows[0], "SpecVersion") or "").partition(",")[0].strip()
    if version not in ("1.2", "2.0"):
        raise CannotLook("parse-error", "SpecVersion")
    return version


def _secure_boot(host: Host) -> bool | None:
    started = number(host.registry("HKLM", _CONTROL), "PEFirmwareType")
    if started == _BIOS:
        return None
    state = flag(host.registry("HKLM", rf"{_CONTROL}\SecureBoot\State"), "UEFISecureBootEnabled")
    if state is None and started != _UEFI:
        raise CannotLook("unsupported", "how this machine started")
    return bool(state)  # UEFI that knows no Secure Boot has no such value


def _host_name(host: Host) -> str | None:
    name = text(host.registry("HKLM", _TCPIP), "Hostname")
    return None if name is None else name[:255]


def _install_id(host: Host) -> str | None:
    """Hashed as on Linux: the id itself is nobody's business, and a hash is as comparable."""
    guid = text(host.registry("HKLM", _CRYPTOGRAPHY), "MachineGuid")
    if guid is None:
        return None
    return hmac.new(guid.lower().encode(), _INSTALL, hashlib.sha256).hexdigest()[:32]
