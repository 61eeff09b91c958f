"""Why a check concerns no computer: because the school never asked for it, or because there is none
of that kind. In the words of the computers themselves, which only then stand on a page.

Asked of some computers only: the reason a policy gives is the same on all of them.
"""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Final

from checks.catalogue import catalogue
from checks.words import sentence
from controller.fleet.models import Device, Verdict
from controller.posture.area_page import CheckLine

SAMPLE: Final = 40
"""Computers asked."""


def explained(lines: Sequence[CheckLine], sites: Sequence[str]) -> list[CheckLine]:
    """The lines, with the reason where there is one; asks nothing if each concerns somebody."""
    idle = [line.check for line in lines if line.not_applicable and not line.segments]
    said = _said(idle, sites) if idle else {}
    return [dataclasses.replace(line, why_not=said.get(line.check, "")) for line in lines]


def _said(checks: Sequence[str], sites: Sequence[str]) -> dict[str, str]:
    newest = Device.objects.filter(site__in=sites, state="active").order_by("-last_seen_at")
    devices = list(newest.values_list("id", flat=True)[:SAMPLE])
    rows = Verdict.objects.filter(
        device_id__in=devices, check_id__in=checks, status="not-applicable"
    ).values_list("check_id", "says", "args")
    known = catalogue()
    reasons: dict[str, Counter[str]] = {check: Counter() for check in checks}
    for check, says, args in rows:
        reasons[check][sentence(known.check(check), says, args)] += 1
    return {check: most(found) for check, found in reasons.items()}


def most(found: Counter[str]) -> str:
    """What all say, or more than half; a school's few servers often have a reason of their own."""
    for said, number in found.most_common(1):
        if number == found.total():
            return said
        if number * 2 > found.total():
            return f"Most of them: {said}"
    return ""
