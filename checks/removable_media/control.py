"""Linux: what keeps removable media out: drivers, the kernel's USB switch, USBGuard, udev rules.

- Drivers: /etc, /run, /usr/local/lib, /usr/lib/modprobe.d (a file in /etc hides one of the same
  name), `module_blacklist=` and `modprobe.blacklist=` on the command line; a driver is there if
  modules.builtin or a file under /lib/modules names it, and loaded if sysfs lists it. A kernel
  without modules has what sysfs lists and nothing else. The copy of modprobe.d in the initramfs is
  not read.
- USBGuard: its daemon must run; rules and settings are root's only.
- udev: the administrator's rules in /etc and /run that name no particular device. Not read: polkit
  rules (programs in JavaScript; nobody can tell what they decide without running them).
"""

import fnmatch
import re
from typing import Final, Literal

from checks.formats import modprobe_config, udev_rules, usbguard_conf, usbguard_rules
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt, read_text
from checks.removable_media.facts import Driver, Kind, UsbGuard
from checks.unseen import Maybe, Unseen

DriverName = Literal["usb_storage", "uas", "mmc_block", "sr_mod"]
Block = Literal["refused", "install", "blacklist", "no"]
Available = Literal["module", "builtin", "absent"]

DRIVERS: dict[DriverName, tuple[str, str, str]] = {
    "usb_storage": ("kernel/drivers/usb/storage/usb-storage.ko", "usb", "usb-storage"),
    "uas": ("kernel/drivers/usb/storage/uas.ko", "usb", "uas"),
    "mmc_block": ("kernel/drivers/mmc/core/mmc_block.ko", "mmc", "mmcblk"),
    "sr_mod": ("kernel/drivers/scsi/sr_mod.ko", "scsi", "sr"),
}
"""Driver → its file, and the bus and name it has in sysfs once loaded."""

