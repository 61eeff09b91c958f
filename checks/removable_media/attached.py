"""Linux: what is attached now (sysfs) and was in the last two days (the kernel's log).

Attached: every disk of /sys/block whose device lies behind USB, and SD cards; a card reader without
a card has size 0; phones and cameras by interface class 06 of /sys/bus/usb/devices. Log: the
journal, which reaches over restarts where /var/log/journal exists, else `dmesg`, since the start.
Without root both may refuse. Not seen: discs put into a drive (nothing logs them), drives over
Thunderbolt, phones that only charge or use an interface of their maker's own.
"""

import re

import msgspec

from checks.formats import kernel_log
from checks.formats.lsblk import BlockDevice
from checks.hardware.blockdevices import block_devices
from checks.host import CannotLook, Host, attempt, read_text
from checks.removable_media.facts import Kind, Volume
from checks.removable_media.named import SchoolList

SECTOR = 512
"""Bytes; /sys/block/*/size counts in these whatever the disk's own sectors are."""

NAME_LONGEST = 60
LOCKED = ("crypto_LUKS", "BitLocker")
"""What lsblk calls a part that only a key opens."""
JOURNAL = (
    *("journalctl", "_TRANSPORT=kernel", "--output=short-unix", "--no-pager", "--quiet"),
    "--utc",
)
FRESH = "--since=-2days"
BEFORE = ("--until=-2days", "--lines=1")
DMESG = ("dmesg", "--kernel")
FIRST_MESSAGE = "Linux version "
_VIRTUAL = ("loop", "ram", "zram", "dm-", "md", "nbd", "sr", "fd")
_PORT = re.compile(r"^\d+-\d+(\.\d+)*$")
_INTERFACE = re.compile(r"^(\d+-\d+(?:\.\d+)*):\d+\.\d+$")


def attached(host: Host, school: SchoolList) -> list[Volume]:
    """Drives, cards, phones and cameras attached at this moment. Raises CannotLook."""
    names = host.list("/sys/block")
    if names is None:
        raise CannotLook("unsupported", "/sys/block")
    found = [_disk(host, name, school) for name in names if not name.startswith(_VIRTUAL)]
    return [volume for volume in (*found, *_phones(host, school)) if volume is not None]


def volume(host: Host, name: str) -> Volume | None:
    """The drive or card behind a disk of /sys/block; None for one that is built in. Raises
    CannotLook."""
    return _disk(host, name, SchoolList())


def logged(host: Host, school: SchoolList) -> tuple[list[Volume], int]:
    """Drives and cards in the log, and since when it tells (epoch seconds). Raises CannotLook."""
    messages, since = _journal(host) or _dmesg(host)
    volumes = [_logged(host, drive, school) for drive in kernel_log.drives(messages)]
    return volumes, since


def _disk(host: Host, name: str, school: SchoolList) -> Volume | None:
    where = host.link(f"/sys/block/{name}") or ""
    parts = where.split("/")
    ports = [index for index, part in enumerate(parts) if _PORT.match(part)]
    size = _number(host, f"/sys/block/{name}/size") * SECTOR
    if not size:
        return None
    if any(part.startswith("usb") for part in parts) and ports:
        folder = "/sys/" + "/".join(parts[: ports[-1] + 1]).removeprefix("../")
        found = _usb(host, folder, "usb-storage", size, school)
    elif _leaf(host, f"/sys/block/{name}/device/type") == "SD":
        found = _sd_card(host, f"/sys/block/{name}/device", size, school)
    else:
        return None
    return msgspec.structs.replace(found, encrypted=attempt(_encrypted, host, name))


def _encrypted(host: Host, name: str) -> bool:
    """Whether a drive holds nothing but LUKS or BitLocker. Raises CannotLook."""
    drive = next((one for one in block_devices(host) if one.name == name), None)
    if drive is None:
        raise CannotLook("unsupported", name)
    return all(_locked(one) for one in drive.children or [drive])


def _locked(part: BlockDevice) -> bool:
    return part.fstype in LOCKED


