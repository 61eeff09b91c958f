"""Judge a school's register: every entry and the whole, against the policy in force.

Run when a night ends, and for one entry whenever its page is opened. Only what changed is written;
an interval ends where status, severity or sentence did, as with computers.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import msgspec
from django.db import transaction

from checks.catalogue import settings
from checks.device import severity_of
from checks.judging import Device, Moment, Settings, run
from checks.policy import DEFAULT_POLICY, Policy, PolicyError, policy_hash
from checks.records.catalogue import records
from checks.unseen import Unseen
from checks.verdicts import Verdict
from controller.policy.publishing import in_force
from controller.records.gathering import Subject, subjects
from controller.records.models import PastRecordVerdict, RecordCount, RecordVerdict
from controller.wording import moments
from inventory import queries as register
from inventory.many import parts

log = logging.getLogger("caretaker.records")

DAY: Final = 86_400
_AT_ONCE: Final = 1_000
"""Subjects written in one transaction: reports that come in meanwhile wait for no more."""
_RANKS: Final = {"not-applicable": 0, "pass": 1, "warn": 2, "unknown": 3, "fail": 4}
_INTERVAL: Final = ("status", "severity", "says")
_FIELDS: Final = (
    *("site_id", "subject", "check_id", "status", "severity", "says", "args", "since"),
    *("policy", "catalogue"),
)
_Key = tuple[str, str]
_NOBODY: Final = Device("linux")
"""The judges here ask nothing of a computer."""


class Answers(msgspec.Struct, frozen=True):
    """All that was judged of one subject: (domain, verdict)."""

    subject: str
    verdicts: list[tuple[str, Verdict]]


def judge_site(site: str, at: int) -> None:
    """Judge everything a school has, keep what changed, and count."""
    policy = in_force(site)
    versions = {"policy": policy_hash(policy), "catalogue": records().hash}
    held, counts = _held(site), Counter[tuple[str, str]]()
    found = subjects(site, moment=moment_of(site, at))
    for group in _batches(_judged(site, found, policy, at)):
        with transaction.atomic():
            _keep(site, group, held, versions, at)
        for answer in group:
            counts.update(_counted(answer, entry=answer.subject != site))
    with transaction.atomic():
        _end(list(held.values()), at)  # what was not judged any more
        RecordCount.objects.filter(site_id=site).delete()
        RecordCount.objects.bulk_create(
            RecordCount(site_id=site, check_id=name, status=status, n=n, judged_at=at, **versions)
            for (name, status), n in sorted(counts.items())
        )


def judge_entry(site: str, asset_id: str, at: int) -> list[Verdict]:
    """How one entry stands at this moment; nothing is written."""
    answers = _judged(site, subjects(site, [asset_id]), in_force(site), at)
    return [verdict for answer in answers for _, verdict in answer.verdicts]


def is_outdated(site: str) -> bool:
    """Whether the register was judged by another policy or release than those of now. One that was
    never judged waits for its first night."""
    by = RecordCount.objects.filter(site_id=site).values_list("policy", "catalogue").first()
    return by is not None and by != (policy_hash(in_force(site)), records().hash)


def prune(site: str, at: int) -> int:
    """Delete past verdicts that were kept long enough; how many."""
    days = PastRecordVerdict.keep_for.days or 0
    rows = PastRecordVerdict.objects.filter(site_id=site, until__lt=at - days * DAY)
    return rows.delete()[0]


def moment_of(site: str, at: int) -> Moment:
    """That moment as the school's judges see it."""
    zone = register.zone_of(site)
    return Moment.at(at, moments.local(at, zone).date(), zone)


def _judged(site: str, found: Iterable[Subject], policy: Policy, at: int) -> Iterator[Answers]:
    moment = moment_of(site, at)
    numbers = settings_of(site, policy)
    for subject in found:
        yield Answers(subject.id, list(_answers(subject, numbers, policy, moment)))


