"""macOS network: the application firewall, by `system_profiler -json SPFirewallDataType`.

`spfirewall_globalstate` ends in `allow_all` (off), `limit_connections` (programs that are allowed
or carry a maker's signature) or `block_all`. A configuration profile's word is the key
`EnableFirewall` of `com.apple.security.firewall`. Where the answer has no such key, the property
list of macOS 14 and older, `/Library/Preferences/com.apple.alf.plist`, `globalstate` 0, 1 or 2, is
read on those only: from macOS 15 on that file may still lie there from before an upgrade and
decides nothing. The packet filter `pf` beneath it is not read: Apple's own rules in it let all
in.

Remote Login, Screen Sharing and Remote Management show as what listens on their ports, which
launchd holds (`remote`); Macs offer no Remote Desktop. Programs behind ports have names only where
the agent runs as root. Ordinary users see all the rest. Written after osquery's and the macOS
security compliance project's notes; never run on macOS.
"""

from typing import Final

from checks import macos
from checks.host import CannotLook, Host, Listeners, attempt
from checks.layers import Layer
from checks.network import remote
from checks.network.facts import Guard, Inbound, NetworkFacts, Service
from checks.network.macos_uplinks import resolvers, uplinks
from checks.unseen import Maybe, Unseen

_SMB: Final = (139, 445)
_APPLES_OWN: Final = (*_SMB, 88, 631, 548, 3031, 5000, 7000)
"""Kerberos and files that are shared, printers, events of Apple's, AirPlay."""
_ALF: Final = "/Library/Preferences/com.apple.alf.plist"
_LAST_WITH_ALF: Final = 14
_KEY: Final = "spfirewall_globalstate"
_STATES: Final[dict[str, Inbound]] = {
    "spfirewall_globalstate_allow_all": "allow",
    "spfirewall_globalstate_limit_connections": "chosen",
    "spfirewall_globalstate_block_all": "block",
}
_NUMBERS: Final[dict[int, Inbound]] = {0: "allow", 1: "chosen", 2: "block"}


def read(host: Host) -> NetworkFacts:
    """The one firewall, and the doors."""
    listening = attempt(host.listeners)
    return NetworkFacts(
        guards=[_guard(host)],
        keepers=[],
        others=[],
        services=attempt(_services, listening),
        unnamed=attempt(_unnamed, listening),
        nla=attempt(_nla, listening),
        uplinks=attempt(uplinks, host),
        resolvers=attempt(resolvers, host),
        modems=0,
        smb1=attempt(_smb1, listening),
    )


def _services(listening: Maybe[Listeners]) -> list[Service]:
    return remote.services(remote.seen(listening))


def _unnamed(listening: Maybe[Listeners]) -> int:
    return remote.unnamed(remote.seen(listening), without=_APPLES_OWN)


def _nla(listening: Maybe[Listeners]) -> bool | None:
    """None: there is no Remote Desktop. Raises CannotLook for one nobody knows."""
    if remote.offers(remote.seen(listening), "rdp"):
        raise CannotLook("unsupported", "Remote Desktop on a Mac")
    return None


def _smb1(listening: Maybe[Listeners]) -> bool | None:
    """None: no files are shared. Raises CannotLook: which versions are, no program tells."""
    if any(one.port in _SMB for one in remote.reachable(remote.seen(listening))):
        raise CannotLook("unsupported", "the versions of SMB that are shared by")
    return None


def _guard(host: Host) -> Guard:
    state = attempt(_state, host)
    by: Maybe[Layer] = attempt(_by, host)
    if isinstance(state, Unseen):
        return Guard("all", on=state, inbound=state, by=by)
    return Guard("all", on=state != "allow", inbound=state, by=by)


def _state(host: Host) -> Inbound:
    told = [
        item.values[_KEY]
        for kind in macos.profiled(host, "SPFirewallDataType")
        for item in kind.items
        if _KEY in item.values
    ]
    if told:
        state = _STATES.get(str(told[-1]))
        if state is None:
            raise CannotLook("parse-error", _KEY)
        return state
    if macos.release(host) > _LAST_WITH_ALF:
        raise CannotLook("parse-error", "SPFirewallDataType")
    number = macos.number(macos.settings(host, _ALF), "globalstate")
    if number not in _NUMBERS:
        raise CannotLook("parse-error", "no state of the firewall")
    return _NUMBERS[number]


def _by(host: Host) -> Layer:
    asked = macos.flag(macos.managed(host, "com.apple.security.firewall"), "EnableFirewall")
    return "mdm" if asked else "local-policy"
