"""macOS: what is plugged in at this moment.

Drives by `diskutil` (as the hardware's reader asks it), what the USB device behind each is by
`ioreg -r -c IOUSBHostDevice -a -l`, whose tree holds the drive below its device; phones and cameras
by interface class 6 there. Encrypted: every part that may hold files is APFS with FileVault's lock
on each volume. Traps: a part of Windows' or Linux's that macOS does not open may be encrypted in
their way, which cannot be told; a drive by USB that no device claims cannot be known again, so then
nothing is told of any. Not seen: discs, phones that only charge. What was plugged in before macOS
keeps nowhere that could be read within a round's cost.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from checks.formats import diskutil_apfs
from checks.formats.errors import ParseError
from checks.hardware import macos_parts
from checks.host import CannotLook, Host, attempt
from checks.macos import Settings, printed
from checks.removable_media.facts import Kind, Volume
from checks.removable_media.named import SchoolList

_IOREG: Final = ("/usr/sbin/ioreg", "-r", "-c", "IOUSBHostDevice", "-a", "-l")
_DEVICES: Final = frozenset({"IOUSBHostDevice", "AppleUSBDevice", "IOUSBDevice"})
_BELOW: Final = "IORegistryEntryChildren"
_PICTURES: Final = 6
_LONGEST: Final = 60


class _Device(msgspec.Struct, frozen=True):
    """One USB device: what it says of itself, the drives behind it, whether it holds pictures."""

    usb: str
    serial: str
    name: str
    drives: tuple[str, ...]
    pictures: bool


def attached(host: Host, school: SchoolList) -> list[Volume]:
    """Drives, cards, phones and cameras attached at this moment. Raises CannotLook."""
    outside = {
        name: info
        for name, info in macos_parts.drives(host).items()
        if macos_parts.is_outside(info) and not info.get("OpticalMediaType")
    }
    devices = _usb(host)
    found = [_drive(host, name, info, devices, school) for name, info in outside.items()]
    phones = [device for device in devices if device.pictures and not device.drives]
    return [*found, *(_of_usb(host, "phone", phone, None, school) for phone in phones)]


def _drive(
    host: Host, name: str, info: Settings, devices: list[_Device], school: SchoolList
) -> Volume:
    size = info.get("Size")
    size = size if isinstance(size, int) and not isinstance(size, bool) else None
    device = next((one for one in devices if name in one.drives), None)
    bus = info.get("BusProtocol")
    kind: Kind = "sd" if bus == "Secure Digital" else "usb-storage"
    if kind == "usb-storage" and device is not None:
        found = _of_usb(host, kind, device, size, school)
    elif bus == "USB":
        raise CannotLook("parse-error", "a drive by USB that no USB device claims")
    else:
        plain = _plain(info.get("MediaName"))
        alias = host.alias("media", f"{kind}::{plain}".lower())
        found = Volume(alias, kind, "", plain, False, size, None, host.clock())
    return msgspec.structs.replace(found, encrypted=attempt(_encrypted, host, name))


def _of_usb(
    host: Host, kind: Kind, device: _Device, size: int | None, school: SchoolList
) -> Volume:
    identity = f"{kind}:{device.usb}:{device.serial or device.name}".lower()
    return Volume(
        *(host.alias("media", identity), kind, device.usb, device.name),
        *(bool(device.serial), size, None, host.clock()),
        named=school.naming(kind, device.usb, device.serial),
    )


def _usb(host: Host) -> list[_Device]:
    """Every USB device but those that only hold others. Raises CannotLook."""
    tree = printed(host, _IOREG)
    if tree is None:
        return []
    if not isinstance(tree, list):
        raise CannotLook("parse-error", "ioreg")
    nodes = [node for node in _nodes(tree) if _is_device(node)]
    return list(dict.fromkeys(map(_device, nodes)))  # below a hub they come again


def _is_device(node: Settings) -> bool:
    numbers = (node.get("idVendor"), node.get("idProduct"))
    return node.get("IOObjectClass") in _DEVICES and all(isinstance(n, int) for n in numbers)


def _nodes(rows: list[Any], *, into_devices: bool = True) -> Iterator[Settings]:
    """Entries of a tree and of what lies below them."""
    stack = [row for row in rows if isinstance(row, dict)]
    while stack:
        node = stack.pop()
        yield node
        if into_devices or not _is_device(node):
            stack += [row for row in _below(node) if isinstance(row, dict)]


def _below(node: Settings) -> list[Any]:
    below = node.get(_BELOW)
    return below if isinstance(below, list) else []


def _device(node: Settings) -> _Device:
    """A device with what lies below it and below no other device."""
    own = list(_nodes(_below(node), into_devices=False))
    own = [one for one in own if not _is_device(one)]
    drives = [one["BSD Name"] for one in own if isinstance(one.get("BSD Name"), str)]
    maker = _one_of(node, "USB Vendor Name", "kUSBVendorString")
    product = _one_of(node, "USB Product Name", "kUSBProductString")
    return _Device(
        usb=f"{node['idVendor'] & 0xFFFF:04x}:{node['idProduct'] & 0xFFFF:04x}",
        serial=_one_of(node, "USB Serial Number", "kUSBSerialNumberString"),
        name=_plain(f"{maker} {product}"),
        drives=tuple(sorted(drives)),
        pictures=any(one.get("bInterfaceClass") == _PICTURES for one in own),
    )


def _one_of(node: Settings, *keys: str) -> str:
    return next((v.strip() for v in map(node.get, keys) if isinstance(v, str) and v.strip()), "")


def _plain(name: object) -> str:
    text = name if isinstance(name, str) else ""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:_LONGEST]


def _encrypted(host: Host, name: str) -> bool:
    """Whether nothing on a drive can be read without a key. Raises CannotLook."""
    states = [attempt(_locked, host, part) for part in macos_parts.parts(host, name)]
    if False in [state for state in states if isinstance(state, bool)]:
        return False
    for state in states:
        if not isinstance(state, bool):
            raise CannotLook(state.unseen, "a part macOS does not open")
    if not states:
        raise CannotLook("parse-error", "diskutil list")
    return True


def _locked(host: Host, part: Settings) -> bool:
    """Raises CannotLook."""
    content = part.get("Content")
    if content != "Apple_APFS":
        opened = bool(part.get("MountPoint") or part.get("VolumeName"))
        if opened and content != "Apple_CoreStorage":
            return False
        raise CannotLook("unsupported", str(content))
    ran = host.run(list(diskutil_apfs.ARGV))
    try:
        containers = diskutil_apfs.parse(ran.out) if ran.code == 0 else []
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    own = [c for c in containers if part["DeviceIdentifier"] in c.stores]
    volumes = [volume for container in own for volume in container.volumes]
    if not volumes or any(volume.file_vault is None for volume in volumes):
        raise CannotLook("parse-error", "diskutil apfs list")
    return all(volume.file_vault and not volume.migrating for volume in volumes)