def _answers(
    subject: Subject,
    numbers: Mapping[tuple[str, str], Settings | Unseen | None],
    policy: Policy,
    moment: Moment,
) -> Iterator[tuple[str, Verdict]]:
    for domain, check_id, check, judge in records().judged():
        if not subject.facts.keys() >= {*judge.sections}:
            continue
        number = numbers[domain.name, check_id]
        finding = run(judge, subject.facts, number, _NOBODY, moment)
        severity = finding.severity or severity_of(policy, check_id, check.severity)
        said = Verdict(check_id, finding.status, severity, finding.says, finding.args)
        yield domain.name, said


def _counted(answer: Answers, *, entry: bool) -> Iterator[tuple[str, str]]:
    """Once for each check; and of an entry once for each domain, with the worst there."""
    worst: dict[str, Verdict] = {}
    for domain, verdict in answer.verdicts:
        yield verdict.check, verdict.status
        known = worst.get(domain)
        if known is None or _RANKS[verdict.status] > _RANKS[known.status]:
            worst[domain] = verdict
    if entry:
        yield from ((domain, verdict.status) for domain, verdict in worst.items())


def settings_of(site: str, policy: Policy) -> dict[tuple[str, str], Settings | Unseen | None]:
    """The settings in force, by domain and check; a wish that this release cannot use leaves the
    default, and is told in the log."""
    found: dict[tuple[str, str], Settings | Unseen | None] = {}
    for domain, check_id, _, judge in records().judged():
        try:
            number = settings(domain, judge, policy, [])
        except PolicyError:
            log.warning("code=policy_unusable site=%s check=%s", site, check_id)
            number = settings(domain, judge, DEFAULT_POLICY, [])
        found[domain.name, check_id] = number
    return found


def _batches(answers: Iterator[Answers]) -> Iterator[list[Answers]]:
    while group := list(islice(answers, _AT_ONCE)):
        yield group


def _held(site: str) -> dict[_Key, RecordVerdict]:
    rows = RecordVerdict.objects.filter(site_id=site)
    return {(row.subject, row.check_id): row for row in rows.iterator(chunk_size=2_000)}


def _keep(
    site: str,
    group: Iterable[Answers],
    held: dict[_Key, RecordVerdict],
    versions: Mapping[str, str],
    at: int,
) -> None:
    """Write what is new or changed; what was judged again is taken out of `held`."""
    new, ended, retold = [], [], []
    for answer in group:
        for _, verdict in answer.verdicts:
            said = {
                "status": verdict.status,
                "severity": verdict.severity,
                "says": verdict.says,
                "args": verdict.args,
            }
            now = held.pop((answer.subject, verdict.check), None)
            if now is not None and all(getattr(now, name) == said[name] for name in _INTERVAL):
                if now.args != verdict.args:
                    now.args = verdict.args
                    retold.append(now)
                continue
            if now is not None:
                ended.append(now)
            about = {"site_id": site, "subject": answer.subject, "check_id": verdict.check}
            new.append(RecordVerdict(**about, **said, since=at, **versions))
    _end(ended, at)
    RecordVerdict.objects.bulk_create(new, batch_size=500)
    RecordVerdict.objects.bulk_update(retold, ["args"], batch_size=200)


def _end(ended: Sequence[RecordVerdict], at: int) -> None:
    """Close intervals: what lasted no time is not kept."""
    kept = [row for row in ended if row.since < at]
    PastRecordVerdict.objects.bulk_create(
        [
            PastRecordVerdict(until=at, **{name: getattr(row, name) for name in _FIELDS})
            for row in kept
        ],
        batch_size=500,
    )
    by_check: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in ended:
        by_check[row.site_id, row.check_id].append(row.subject)
    for (site, check), found in by_check.items():
        for part in parts(found):
            rows = RecordVerdict.objects.filter(site_id=site, check_id=check, subject__in=part)
            rows.delete()
