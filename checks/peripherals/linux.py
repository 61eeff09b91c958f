"""Linux peripherals: Bluetooth by sysfs, rfkill and bluetoothd's own word, cameras by V4L2's nodes.

Bluetooth: cards are the names without a colon in /sys/class/bluetooth; one whose rfkill switch
(`hciN/rfkillM/soft`, `hard`) is set is off. Otherwise bluetoothd is asked by `busctl`, never
started: `Powered`, `Discoverable`, and by `UUIDs` whether it offers to take files (OBEX push and
file transfer, which obexd puts there). Where bluetoothd does not run, the kernel switches a card
off after looking at it, and nothing answers; somebody who drives it by hand is not seen.
Cameras: nodes in /sys/class/video4linux that udev calls `:capture:` and nothing else that plays or
decodes; a node that udev says nothing of counts. A camera whose driver is kept out has no node and
counts as none. Held: not while /sys/module/uvcvideo/refcnt is 0; otherwise `find` looks through
every program's open files for those nodes, which needs root for others' programs. Needs no root
otherwise. Seen on Debian 12 (busctl 252, find 4.9) with BlueZ played by dbusmock; no card and no
camera was at hand.
"""

import re
from typing import Final

from checks.formats import busctl_values
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt, read_text
from checks.peripherals.facts import Camera, PeripheralsFacts, Radio, Takes
from checks.peripherals.radios import OFF, most, radio, told
from checks.unseen import Maybe, NotHere, Unseen

BLUETOOTH: Final = "/sys/class/bluetooth"
VIDEO: Final = "/sys/class/video4linux"
UDEV: Final = "/run/udev/data"
_DRIVER: Final = "uvcvideo"
"""What nearly every camera uses; only of this one is it known that its count tells."""
_BUSCTL: Final = ("busctl", "--json=short", "--auto-start=no", "--timeout=5")
_PROPERTIES: Final = ("Powered", "Discoverable", "UUIDs")
"""No other: paired devices, with their names, are nobody's business here."""
OWNED: Final = (
    *_BUSCTL,
    *("call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"),
    *("NameHasOwner", "s", "org.bluez"),
)
_TAKING: Final = frozenset(
    {"00001105-0000-1000-8000-00805f9b34fb", "00001106-0000-1000-8000-00805f9b34fb"}
)
_INTERFACE: Final = "org.bluez.Adapter1"
_CARD: Final = re.compile(r"hci[0-9]{1,3}")
_SMALL: Final = 4096
_UDEV_LIMIT: Final = 1 << 16
_NUMBER: Final = re.compile(r"[0-9]{1,4}:[0-9]{1,7}")
_NODE: Final = re.compile(r"video[0-9]{1,3}")
_CAPABILITIES: Final = re.compile(r"^E:ID_V4L_CAPABILITIES=(.*)$", re.MULTILINE)
_FIND: Final = (
    *("find", "/proc", "-ignore_readdir_race", "-mindepth", "1", "-maxdepth", "3"),
    *("-regextype", "posix-extended", "-regex", "/proc/[^0-9].*", "-prune", "-o"),
    *("-regex", "/proc/[0-9]+/[^/]+", "!", "-name", "fd", "-prune", "-o"),
)


def read(host: Host) -> PeripheralsFacts | NotHere:
    """Bluetooth cards and cameras."""
    adapters = attempt(_adapters, host)
    nodes = attempt(_nodes, host)
    held = attempt(_held, host, nodes)
    return told(
        PeripheralsFacts(
            radios=adapters if isinstance(adapters, Unseen) else [one for one, _ in adapters],
            takes_files=adapters
            if isinstance(adapters, Unseen)
            else most([t for _, t in adapters]),
            camera=nodes if isinstance(nodes, Unseen) else _camera(nodes),
            camera_held=held,
            held_since=_since(held),
        )
    )


def _camera(nodes: list[str]) -> Camera:
    return "open" if nodes else "none"


def _since(held: Maybe[bool]) -> Maybe[int | None]:
    if isinstance(held, Unseen):
        return held
    return Unseen("unsupported") if held else None


def _adapters(host: Host) -> list[tuple[Radio, Maybe[Takes]]]:
    """Each card, and from whom it takes files."""
    cards = [name for name in host.list(BLUETOOTH) or [] if ":" not in name]
    lit = [name for name in cards if not _blocked(host, name)]
    off: tuple[Radio, Maybe[Takes]] = (OFF, "nothing")
    found = [off for _ in range(len(cards) - len(lit))]
    return found + [_adapter(host, name) for name in lit]


