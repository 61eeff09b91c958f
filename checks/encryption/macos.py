"""macOS encryption: FileVault per volume, by `diskutil apfs list -plist`, and on drives older than
APFS by `fdesetup status`.

Traps: a Mac with a security chip encrypts its drive always, but without FileVault it also opens it
for whoever switches it on, so that counts as `off`. Of volumes with a role only Data and User hold
what people wrote (not Preboot, Recovery, VM, Update and their like); one without a role counts.
Containers on drives from outside cannot be told apart here and count too: a Mac's own backup disk
is as easily carried away. Written after Apple's manual pages and the macOS security compliance
project; never run on macOS.
"""

from typing import Final

from checks.encryption.facts import EncryptionFacts, Place, State, Volume
from checks.formats import diskutil_apfs
from checks.formats.diskutil_apfs import ApfsVolume
from checks.formats.errors import ParseError
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


def read(host: Host) -> EncryptionFacts:
    """Every volume that may hold what people wrote."""
    return EncryptionFacts(volumes=attempt(_volumes, host))


def _volumes(host: Host) -> list[Volume]:
    ran = host.run(list(diskutil_apfs.ARGV))
    try:
        containers = diskutil_apfs.parse(ran.out) if ran.code == 0 else []
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    found = [
        Volume(place, _state(volume))
        for container in containers
        for volume in container.volumes
        if (place := _place(volume)) is not None
    ]
    if not any(volume.place == "system" for volume in found):
        found.append(Volume("system", attempt(_by_fdesetup, host)))
    return sorted(found, key=lambda volume: (volume.place != "system", volume.place))


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
