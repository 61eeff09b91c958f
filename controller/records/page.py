"""How true a register is, in words: its checks with their counts, and what is behind a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.catalogue import Domain
from checks.records.catalogue import records
from checks.verdicts import Verdict
from checks.words import sentence
from controller.records.counting import NAMES
from controller.wording.bars import Segment, bar
from controller.wording.words import Area, Label, words

_ORDER = {"fail": 0, "unknown": 1, "warn": 2, "pass": 3, "not-applicable": 4}

Counts = Mapping[tuple[str, str], int]
"""(check, status) → how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """One check and how many entries keep it."""

    domain: str
    check: str
    title: str
    why: str
    fix: str
    severity: str
    urgency: str
    segments: list[Segment]
    attention: int
    look: int
    unchecked: int
    kept: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that belong together."""

    domain: str
    area: Area
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Told:
    """What one check says of one entry."""

    domain: str
    check: str
    label: Label
    status: str
    title: str
    sentence: str
    fix: str
    severity: str
    urgency: str


def groups(counts: Counts) -> list[Group]:
    """Every check there is, in the catalogue's order."""
    return [
        Group(
            domain.name,
            words().area(domain.name),
            [line(domain, check_id, counts) for check_id in domain.checks],
        )
        for domain in records().domains
    ]


def line(domain: Domain, check_id: str, counts: Counts) -> Line:
    """One of them."""
    check = domain.checks[check_id]
    numbers = dict.fromkeys([*NAMES.values(), "unchecked"], 0)
    for (name, status), n in counts.items():
        if name == check_id:
            numbers[NAMES.get(status, "unchecked")] += n
    shown = ("kept", "unchecked", "look", "attention")
    return Line(
        domain=domain.name,
        check=check_id,
        title=check.title,
        why=check.why,
        fix=check.fix,
        severity=check.severity,
        urgency=words().urgency[check.severity],
        segments=bar({name: numbers[name] for name in shown}),
        **numbers,
    )


def told(verdicts: Sequence[Verdict]) -> list[Told]:
    """What was judged of an entry, worst first; what does not apply to it is left out."""
    lines = [_told(one) for one in verdicts if one.status != "not-applicable"]
    return sorted(lines, key=lambda one: _ORDER.get(one.status, 1))


def _told(verdict: Verdict) -> Told:
    domain = records().domain_of(verdict.check)
    check = records().check(verdict.check)
    return Told(
        domain=domain.name if domain else "",
        check=verdict.check,
        label=words().status(verdict.status),
        status=verdict.status,
        title=check.title if check else verdict.check,
        sentence=sentence(check, verdict.says, verdict.args),
        fix=check.fix if check else "",
        severity=verdict.severity,
        urgency=words().urgency.get(verdict.severity, ""),
    )
