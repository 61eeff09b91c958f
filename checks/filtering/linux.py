"""Linux filtering: what the policy names among systemd's services and the programs that run.

A service is there when systemd has a unit file of its name (`/etc/systemd/system`,
`/usr/lib/systemd/system`, `/lib/systemd/system`). It runs when its control group holds a process:
`/sys/fs/cgroup/system.slice/<unit>/cgroup.events` says `populated 1`, or a program of that name
runs. Without a second generation of control groups only the programs tell. Where other people's
programs are hidden (/proc with hidepid) the answer is "denied". Test pages: see `pages`.
Seen on Debian 12; there is no systemd there, so its control groups are made up in the tests.
"""

from typing import Final

from checks.filtering import pages, programs
from checks.filtering.facts import Agent, FilteringFacts
from checks.filtering.programs import Service
from checks.host import CannotLook, Host, Processes, attempt, read_text
from checks.policy import Policy, named

_UNITS: Final = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_SLICE: Final = "/sys/fs/cgroup/system.slice"
_SUFFIX: Final = ".service"


def read(host: Host, policy: Policy) -> FilteringFacts:
    """What the policy names; nothing where it names nothing."""
    return FilteringFacts(
        agents=attempt(_agents, host, policy), pages=attempt(pages.found, host, policy)
    )


def _agents(host: Host, policy: Policy) -> list[Agent]:
    asked = named(policy, "monitor-agent", "agents")
    if not asked:
        return []
    return programs.found(asked, attempt(_services, host, asked), attempt(_visible, host))


def _services(host: Host, asked: list[str]) -> list[Service]:
    """Those that could be meant: only of these is it asked whether they run."""
    wanted = [programs.globs(one) for one in asked]
    units = {unit for folder in _UNITS for unit in host.list(folder) or []}
    names = {unit.removesuffix(_SUFFIX) for unit in units if unit.endswith(_SUFFIX)}
    meant = sorted(name for name in names if any(one.match(name) for one in wanted))
    return [Service((name,), attempt(_populated, host, name)) for name in meant]


def _populated(host: Host, name: str) -> bool:
    events = read_text(host, f"{_SLICE}/{name}{_SUFFIX}/cgroup.events", 4096)
    return events is not None and "populated 1" in events.splitlines()


def _visible(host: Host) -> Processes:
    processes = host.processes()
    if not any(process.pid == 1 for process in processes):
        raise CannotLook("denied", "/proc hides other people's programs")
    return processes
