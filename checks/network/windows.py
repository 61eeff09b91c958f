r"""Windows network: the Defender firewall's three profiles, by registry, and who stands in for it.

- Each profile's `EnableFirewall` and `DefaultInboundAction` (1 blocks, 0 allows), first from
  Group Policy, `SOFTWARE\Policies\Microsoft\WindowsFirewall\<profile>`, then MDM,
  `…\SharedAccess\Parameters\FirewallPolicy\Mdm\<profile>`, then the machine's own,
  `…\FirewallPolicy\<profile>`; without any, it is on and blocks.
- Of the services `MpsSvc` and `BFE`, one that is switched off (`Start` 4) means no firewall at all.
- `FirewallProduct` in `root/SecurityCenter2` (not on servers): another maker's that says it is on,
  0x1000 of `productState`; one whose program is gone is a ghost.

Traps: the profile shown as "Private" is `StandardProfile` in the machine's own part and, by the
older templates, in Group Policy's, where it may speak for public networks too: where that would
change the answer, it is unseen. Ordinary users see all of it. Written after Microsoft's
documentation and public readers; never run on Windows.
"""

from typing import Final

from checks.host import CannotLook, Host, attempt
from checks.layers import Layer
from checks.network.facts import Guard, Inbound, NetworkFacts, Scope
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, Row, number, row_number, row_text, text

POLICY: Final = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
OWN: Final = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_DISABLED: Final = 4
_PROFILES: Final[dict[Scope, tuple[str, str]]] = {
    "domain": ("DomainProfile", "DomainProfile"),
    "private": ("PrivateProfile", "StandardProfile"),
    "public": ("PublicProfile", "PublicProfile"),
}
"""In Group Policy's part and in the machine's."""
_OLDER: Final = "StandardProfile"
_PRODUCT: Final = ("displayName", "productState", "pathToSignedReportingExe")
_LONGEST: Final = 60

Layers = list[tuple[Layer, str]]


def read(host: Host) -> NetworkFacts:
    """The profiles, and other makers' firewalls."""
    return NetworkFacts(
        guards=attempt(_guards, host),
        keepers=[],
        others=attempt(_others, host),
    )


def _guards(host: Host) -> list[Guard]:
    stopped = any(
        number(host.registry("HKLM", rf"{_SERVICES}\{name}"), "Start") == _DISABLED
        for name in ("MpsSvc", "BFE")
    )
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
