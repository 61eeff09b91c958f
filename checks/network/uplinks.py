"""Ways out of a computer, the same on every system: what may be said of one.

Of a gateway only this device's own alias of its MAC is kept; whether it is one of the school's is
filled in where the policy is known (O19).
"""

from typing import Final

from checks.host import Host
from checks.network.facts import Uplink, Way
from checks.unseen import Maybe, Unseen

ALIAS: Final = "gateway"
"""The kind of alias."""
_NOBODY: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})


def uplink(host: Host, by: Way, mac: Maybe[str | None]) -> Uplink:
    """`mac` None: nothing stands between this computer and the network's owner."""
    if isinstance(mac, Unseen) or mac is None:
        return Uplink(by, mac)
    plain = mac.strip().lower().replace("-", ":")
    if plain in _NOBODY or not plain:
        return Uplink(by, Unseen("unsupported"))  # nobody has answered for it yet
    return Uplink(by, host.alias(ALIAS, plain))


def ordered(found: list[Uplink]) -> list[Uplink]:
    """In an order that does not change with metrics, each once."""
    kept: dict[str, Uplink] = {}
    for one in found:
        gateway = one.gateway.unseen if isinstance(one.gateway, Unseen) else one.gateway
        kept[f"{one.by} {gateway}"] = one
    return [kept[key] for key in sorted(kept)]
