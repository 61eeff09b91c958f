"""One look at one machine: everything read, everything judged; nothing signed, nothing stored.

This is what `audit` prints and what a report is made from. It needs no enrolment and no key.
"""

import msgspec

from agent.collect.breadcrumbs import Watch
from agent.collect.budget import Sections, read_everything
from agent.collect.judging import judge_within_budget
from agent.collect.places import placed
from checks.catalogue import Catalogue, catalogue
from checks.device import as_seen
from checks.host import Host
from checks.judging import Device, Moment
from checks.policy import DEFAULT_POLICY, Policy
from checks.verdicts import Verdict


class Look(msgspec.Struct, frozen=True):
    """What was seen and judged, when (epoch seconds), and by which policy and catalogue."""

    seen_at: int
    sections: Sections
    verdicts: list[Verdict]
    policy: Policy
    catalogue: Catalogue
    device: Device


def look(
    host: Host,
    policy: Policy = DEFAULT_POLICY,
    device: Device | None = None,
    watch: Watch | None = None,
    domains: tuple[str, ...] = (),
) -> Look:
    """Read the machine and judge it.

    `domains` narrows what is read. Raises PolicyError, CatalogueError.
    """
    known = catalogue()
    wanted = tuple(d for d in known.domains if not domains or d.name in domains)
    seen_at = host.clock()
    sections = read_everything(host, wanted, watch, policy)
    sections = placed(host, sections, policy.gateways)
    about = as_seen(device or Device(host.platform), sections)
    verdicts, by = judge_within_budget(known, sections, policy, about, Moment.at(seen_at))
    return Look(seen_at, sections, verdicts, by, known, about)
