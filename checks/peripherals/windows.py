r"""Windows peripherals: cards and cameras by `Win32_PnPEntity`, policies and uses by the registry.

Bluetooth: a card is of class Bluetooth and does not hang on another one (`BTH…`). It is off where
management forbids it (`PolicyManager` Connectivity `AllowBluetooth` 0), its device is disabled
(error 22), the service `bthserv` is (`Start` 4), or that service noted that no card is on
(`bthserv\Parameters\BluetoothControlPanelTasks` `State` 0; not documented, read so by others).
Hidden only where management says so (`AllowDiscoverableMode` 0): whether a card can be found tells
nobody but Windows' own functions, so it stays unseen. Files by the classic way come only while
somebody waits for one; Nearby sharing (`CDP\NearShareChannelUserAuthzPolicy`, 1 own devices, 2
everybody) of whoever is signed in counts, unless `EnableCdp` 0 forbids it.
Cameras: class Camera, or older ones by the driver `usbvideo` (class Image also holds scanners).
Denied by `AllowCamera` 0, a disabled device, or the switch for the whole computer (`Value` Deny in
HKLM's `ConsentStore\webcam`); `LetAppsAccessCamera` 2 stops programs from the Store only. Held:
`LastUsedTimeStop` 0 with a start after Windows', and, for a program with a path, only while one of
that name runs: a computer that lost its power leaves such entries behind. Needs no administrator
for oneself. Written after Microsoft's documentation and public readers; never run on Windows.
"""

from typing import Final

from checks.host import CannotLook, Hive, Host, RegistryKey, attempt
from checks.peripherals.facts import Camera, PeripheralsFacts, Radio, Takes
from checks.peripherals.radios import OFF, most, radio, told
from checks.unseen import Maybe, NotHere, Unseen
from checks.windows import (
    Row,
    filetime,
    flag,
    hive,
    mdm,
    number,
    people,
    row_number,
    row_text,
    started_at,
    text,
)

DEVICES: Final = (
    "Win32_PnPEntity WHERE PNPClass='Bluetooth' OR PNPClass='Camera' OR Service='usbvideo'"
)
PROPERTIES: Final = ("PNPClass", "PNPDeviceID", "Service", "ConfigManagerErrorCode", "Present")
STORE: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_SERVICE: Final = r"SYSTEM\CurrentControlSet\Services\bthserv"
_TASKS: Final = rf"{_SERVICE}\Parameters\BluetoothControlPanelTasks"
_POLICY: Final = r"SOFTWARE\Policies\Microsoft"
_CDP: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CDP"
_CIM: Final = "root/cimv2"
_DISABLED_SERVICE: Final = 4
_DISABLED_DEVICE: Final = 22
_GONE: Final = 45
_FORCE_DENY: Final = 2
_NEARBY: Final[dict[int | None, Takes]] = {None: "nothing", 0: "nothing", 1: "known", 2: "anybody"}
_PLAIN: Final = "NonPackaged"
_MOST: Final = 500


def read(host: Host) -> PeripheralsFacts | NotHere:
    """Bluetooth cards and cameras."""
    rows = attempt(_devices, host)
    if isinstance(rows, Unseen):
        return PeripheralsFacts(rows, rows, rows, rows, rows)
    cards = [row for row in rows if _is_card(row)]
    lenses = [row for row in rows if _is_camera(row)]
    since = attempt(_held_since, host) if lenses else None
    return told(
        PeripheralsFacts(
            radios=attempt(_radios, host, cards),
            takes_files=attempt(_takes, host) if cards else "nothing",
            camera=attempt(_camera, host, lenses),
            camera_held=since if isinstance(since, Unseen) else since is not None,
            held_since=since,
        )
    )


def _devices(host: Host) -> list[Row]:
    rows = host.wmi(DEVICES, _CIM, PROPERTIES)
    return [
        row
        for row in rows
        if row.get("Present") is not False and row_number(row, "ConfigManagerErrorCode") != _GONE
    ]


def _is_card(row: Row) -> bool:
    kind = (row_text(row, "PNPClass") or "").casefold()
    return kind == "bluetooth" and not (row_text(row, "PNPDeviceID") or "").upper().startswith(
        ("BTH", "SWD\\")
    )


def _is_camera(row: Row) -> bool:
    kind = (row_text(row, "PNPClass") or "").casefold()
    driver = (row_text(row, "Service") or "").casefold()
    return kind == "camera" or (kind == "image" and driver == "usbvideo")