def _blocked(host: Host, card: str) -> bool:
    folder = f"{BLUETOOTH}/{card}"
    switches = [name for name in host.list(folder) or [] if name.startswith("rfkill")]
    return any(
        (read_text(host, f"{folder}/{switch}/{kind}", _SMALL) or "").strip() == "1"
        for switch in switches
        for kind in ("soft", "hard")
    )


def asked(card: str) -> list[str]:
    """The question for one card."""
    return [*_BUSCTL, "get-property", "org.bluez", f"/org/bluez/{card}", _INTERFACE, *_PROPERTIES]


def _adapter(host: Host, card: str) -> tuple[Radio, Maybe[Takes]]:
    found = attempt(_served, host, card)
    return (Radio(found, found), found) if isinstance(found, Unseen) else found


def _served(host: Host, card: str) -> tuple[Radio, Takes]:
    """What bluetoothd says of its adapter; off where it does not run. Raises CannotLook."""
    if not _CARD.fullmatch(card):
        raise CannotLook("parse-error", BLUETOOTH)
    ran = host.run(asked(card))
    try:
        if ran.code == 0:
            return _told(busctl_values.parse(ran.out))
        owned = host.run(list(OWNED))
        if owned.code == 0 and busctl_values.parse(owned.out) == [[False]]:
            return OFF, "nothing"
    except ParseError as error:
        raise CannotLook("parse-error", "busctl") from error
    if owned.code != 0:
        raise CannotLook("tool-missing", "no message bus answers")
    raise CannotLook("parse-error" if host.privileged else "denied", "bluetoothd")


def _told(values: list[busctl_values.Value]) -> tuple[Radio, Takes]:
    if len(values) != len(_PROPERTIES):
        raise CannotLook("parse-error", "busctl")
    powered, discoverable, uuids = values
    sound = isinstance(powered, bool) and isinstance(discoverable, bool)
    if not sound or not isinstance(uuids, list):
        raise CannotLook("parse-error", "busctl")
    takes = bool(_TAKING & {str(uuid).lower() for uuid in uuids})
    return radio(bool(powered), bool(discoverable)), "anybody" if takes else "nothing"


def _nodes(host: Host) -> list[str]:
    """Device nodes of cameras."""
    names = [name for name in host.list(VIDEO) or [] if _NODE.fullmatch(name)]
    return [f"/dev/{name}" for name in names if _captures(host, name)]


def _captures(host: Host, name: str) -> bool:
    number = (read_text(host, f"{VIDEO}/{name}/dev", _SMALL) or "").strip()
    if not _NUMBER.fullmatch(number):
        return True
    found = _CAPABILITIES.search(read_text(host, f"{UDEV}/c{number}", _UDEV_LIMIT) or "")
    if found is None:
        return True
    capabilities = set(found[1].split(":"))
    return "capture" in capabilities and not capabilities & {"video_output", "tuner", "radio"}


def _is_unused(host: Host, node: str) -> bool:
    """Whether the driver itself says that nobody has it open: each open file counts in it."""
    module = attempt(host.link, f"{VIDEO}/{node.rpartition('/')[2]}/device/driver/module")
    if isinstance(module, Unseen) or (module or "").rpartition("/")[2] != _DRIVER:
        return False
    count = attempt(read_text, host, f"/sys/module/{_DRIVER}/refcnt", _SMALL)
    return not isinstance(count, Unseen) and (count or "").strip() == "0"


def _held(host: Host, nodes: Maybe[list[str]]) -> bool:
    if isinstance(nodes, Unseen):
        raise CannotLook(nodes.unseen, VIDEO)
    if all(_is_unused(host, node) for node in nodes):
        return False
    wanted = [word for node in nodes for word in ("-o", "-lname", node)][1:]
    ran = host.run([*_FIND, "(", *wanted, ")", "-print", "-quit"])
    if ran.out.strip():
        return True
    if ran.code != 0:
        closed = b"Permission denied" in ran.err or b"Operation not permitted" in ran.err
        raise CannotLook("denied" if closed else "parse-error", "find")
    if not host.privileged:  # /proc may hide others' programs without a word
        raise CannotLook("denied", "find")
    return False