def _usb(host: Host, folder: str, kind: Kind, size: int | None, school: SchoolList) -> Volume:
    vendor, product = _leaf(host, f"{folder}/idVendor"), _leaf(host, f"{folder}/idProduct")
    serial = _leaf(host, f"{folder}/serial")
    name = f"{_leaf(host, f'{folder}/manufacturer')} {_leaf(host, f'{folder}/product')}"
    named = school.naming(kind, f"{vendor}:{product}", serial)
    found = _volume(host, kind, f"{vendor}:{product}", serial=serial, name=name, size=size)
    return msgspec.structs.replace(found, named=named)


def _sd_card(host: Host, folder: str, size: int, school: SchoolList) -> Volume:
    serial, name = _leaf(host, f"{folder}/cid"), _leaf(host, f"{folder}/name")
    found = _volume(host, "sd", "", serial=serial, name=name, size=size)
    return msgspec.structs.replace(found, named=school.naming("sd", "", serial))


def _phones(host: Host, school: SchoolList) -> list[Volume]:
    root = "/sys/bus/usb/devices"
    found = {}
    for name in host.list(root) or []:
        interface = _INTERFACE.match(name)
        if interface and _leaf(host, f"{root}/{name}/bInterfaceClass") == "06":
            found[interface[1]] = _usb(host, f"{root}/{interface[1]}", "phone", None, school)
    return list(found.values())


def _logged(host: Host, drive: kernel_log.Drive, school: SchoolList) -> Volume:
    kind: Kind = "sd" if drive.kind == "sd" else "usb-storage"
    usb = f"{drive.vendor}:{drive.product}" if drive.vendor else ""
    # A card's address is given anew each time it is put in, so it is no serial number.
    serial = drive.serial if kind == "usb-storage" else ""
    last = drive.attached_at if drive.gone_at is None else drive.gone_at
    volume = _volume(host, kind, usb, serial=serial, name=drive.name)
    return msgspec.structs.replace(
        volume,
        size_bytes=None,
        first_at=drive.attached_at,
        last_at=last,
        named=school.naming(kind, usb, serial),
    )


def _volume(
    host: Host, kind: Kind, usb: str, *, serial: str, name: str, size: int | None = None
) -> Volume:
    plain = "".join(c for c in " ".join(name.split()) if c.isprintable())[:NAME_LONGEST]
    identity = f"{kind}:{usb}:{serial or plain}"
    return Volume(
        host.alias("media", identity), kind, usb, plain, bool(serial), size, None, host.clock()
    )


def _journal(host: Host) -> tuple[list[kernel_log.Message], int] | None:
    """The journal's kernel messages; None where it shows none at all (no right, or no journal)."""
    fresh = attempt(_asked, host, [*JOURNAL, FRESH])
    before = attempt(_asked, host, [*JOURNAL, *BEFORE])
    if not isinstance(fresh, list) or not isinstance(before, list) or not fresh:
        return None
    # An older message proves that the log reaches back over the whole two days.
    return fresh, before[-1].at if before else fresh[0].at


def _asked(host: Host, argv: list[str]) -> list[kernel_log.Message]:
    ran = host.run(argv)
    if ran.code != 0:
        raise CannotLook("denied", argv[0])
    return kernel_log.parse(ran.out)


def _dmesg(host: Host) -> tuple[list[kernel_log.Message], int]:
    messages = _asked(host, list(DMESG))
    if not messages:
        raise CannotLook("denied", "no kernel messages at all")
    up = (read_text(host, "/proc/uptime") or "").partition(".")[0]
    if not up.isdecimal() or len(up) > 12:
        raise CannotLook("parse-error", "/proc/uptime")
    start = host.clock() - int(up)
    whole = any(message.text.startswith(FIRST_MESSAGE) for message in messages[:4])
    # The ring is small: without its first message, what came before the oldest one is gone.
    since = start if whole else start + messages[0].at
    return [kernel_log.Message(start + m.at, m.text) for m in messages], since


def _leaf(host: Host, path: str) -> str:
    return (read_text(host, path, 4096) or "").strip()


def _number(host: Host, path: str) -> int:
    text = _leaf(host, path)
    return int(text) if text.isdecimal() and len(text) < 16 else 0
