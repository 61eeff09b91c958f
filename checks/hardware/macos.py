"""macOS hardware: identity, processor, memory, secure start-up, network cards, drives.

`sysctl` for processor and memory, SystemConfiguration's own preferences for the host name, as root
`mdmclient QuerySecurityInfo` for secure start-up (`full` and `medium` check signatures; `not
supported`: an Intel Mac without Apple's security chip); the rest: `macos_firmware`, `macos_parts`.
A Mac has no TPM but a chip of Apple's own of which no version is told, and no identity of the
installation besides the machine's: both are unseen. Written after what osquery, GLPI and the macOS
security compliance project read; never run on macOS.
"""

import re
from typing import Final

from checks.hardware import sides
from checks.hardware.facts import HardwareFacts, HardwareNow
from checks.hardware.filling import full_in
from checks.hardware.macos_asked import kernel_number, kernel_says, text
from checks.hardware.macos_firmware import is_portable, read_firmware, virtual
from checks.hardware.macos_parts import cards, disks, volumes
from checks.host import CannotLook, Host, attempt
from checks.macos import settings
from checks.unseen import Unseen

_NOT_TOLD: Final = Unseen("unsupported")
_ROUND: Final = 64 << 20
_PREFERENCES: Final = "/Library/Preferences/SystemConfiguration/preferences.plist"
_SECURITY: Final = ("/usr/libexec/mdmclient", "QuerySecurityInfo")
_LEVEL: Final = re.compile(r"""\bSecureBootLevel["']?\s{0,8}[=:]\s{0,8}["']?([a-z ]{2,20})""")
_LEVELS: Final = {"full": True, "medium": True, "off": False, "not supported": None}


def read(host: Host) -> HardwareFacts:
    """What the machine is; every field on its own may be unseen."""
    firmware = read_firmware(host)
    under = attempt(virtual, host, firmware.hypervisor)
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
        chassis="virtual" if isinstance(under, str) else firmware.chassis,
        portable=is_portable(firmware.chassis, under),
        virtual=under,
        cpu=attempt(_processor, host),
        cpu_threads=attempt(kernel_number, host, "hw.logicalcpu_max"),
        memory_bytes=attempt(kernel_number, host, "hw.memsize"),
        memory_usable_bytes=attempt(_usable, host),
        tpm=_NOT_TOLD,
        secure_boot=attempt(_secure_boot, host),
        host_name=attempt(_host_name, host),
        install_id=_NOT_TOLD,
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
    return text(kernel_says(host, "machdep.cpu.brand_string"))


def _usable(host: Host) -> int:
    return kernel_number(host, "hw.memsize_usable") // _ROUND * _ROUND


def _secure_boot(host: Host) -> bool | None:
    if not host.privileged:
        raise CannotLook("denied", "mdmclient")
    found = _LEVEL.search(host.run(list(_SECURITY)).out.decode("utf-8", "replace"))
    level = found[1].strip() if found else ""
    if level not in _LEVELS:
        raise CannotLook("parse-error", "SecureBootLevel")
    return _LEVELS[level]


def _host_name(host: Host) -> str | None:
    """The name that was set, or else the one it gives itself in the local network."""
    system = settings(host, _PREFERENCES).get("System")
    if not isinstance(system, dict):
        raise CannotLook("parse-error", _PREFERENCES)
    for names, key in (("System", "HostName"), ("Network", "HostNames")):
        held = system.get(names)
        said = held.get(key) if isinstance(held, dict) else None
        said = said.get("LocalHostName") if isinstance(said, dict) else said
        if isinstance(said, str) and said:
            return text(said)
    return None
