"""Verdicts: what a judge may say of a machine, and how two of them compare."""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

Status = Literal["pass", "warn", "fail", "unknown", "not-applicable"]
Severity = Literal["low", "medium", "high", "critical"]
Args = dict[str, int | str]

SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")
_RANK: Final[dict[Status, int]] = {
    "not-applicable": 0,
    "pass": 1,
    "warn": 2,
    "unknown": 3,
    "fail": 4,
}


class Finding(msgspec.Struct, frozen=True):
    """A judge's answer: status, the key of a sentence in `checks.toml`, and what fills its gaps.

    `severity` is set only where the catalogue says "= critical" for a raised case.
    """

    status: Status
    says: str
    args: Args = {}
    severity: Severity | None = None


class Verdict(msgspec.Struct, frozen=True):
    """A finding about one check of one device, with the severity in force."""

    check: str
    status: Status
    severity: Severity
    says: str
    args: Args = {}


def passed(says: str, **args: int | str) -> Finding:
    """The good state, seen."""
    return Finding("pass", says, args)


def warned(says: str, **args: int | str) -> Finding:
    """Good enough today, but weak: a second threshold or a value the user can change."""
    return Finding("warn", says, args)


def failed(says: str, *, severity: Severity | None = None, **args: int | str) -> Finding:
    """The bad state, seen."""
    return Finding("fail", says, args, severity)


def not_applicable(says: str, **args: int | str) -> Finding:
    """The question does not arise on this machine."""
    return Finding("not-applicable", says, args)


def worst(findings: Iterable[Finding]) -> Finding:
    """The worst of several: fail > unknown > warn > pass > not-applicable.

    Raises ValueError on none.
    """
    return max(findings, key=lambda finding: _RANK[finding.status])


def best(findings: Iterable[Finding]) -> Finding:
    """The best of several that apply; an unknown is worse than a pass or a warning, better than a
    fail."""
    applying = sorted(findings, key=lambda finding: _RANK[finding.status])
    if not applying:
        raise ValueError("no findings to choose from")
    return next((f for f in applying if f.status != "not-applicable"), applying[0])
