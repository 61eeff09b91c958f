"""Verdicts as people read them: title, sentence, why it matters, how to fix it, since when."""

import itertools
from dataclasses import dataclass
from typing import Final

from checks.catalogue import catalogue
from checks.words import remedy, sentence
from controller.fleet.models import Device, PastVerdict, Verdict, VerdictFields
from controller.wording.shown import shown
from controller.wording.words import Area, Label, words

_SEVERITY_ORDER: Final = {"critical": 0, "high": 1, "medium": 2, "low": 3}
HISTORY_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class Result:
    """One check on one computer."""

    check: str
    title: str
    sentence: str
    why: str
    remedy: str
    area: Area
    domain: str
    label: Label
    severity: str
    urgency: str
    since: int
    until: int | None
    assurance: str
    disagrees: bool


@dataclass(frozen=True, slots=True)
class Results:
    """All checks of one computer, in the order a person should read them."""

    attention: list[Result]
    look: list[Result]
    unchecked: list[Result]
    kept: list[Result]
    not_applicable: list[Result]


def results(device: Device) -> Results:
    """The verdicts in force on a computer: one query."""
    by_status: dict[str, list[Result]] = {}
    for verdict in Verdict.objects.filter(device=device):
        by_status.setdefault(verdict.status, []).append(_current(verdict, device.platform))
    for found in by_status.values():
        found.sort(key=_reading_order)
    return Results(
        attention=by_status.pop("fail", []),
        look=by_status.pop("warn", []),
        kept=by_status.pop("pass", []),
        not_applicable=by_status.pop("not-applicable", []),
        # A status this release does not know is not a pass.
        unchecked=sorted(itertools.chain.from_iterable(by_status.values()), key=_reading_order),
    )


def history(device: Device) -> list[Result]:
    """What was true before and is not any more, latest first."""
    past = PastVerdict.objects.filter(device=device).order_by("-until")[:HISTORY_ROWS]
    return [_result(row, row.check_id, row.since, row.until, device.platform) for row in past]


def title_of(check_id: str) -> str:
    """The good state a check asks for; the id for a check this release does not know."""
    check = catalogue().check(check_id)
    return check.title if check else shown(check_id)


def _reading_order(result: Result) -> tuple[int, str]:
    return _SEVERITY_ORDER.get(result.severity, 4), result.title


def _current(verdict: Verdict, platform: str) -> Result:
    disagrees = bool(verdict.agent_status)
    return _result(verdict, verdict.check_id, verdict.since, None, platform, disagrees=disagrees)


def _result(
    row: VerdictFields,
    check_id: str,
    since: int,
    until: int | None,
    platform: str,
    *,
    disagrees: bool = False,
) -> Result:
    check = catalogue().check(check_id)
    domain = catalogue().domain_of(check_id)
    name = domain.name if domain else "other"
    known = words()
    args = row.args if isinstance(row.args, dict) else {}
    return Result(
        check=check_id,
        title=check.title if check else shown(check_id),
        sentence=sentence(check, row.says, args),
        why=check.why if check else "",
        remedy=remedy(check, platform, args),
        area=known.area(name),
        domain=name,
        label=known.status(row.status),
        severity=row.severity if row.severity in _SEVERITY_ORDER else "",
        urgency=known.urgency.get(row.severity, ""),
        since=since,
        until=until,
        assurance=known.assurance.get(row.assurance, ""),
        disagrees=disagrees,
    )
