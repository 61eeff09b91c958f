"""`audit --try-pages`: the web filter tried at once, for whoever writes the policy (ADR 22).

The schedule leaves it to the sender, once a day. By hand it is done by the very person who would
open the pages, never by root: what strangers' servers say is read with no more rights than a
browser has.
"""

import sys

from agent import testpages
from agent.commands import shared
from agent.hosts.local import LocalHost
from checks.filtering import pages
from checks.host import Host
from checks.policy import Policy
from checks.tried import Tried, Try


def try_now(host: Host, policy: Policy) -> None:
    """Have the door tell what came just now. Raises UsageError."""
    asked = testpages.request(*pages.asked(policy))
    if not asked.names:
        raise shared.UsageError("This policy names no test pages: docs/policy.md says how.")
    if host.privileged or not isinstance(host, LocalHost):
        raise shared.UsageError(
            "Pages of strangers are not fetched as root or administrator. "
            "Run this as an ordinary user, with --policy FILE."
        )
    from agent.deliver import trying

    found = trying.tried(asked)
    if sys.stderr.isatty():
        for name in asked.names:
            print(f"{name}: {found[name]}", file=sys.stderr)
    host.just_tried = Tried(host.clock(), [Try(name, found[name]) for name in asked.names])
