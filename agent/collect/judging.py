"""Judges what was seen by the school's policy, if that can be done in reasonable time (O18, O20).

A policy is small, but thousands of globs against thousands of long names are an hour's work, and a
round that takes an hour is a computer that was silenced. What takes thirty times as long as a whole
round should is judged by the catalogue's defaults instead, and the report says so.
"""

import logging
from collections.abc import Mapping
from typing import Final

from agent.collect.budget import CPU_SECONDS, WALL_SECONDS, OverBudget, timers
from checks.catalogue import Catalogue
from checks.device import judge_device
from checks.facts import Facts
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY, Policy
from checks.verdicts import Verdict

TOO_SLOW: Final = "too_slow"
"""What a report says then (`wire.policy.RULED`)."""


def judge_within_budget(
    known: Catalogue,
    sections: Mapping[type[Facts], Body],
    policy: Policy,
    device: Device,
    moment: Moment,
    *,
    cpu: float = CPU_SECONDS,
) -> tuple[list[Verdict], Policy]:
    """All verdicts, and the policy they are by. Raises PolicyError."""
    if policy != DEFAULT_POLICY:
        try:
            with timers(WALL_SECONDS, cpu):
                return judge_device(known, sections, policy, device, moment), policy
        except OverBudget:
            log = logging.getLogger("agent.collect")
            log.warning("judging by the policy took too long; by the catalogue's defaults then")
    return judge_device(known, sections, DEFAULT_POLICY, device, moment), DEFAULT_POLICY
