"""A whole device judged: section bodies in, one verdict per check out.

Both ends call this one function.
"""

from collections.abc import Mapping

import msgspec

from checks.catalogue import Catalogue, Check, settings
from checks.contradictions import contradicted
from checks.facts import Facts
from checks.hardware.facts import HardwareFacts
from checks.judging import Body, Device, Moment, Settings, run, unknown
from checks.policy import Policy, Profile
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding, Severity, Verdict

Sections = Mapping[type[Facts], Body]


Numbers = Mapping[str, Settings | Unseen | None]
"""The settings in force for each check, by its id."""


def numbers_for(catalogue: Catalogue, policy: Policy, device: Device) -> Numbers:
    """What a policy asks of computers like this one. Raises PolicyError.

    Depends on the profile only, so whoever judges a fleet works it out once per profile.
    """
    profiles = profiles_of(device)
    return {
        check_id: settings(domain, judge, policy, profiles)
        for domain, check_id, check, judge in catalogue.judged()
        if _asked_of(check, device)
    }


def judge_device(
    catalogue: Catalogue,
    sections: Sections,
    policy: Policy,
    device: Device,
    moment: Moment,
    *,
    numbers: Numbers | None = None,
) -> list[Verdict]:
    """One verdict per check of the catalogue, in its order.

    A section that is absent is `Unseen("unsupported")`: silence is never a pass, and neither is
    what contradicts itself (`checks.contradictions`). `numbers` are those of `numbers_for`, where
    they are known already. Raises PolicyError.
    """
    device = as_seen(device, sections)
    known = numbers_for(catalogue, policy, device) if numbers is None else numbers
    impossible = contradicted(sections, device, moment)
    verdicts = []
    for _, check_id, check, judge in catalogue.judged():
        if not _asked_of(check, device):
            finding = Finding("not-applicable", "not-for-platform")
        else:
            finding = run(judge, sections, known[check_id], device, moment)
            if finding.status != "fail" and impossible.intersection(judge.sections):
                finding = unknown("parse-error", "contradicts")
        severity = finding.severity or severity_of(policy, check_id, check.severity)
        verdicts.append(Verdict(check_id, finding.status, severity, finding.says, finding.args))
    return verdicts


def as_seen(device: Device, sections: Sections) -> Device:
    """The device with what its own facts say of it, where nobody else has said."""
    hardware = sections.get(HardwareFacts)
    if isinstance(device.portable, Unseen) and isinstance(hardware, HardwareFacts):
        return msgspec.structs.replace(device, portable=hardware.portable)
    return device


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
