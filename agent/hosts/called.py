"""What a machine calls itself, and the numbers its maker gave it, on any platform: what a recording
must not hold.

- Linux: the kernel's host name; serial numbers and asset tags of /sys/class/dmi/id.
- Windows: `ComputerName`, the names of `Tcpip\\Parameters`, `RegisteredOwner` and
  `RegisteredOrganization`; `Win32_BIOS` and `Win32_SystemEnclosure`. Never run on Windows.
- macOS: the three names of `scutil`, the serial number of `ioreg`. Never run on macOS.
- Both but Windows: the domains of `resolv.conf`, in which a school's or a provider's name stands.

What cannot be read is left out: shapes and keys are replaced all the same (`scrubbing`).
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from checks import macos
from checks.formats import resolv_conf
from checks.host import CannotLook, Host

_CONTROL: Final = r"SYSTEM\CurrentControlSet"
_KEYS: Final = (
    (rf"{_CONTROL}\Control\ComputerName\ActiveComputerName", ("computername",)),
    (rf"{_CONTROL}\Control\ComputerName\ComputerName", ("computername",)),
    (
        rf"{_CONTROL}\Services\Tcpip\Parameters",
        ("hostname", "nv hostname", "domain", "nv domain", "dhcpdomain"),
    ),
    (
        r"SOFTWARE\Microsoft\Windows NT\CurrentVersion",
        ("registeredowner", "registeredorganization"),
    ),
)
_CLASSES: Final = (
    ("Win32_BIOS", "SerialNumber"),
    ("Win32_SystemEnclosure", "SerialNumber"),
    ("Win32_SystemEnclosure", "SMBIOSAssetTag"),
)
_SERIAL_FILES: Final = (
    *("product_serial", "board_serial", "chassis_serial", "product_uuid"),
    *("board_asset_tag", "chassis_asset_tag"),
)

_RESOLV: Final = (
    *("/etc/resolv.conf", "/run/systemd/resolve/resolv.conf", "/private/var/run/resolv.conf"),
    "/run/NetworkManager/no-stub-resolv.conf",
)


class Called(msgspec.Struct, frozen=True):
    """Names and numbers, none of them empty."""

    names: list[str]
    numbers: list[str]


def of(host: Host) -> Called:
    """All that this machine says of itself."""
    if host.platform == "windows":
        return _made(_registered(host), _numbered(host))
    if host.platform == "macos":
        return _made(_scutil(host), _platform(host))
    names = [_text(host, "/proc/sys/kernel/hostname"), _text(host, "/etc/hostname")]
    return _made(names, [_text(host, f"/sys/class/dmi/id/{leaf}") for leaf in _SERIAL_FILES])


def domains(host: Host) -> list[str]:
    """Domains this machine looks for names in."""
    if host.platform == "windows":
        return []
    said = (resolv_conf.searched(_text(host, path).encode()) for path in _RESOLV)
    return sorted({name for one in said for name in one})


def system(host: Host) -> tuple[str, str]:
    """Name and build of its system, for a recording's head."""
    if host.platform == "windows":
        row = _rows(host, "Win32_OperatingSystem", "Caption", "Version")
        return (row[0], row[1]) if len(row) == 2 else ("Windows", "unknown")
    if host.platform == "macos":
        said = [_said(host, ["sw_vers", f"-{one}"]) for one in ("productVersion", "buildVersion")]
        return f"macOS {said[0]}".strip(), said[1] or "unknown"
    for line in _text(host, "/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            name = line.partition("=")[2].strip("\"'")
            return name, _text(host, "/proc/sys/kernel/osrelease") or "unknown"
    return "Linux", _text(host, "/proc/sys/kernel/osrelease") or "unknown"


def _made(names: Iterable[str], numbers: Iterable[str]) -> Called:
    return Called([name for name in names if name], [one for one in numbers if one])


def _registered(host: Host) -> list[str]:
    found = []
    for path, values in _KEYS:
        try:
            key = host.registry("HKLM", path)
        except CannotLook:
            continue
        held = {} if key is None else key.values
        found += [str(held[name].data).strip() for name in values if name in held]
    return found


def _numbered(host: Host) -> list[str]:
    return [said for cls, name in _CLASSES for said in _rows(host, cls, name)]


def _rows(host: Host, cls: str, *names: str) -> list[str]:
    try:
        rows = host.wmi(cls, "root/cimv2", names)
    except CannotLook:
        return []
    return [str(row[name]).strip() for row in rows[:1] for name in names if row.get(name)]


def _scutil(host: Host) -> list[str]:
    names = ("ComputerName", "LocalHostName", "HostName")
    return [_said(host, ["scutil", "--get", name]) for name in names]


def _platform(host: Host) -> list[str]:
    try:
        said = macos.platform_expert(host).get("IOPlatformSerialNumber")
    except CannotLook:
        return []
    return [said] if isinstance(said, str) else []


def _said(host: Host, argv: list[str]) -> str:
    try:
        ran = host.run(argv)
    except CannotLook:
        return ""
    return ran.out.decode("utf-8", "replace").strip() if ran.code == 0 else ""


def _text(host: Host, path: str) -> str:
    try:
        return (host.read(path, 4096) or b"").decode("utf-8", "replace").strip()
    except CannotLook:
        return ""
