"""A whole device judged: section bodies in, one verdict per check out.

Both ends call this one function.
"""

from collections.abc import Mapping

from checks.catalogue import Catalogue, Check, settings
from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.policy import Policy, Profile
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding, Severity, Verdict

Sections = Mapping[type[Facts], Body]


def judge_device(
    catalogue: Catalogue, sections: Sections, policy: Policy, device: Device, moment: Moment
) -> list[Verdict]:
    """One verdict per check of the catalogue, in its order.

    A section that is absent is `Unseen("unsupported")`: silence is never a pass. Raises
    PolicyError.
    """
    verdicts = []
    for domain, check_id, check, judge in catalogue.judged():
        if not _asked_of(check, device):
            finding = Finding("not-applicable", "not-for-platform")
        else:
            numbers = settings(domain, judge, policy, profiles_of(device))
            finding = run(judge, sections, numbers, device, moment)
        severity = finding.severity or severity_of(policy, check_id, check.severity)
        verdicts.append(Verdict(check_id, finding.status, severity, finding.says, finding.args))
    return verdicts


def _asked_of(check: Check, device: Device) -> bool:
    """Whether the catalogue asks this of such a computer at all."""
    profile = device.profile
    server = not isinstance(profile, Unseen) and profile == "server"
    return device.platform in check.platforms and (check.on_server or not server)


def profiles_of(device: Device) -> Maybe[list[Profile]]:
    """The profiles whose settings apply to a device; unseen while nobody has set one."""
    return device.profile if isinstance(device.profile, Unseen) else [device.profile]


def severity_of(policy: Policy, check: str, default: Severity) -> Severity:
    """The school's severity for a check, or the catalogue's."""
    return next((ask.severity for ask in policy.severities if ask.check == check), default)
