"""macOS power: the stretches in which the agent saw the computer on and connected.

The local door remembers them between rounds in the agent's own state (Darwin's clocks with and
without sleep). Over SSH nothing remembers them, so the fact is unseen there. Needs no root. Never
run on macOS.
"""

from checks.host import Host
from checks.power import evenings
from checks.power.facts import PowerFacts


def read(host: Host) -> PowerFacts:
    """The evenings it was left on."""
    return evenings.facts(host)
