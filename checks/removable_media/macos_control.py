"""macOS: what somebody lets be done with drives that are plugged in.

Each kind is judged by the strictest of:
- a declaration of device management (macOS 15 and later), whose outcome macOS keeps in
  DiskManagement_Settings.plist: `ExternalStorage` Allowed, ReadOnly (only what is itself
  write-protected opens) or Disallowed. Whether a card in the Mac's own slot is "external" Apple
  does not say, so of cards it tells nothing.
- Santa, while its part in the system runs: `RemovableMediaAction`, before that `BlockUSBMount` with
  `RemountUSBMode`; its server's word (sync-state.plist, for root only) before the profile's. Trap:
  that file stays when the profile names no server any more, and Santa passes over it then.
- Defender's Device Control: its rules are not read, so where a profile has any and Defender runs,
  nobody here can tell.
- `mount-controls` of a profile (Jamf's "Restrictions", media), which macOS 14 and later ignore; for
  every account, as the loosest of them decides.
Device control of other antivirus products is not seen. Phones are no drives to macOS; pictures can
be copied from them all the same. `allowUSBRestrictedMode` asks about new accessories only while the
Mac is locked, and is no control.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal

from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host, attempt
from checks.layers import Layer
from checks.macos import (
    Settings,
    managed,
    managed_for,
    people,
    profiled,
    release,
    settings,
    text,
)
from checks.removable_media.facts import Kind, Rule
from checks.unseen import Unseen

_DECLARED: Final = (
    "/private/var/db/ManagedConfigurationFiles/DiskManagement/DiskManagement_Settings.plist"
)
_SYNCED: Final = "/private/var/db/santa/sync-state.plist"
_SANTA: Final = ("com.northpolesec.santa", "com.google.santa")
_SERVER: Final = "SyncBaseURL"
_NEWER: Final = _SANTA[0]
_NEW_KEYS: Final = "RemovableMedia"
"""Keys that the older Santa does not know: set all the same, they stop nothing."""
_IN_SYSTEM: Final = "/Library/SystemExtensions/"
_DEFENDER: Final = "com.microsoft.wdav"
_CARDS: Final = "SPCardReaderDataType"
_DISCS: Final = "SPDiscBurningDataType"
_PROFILER_SECONDS: Final = 60
_LAST_WITH_MOUNT_CONTROLS: Final = 13
_MOUNTED: Final[dict[Kind, tuple[str, ...]]] = {
    "usb-storage": ("harddisk-external",),
    "sd": ("harddisk-external",),
    "optical": ("cd", "dvd"),
}

Use = Literal["allow", "read-only", "approved", "deny"]
_STRICT: Final[tuple[Use, ...]] = ("deny", "approved", "read-only", "allow")
_DECLARABLE: Final[dict[str | None, Use]] = {
    None: "allow",
    "Allowed": "allow",
    "ReadOnly": "read-only",
    "Disallowed": "deny",
}
Told = tuple[Use, Layer]
_NOBODY: Final[Told] = ("allow", "default")


def kinds(host: Host) -> list[Kind]:
    """What the Mac has a socket or drive for: USB every Mac. Raises CannotLook."""
    found = {kind.name: kind for kind in profiled(host, _CARDS, _DISCS, timeout=_PROFILER_SECONDS)}
    if _CARDS not in found or _DISCS not in found:
        raise CannotLook("parse-error", "system_profiler")
    slots: list[Kind] = ["sd"] if _there(found[_CARDS]) else []
    discs: list[Kind] = ["optical"] if _there(found[_DISCS]) else []
    return ["usb-storage", *slots, *discs]


def _there(kind: Item) -> bool:
    return any(item.values or item.items for item in kind.items)


def rules(host: Host, kinds: list[Kind]) -> list[Rule]:
    """One for each kind; a part nobody could look at leaves it unseen unless it is denied."""
    return [_rule(host, kind) for kind in kinds]


def _rule(host: Host, kind: Kind) -> Rule:
    asked = (_by_declaration, _by_santa, _by_defender, _by_mount_controls)
    found = [attempt(one, host, kind) for one in asked]
    seen = [told for told in found if not isinstance(told, Unseen)]
    use, by = min(seen, key=lambda told: _STRICT.index(told[0]), default=_NOBODY)
    blind = [told for told in found if isinstance(told, Unseen)]
    if blind and use != "deny":
        return Rule(kind, blind[0], blind[0])
    return Rule(kind, use, by)


def _by_declaration(host: Host, kind: Kind) -> Told:
    restrictions = settings(host, _DECLARED).get("Restrictions", {})
    if not isinstance(restrictions, dict):
        raise CannotLook("parse-error", _DECLARED)
    said = text(restrictions, "ExternalStorage")
    if said not in _DECLARABLE:
        raise CannotLook("parse-error", "ExternalStorage")
    use = _DECLARABLE[said]
    if use == "allow":
        return _NOBODY
    if kind == "sd":
        raise CannotLook("unsupported", "whether a slot of the Mac's own is external")
    return use, "mdm"


def _runs(host: Host, name: str) -> bool:
    """Whether a part of that name, or that begins so, runs in the system. Raises CannotLook."""
    inside = [p.exe for p in host.processes() if p.exe and p.exe.startswith(_IN_SYSTEM)]
    return any(f"/{name}." in exe for exe in inside)


def _santa(host: Host) -> list[Settings]:
    """Its settings, strongest first; none where it does not run. Raises CannotLook."""
    running = [domain for domain in _SANTA if _runs(host, f"{domain}.daemon")]
    if not running:
        return []
    layers = [managed(host, domain) for domain in running]
    if any(_SERVER in layer for layer in layers):
        layers.insert(0, settings(host, _SYNCED))
    if _NEWER in running:
        return layers
    return [{key: row[key] for key in row if _NEW_KEYS not in key} for row in layers]


def _first(layers: Iterable[Settings], key: str) -> object:
    return next((layer[key] for layer in layers if key in layer), None)


def _by_santa(host: Host, kind: Kind) -> Told:
    layers = [] if kind == "optical" else _santa(host)
    action = _first(layers, "RemovableMediaAction")
    if action is not None:
        use = _acted(action, _first(layers, "RemovableMediaRemountFlags"))
        locked = _first(layers, "EncryptedRemovableMediaAction")
        if use != "allow" and locked not in (None, action):
            raise CannotLook("unsupported", "drives that are encrypted have a rule of their own")
        return use, "mdm"
    blocks = _first(layers, "BlockUSBMount")
    if blocks in (None, False, 0):
        return _NOBODY
    if blocks not in (True, 1):
        raise CannotLook("parse-error", "BlockUSBMount")
    modes = _first(layers, "RemountUSBMode")
    return _acted("Remount" if modes else "Block", modes), "mdm"


def _acted(action: object, flags: object) -> Use:
    """What Santa does with a drive that is plugged in. Raises CannotLook."""
    if action == "Block":
        return "deny"
    if action == "Remount":
        if not isinstance(flags, list):
            raise CannotLook("parse-error", "RemovableMediaRemountFlags")
        return "read-only" if "rdonly" in flags else "allow"
    if action != "Allow":
        raise CannotLook("parse-error", "RemovableMediaAction")
    return "allow"


def _by_defender(host: Host, kind: Kind) -> Told:
    """Its rules cover every kind alike."""
    del kind
    if "deviceControl" in managed(host, _DEFENDER) and _runs(host, f"{_DEFENDER}.epsext"):
        raise CannotLook("unsupported", "rules of Device Control")
    return _NOBODY


def _by_mount_controls(host: Host, kind: Kind) -> Told:
    held = [one.get("mount-controls") for one in _interfaces(host)]
    if not any(held) or release(host) > _LAST_WITH_MOUNT_CONTROLS:
        return _NOBODY
    uses = [_mounts(one, media) for one in held for media in _MOUNTED.get(kind, ())]
    loosest: Use = max(uses, key=_STRICT.index, default="allow")
    return _NOBODY if loosest == "allow" else (loosest, "mdm")


def _interfaces(host: Host) -> list[Settings]:
    return managed_for(host, "com.apple.systemuiserver", people(host))


def _mounts(controls: object, media: str) -> Use:
    """What one account may do: a word, or a list of words. Raises CannotLook."""
    if not isinstance(controls, dict | None):
        raise CannotLook("parse-error", "mount-controls")
    said: Any = (controls or {}).get(media, [])
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise CannotLook("parse-error", media)
    if "deny" in words or "eject" in words:
        return "deny"
    return "read-only" if "read-only" in words else "allow"


def only_encrypted(host: Host) -> bool:
    """Whether drives that are not encrypted cannot be written: macOS knows no such rule, Santa
    does. Raises CannotLook."""
    layers = _santa(host)
    action = _first(layers, "RemovableMediaAction")
    if action in (None, "Allow") or _first(layers, "EncryptedRemovableMediaAction") != "Allow":
        return False
    return _acted(action, _first(layers, "RemovableMediaRemountFlags")) != "allow"
