"""Windows power: the stretches in which the agent saw the computer on and connected.

The local door remembers them between rounds in the agent's own state (`GetTickCount64` with sleep,
`QueryUnbiasedInterruptTime` without). With fast startup a night switched off is a night asleep of
one long start, and nothing certain is known of it: it counts for nobody. Over SSH nothing remembers
them, so the fact is unseen there. Never run on Windows.
"""

from checks.host import Host
from checks.power import evenings
from checks.power.facts import PowerFacts


def read(host: Host) -> PowerFacts:
    """The evenings it was left on."""
    return evenings.facts(host)
