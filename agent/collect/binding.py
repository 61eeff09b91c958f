"""Is this still the machine the key was made on? Several
hardware facts decide, never one (trust §4.3).

Cloned disks are how schools set up thirty laptops in a day, so a key that wakes up on
other hardware must give itself up. Placeholders ("To be filled by O.E.M.") are dropped,
because thirty laptops share those too. Fewer than two factors left: the binding is
*weak*, and this module decides nothing.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from agent import files
from checks.hardware.placeholders import (
    is_made_up_mac,
    is_placeholder,
    is_placeholder_mac,
    is_placeholder_uuid,
)
from checks.host import CannotLook, Host
from wire import binding as wire_binding
from wire.text import clean

_DMI: Final = "/sys/class/dmi/id"
_DMI_FACTORS: Final = {
    "uuid": "product_uuid",
    "board_serial": "board_serial",
    "serial": "product_serial",
    "chassis_serial": "chassis_serial",
}
Factors = dict[str, str]
"""Kind → value as the maker wrote it."""


class Binding(msgspec.Struct, frozen=True):
    """Hashes of the factors a key was made with; hashes, so that the file tells a thief nothing."""

    factors: dict[str, str]


def factors(host: Host) -> Factors:
    """What this machine can be told apart by. Kinds it cannot see are left out."""
    found = {kind: _dmi(host, leaf) for kind, leaf in _DMI_FACTORS.items()}
    found["disk_serial"] = _system_disk(host)
    found["macs"] = _macs(host)
    return {kind: value for kind, value in found.items() if value is not None}


def digest(found: Factors) -> str:
    """The binding as it stands in each report; empty when nothing could be seen."""
    return wire_binding.digest(found)


def store(folder: Path, found: Factors) -> None:
    """Remember what the key was made with."""
    files.replace(folder / "binding.json", msgspec.json.encode(Binding(_hashed(found))))


def is_another_machine(folder: Path, found: Factors) -> bool:
    """Whether most factors that were seen both then and now differ. Too few to tell is False, and
    so is a record that the disk did not keep: the controller still tells a copy by its reports."""
    data = files.read_or_none(folder / "binding.json", 16 * 1024)
    if data is None:
        return False
    try:
        before = msgspec.json.decode(data, type=Binding).factors
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    now = _hashed(found)
    both = before.keys() & now.keys()
    changed = sum(1 for kind in both if before[kind] != now[kind])
    if len(both) < 2:
        return False
    return changed * 2 > len(both)


def _hashed(found: Factors) -> dict[str, str]:
    return {
        kind: hashlib.sha256(f"{kind}={value}".encode()).hexdigest()
        for kind, value in found.items()
    }


def _dmi(host: Host, leaf: str) -> str | None:
    junk = is_placeholder_uuid if leaf == "product_uuid" else is_placeholder
    return _usable(_text(host, f"{_DMI}/{leaf}"), junk)


def _system_disk(host: Host) -> str | None:
    """The serial of the disk that holds `/`, by way of sysfs; nothing for a RAM or network root."""
    mounts = _text(host, "/proc/self/mounts") or ""
    devices = (line.split(" ")[0] for line in mounts.splitlines() if line.split(" ")[1:2] == ["/"])
    device = next(
        (name.removeprefix("/dev/") for name in devices if name.startswith("/dev/")), None
    )
    if device is None or "/" in device:
        return None
    link = _link(host, f"/sys/class/block/{device}")
    disk = (
        device if link is None or "/block/" not in link else link.split("/block/")[1].split("/")[0]
    )
    for leaf in ("device/serial", "serial", "wwid"):
        serial = _usable(_text(host, f"/sys/class/block/{disk}/{leaf}"))
        if serial is not None:
            return serial
    return None


def _macs(host: Host) -> str | None:
    """Permanent addresses of cards in the machine; a locally administered one proves nothing."""
    try:
        cards = host.interfaces()
    except CannotLook:
        return None
    own = sorted(
        card.mac
        for card in cards
        if card.mac and card.permanent and card.kind in ("wired", "wireless")
        if not is_made_up_mac(card.mac) and not is_placeholder_mac(card.mac)
    )
    return ",".join(own)[:128] or None


def _usable(value: str | None, junk: Callable[[str], bool] = is_placeholder) -> str | None:
    text = clean(value, 128).strip() if value else ""
    return None if not text or junk(text) else text


def _text(host: Host, path: str) -> str | None:
    try:
        data = host.read(path, 64 * 1024)
    except CannotLook:
        return None
    return None if data is None else data.decode("utf-8", "replace").strip("\0\n ")


def _link(host: Host, path: str) -> str | None:
    try:
        return host.link(path)
    except CannotLook:
        return None
