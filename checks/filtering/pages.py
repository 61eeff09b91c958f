"""The school's test pages, as the agent's sender last tried them: no reader opens a connection.

The sender tries them once a day (ADR 22). What it found is a fact for two days.
"""

from typing import Final, NamedTuple

from checks.filtering.facts import Page
from checks.host import CannotLook, Host
from checks.policy import Policy, named

CHECK: Final = "filter-effective"
LISTS: Final = ("blocked", "illegal", "open")
FRESH_SECONDS: Final = 48 * 3_600
"""Our number: a day, and a day on which the network was away."""
AHEAD_SECONDS: Final = 3_600


class Asked(NamedTuple):
    """What the policy wants tried, and how the filter's own page is known."""

    names: list[str]
    block_page: list[str]


def asked(policy: Policy) -> Asked:
    """All of it, whatever a computer is for."""
    names = sorted({name for one in LISTS for name in named(policy, CHECK, one)})
    return Asked(names, named(policy, CHECK, "block_page"))


def found(host: Host, policy: Policy) -> list[Page]:
    """What came of each, as far as it was tried. Raises CannotLook."""
    wanted = asked(policy).names
    tried = host.tried() if wanted else None
    if tried is None:
        return []
    if not -AHEAD_SECONDS <= host.clock() - tried.at <= FRESH_SECONDS:
        raise CannotLook("stale", "test pages")
    came = {page.name: page.found for page in tried.pages}
    return [Page(name, came[name]) for name in wanted if name in came]
