r"""Windows: what is plugged in now, and what Windows remembers of what was.

- Now: `MSFT_Disk` in `root/Microsoft/Windows/Storage`, bus 7 (USB), 12 (SD) or 13 (MMC), whatever
  driver it came by; its `Path` holds the instance, `\\?\usbstor#disk&ven_…#SERIAL&0#{…}`.
  Encrypted: every volume of it in `Win32_EncryptableVolume` is protected or locked.
- Before: `SYSTEM\CurrentControlSet\Enum\USBSTOR\<model>\<instance>`; first and last arrival and
  last removal are FILETIMEs in `Properties\{83da6326-…}\0065`, `0066` and `0067`, for SYSTEM only.
  Their memory begins with Windows' own installation (a feature update begins it anew).
- Maker's and product's numbers stand in `Enum\USB\VID_xxxx&PID_xxxx\<serial>`, or its
  `ParentIdPrefix` where Windows made the instance up (a `&` in second place: no serial number).
Not seen: cards and discs that were taken out again, phones, drives by Thunderbolt.
"""

import functools
import re
from typing import Final

import msgspec

from checks.host import CannotLook, Host, RegistryKey, RegistryValue, attempt
from checks.removable_media.facts import Kind, Volume
from checks.removable_media.named import SchoolList
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, Row, filetime, number, row_number, row_text, text

NAMESPACE: Final = "root/Microsoft/Windows/Storage"
_DISK: Final = ("BusType", "FriendlyName", "Number", "Path", "Size")
_PARTITION: Final = ("AccessPaths", "DiskNumber")
_LOCKERS: Final = r"root\CIMV2\Security\MicrosoftVolumeEncryption"
_LOCKER: Final = ("ConversionStatus", "DeviceID", "ProtectionStatus")
_BUSES: Final[dict[int, Kind]] = {7: "usb-storage", 12: "sd", 13: "sd"}
_ENUM: Final = r"SYSTEM\CurrentControlSet\Enum"
_DATES: Final = r"Properties\{83da6326-97a6-4088-9453-a1923f573b29}"
_NUMBERS: Final = re.compile(r"VID_([0-9A-F]{4})&PID_([0-9A-F]{4})", re.IGNORECASE)
_OWN: Final = "\\\\?\\usbstor#"
"""Below any other driver (UAS) the instance holds no serial number, whether or not there is one."""
_INSTANCE: Final = re.compile(r"#([^#]+)#([^#]+)#\{")
_LONGEST: Final = 60
_MOST: Final = 500
_FRESH: Final = 2 * 86_400
_ENCRYPTED: Final = 1


def attached(host: Host, school: SchoolList) -> list[Volume]:
    """Drives and cards attached at this moment. Raises CannotLook."""
    rows = host.wmi("MSFT_Disk", NAMESPACE, _DISK)
    if not rows:
        raise CannotLook("denied", "not even the disk it starts from")
    found = [row for row in rows if row_number(row, "BusType") in _BUSES]
    return [_disk(host, row, school) for row in found if row_number(row, "Size")]


def volume(host: Host, drive: str) -> tuple[Volume | None, bool]:
    r"""The drive or card that a letter (`E:\`) belongs to, None for one that is built in; and
    whether that is the only part of it that Windows opens. Raises CannotLook."""
    parts = host.wmi("MSFT_Partition", NAMESPACE, _PARTITION)
    numbers = [row_number(part, "DiskNumber") for part in parts if drive.lower() in _paths(part)]
    rows = host.wmi("MSFT_Disk", NAMESPACE, _DISK)
    mine = [row for row in rows if numbers and row_number(row, "Number") == numbers[0]]
    found = [row for row in mine if row_number(row, "BusType") in _BUSES]
    opened = [one for one in parts if row_number(one, "DiskNumber") in numbers and _paths(one)]
    return (_disk(host, found[0], SchoolList()) if found else None), len(opened) == 1


def _paths(part: Row) -> set[str]:
    paths = part.get("AccessPaths")
    return {str(path).lower() for path in paths} if isinstance(paths, list) else set()


def _disk(host: Host, row: Row, school: SchoolList) -> Volume:
    path = _INSTANCE.search(row_text(row, "Path") or "")
    instance = "" if path is None else path[2]
    found = _volume(
        host,
        _BUSES[row_number(row, "BusType") or 7],
        instance=instance,
        name=row_text(row, "FriendlyName") or "",
        size=row_number(row, "Size"),
        last=host.clock(),
        encrypted=attempt(_encrypted, host, row_number(row, "Number")),
        school=school,
    )
    own = (row_text(row, "Path") or "").lower().startswith(_OWN)
    hidden = not found.serial and not own
    return msgspec.structs.replace(found, named=Unseen("unsupported")) if hidden else found


