"""The judge of the network: the firewall is on everywhere and lets nobody in unasked."""

from collections.abc import Sequence
from typing import Final

from checks.judging import Judge, judge
from checks.network.facts import Guard, NetworkFacts, Scope
from checks.unseen import BlindError, each, known
from checks.verdicts import Finding, failed, passed, warned

_OFF_FOR: Final[dict[Scope, str]] = {
    "domain": "off-domain",
    "private": "off-private",
    "public": "off-public",
    "ipv6": "off-ipv6",
}


@judge("host-firewall")
def firewall(network: NetworkFacts) -> Finding:
    """What is certainly open is said first, even where another part could not be seen."""
    guards = known(network.guards)
    if not guards:
        raise BlindError("parse-error")
    states, blind = each(guards, lambda guard: (guard, _says(guard)))
    bad = [(guard, says) for guard, says in states if says is not None]
    if bad:
        return _open(network, bad, len(guards))
    for reason in blind:
        raise BlindError(reason)
    return passed("on")


def _says(guard: Guard) -> str | None:
    """What is wrong with a part, if anything."""
    if not known(guard.on):
        return "off"
    return "lets-in" if known(guard.inbound) == "allow" else None


def _open(network: NetworkFacts, bad: Sequence[tuple[Guard, str]], parts: int) -> Finding:
    """Another maker's firewall may stand in its place; what that one lets in nobody sees."""
    others = known(network.others)
    if others:
        return warned("another", name=others[0])
    off = [guard for guard, says in bad if says == "off"]
    kept_by = known(network.keepers)
    if off and kept_by:
        return failed("not-loaded")
    if len(off) == parts:
        return failed("off")
    if len(off) == 1 and len(bad) == 1:
        return failed(_OFF_FOR.get(off[0].scope, "off-partly"))
    if off:
        return failed("off-partly")
    return failed("lets-in" if len(bad) == parts else "lets-in-partly")


JUDGES: tuple[Judge, ...] = (firewall,)