COMPRESSED = ("", ".xz", ".zst", ".gz")
MODPROBE_FOLDERS = (
    "/usr/lib/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/run/modprobe.d",
    "/etc/modprobe.d",
)
RULES = ("/etc/udev/rules.d", "/run/udev/rules.d")
PHONE_PROGRAMS = (
    "/usr/libexec/gvfsd-mtp",
    "/usr/lib/gvfs/gvfsd-mtp",
    "/usr/libexec/gvfsd-gphoto2",
    "/usr/lib/gvfs/gvfsd-gphoto2",
    "/usr/bin/jmtpfs",
    "/usr/bin/simple-mtpfs",
    "/usr/bin/mtp-files",
    "/usr/bin/gphoto2",
    "/usr/lib/x86_64-linux-gnu/qt5/plugins/kf5/kio/mtp.so",
    "/usr/lib/x86_64-linux-gnu/qt6/plugins/kf6/kio/mtp.so",
)
_GENERAL = frozenset(
    (
        *("ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "KERNELS", "DRIVER", "DRIVERS"),
        *("ENV{ID_BUS}", "ENV{ID_USB_DRIVER}", "ENV{ID_USB_INTERFACES}", "ENV{DEVTYPE}"),
        *("ATTR{bInterfaceClass}", "ATTRS{bInterfaceClass}", "ENV{ID_FS_USAGE}"),
    )
)
_EXAMPLES: Final = {
    "ACTION": ("add", "bind", "change"),
    "DRIVER": ("usb", "usb-storage", "uas", "sd"),
    "DRIVERS": ("usb", "usb-storage", "uas", "sd"),
    "ID_USB_DRIVER": ("usb-storage", "uas"),
    "ID_USB_INTERFACES": (":080650:", ":080662:"),
    "bInterfaceClass": ("08",),
}
"""What udev says of a stick, for the conditions that could speak of something else."""
_ONE_PORT: Final = re.compile(r"[0-9]+-[0-9]|usb[0-9]")


def kinds(host: Host) -> list[Kind]:
    """What the machine has a socket or drive for. Raises CannotLook."""
    buses, disks = host.list("/sys/bus"), host.list("/sys/block")
    if buses is None or disks is None:
        raise CannotLook("unsupported", "/sys")
    found: list[Kind] = []
    if "usb" in buses and any(n.startswith("usb") for n in host.list("/sys/bus/usb/devices") or []):
        found += ["usb-storage", "phone"]
    if _card_slot(host):
        found.append("sd")
    return [*found, "optical"] if any(disk.startswith("sr") for disk in disks) else found


def drivers(host: Host) -> list[Driver]:
    """Each driver: is it there, is it stopped, is it loaded. Raises CannotLook."""
    modular = host.read("/proc/modules", 4 << 20) is not None
    config = attempt(_modprobe, host) if modular else None
    return [_driver(host, name, modular, config) for name in DRIVERS]


def usb_default(host: Host) -> Literal["allow", "block", "internal"] | None:
    """What happens to a new device on the loosest of the USB buses. Raises CannotLook."""
    root = "/sys/bus/usb/devices"
    hubs = [name for name in host.list(root) or [] if name.startswith("usb")]
    values = {(read_text(host, f"{root}/{hub}/authorized_default") or "").strip() for hub in hubs}
    if not values <= {"0", "1", "2"}:
        raise CannotLook("parse-error", "authorized_default")
    if not values:
        return None
    return "allow" if "1" in values else "internal" if "2" in values else "block"


def usbguard(host: Host) -> list[UsbGuard]:
    """USBGuard, if it is installed. Raises CannotLook."""
    if host.stat("/usr/sbin/usbguard-daemon") is None:
        return []
    processes = attempt(host.processes)
    running: Maybe[bool]
    if isinstance(processes, Unseen):
        running = processes
    else:
        running = any(process.name == "usbguard-daemon" for process in processes)
    try:
        return [_decisions(host, running)]
    except CannotLook as blind:
        why = Unseen(blind.reason)
        return [UsbGuard(running, why, why, why, why)]


def udev(host: Host) -> Literal["blocked", "hidden"] | None:
    """The strongest rule for USB drives in general. Raises CannotLook."""
    found: set[str] = set()
    for folder in RULES:
        for name in host.list(folder) or []:
            for rule in udev_rules.parse(host.read(f"{folder}/{name}") or b""):
                found |= _effect(rule)
    return "blocked" if "blocked" in found else "hidden" if "hidden" in found else None


def phone_programs(host: Host) -> bool:
    """Whether a program that reads phones and cameras is installed. Raises CannotLook."""
    return any(host.stat(path) is not None for path in PHONE_PROGRAMS)


def _card_slot(host: Host) -> bool:
    """A host controller without a soldered-in memory (type MMC) on it is a slot for cards."""
    for name in host.list("/sys/class/mmc_host") or []:
        cards = [c for c in host.list(f"/sys/class/mmc_host/{name}") or [] if c.startswith(name)]
        types = [read_text(host, f"/sys/class/mmc_host/{name}/{c}/type") or "" for c in cards]
        if not any(kind.strip() in ("MMC", "SDIO") for kind in types):
            return True
    return False


def _modprobe(host: Host) -> modprobe_config.Config:
    places = {
        name: f"{folder}/{name}"
        for folder in MODPROBE_FOLDERS
        for name in host.list(folder) or []
        if name.endswith(".conf")
    }
    texts = [host.read(places[name]) or b"" for name in sorted(places)]
    return modprobe_config.parse(b"\n".join(texts))


def _driver(
    host: Host, name: DriverName, modular: bool, config: Maybe[modprobe_config.Config] | None
) -> Driver:
    file, bus, driver = DRIVERS[name]
    loaded = attempt(lambda: driver in (host.list(f"/sys/bus/{bus}/drivers") or []))
    available: Maybe[Available]
    if modular:
        available = attempt(_available, host, file)
    elif isinstance(loaded, Unseen):
        available = loaded
    else:
        available = "builtin" if loaded else "absent"
    return Driver(name, available, attempt(_blocked, host, name, config), loaded)


def _available(host: Host, file: str) -> Available:
    release = (read_text(host, "/proc/sys/kernel/osrelease") or "").strip()
    folder = f"/lib/modules/{release}"
    builtin = read_text(host, f"{folder}/modules.builtin")
    if builtin is None:
        raise CannotLook("unsupported", f"{folder}/modules.builtin")
    if file in builtin.splitlines():
        return "builtin"
    there = any(host.stat(f"{folder}/{file}{end}") is not None for end in COMPRESSED)
    return "module" if there else "absent"


def _blocked(host: Host, name: DriverName, config: Maybe[modprobe_config.Config] | None) -> Block:
    cmdline = host.read("/proc/cmdline") or b""
    if name in modprobe_config.refused_at_boot(cmdline):
        return "refused"
    if isinstance(config, Unseen):
        raise CannotLook(config.unseen, "modprobe.d")
    block = "no" if config is None else config.block(name)
    if block == "no" and name in modprobe_config.blacklisted_at_boot(cmdline):
        return "blacklist"
    return block


def _decisions(host: Host, running: Maybe[bool]) -> UsbGuard:
    data = host.read("/etc/usbguard/usbguard-daemon.conf")
    if data is None:
        raise CannotLook("unsupported", "usbguard-daemon.conf")
    try:
        config = usbguard_conf.parse(data)
        rules = usbguard_rules.parse(_rules(host, config))
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    stick = _decided(config, rules, usbguard_rules.STORAGE)
    return UsbGuard(
        running=running,
        stick=stick,
        phone=_decided(config, rules, usbguard_rules.PHONE),
        approved=usbguard_rules.approved(rules),
        models=usbguard_rules.models(rules, usbguard_rules.STORAGE),
    )


def _rules(host: Host, config: usbguard_conf.Config) -> bytes:
    """The rule file, then the files of the rule folder in order of their names."""
    folder = config.rule_folder
    names = [n for n in (host.list(folder) if folder else None) or [] if n.endswith(".conf")]
    places = ([config.rule_file] if config.rule_file else []) + [f"{folder}/{n}" for n in names]
    return b"\n".join(host.read(place) or b"" for place in places)


def _decided(
    config: usbguard_conf.Config, rules: list[usbguard_rules.Rule], interface: str
) -> usbguard_conf.Target:
    if config.present == "allow" or config.inserted == "allow":
        return "allow"
    by_rules = usbguard_rules.stranger(rules, config.implicit, interface)
    # A present device is judged at start-up by its own setting, so the rules must stop it too.
    ruled = "apply-policy" in (config.present, config.inserted)
    return by_rules if ruled else "block"


def _effect(rule: udev_rules.Rule) -> set[str]:
    keys = {f"{p.key}{{{p.attribute}}}" if p.attribute else p.key for p in rule.pairs if p.matches}
    about_usb = any(
        "usb" in pair.value.lower() or pair.attribute in ("bInterfaceClass", "ID_USB_INTERFACES")
        for pair in rule.pairs
        if pair.operator == "=="
    )
    fits = all(pair.operator == "==" and _fits(pair) for pair in rule.pairs if pair.matches)
    if not keys <= _GENERAL or not about_usb or not fits:
        return set()
    found = set()
    if rule.assigned("ENV", "UDISKS_IGNORE") == ["1"]:
        found.add("hidden")
    if rule.assigned("ATTR", "authorized") == ["0"]:
        found.add("blocked")
    return found


def _fits(pair: udev_rules.Pair) -> bool:
    """Whether a condition holds for any stick in any socket: a rule for wireless cards, for one
    port or for taking out stops none."""
    examples = _EXAMPLES.get(pair.attribute or pair.key)
    alternatives = pair.value.split("|")
    if examples is None:
        return not any(_ONE_PORT.match(one) for one in alternatives)
    return any(fnmatch.fnmatchcase(example, one) for one in alternatives for example in examples)
