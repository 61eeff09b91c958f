"""An audit as `caretaker.audit/1`: one entry per check,
passes included, and every fact as it was read."""

import msgspec

from agent.collect.looking import Look
from agent.release import RELEASE
from checks.catalogue import settings as settings_of
from checks.device import profiles_of
from checks.facts import encode_section
from checks.host import Host
from checks.judging import Judge, Moment, trace
from checks.page import how_to_fix
from checks.verdicts import Verdict
from checks.words import sentence


class Finding(msgspec.Struct, frozen=True):
    """One check. `evidence` lists the facts its judge read, as paths into `facts`."""

    check: str
    status: str
    severity: str
    title: str
    summary: str
    remedy: str
    evidence: list[str]


class HostSeen(msgspec.Struct, frozen=True):
    """Which machine, seen by whom, when."""

    name: str
    platform: str
    privileged: bool
    seen_at: int
    agent: str
    policy: str
    catalogue: str


def document(host: Host, seen: Look, shown: list[Verdict], name: str) -> dict[str, object]:
    """The audit as plain JSON values."""
    from checks.policy import policy_hash

    about = HostSeen(
        name,
        host.platform,
        host.privileged,
        seen.seen_at,
        RELEASE,
        policy_hash(seen.policy),
        seen.catalogue.hash,
    )
    return {
        "schema": "caretaker.audit/1",
        "host": msgspec.to_builtins(about),
        "facts": {
            kind.section: msgspec.json.decode(encode_section(body))
            for kind, body in seen.sections.items()
        },
        "findings": [msgspec.to_builtins(_finding(seen, verdict)) for verdict in shown],
    }


def _finding(seen: Look, verdict: Verdict) -> Finding:
    check = seen.catalogue.check(verdict.check)
    domain = seen.catalogue.domain_of(verdict.check)
    return Finding(
        verdict.check,
        verdict.status,
        verdict.severity,
        check.title if check else verdict.check,
        sentence(check, verdict.says, verdict.args),
        how_to_fix(check, seen.device.platform, verdict.status, verdict.args),
        _evidence(seen, domain.judges[verdict.check]) if domain else [],
    )


def _evidence(seen: Look, judge: Judge) -> list[str]:
    domain = seen.catalogue.domain_of(judge.check)
    assert domain is not None  # noqa: S101  (the judge came from it)
    numbers = settings_of(domain, judge, seen.policy, profiles_of(seen.device))
    _, paths = trace(judge, seen.sections, numbers, seen.device, Moment.at(seen.seen_at))
    return paths
