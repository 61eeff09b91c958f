"""Linux hardware: firmware identity, processor, memory, security chip, network cards, drives.

/sys/class/dmi/id, /proc/{cpuinfo,meminfo}, /proc/sys/kernel/hostname, /etc/machine-id,
/sys/class/tpm, /sys/firmware/efi/efivars, lsblk, systemd-detect-virt, and as root `dmidecode -t 17`
for the memory that is fitted. Without root the four serials and the board identity are denied; all
else is seen. Seen on Debian 12 (kernel 6.12, util-linux 2.38, a virtual machine without DMI, TPM
and UEFI).
"""

import hashlib
import hmac
from typing import Final

from checks.formats import cpuinfo, dmidecode, meminfo
from checks.formats.errors import ParseError
from checks.formats.lsblk import BlockDevice
from checks.hardware import sides
from checks.hardware.blockdevices import block_devices
from checks.hardware.facts import Disk, HardwareFacts, HardwareNow
from checks.hardware.filling import full_in
from checks.hardware.linux_cards import cards
from checks.hardware.linux_disks import disks, volumes
from checks.hardware.linux_firmware import DMI, is_portable, read_firmware
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Maybe, Unseen

_ROUND: Final = 64 << 20
_TPM: Final = "/sys/class/tpm/tpm0"
_EFI: Final = "/sys/firmware/efi"
_SECURE_BOOT: Final = f"{_EFI}/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
_INSTALL: Final = b"caretaker installation 1"


def read(host: Host) -> HardwareFacts:
    """What the machine is; every field on its own may be unseen."""
    firmware = read_firmware(host)
    processor = attempt(_processor, host)
    virtual = attempt(_virtual, host, firmware.hypervisor, processor)
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
        chassis="virtual" if isinstance(virtual, str) else firmware.chassis,
        portable=is_portable(host, firmware, virtual),
        virtual=virtual,
        cpu=processor if isinstance(processor, Unseen) else processor.name or processor.board,
        cpu_threads=processor if isinstance(processor, Unseen) else processor.threads,
        memory_bytes=attempt(_fitted, host),
        memory_usable_bytes=attempt(_usable, host),
        tpm=attempt(_tpm, host),
        secure_boot=attempt(_secure_boot, host),
        host_name=attempt(_line, host, "/proc/sys/kernel/hostname"),
        install_id=attempt(_install_id, host),
        cards=sides.cards(attempt(cards, host), outside=False),
        disks=sides.disks(_drives(attempt(block_devices, host)), outside=False),
    )


def read_now(host: Host) -> HardwareNow:
    """Free space and what is plugged in from outside."""
    devices = attempt(block_devices, host)
    own = devices if isinstance(devices, Unseen) else volumes(devices)
    return HardwareNow(
        volumes=own,
        attached_disks=sides.disks(_drives(devices), outside=True),
        attached_cards=sides.cards(attempt(cards, host), outside=True),
        full_in=attempt(full_in, host, own),
    )


def _drives(devices: Maybe[list[BlockDevice]]) -> Maybe[list[Disk]]:
    return devices if isinstance(devices, Unseen) else disks(devices)


def _processor(host: Host) -> cpuinfo.Processor:
    data = host.read("/proc/cpuinfo")
    if data is None:
        raise CannotLook("unsupported", "no /proc/cpuinfo")
    return cpuinfo.parse(data)


def _virtual(host: Host, named: str | None, processor: cpuinfo.Processor | Unseen) -> str | None:
    """systemd knows best; without it, the firmware's name or the processor's flag."""
    try:
        ran = host.run(["systemd-detect-virt", "--vm"])
    except CannotLook as blind:
        if blind.reason != "tool-missing" or isinstance(processor, Unseen):
            raise
        return named or ("other" if processor.hypervisor else None)
    answer = ran.out.decode("ascii", "replace").strip()
    if answer == "none":
        return None
    if ran.code != 0 or not answer:
        raise CannotLook("parse-error", f"systemd-detect-virt exited {ran.code}")
    return answer[:32]


def _fitted(host: Host) -> int | None:
    """The firmware's list of memory modules (root only)."""
    if host.list(DMI) is None:
        return None
    if not host.privileged:
        raise CannotLook("denied", "dmidecode")
    ran = host.run(["dmidecode", "-t", "17"])
    try:
        modules = dmidecode.parse(ran.out).memory
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    return sum(module.size_bytes for module in modules) or None


def _usable(host: Host) -> int:
    try:
        return meminfo.parse(host.read("/proc/meminfo") or b"") // _ROUND * _ROUND
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _tpm(host: Host) -> str | None:
    if host.list(_TPM) is None:
        return None
    version = read_text(host, f"{_TPM}/tpm_version_major", 64)
    if version is None or version.strip() not in ("1", "2"):
        raise CannotLook("unsupported", "a kernel before 5.6 does not tell the version")
    return {"1": "1.2", "2": "2.0"}[version.strip()]


def _secure_boot(host: Host) -> bool | None:
    if host.list(_EFI) is None:
        return None
    data = host.read(_SECURE_BOOT, 64)
    if data is None:
        return False  # UEFI that knows no secure boot
    if len(data) < 5:
        raise CannotLook("parse-error", "SecureBoot")
    return data[4] == 1  # four bytes of attributes, then the value


def _line(host: Host, path: str) -> str | None:
    text = read_text(host, path, 4096)
    return None if text is None else text.strip()[:255] or None


def _install_id(host: Host) -> str | None:
    """machine-id(5) asks that the id itself is never shown: a hash keyed by it is as comparable."""
    text = _line(host, "/etc/machine-id")
    if text is None or text == "uninitialized":
        return None
    return hmac.new(text.encode(), _INSTALL, hashlib.sha256).hexdigest()[:32]