def _is_disabled(row: Row) -> bool:
    return row_number(row, "ConfigManagerErrorCode") == _DISABLED_DEVICE


def _radios(host: Host, cards: list[Row]) -> list[Radio]:
    if not cards:
        return []
    lit = attempt(_lit, host)
    hidden = number(mdm(host, "Bluetooth"), "AllowDiscoverableMode") == 0
    shown: Maybe[bool] = False if hidden else Unseen("unsupported")
    return [OFF if _is_disabled(card) else radio(lit, shown) for card in cards]


def _lit(host: Host) -> bool:
    if number(mdm(host, "Connectivity"), "AllowBluetooth") == 0:
        return False
    service = host.registry("HKLM", _SERVICE)
    if service is None or number(service, "Start") == _DISABLED_SERVICE:
        return False
    state = flag(host.registry("HKLM", _TASKS), "State")
    if state is None:
        raise CannotLook("unsupported", "bthserv did not note it")
    return state


def _takes(host: Host) -> Takes:
    """The most that anybody who is signed in has set; of others nothing runs."""
    if number(host.registry("HKLM", rf"{_POLICY}\Windows\System"), "EnableCdp") == 0:
        return "nothing"
    found = most([attempt(_nearby, host, sid) for sid in _signed_in(host)])
    if isinstance(found, Unseen):
        raise CannotLook(found.unseen, "Nearby sharing")
    return found


def _signed_in(host: Host) -> list[str]:
    hives = [hive(host, user) for user in people(host)]
    return [one for one in hives if not isinstance(one, Unseen)]


def _nearby(host: Host, sid: str) -> Takes:
    said = number(host.registry("HKU", rf"{sid}\{_CDP}"), "NearShareChannelUserAuthzPolicy")
    if said not in _NEARBY:
        raise CannotLook("parse-error", "NearShareChannelUserAuthzPolicy")
    return _NEARBY[said]


def _camera(host: Host, lenses: list[Row]) -> Camera:
    if not lenses:
        return "none"
    asked = number(host.registry("HKLM", rf"{_POLICY}\Camera"), "AllowCamera")
    if asked is None:
        asked = number(mdm(host, "Camera"), "AllowCamera")
    switch = text(host.registry("HKLM", rf"{STORE}\webcam"), "Value") or ""
    if asked == 0 or switch.casefold() == "deny" or all(map(_is_disabled, lenses)):
        return "denied"
    apps = number(host.registry("HKLM", rf"{_POLICY}\Windows\AppPrivacy"), "LetAppsAccessCamera")
    if apps is None:
        apps = number(mdm(host, "Privacy"), "LetAppsAccessCamera")
    return "apps-denied" if apps == _FORCE_DENY else "open"


def _held_since(host: Host) -> int | None:
    """When the use began that has lasted longest; None: nothing holds a camera."""
    found = _uses(host, "HKLM", rf"{STORE}\webcam")
    for sid in _signed_in(host):
        found += _uses(host, "HKU", rf"{sid}\{STORE}\webcam")
    if not found:
        return None
    started = started_at(host)
    running = {_plain(process.name) for process in host.processes()}
    return min(
        (at for at, program in found if at >= started and program in {"", *running}), default=None
    )


def _uses(host: Host, root: Hive, path: str) -> list[tuple[int, str]]:
    """Uses that have a beginning and no end: when, and the program's name, if it has a path."""
    key = host.registry(root, path)
    names = [] if key is None else [name for name in key.subkeys if name != _PLAIN]
    found = [(f"{path}\\{name}", "") for name in names]
    plain = host.registry(root, rf"{path}\{_PLAIN}")
    found += [
        (rf"{path}\{_PLAIN}\{name}", _plain(name.rpartition("#")[2]))
        for name in ([] if plain is None else plain.subkeys)
    ]
    if len(found) > _MOST:
        raise CannotLook("too-large", "ConsentStore")
    uses = [(_open_since(host.registry(root, one)), program) for one, program in found]
    return [(at, program) for at, program in uses if at is not None]


def _open_since(key: RegistryKey | None) -> int | None:
    if key is None or "lastusedtimestop" not in key.values:
        return None
    if filetime(key, "LastUsedTimeStop") is not None:
        return None
    return filetime(key, "LastUsedTimeStart")


def _plain(name: str) -> str:
    return name.casefold().removesuffix(".exe")
