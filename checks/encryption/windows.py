r"""Windows encryption: BitLocker and device encryption, by WMI class `Win32_EncryptableVolume`.

In `root\CIMV2\Security\MicrosoftVolumeEncryption`, administrators only. `VolumeType` 0 system, 1
fixed, 2 removable (left to the domain of removable media); `ProtectionStatus` 0 off, 1 on, 2
locked; `ConversionStatus` 0 in the clear, 1 encrypted, 2 and 4 being encrypted, 3 and 5 being
decrypted; `EncryptionMethod` 0 none. Traps: the `ProtectionStatus` property was seen to say 1 of a
drive that had been decrypted (osquery, build 26100), so each of the three may overrule it;
encrypted with protection off means that the key lies in the clear on the drive, as after "suspend"
and before a new computer's first sign-in. A fixed volume without a letter is taken for the maker's
or the system's recovery, which is always readable, unless `Win32_Volume` mounts it in a folder of
another one. Written after Microsoft's documentation and the notes of osquery and GLPI; never run on
Windows.
"""

from typing import Final

from checks.encryption.facts import EncryptionFacts, Place, State, Volume
from checks.host import CannotLook, Host, attempt
from checks.unseen import Maybe, Unseen
from checks.windows import Row, row_number, row_text

NAMESPACE: Final = r"root\CIMV2\Security\MicrosoftVolumeEncryption"
PROPERTIES: Final = (
    "DeviceID",
    "DriveLetter",
    "VolumeType",
    "ProtectionStatus",
    "ConversionStatus",
    "EncryptionMethod",
)
_FIXED: Final = 1
_REMOVABLE: Final = 2
_PLACES: Final[dict[int | None, Place]] = {0: "system", 1: "other"}
_CLEAR: Final = (0, 3, 5)
_CONVERTING: Final = (2, 4)


def read(host: Host) -> EncryptionFacts:
    """Every volume of the drives that stay in the machine."""
    return EncryptionFacts(volumes=attempt(_volumes, host))


def _volumes(host: Host) -> list[Volume]:
    found = []
    rows = host.wmi("Win32_EncryptableVolume", NAMESPACE, PROPERTIES)
    folders = _in_folders(host) if any(_is_hidden(row) for row in rows) else frozenset()
    for row in rows:
        kind = row_number(row, "VolumeType")
        if kind == _REMOVABLE or (_is_hidden(row) and row_text(row, "DeviceID") not in folders):
            continue
        if kind not in _PLACES:
            raise CannotLook("parse-error", f"a volume of type {kind!r}")
        found.append(Volume(_PLACES[kind], _state(row)))
    if found and all(volume.place != "system" for volume in found):
        found.append(Volume("system", Unseen("unsupported")))  # it runs from one that is not listed
    return sorted(found, key=lambda volume: volume.place != "system")


def _is_hidden(row: Row) -> bool:
    return row_number(row, "VolumeType") == _FIXED and not row_text(row, "DriveLetter")


def _in_folders(host: Host) -> frozenset[str | None]:
    """Volumes without a letter that are mounted in a folder of another one."""
    rows = host.wmi("Win32_Volume", "root/cimv2", ("DeviceID", "Name", "DriveLetter"))
    return frozenset(
        row_text(row, "DeviceID")
        for row in rows
        if not row_text(row, "DriveLetter") and (row_text(row, "Name") or "")[1:3] == ":\\"
    )


def _state(row: Row) -> Maybe[State]:
    """What the properties say together; where one is missing, only the bad is certain."""
    protection = row_number(row, "ProtectionStatus")
    conversion = row_number(row, "ConversionStatus")
    if conversion in _CLEAR or row_number(row, "EncryptionMethod") == 0:
        return "off"
    if protection == 2:
        return "on"  # locked: it wants its key
    if protection == 0:
        return "open" if conversion == 1 else "converting" if conversion in _CONVERTING else "off"
    if conversion in _CONVERTING:
        return "converting"
    return "on" if protection == 1 and conversion == 1 else Unseen("parse-error")
