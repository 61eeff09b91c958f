"""macOS peripherals: `system_profiler -json` of Bluetooth and cameras, profiles, AirDrop.

Bluetooth: `controller_state` and `controller_discoverable`, `attrib_on` or `attrib_off` (macOS 12
and later; older ones answer otherwise and stay unseen). Discoverable is a Mac only while its
Bluetooth settings are open.
`DisableBluetooth` of `com.apple.MCXBluetooth` in a profile says off as well. Files: AirDrop by
`allowAirDrop` of a profile's restrictions, else each account's `com.apple.sharingd`
`DiscoverableMode` (`Everyone`, `Contacts Only`, which is the default, or `Off`); Bluetooth Sharing
by `PrefKeyServicesEnabled` of `com.apple.Bluetooth`, kept per account and Mac.
Cameras: what `SPCameraDataType` lists; denied where a profile's restrictions say `allowCamera`
false. Whether something uses one, no command tells on every model, so that is unseen. Others'
settings need root with Full Disk Access. Written after Apple's documentation, the macOS security
compliance project and public readers of these keys; never run on macOS.
"""

from typing import Final

from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host, User, attempt
from checks.macos import deciding, flag, hardware_uuid, managed, of_person, people, profiled, text
from checks.peripherals.facts import Camera, PeripheralsFacts, Radio, Takes
from checks.peripherals.radios import OFF, most, radio, told
from checks.unseen import Maybe, NotHere, Unseen

_BLUETOOTH: Final = "SPBluetoothDataType"
_CAMERA: Final = "SPCameraDataType"
_RESTRICTIONS: Final = "com.apple.applicationaccess"
_STATES: Final = {"attrib_on": True, "attrib_off": False}
_AIRDROP: Final[dict[str | None, Takes]] = {
    None: "known",
    "off": "nothing",
    "contacts only": "known",
    "everyone": "anybody",
}


def read(host: Host) -> PeripheralsFacts | NotHere:
    """The Bluetooth card and cameras."""
    kinds = attempt(profiled, host, _BLUETOOTH, _CAMERA)
    if isinstance(kinds, Unseen):
        return PeripheralsFacts(kinds, kinds, kinds, kinds, kinds)
    radios = attempt(_radios, host, kinds)
    camera = attempt(_camera, host, kinds)
    unused = not isinstance(camera, Unseen) and camera in {"none", "denied"}
    held: Maybe[bool] = False if unused else Unseen("unsupported")
    none = not isinstance(radios, Unseen) and not radios
    return told(
        PeripheralsFacts(
            radios=radios,
            takes_files="nothing" if none else attempt(_takes, host),
            camera=camera,
            camera_held=held,
            held_since=held if isinstance(held, Unseen) else None,
        )
    )


def _of(kinds: list[Item], name: str) -> list[Item]:
    """The things of one kind. Raises CannotLook where the kind itself is missing."""
    found = next((kind for kind in kinds if kind.name == name), None)
    if found is None:
        raise CannotLook("unsupported", name)
    return found.items


def _radios(host: Host, kinds: list[Item]) -> list[Radio]:
    rows = _of(kinds, _BLUETOOTH)
    found = [row.find("controller_properties") for row in rows]
    cards = [card for card in found if card is not None]
    if rows and not cards:
        raise CannotLook("unsupported", "an older answer")
    forbidden = flag(managed(host, "com.apple.MCXBluetooth"), "DisableBluetooth")
    return [OFF if forbidden else _radio(card) for card in cards]


def _radio(card: Item) -> Radio:
    return radio(_state(card, "controller_state"), _state(card, "controller_discoverable"))


def _state(card: Item, key: str) -> Maybe[bool]:
    said = card.values.get(key)
    found = _STATES.get(said.lower()) if isinstance(said, str) else None
    return Unseen("parse-error") if found is None else found


def _takes(host: Host) -> Takes:
    uuid = hardware_uuid(host)
    airdrop = flag(managed(host, _RESTRICTIONS), "allowAirDrop") is not False
    users = people(host)
    if airdrop and not users:  # a directory's accounts are in no list of the Mac's
        raise CannotLook("unsupported", "nobody's settings were seen")
    found = most([attempt(_of_account, host, user, uuid, airdrop) for user in users])
    if isinstance(found, Unseen):
        raise CannotLook(found.unseen, "AirDrop")
    return found


def _of_account(host: Host, user: User, uuid: str, airdrop: bool) -> Takes:
    shares = deciding(of_person(host, "com.apple.Bluetooth", user, uuid), "PrefKeyServicesEnabled")
    if shares is not None and flag(shares.settings, "PrefKeyServicesEnabled"):
        return "anybody"
    if not airdrop:
        return "nothing"
    profiles = [one for one in of_person(host, _RESTRICTIONS, user) if one.by == "mdm"]
    restricted = deciding(profiles, "allowAirDrop")
    if restricted is not None and flag(restricted.settings, "allowAirDrop") is False:
        return "nothing"
    mode = deciding(of_person(host, "com.apple.sharingd", user), "DiscoverableMode")
    said = None if mode is None else text(mode.settings, "DiscoverableMode")
    found = _AIRDROP.get(None if said is None else said.casefold())
    if found is None:
        raise CannotLook("parse-error", "DiscoverableMode")
    return found


def _camera(host: Host, kinds: list[Item]) -> Camera:
    if not _of(kinds, _CAMERA):
        return "none"
    return "denied" if flag(managed(host, _RESTRICTIONS), "allowCamera") is False else "open"
