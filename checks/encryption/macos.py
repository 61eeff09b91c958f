"""macOS encryption: FileVault per volume, by `diskutil apfs list -plist`, and on drives older than
APFS by `fdesetup status`; then what else is on the Mac's own drives, by `diskutil list`.

Traps: a Mac with a security chip encrypts its drive always, but without FileVault it also opens it
for whoever switches it on, so that counts as `off`. Of volumes with a role only Data and User hold
what people wrote (not Preboot, Recovery, VM, Update and their like); one without a role counts.
Boot Camp and second drives of older kinds count: one that macOS opens is not encrypted, one that it
does not may be encrypted by another system, which is unseen. Drives from outside are another
check's. Written after Apple's manual pages and the macOS security compliance
project; never run on macOS.
"""

import re
from typing import Final

from checks.encryption.facts import EncryptionFacts, Place, State, Volume
from checks.formats import diskutil_apfs
from checks.formats.diskutil_apfs import ApfsVolume, Container
from checks.formats.errors import ParseError
from checks.hardware import macos_parts
from checks.host import CannotLook, Host, attempt
from checks.unseen import Maybe, Unseen

_FDESETUP: Final = ("fdesetup", "status")
_SAYS: Final[dict[str, State]] = {
    "FileVault is On.": "on",
    "FileVault is Off.": "off",
    "FileVault is Off, but will be enabled after the next restart.": "off",
}
_PLACES: Final[dict[str, Place]] = {"Data": "system", "User": "home"}
"""The sealed system itself holds nothing of anybody's, and is never encrypted on its own."""
_CORE_STORAGE: Final = "Apple_CoreStorage"
_PART: Final = re.compile(r"s\d{1,4}(?:s\d{1,4})?$")


def read(host: Host) -> EncryptionFacts:
    """Every volume that may hold what people wrote."""
    return EncryptionFacts(volumes=attempt(_volumes, host))


def _volumes(host: Host) -> list[Volume]:
    ran = host.run(list(diskutil_apfs.ARGV))
    try:
        containers = diskutil_apfs.parse(ran.out) if ran.code == 0 else []
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    drives = attempt(_drives, host)
    found = [
        Volume(place, _state(volume))
        for container in containers
        for volume in container.volumes
        if (place := _place(volume)) is not None and not _outside(container, drives)
    ]
    older = not any(volume.place == "system" for volume in found)
    if older:
        found.append(Volume("system", attempt(_by_fdesetup, host)))
    others: Maybe[list[Volume]] = drives if isinstance(drives, Unseen) else []
    if not isinstance(drives, Unseen):
        others = attempt(_others, host, drives, older)
    found += [Volume("other", others)] if isinstance(others, Unseen) else others
    return sorted(found, key=lambda volume: (volume.place != "system", volume.place))


def _drives(host: Host) -> dict[str, bool]:
    """Each drive, and whether it came from outside. Raises CannotLook."""
    return {name: macos_parts.is_outside(info) for name, info in macos_parts.drives(host).items()}


def _outside(container: Container, drives: Maybe[dict[str, bool]]) -> bool:
    """Whether all of it surely lies on drives from outside."""
    if isinstance(drives, Unseen) or not container.stores:
        return False
    return all(drives.get(_PART.sub("", store)) is True for store in container.stores)


def _others(host: Host, drives: dict[str, bool], older: bool) -> list[Volume]:
    """What lies on the Mac's own drives and is not APFS; `older`: the system itself is none, and
    where it is encrypted it is the first of Core Storage. Raises CannotLook."""
    found: list[Volume] = []
    own = [name for name, outside in drives.items() if not outside]
    for part in [part for name in own for part in macos_parts.parts(host, name)]:
        content = part.get("Content")
        if content == _CORE_STORAGE and older:
            older = False
        elif content != "Apple_APFS":
            opens = content != _CORE_STORAGE and (part.get("MountPoint") or part.get("VolumeName"))
            found.append(Volume("other", "off" if opens else Unseen("unsupported")))
    return found


def _place(volume: ApfsVolume) -> Place | None:
    if not volume.roles:
        return "other"
    return next((_PLACES[role] for role in volume.roles if role in _PLACES), None)


def _state(volume: ApfsVolume) -> Maybe[State]:
    if volume.file_vault is None:
        return Unseen("parse-error")
    if volume.migrating:
        return "converting" if volume.file_vault else "off"
    return "on" if volume.file_vault else "off"


def _by_fdesetup(host: Host) -> State:
    said = host.run(list(_FDESETUP)).out.decode("utf-8", "replace").strip()
    first = said.splitlines()[0] if said else ""
    if "Encryption in progress" in said:
        return "converting"
    if "Decryption in progress" in said:
        return "off"
    if first not in _SAYS:
        raise CannotLook("parse-error", "fdesetup says something unknown")
    return _SAYS[first]
