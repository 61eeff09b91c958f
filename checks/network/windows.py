r"""Windows network: the Defender firewall's three profiles, by registry, who stands in for it, and
which doors for remote control stand open.

- Each profile's `EnableFirewall` and `DefaultInboundAction` (1 blocks, 0 allows), first from
  Group Policy, `SOFTWARE\Policies\Microsoft\WindowsFirewall\<profile>`, then MDM,
  `…\SharedAccess\Parameters\FirewallPolicy\Mdm\<profile>`, then the machine's own,
  `…\FirewallPolicy\<profile>`; without any, it is on and blocks.
- Of the services `MpsSvc` and `BFE`, one that is switched off (`Start` 4) means no firewall at all;
  one that is gone or waits to be started (3) is not as Windows has it, and unseen.
- `FirewallProduct` in `root/SecurityCenter2` (not on servers): another maker's that says it is on,
  0x1000 of `productState`; one whose program is gone is a ghost.
- What listens (`remote`), Remote Desktop also on the `PortNumber` of `…\WinStations\RDP-Tcp`, where
  `UserAuthentication` 1 asks who it is first (below `…\Windows NT\Terminal Services` where Group
  Policy says; unset means no).
- SMB 1 is shared where `LanmanServer` may start, its `SMB1` is not 0, and its driver `srv` is there
  and may start: since Windows 10 1709 the feature is left out, and so the driver is.

Traps: the profile shown as "Private" is `StandardProfile` in the machine's own part and, by the
older templates, in Group Policy's, where it may speak for public networks too: where that would
change the answer, it is unseen. Ordinary users see all of it. Written after Microsoft's
documentation and public readers; never run on Windows.
"""

from typing import Final

from checks.host import CannotLook, Host, Listeners, attempt
from checks.layers import Layer
from checks.network import remote
from checks.network.facts import Guard, Inbound, Kind, NetworkFacts, Scope, Service
from checks.network.windows_uplinks import modems, resolvers, uplinks
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, Row, flag, number, row_number, row_text, text

POLICY: Final = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
OWN: Final = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_DISABLED: Final = 4
_AUTOMATIC: Final = 2
_PROFILES: Final[dict[Scope, tuple[str, str]]] = {
    "domain": ("DomainProfile", "DomainProfile"),
    "private": ("PrivateProfile", "StandardProfile"),
    "public": ("PublicProfile", "PublicProfile"),
}
"""In Group Policy's part and in the machine's."""
_OLDER: Final = "StandardProfile"
_RDP_POLICY: Final = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
_RDP: Final = r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp"
_SYSTEM_ROOT: Final = r"C:\Windows"
_PRODUCT: Final = ("displayName", "productState", "pathToSignedReportingExe")
_LONGEST: Final = 60

Layers = list[tuple[Layer, str]]


def read(host: Host) -> NetworkFacts:
    """The profiles, and other makers' firewalls."""
    listening = attempt(host.listeners)
    return NetworkFacts(
        guards=attempt(_guards, host),
        keepers=[],
        others=attempt(_others, host),
        services=attempt(_services, host, listening),
        unnamed=attempt(_unnamed, listening),
        nla=attempt(_nla, host, listening),
        uplinks=attempt(uplinks, host),
        resolvers=attempt(resolvers, host),
        modems=attempt(modems, host),
        smb1=attempt(_smb1, host),
    )


def _services(host: Host, listening: Maybe[Listeners]) -> list[Service]:
    return remote.services(remote.seen(listening), _own(host))


def _unnamed(listening: Maybe[Listeners]) -> int:
    return remote.unnamed(remote.seen(listening))


def _own(host: Host) -> dict[int, Kind]:
    """The port that Remote Desktop was moved to."""
    port = number(host.registry("HKLM", _RDP), "PortNumber")
    return {} if port is None else {port: "rdp"}


def _nla(host: Host, listening: Maybe[Listeners]) -> bool | None:
    if not remote.offers(remote.seen(listening), "rdp", _own(host)):
        return None
    for key in (_RDP_POLICY, _RDP):
        asked = flag(host.registry("HKLM", key), "UserAuthentication")
        if asked is not None:
            return asked
    return False


