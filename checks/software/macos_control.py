"""What decides on a Mac whether a program may start.

- Gatekeeper: `spctl --status`, whose words are no language's; it exits with 1 while switched off.
  It stops what is not signed by a developer Apple knows, when it was downloaded. Until macOS 14
  whoever uses the Mac can open such a program all the same, unless a profile forbids it
  (com.apple.systempolicy.managed `DisableOverride`); from macOS 15 on that takes an administrator.
- Santa, where it is installed: `santactl status --json`. `Lockdown` starts only what its rules
  name, `Standalone` asks whoever uses the Mac, `Monitor` stops only what its rules forbid.
- Not read: Screen Time, and lists of programs in old profiles, which current releases ignore.
Never run on a Mac: written after Apple's and Santa's documentation.
"""

from typing import Final

from checks import macos
from checks.formats import santactl_status
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt, output
from checks.layers import Layer
from checks.software.facts import Control, Starting, Strength
from checks.unseen import Maybe, Unseen

_SPCTL: Final = ["/usr/sbin/spctl", "--status"]
_SANTA: Final = "/Applications/Santa.app"
_SANTACTL: Final = ["/usr/local/bin/santactl", "status", "--json"]
_SANTAS: Final = ("com.northpolesec.santa", "com.google.santa")
_MODES: Final[dict[str, Strength]] = {
    "lockdown": "enforcing",
    "standalone": "asks",
    "monitor": "watching",
}
_NEEDS_ADMINISTRATOR: Final = 15
_RANK: Final[tuple[Strength, ...]] = ("enforcing", "asks", "watching", "off")

Told = tuple[Strength, Layer]


def starting(host: Host) -> list[Starting]:
    """Each control that is there, those that enforce first, Santa before Gatekeeper."""
    found = [_one("gatekeeper", attempt(_gatekeeper, host))]
    there = attempt(host.stat, _SANTA)
    if isinstance(there, Unseen):
        found.append(_one("santa", there))
    elif there is not None:
        found.insert(0, _one("santa", attempt(_santa, host)))
    return sorted(found, key=_rank)


def _one(control: Control, told: Maybe[Told]) -> Starting:
    if isinstance(told, Unseen):
        return Starting(control, told, told)
    return Starting(control, *told)


def _rank(one: Starting) -> int:
    return len(_RANK) if isinstance(one.strength, Unseen) else _RANK.index(one.strength)


def _gatekeeper(host: Host) -> Told:
    ran = host.run(_SPCTL)
    said = ran.out + ran.err
    profile = "EnableAssessment" in macos.managed(host, "com.apple.systempolicy.control")
    if b"assessments disabled" in said:
        return "off", "mdm" if profile else "local-policy"
    if b"assessments enabled" not in said:
        raise CannotLook("parse-error", "spctl")
    forbids = macos.managed(host, "com.apple.systempolicy.managed")
    if macos.flag(forbids, "DisableOverride"):
        return "enforcing", "mdm"
    strict = macos.release(host) >= _NEEDS_ADMINISTRATOR
    return "enforcing" if strict else "asks", "mdm" if profile else "default"


def _santa(host: Host) -> Told:
    try:
        mode = santactl_status.parse(output(host, _SANTACTL).encode()).mode.lower()
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    if mode not in _MODES:
        raise CannotLook("parse-error", "santactl")
    managed = any("ClientMode" in macos.managed(host, domain) for domain in _SANTAS)
    return _MODES[mode], "mdm" if managed else "local-policy"
