r"""Windows: which release and edition, who fixes it, how updates are set up, what waits.

Identity in `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`: the build decides, because
`ProductName` says "Windows 10" on Windows 11; `EditionID` decides the end date. Licences for
Windows 10's extended updates: `SoftwareLicensingProduct`, by Microsoft's activation ids, asked only
on the build that has them. Updates: the policy keys below `WindowsUpdate`, MDM's `Update` area
(Group Policy beats it unless `MDMWinsOverGP`), the two services' `Start`, a pause in `UX\Settings`.
What waits and since when: `windows_updates`.
No Windows machine was at hand: written from Microsoft's documentation and public readers of it.
"""

import re
from typing import Final, Literal

import msgspec

from checks.host import CannotLook, Host, RegistryKey, attempt
from checks.layers import Layer
from checks.operating_system import windows_updates
from checks.operating_system.facts import (
    Automatic,
    Evidence,
    OperatingSystemFacts,
    OperatingSystemNow,
    Product,
)
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, mdm, mdm_wins, number, row_number, row_text, text, when

Edition = Literal["W", "E", "LTSC", "IoT"]

_UPDATE: Final = r"SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
_PAUSE: Final = r"SOFTWARE\Microsoft\WindowsUpdate\UX\Settings"
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_ENVIRONMENT: Final = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_ENROLMENTS: Final = r"SOFTWARE\Microsoft\Enrollments"
_GUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_ELEVEN: Final = 22_000
"""The first build that is Windows 11."""
_WITH_EXTENDED: Final = 19_045
_DISABLED: Final = 4
_LICENSED: Final = 1

_ESU: Final[dict[str, Evidence]] = {
    "f520e45e-7413-4a34-a497-d2765967d094": "windows-esu-1",
    "1043add5-23b1-4afb-9a0f-64343c8f3f8d": "windows-esu-2",
    "83d49986-add3-41d7-ba33-87c7bfb5c0fb": "windows-esu-3",
}
"""Microsoft's activation ids of the three years, the same on every computer."""

_EDITIONS: Final[dict[str, Edition]] = {
    **dict.fromkeys(("core", "corecountryspecific", "coresinglelanguage"), "W"),
    **dict.fromkeys(("professional", "professionaleducation", "professionalworkstation"), "W"),
    # Windows 11 SE ends with the Home and Pro line of its last release.
    **dict.fromkeys(("professionalsinglelanguage", "cloud", "cloudedition"), "W"),
    **dict.fromkeys(("enterprise", "enterpriseg", "education", "iotenterprise", "serverrdsh"), "E"),
    "enterprises": "LTSC",
    **dict.fromkeys(("iotenterprises", "iotenterprisesk"), "IoT"),
}
"""`EditionID` in lower case without `N` (no media player) and `Eval` at its end."""


def read(host: Host) -> OperatingSystemFacts:
    """Which Windows this is, who fixes it, and whether it updates itself."""
    key = host.registry("HKLM", WINDOWS_NT)
    if key is None:
        raise CannotLook("parse-error", "no CurrentVersion")
    build = _build(key)
    server = (text(key, "InstallationType") or "").lower().startswith("server")
    product: Product = "windows-server" if server else _client(build)
    release = text(key, "DisplayVersion") or text(key, "ReleaseId") or f"build {build}"
    revision = number(key, "UBR")
    return OperatingSystemFacts(
        product=product,
        name=_name(key, product, release),
        release=release,
        point=str(build) if revision is None else f"{build}.{revision}",
        build=str(build),
        edition=None if server else _edition(text(key, "EditionID")),
        support_end=None,
        extended=attempt(_extended, host, product, build),
        kernel=None,
        architecture=attempt(_architecture, host),
        automatic=attempt(_automatic, host, server),
        managed_by=attempt(_managed_by, host),
    )


def read_now(host: Host) -> OperatingSystemNow:
    """What waits to be installed, what was, and whether a restart is due."""
    return windows_updates.read(host)


def _build(key: RegistryKey) -> int:
    build = number(key, "CurrentBuildNumber") or number(key, "CurrentBuild")
    if build is None or build <= 0:
        raise CannotLook("parse-error", "CurrentBuildNumber")
    return build


def _client(build: int) -> Product:
    """What is older than any Windows 10 counts as one that ended before all of them did."""
    return "windows-11" if build >= _ELEVEN else "windows-10"


