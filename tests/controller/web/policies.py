"""A made-up school's policy, for tests of the pages that tell of it."""

from typing import Final

from checks.policy import Ask, Policy, Quiet, SeverityAsk, Ssid
from controller.config import current
from controller.policy import publishing
from inventory.models import Site
from tests.controller.web.school import NOW

POLICY: Final = Policy(
    name="Willowbrook",
    decisions=[
        Ask(
            check="lock-idle-timeout",
            setting="limit_seconds",
            value=300,
            by="head",
            profile="staff",
            reason="visitors",
        )
    ],
    severities=[SeverityAsk("lock-idle-timeout", "critical", "governors", "last year")],
    quiet=[Quiet(weekdays=[1, 3], begins_minute=525, ends_minute=930, why="lessons")],
    gateways=["00:1a:2b:3c:4d:5e"],
    ssids=[Ssid("Willowbrook", "pupil"), Ssid("Willowbrook-Staff", "staff")],
)


def put_policy(site: Site, policy: Policy = POLICY) -> int:
    """Put a policy of its own in force; its version."""
    rules = publishing.draft(site.id, policy, NOW)
    return publishing.use(current().folder, rules, actor="system", at=NOW).version
