"""What is approved in the register against what the policy in force names, and the policy that
would follow from it (O20).

Who approves is not who asked (`inventory.media.services`); putting it in force only carries that
out, so anybody who may decide does it. What is over, back or lost leaves the list the same way.
"""

from dataclasses import dataclass
from typing import Final

from checks.policy import Policy, policy_hash
from checks.removable_media.named import CHECK, SETTING, is_entry
from controller.policy.lists import PolicyList
from controller.policy.publishing import in_force
from controller.policy.trying import faults
from inventory.media import queries as media

MEDIA: Final = PolicyList(CHECK, SETTING)


@dataclass(frozen=True, slots=True)
class Change:
    """One drive that the policy would name from now on (`add`) or no more; `id` "" for a line that
    is of no drive in the register."""

    id: str
    label: str
    add: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """All of it. `digest` names the policy it would make; `named`: entries in force now."""

    changes: list[Change]
    named: frozenset[str]
    policy: Policy
    digest: str
    own_lists: list[str]
    faults: list[str]


def proposal(site: str, role: str, today: str) -> Proposal:
    """What is not in force yet, or still is."""
    before = in_force(site)
    held = [one for one in MEDIA.lines(before) if is_entry(one)]
    wanted = media.wanted(site, today)
    add = [one for one in wanted if one not in held]
    take = [one for one in held if one not in wanted]
    known = media.by_entry(site, take)
    changes = [Change(wanted[one]["id"], wanted[one]["label"], True) for one in add]
    for one in take:
        row = known.get(one, {"id": "", "label": ""})
        changes.append(Change(row["id"], row["label"], False))
    reason = f"media register: {len(add)} more, {len(take)} fewer"
    policy = MEDIA.changed(before, add, take, by=role, reason=reason) if changes else before
    return Proposal(
        changes=changes,
        named=frozenset(held),
        policy=policy,
        digest=policy_hash(policy),
        own_lists=MEDIA.own(before),
        faults=faults(policy) if changes else [],
    )
