"""macOS power: the stretches in which the agent saw the computer on and connected.

The local door does not keep them on macOS yet, so the fact is unseen there (`unsupported`) and the
check says that it could not look. Never run on macOS.
"""

from checks.host import Host
from checks.power import evenings
from checks.power.facts import PowerFacts


def read(host: Host) -> PowerFacts:
    """The evenings it was left on."""
    return evenings.facts(host)
