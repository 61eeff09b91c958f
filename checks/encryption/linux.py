"""Linux encryption: what lsblk shows between each file system and its drive, /etc/crypttab,
/sys/block/dm-*/dm, as root `dmsetup table`, and where there is ZFS `zfs get`.

A volume is encrypted when a `crypt` layer lies between it and the drive, or when it is a locked
LUKS or BitLocker container. Traps: a layer with the cipher `null` encrypts nothing, and only root
sees the cipher; no installer makes such a LUKS container, so without root LUKS is taken as what it
says, and any other layer is unseen. A key file lies beside its drive when its path is on a readable
file system, or when it opens the system itself and /boot is readable, because then it must lie
there as well. Partitions under 2 GiB that nothing mounts are the firmware's and the makers'. Seen
on Debian 12 (lsblk 2.38, dmsetup 1.02.185) without encryption; LUKS, LVM and ZFS are constructed.
"""

from typing import Final

from checks.encryption.facts import EncryptionFacts, Place, State, Volume
from checks.formats import crypttab, dmsetup_table
from checks.formats.lsblk import BlockDevice
from checks.hardware.blockdevices import block_devices
from checks.hardware.linux_disks import disks
from checks.host import Host, attempt, output, read_text
from checks.unseen import Maybe, Unseen

SMALLEST: Final = 2 << 30
"""Bytes of a partition that nothing mounts and that may still hold what people wrote."""
_BOOT: Final = ("/boot", "/boot/efi", "/efi")
_LOCKED: Final = ("crypto_LUKS", "BitLocker")
_ORDER: Final[tuple[Place, ...]] = ("system", "home", "other", "swap")
_ZFS: Final = ("zfs", "get", "-H", "-t", "filesystem,volume", "-o", "name,value", "encryption")
_BOOT_POOL: Final = "bpool"
"""Ubuntu's, which GRUB must be able to read."""

Above = tuple[BlockDevice, ...]


def read(host: Host) -> EncryptionFacts:
    """Every volume of the drives that stay in the machine."""
    return EncryptionFacts(volumes=attempt(_volumes, host))


def _volumes(host: Host) -> list[Volume]:
    devices = block_devices(host)
    inner = {disk.name for disk in disks(devices) if not disk.removable}
    leaves: dict[str, tuple[BlockDevice, Above]] = {}
    for drive in (device for device in devices if device.name in inner):
        for leaf, above in _leaves(drive, ()):
            leaves.setdefault(leaf.name, (leaf, above))
    layers = _Layers(host, list(leaves.values()))
    found: list[Volume] = []
    for leaf, above in leaves.values():
        place = _place(leaf)
        if leaf.fstype == "zfs_member" and not _crypts(leaf, above):
            found.append(Volume("other", attempt(_zfs, host)))
        elif place is not None:
            found.append(Volume(place, layers.state(leaf, above, place)))
    return sorted(found, key=lambda volume: _ORDER.index(volume.place))


def _leaves(device: BlockDevice, above: Above) -> list[tuple[BlockDevice, Above]]:
    """What nothing lies on, or what is mounted itself."""
    own = [(device, above)] if not device.children or device.mounts else []
    for child in device.children:
        own += _leaves(child, (*above, device))
    return own


def _crypts(leaf: BlockDevice, above: Above) -> list[BlockDevice]:
    return [device for device in (*above, leaf) if device.kind == "crypt"]


def _place(leaf: BlockDevice) -> Place | None:
    """None: nothing that people wrote lies there."""
    if leaf.fstype == "swap" or "[SWAP]" in leaf.mounts:
        return "swap"
    if "/" in leaf.mounts:
        return "system"
    if "/home" in leaf.mounts:
        return "home"
    if any(mount in _BOOT for mount in leaf.mounts):
        return None
    return "other" if leaf.mounts or (leaf.fstype and leaf.size_bytes >= SMALLEST) else None


class _Layers:
    """What opens the `crypt` layers; asked only of a machine that has one."""

    def __init__(self, host: Host, leaves: list[tuple[BlockDevice, Above]]) -> None:
        self._host = host
        self._readable = [
            mount for leaf, above in leaves if not _crypts(leaf, above) for mount in leaf.mounts
        ]
        self._sealed = [
            mount for leaf, above in leaves if _crypts(leaf, above) for mount in leaf.mounts
        ]
        any_layer = any(_crypts(leaf, above) for leaf, above in leaves)
        self._ciphers = attempt(_ciphers, host) if any_layer else Unseen("unsupported")
        self._entries = attempt(_crypttab, host) if any_layer else Unseen("unsupported")

    def state(self, leaf: BlockDevice, above: Above, place: Place) -> Maybe[State]:
        """The best of a volume's layers; none at all is `off`."""
        layers = _crypts(leaf, above)
        if not layers:
            return "on" if leaf.fstype in _LOCKED else "off"
        states = [self._layer(layer, place) for layer in layers]
        seen = [state for state in states if not isinstance(state, Unseen)]
        if "on" in seen:
            return "on"
        blind = next((state for state in states if isinstance(state, Unseen)), None)
        if blind is not None:
            return blind
        return "open" if "open" in seen else "off"

    def _layer(self, layer: BlockDevice, place: Place) -> Maybe[State]:
        about = f"/sys/block/{layer.name}/dm"
        name = attempt(read_text, self._host, f"{about}/name")
        kind = attempt(read_text, self._host, f"{about}/uuid")
        if isinstance(name, Unseen) or isinstance(kind, Unseen):
            return Unseen("denied")
        if name is None or kind is None:
            return Unseen("parse-error")
        if not isinstance(self._ciphers, Unseen):
            cipher = self._ciphers.get(name.strip())
            if cipher is None:
                return Unseen("parse-error")
            if "cipher_null" in cipher:
                return "off"
        elif not kind.startswith("CRYPT-LUKS"):
            return self._ciphers
        return self._opened(name.strip(), place)

    def _opened(self, name: str, place: Place) -> Maybe[State]:
        """By the key that opens it."""
        if isinstance(self._entries, Unseen):
            return self._entries
        entry = self._entries.get(name)
        if entry is None or not entry.key or entry.key.startswith("/dev/"):
            return "on"  # somebody is asked, the security chip opens it, or its key is new each day
        if ":" in entry.key or any(option.startswith("keyscript=") for option in entry.options):
            return "on"  # the key is on another device, or a program brings it
        mount = max(
            (one for one in (*self._readable, *self._sealed) if _lies_in(entry.key, one)),
            key=len,
            default="",
        )
        if mount in self._readable or (place == "system" and "/boot" in self._readable):
            return "open"
        return "on" if mount else Unseen("unsupported")


def _lies_in(path: str, mount: str) -> bool:
    return path.startswith(mount.rstrip("/") + "/")


def _ciphers(host: Host) -> dict[str, str]:
    return dmsetup_table.parse(output(host, list(dmsetup_table.ARGV)).encode())


def _crypttab(host: Host) -> dict[str, crypttab.Entry]:
    return crypttab.parse(host.read("/etc/crypttab") or b"")


def _zfs(host: Host) -> State:
    """Of all pools together: one data set in the clear is enough."""
    rows = (line.split("\t") for line in output(host, list(_ZFS)).splitlines())
    values = [row[1] for row in rows if len(row) == 2 and row[0].split("/")[0] != _BOOT_POOL]
    return "on" if values and "off" not in values and "-" not in values else "off"