def _name(key: RegistryKey, product: Product, release: str) -> str:
    name = text(key, "ProductName") or "Windows"
    if product == "windows-11":
        name = name.replace("Windows 10", "Windows 11")
    told = product == "windows-server" or release.startswith("build ") or release in name
    shown = name if told else f"{name} {release}"
    return "".join(c for c in shown[:480] if c.isprintable()).strip()[:120]


def _edition(edition_id: str | None) -> Maybe[Edition | None]:
    plain = (edition_id or "").lower().removesuffix("eval")
    found = _EDITIONS.get(plain) or _EDITIONS.get(plain.removesuffix("n"))
    return found or Unseen("unsupported")


def _extended(host: Host, product: Product, build: int) -> list[Evidence]:
    if product != "windows-10" or build != _WITH_EXTENDED:
        return []
    # There are hundreds, and each is worked out when it is asked for.
    ours = " OR ".join(f"ID='{licence}'" for licence in _ESU)
    rows = host.wmi(f"SoftwareLicensingProduct WHERE {ours}", "root/cimv2", ["ID", "LicenseStatus"])
    active = {
        (row_text(row, "ID") or "").lower()
        for row in rows
        if row_number(row, "LicenseStatus") == _LICENSED
    }
    return [evidence for licence, evidence in _ESU.items() if licence in active]


def _architecture(host: Host) -> str | None:
    return text(host.registry("HKLM", _ENVIRONMENT), "PROCESSOR_ARCHITECTURE")


class _Asked(msgspec.Struct, frozen=True):
    """What one layer asks of Windows Update."""

    by: Layer
    runs: bool
    installs: bool


def _automatic(host: Host, server: bool) -> list[Automatic]:
    """Windows Update as it is in force; a disabled service beats every policy."""
    policy = _by_group_policy(host.registry("HKLM", rf"{_UPDATE}\AU"))
    device = _by_mdm(mdm(host, "Update"))
    both = device is not None and policy is not None
    asked = (device, policy) if both and mdm_wins(host) else (policy, device)
    # A server that nobody told otherwise downloads and waits for somebody to install.
    inbuilt = _Asked("default", runs=True, installs=not server)
    chosen = next((layer for layer in asked if layer is not None), inbuilt)
    for service in ("wuauserv", "UsoSvc"):
        if number(host.registry("HKLM", rf"{_SERVICES}\{service}"), "Start") == _DISABLED:
            chosen = _Asked("local-policy", runs=False, installs=False)
    paused = attempt(_paused_until, host)
    return [Automatic("windows-update", chosen.runs, chosen.installs, paused, chosen.by)]


def _by_group_policy(key: RegistryKey | None) -> _Asked | None:
    off, option = number(key, "NoAutoUpdate"), number(key, "AUOptions")
    if off == 1 or option == 1:
        return _Asked("group-policy", runs=False, installs=False)
    if option in (2, 3, 7):  # ask before download; before installing; the same on a server
        return _Asked("group-policy", runs=True, installs=False)
    if option in (4, 5) or off == 0:
        return _Asked("group-policy", runs=True, installs=True)
    return None


def _by_mdm(key: RegistryKey | None) -> _Asked | None:
    allowed = number(key, "AllowAutoUpdate")
    if allowed is None:
        return None
    return _Asked("mdm", runs=allowed != 5, installs=allowed in (1, 2, 3, 4))


def _paused_until(host: Host) -> int | None:
    key = host.registry("HKLM", _PAUSE)
    ends = [
        when(text(key, name)) for name in ("PauseUpdatesExpiryTime", "PauseQualityUpdatesEndTime")
    ]
    return max((end for end in ends if end is not None), default=None)


def _managed_by(host: Host) -> Literal["wsus", "intune", "mdm"] | None:
    """Who else decides what is installed: a WSUS server, or MDM where it sets anything about it."""
    asks_server = number(host.registry("HKLM", rf"{_UPDATE}\AU"), "UseWUServer") == 1
    if asks_server and text(host.registry("HKLM", _UPDATE), "WUServer"):
        return "wsus"
    asked = mdm(host, "Update")
    if asked is None or not asked.values:
        return None
    enrolments = host.registry("HKLM", _ENROLMENTS)
    for name in [] if enrolments is None else enrolments.subkeys:
        if _GUID.fullmatch(name):
            one = host.registry("HKLM", rf"{_ENROLMENTS}\{name}")
            if number(one, "EnrollmentState") == 1 and text(one, "ProviderID") == "MS DM Server":
                return "intune"
    return "mdm"
