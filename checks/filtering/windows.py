r"""Windows filtering: what the policy names among services (`Win32_Service`) and running programs.

A service counts by its name and the name it shows, and runs when `Started` says so:
`State` is a word. Names shown may be in another language, so a policy does better to give the
service's own. Programs by their name with `.exe` left off or not. Test pages: see `pages`.
Written after Microsoft's documentation of the class; never run on Windows.
"""

from typing import Final

from checks.filtering import pages, programs
from checks.filtering.facts import Agent, FilteringFacts
from checks.filtering.programs import Service
from checks.host import Host, Processes, attempt
from checks.policy import Policy, named
from checks.unseen import Maybe, Unseen
from checks.windows import Row, row_text

_NAMESPACE: Final = "root/cimv2"
_ASKED: Final = ("Name", "DisplayName", "Started")


def read(host: Host, policy: Policy) -> FilteringFacts:
    """What the policy names; nothing where it names nothing."""
    return FilteringFacts(
        agents=attempt(_agents, host, policy), pages=attempt(pages.found, host, policy)
    )


def _agents(host: Host, policy: Policy) -> list[Agent]:
    asked = named(policy, "monitor-agent", "agents")
    if not asked:
        return []
    return programs.found(asked, attempt(_services, host), attempt(_programs, host))


def _services(host: Host) -> list[Service]:
    return [_service(row) for row in host.wmi("Win32_Service", _NAMESPACE, _ASKED)]


def _service(row: Row) -> Service:
    names = (row_text(row, "Name"), row_text(row, "DisplayName"))
    started = row.get("Started")
    running: Maybe[bool] = started if isinstance(started, bool) else Unseen("parse-error")
    return Service(tuple(name for name in names if name), running)


def _programs(host: Host) -> Processes:
    return host.processes()