def _smb1(host: Host) -> bool | None:
    server = host.registry("HKLM", rf"{_SERVICES}\LanmanServer")
    if server is None or number(server, "Start") == _DISABLED:
        return None
    if number(host.registry("HKLM", rf"{_SERVICES}\LanmanServer\Parameters"), "SMB1") == 0:
        return False
    driver = host.registry("HKLM", rf"{_SERVICES}\srv")
    if driver is None or number(driver, "Start") == _DISABLED:
        return False
    root = text(host.registry("HKLM", WINDOWS_NT), "SystemRoot") or _SYSTEM_ROOT
    return host.stat(rf"{root}\System32\drivers\srv.sys") is not None


def _guards(host: Host) -> list[Guard]:
    starts = [
        number(host.registry("HKLM", rf"{_SERVICES}\{name}"), "Start") for name in ("MpsSvc", "BFE")
    ]
    stopped = _DISABLED in starts
    if not stopped and any(start is None or start > _AUTOMATIC for start in starts):
        raise CannotLook("unsupported", "a firewall that nothing starts")
    return [_guard(host, scope, stopped) for scope in _PROFILES]


def _guard(host: Host, scope: Scope, stopped: bool) -> Guard:
    if stopped:
        return Guard(scope, on=False, inbound="allow", by="local-policy")
    on = attempt(_decided, host, scope, "EnableFirewall", 1)
    action = attempt(_decided, host, scope, "DefaultInboundAction", 1)
    inbound: Maybe[Inbound]
    if isinstance(action, Unseen):
        inbound = action
    else:
        inbound = "allow" if action[0] == 0 else "block"
    if isinstance(on, Unseen):
        return Guard(scope, on=on, inbound=inbound, by=on)
    return Guard(scope, on=on[0] != 0, inbound=inbound, by=on[1])


def _decided(host: Host, scope: Scope, name: str, default: int) -> tuple[int, Layer]:
    """What holds and who said so. Raises CannotLook."""
    policy, own = _PROFILES[scope]
    layers: Layers = [
        ("group-policy", rf"{POLICY}\{policy}"),
        ("mdm", rf"{OWN}\Mdm\{own}"),
        ("local-policy", rf"{OWN}\{own}"),
    ]
    if scope == "private":
        layers.insert(1, ("group-policy", rf"{POLICY}\{_OLDER}"))
    said = [(number(host.registry("HKLM", key), name), layer) for layer, key in layers]
    found = next(((value, layer) for value, layer in said if value is not None), None)
    value, layer = found or (default, "default")
    if scope == "public" and layer != "group-policy":
        older = number(host.registry("HKLM", rf"{POLICY}\{_OLDER}"), name)
        if older is not None and (older != 0) != (value != 0):
            raise CannotLook("unsupported", "an older policy that may speak for public networks")
    return value, layer


def _others(host: Host) -> list[str]:
    """Names of other makers' firewalls that are on. Raises CannotLook."""
    kind = text(host.registry("HKLM", WINDOWS_NT), "InstallationType") or ""
    if kind.casefold().startswith(("server", "domain")):
        return []  # no security centre, so nobody registers anywhere
    rows = host.wmi("FirewallProduct", "root/SecurityCenter2", _PRODUCT)
    return sorted({name for name in (_another(host, row) for row in rows) if name})


def _another(host: Host, row: Row) -> str:
    """ "": off, or the ghost of one that was removed."""
    path = row_text(row, "pathToSignedReportingExe") or ""
    if path[1:3] == ":\\" and attempt(host.stat, path) is None:
        return ""
    if (row_number(row, "productState") or 0) >> 12 & 0xF != 1:
        return ""
    shown = " ".join((row_text(row, "displayName") or "").split())
    plain = "".join(letter for letter in shown if letter.isprintable())[:_LONGEST]
    return plain or "another maker's"
