"""macOS filtering: what the policy names among launchd's jobs and the programs that run.

A job is there when a property list of its label stands in `/Library/LaunchDaemons` or
`/Library/LaunchAgents`. A daemon runs when `launchctl print system/<label>` exits 0 and says
`state = running`; an agent and an extension run when a program of their name does, for launchd
shows each account only its own. Test pages: see `pages`.
Written after Apple's manual pages and public readers; never run on macOS.
"""

from typing import Final

from checks.filtering import pages, programs
from checks.filtering.facts import Agent, FilteringFacts
from checks.filtering.programs import Service
from checks.host import Host, attempt
from checks.policy import Policy, named

_DAEMONS: Final = "/Library/LaunchDaemons"
_AGENTS: Final = "/Library/LaunchAgents"
_SUFFIX: Final = ".plist"
_RUNNING: Final = "state = running"


def read(host: Host, policy: Policy) -> FilteringFacts:
    """What the policy names; nothing where it names nothing."""
    return FilteringFacts(
        agents=attempt(_agents, host, policy), pages=attempt(pages.found, host, policy)
    )


def _agents(host: Host, policy: Policy) -> list[Agent]:
    asked = named(policy, "monitor-agent", "agents")
    if not asked:
        return []
    return programs.found(asked, attempt(_jobs, host, asked), attempt(host.processes))


def _jobs(host: Host, asked: list[str]) -> list[Service]:
    """Those that could be meant; an account's agent counts as there and runs by its program."""
    wanted = [programs.globs(one) for one in asked]
    found = []
    for folder in (_DAEMONS, _AGENTS):
        for file in host.list(folder) or []:
            label = file.removesuffix(_SUFFIX)
            if label == file or not any(one.match(label) for one in wanted):
                continue
            runs = attempt(_runs, host, label) if folder == _DAEMONS else False
            found.append(Service((label,), runs))
    return found


def _runs(host: Host, label: str) -> bool:
    """Not loaded is an exit other than 0 and means no."""
    ran = host.run(["/bin/launchctl", "print", f"system/{label}"])
    lines = ran.out.decode("utf-8", "replace").splitlines()
    return ran.code == 0 and any(line.strip() == _RUNNING for line in lines)