def _encrypted(host: Host, disk: int | None) -> bool:
    """Whether all volumes of a disk are protected or locked. Raises CannotLook."""
    parts = host.wmi("MSFT_Partition", NAMESPACE, _PARTITION)
    places: set[str] = set()
    for part in parts:
        if row_number(part, "DiskNumber") == disk:
            places |= _paths(part)
    lockers = host.wmi("Win32_EncryptableVolume", _LOCKERS, _LOCKER)
    own = [row for row in lockers if (row_text(row, "DeviceID") or "-").lower() in places]
    return bool(own) and all(_locked(row) for row in own)


def _locked(row: Row) -> bool:
    """The word `ProtectionStatus` alone was seen to be wrong of a drive that was decrypted.
    Raises CannotLook."""
    status, conversion = row_number(row, "ProtectionStatus"), row_number(row, "ConversionStatus")
    if status == 1 and conversion is None:
        raise CannotLook("parse-error", "ConversionStatus")
    return status == 2 or (status == 1 and conversion == _ENCRYPTED)


def logged(host: Host, school: SchoolList) -> list[Volume]:
    """Drives Windows remembers that were here in the last two days. Raises CannotLook."""
    root = rf"{_ENUM}\USBSTOR"
    models = host.registry("HKLM", root)
    found: list[Volume] = []
    looked = 0
    for model in [] if models is None else models.subkeys:
        kept = host.registry("HKLM", rf"{root}\{model}")
        for instance in [] if kept is None else kept.subkeys:
            looked += 1
            if looked > _MOST:
                raise CannotLook("too-large", "USBSTOR")
            volume = _remembered(host, rf"{root}\{model}\{instance}", instance, school)
            if volume is not None:
                found.append(volume)
    return found


def _remembered(host: Host, place: str, instance: str, school: SchoolList) -> Volume | None:
    """One drive; None where it was last here more than two days ago."""
    times = [_date(host, rf"{place}\{_DATES}\{one}") for one in ("0065", "0066", "0067")]
    seen = [at for at in times if at is not None]
    if not seen:
        raise CannotLook("denied", "only SYSTEM reads when a drive was here")
    if max(seen) < host.clock() - _FRESH:
        return None
    name = text(host.registry("HKLM", place), "FriendlyName") or ""
    first = times[1] or times[0]
    return _volume(
        *(host, "usb-storage"),
        instance=instance,
        name=name,
        first=first,
        last=max(seen),
        school=school,
    )


def _date(host: Host, place: str) -> int | None:
    """The default value of a property's key; its type is one of device properties' own."""
    key = host.registry("HKLM", place)
    found = None if key is None else key.values.get("")
    if found is None or found.type != "none":
        return filetime(key, "")
    return filetime(RegistryKey({"": RegistryValue("binary", found.data)}, []), "")


def log_since(host: Host) -> int:
    """Since when Windows remembers drives. Raises CannotLook."""
    installed = number(host.registry("HKLM", WINDOWS_NT), "InstallDate")
    if not installed:
        raise CannotLook("parse-error", "InstallDate")
    return installed


def _volume(
    host: Host,
    kind: Kind,
    *,
    instance: str,
    name: str,
    size: int | None = None,
    first: int | None = None,
    last: int,
    school: SchoolList,
    encrypted: Maybe[bool] = Unseen("unsupported"),  # noqa: B008  (a frozen value)
) -> Volume:
    serial = instance.rpartition("&")[0] or instance
    real = bool(serial) and serial[1:2] != "&"
    plain = "".join(c for c in " ".join(name.split()) if c.isprintable())[:_LONGEST]
    plain = plain.removesuffix(" USB Device")
    numbers = attempt(_numbers, host, serial) if kind == "usb-storage" and serial else ""
    usb = "" if isinstance(numbers, Unseen) else numbers
    identity = f"{kind}:{usb}:{serial if real else plain}".lower()
    return Volume(
        *(host.alias("media", identity), kind, usb, plain, real, size, first, last),
        encrypted=encrypted,
        named=school.naming(kind, usb, serial if real else ""),
    )


def _numbers(host: Host, serial: str) -> str:
    """`0781:5581` of the device with this serial number, empty where none is found."""
    return _devices(host).get(serial.lower(), "")


@functools.lru_cache(maxsize=4)
def _devices(host: Host) -> dict[str, str]:
    """Serial numbers and made-up prefixes of USB devices, and the numbers they belong to."""
    root = host.registry("HKLM", rf"{_ENUM}\USB")
    found: dict[str, str] = {}
    for name in [] if root is None else root.subkeys:
        numbers = _NUMBERS.fullmatch(name)
        kept = None if numbers is None else host.registry("HKLM", rf"{_ENUM}\USB\{name}")
        if numbers is None or kept is None:
            continue
        usb = f"{numbers[1]}:{numbers[2]}".lower()
        for instance in kept.subkeys:
            found[instance.lower()] = usb
            place = rf"{_ENUM}\USB\{name}\{instance}"
            prefix = text(host.registry("HKLM", place), "ParentIdPrefix")
            if prefix is not None:
                found[prefix.lower()] = usb
    return found
