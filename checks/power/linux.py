"""Linux power: the stretches in which the agent saw the computer on and connected (`host.online`).

The local door remembers it between rounds in the agent's own state (hours awake by the kernel's two
clocks); without that it knows of the time since the last start only. Needs no root.
"""

from checks.host import Host
from checks.power import evenings
from checks.power.facts import PowerFacts


def read(host: Host) -> PowerFacts:
    """The evenings it was left on."""
    return evenings.facts(host)
